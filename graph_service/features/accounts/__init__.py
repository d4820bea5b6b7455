"""Accounts: what the caller may do, and the grants and API keys that an administrator makes."""

from __future__ import annotations

REQUIRES = ()
"""Features that this one uses."""
