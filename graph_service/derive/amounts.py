"""Amounts and shares as text, exact: from fen and millionths, as they are stored."""

from __future__ import annotations

from decimal import Decimal


def show_yuan(fen: int | None) -> str | None:
    """12345 → 123.45"""
    if fen is None:
        return None
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def show_rate(millionths: int | None) -> str | None:
    """50000 → 0.05"""
    return None if millionths is None else f"{(Decimal(millionths) / 1_000_000).normalize():f}"
