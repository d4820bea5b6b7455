"""Approvals: changes that wait until a second person approves them."""

from __future__ import annotations

REQUIRES = ()
"""Features that this one uses."""
