"""Shares of assets and the dividends on them: the register on a day, and what changes it."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
