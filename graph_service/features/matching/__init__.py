"""Helpers for the households that have none: who could take which, worked out."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
