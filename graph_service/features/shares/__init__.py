"""Shares of assets and their dividends: the register on a day, and the changes to it."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
