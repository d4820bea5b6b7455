"""Audit: who viewed and changed what, of whom, and why."""

from __future__ import annotations

REQUIRES = ()
"""Features that this one uses."""
