"""Duties of help: which villages and households they do not reach, whose term ends, who holds how many; their assignment."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
