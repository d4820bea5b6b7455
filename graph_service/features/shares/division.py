"""Exact division of a whole amount (fen, shares) over holders: parts and remainder always add up to the whole.

No value is ever a float. A part is the exact part rounded down, or one unit more where the rounding policy gives it a unit of the
remainder: no part differs from the exact one by a unit or more, and the order of the holders does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeVar


class SupportsLessThan(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=SupportsLessThan)


class Rounding(StrEnum):
    """Policy for the units that are left over when every exact part is rounded down."""

    LARGEST_REMAINDER = "LARGEST_REMAINDER"
    FIRST = "FIRST"
    KEPT = "KEPT"


ROUNDING_DESCRIPTIONS = {
    Rounding.LARGEST_REMAINDER: (
        "最大余数法",
        "The holders with the largest fractional parts receive one more unit each; among equals, in order of key.",
    ),
    Rounding.FIRST: (
        "余数归前几户",
        "The first holders by key whose exact part is not a whole number receive one more unit each.",
    ),
    Rounding.KEPT: ("余数留存集体", "No holder receives the remainder; the collective keeps it, and it is reported."),
}
"""Each policy in Chinese, and its description in English."""


@dataclass(frozen=True, slots=True)
class Division(Generic[K]):
    """Part of each holder, in order of their keys, and the remainder that stays with the collective."""

    parts: Mapping[K, int]
    remainder: int


def divide(whole: int, weights: Mapping[K, int | Fraction], rounding: Rounding) -> Division[K]:
    """Divide `whole` over the holders by their weights. Raises `ValueError` for a negative whole or weight, and where all weights are 0."""
    total_weight = sum(weights.values(), Fraction(0))
    if whole < 0 or any(weight < 0 for weight in weights.values()) or not total_weight:
        raise ValueError(whole)
    exact_parts = {key: whole * Fraction(weights[key]) / total_weight for key in sorted(weights)}
    parts = {key: part.__floor__() for key, part in exact_parts.items()}
    remainder = whole - sum(parts.values())
    if rounding is Rounding.KEPT:
        return Division(parts, remainder)
    inexact_keys = [key for key in exact_parts if exact_parts[key] != parts[key]]
    if rounding is Rounding.LARGEST_REMAINDER:
        # The sort is stable: of equal parts the first by key stays first.
        inexact_keys.sort(key=lambda key: parts[key] - exact_parts[key])
    for key in inexact_keys[:remainder]:
        parts[key] += 1
    return Division(parts, 0)


def format_percent(share: Fraction, decimals: int = 2) -> str:
    """Return a fraction of the whole as a percentage, rounded once, half to even: 1/3 → 33.33."""
    scaled = round(share * 100 * 10**decimals)
    digits = f"{abs(scaled):0{decimals + 1}d}"
    return f"{'-' if scaled < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
