"""Texts of numbers: amounts and rates stored in fen and millionths, and fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def format_yuan(fen: int | None) -> str | None:
    """Format fen as yuan: 12345 → 123.45."""
    if fen is None:
        return None
    yuan, remainder = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{remainder:02d}"


MILLION = 1_000_000
"""Millionths of a whole: the unit in which rates are stored."""


def format_rate(millionths: int | None) -> str | None:
    """Format millionths as a decimal: 50000 → 0.05."""
    return None if millionths is None else f"{(Decimal(millionths) / MILLION).normalize():f}"


def format_number(number: Decimal) -> str | None:
    """Format a number as a decimal of at most six places, rounded half to even: 12.50 → 12.5."""
    return format_rate(round(number.scaleb(6)))


def format_fraction(fraction: Fraction | None) -> str | None:
    """Format a fraction as a decimal, 3/10 → 0.3, rounded to twelve places."""
    if fraction is None:
        return None
    return f"{(Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(Decimal('1e-12')).normalize():f}"
