"""Duties of help: villages and households without them, terms that end soon, duties of each holder; assignment of duties."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
