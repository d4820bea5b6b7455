"""Ledgers of a year and their balance: cards, look-back, progress."""

from __future__ import annotations

REQUIRES = ("support",)
"""Features that this one uses."""
