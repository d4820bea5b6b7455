"""Exact division of a whole amount (fen, shares) over holders: the parts and what stays are the whole, always.

Nothing here is ever a float. A part is the exact one rounded down, or one unit more where the policy gives it a unit of
what is left over; so none differs from the exact one by a unit or more, and the order in which holders come says nothing.
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
    """Who gets the units that are left over when every exact part is rounded down."""

    LARGEST_REMAINDER = "LARGEST_REMAINDER"
    FIRST = "FIRST"
    KEPT = "KEPT"


ROUNDING_DESCRIPTIONS = {
    Rounding.LARGEST_REMAINDER: (
        "最大余数法",
        "Those whose exact part was cut most get one unit each; of equals the first by key.",
    ),
    Rounding.FIRST: (
        "余数归前几户",
        "The first by key, of those whose exact part is no whole number, get one unit each.",
    ),
    Rounding.KEPT: ("余数留存集体", "Nobody gets them: they stay with the collective, and are told."),
}
"""Each in Chinese, and what it means."""


@dataclass(frozen=True, slots=True)
class Division(Generic[K]):
    """The part of each holder, in order of their keys, and what stays with the collective."""

    parts: Mapping[K, int]
    remainder: int


def divide(whole: int, weights: Mapping[K, int | Fraction], rounding: Rounding) -> Division[K]:
    """`whole` over the holders by their weights. Raises `ValueError` for a whole or a weight below nothing, and where all weigh nothing."""
    every = sum(weights.values(), Fraction(0))
    if whole < 0 or any(weight < 0 for weight in weights.values()) or not every:
        raise ValueError(whole)
    exact = {key: whole * Fraction(weights[key]) / every for key in sorted(weights)}
    parts = {key: part.__floor__() for key, part in exact.items()}
    left = whole - sum(parts.values())
    if rounding is Rounding.KEPT:
        return Division(parts, left)
    cut = [key for key in exact if exact[key] != parts[key]]
    if rounding is Rounding.LARGEST_REMAINDER:
        # Sorting is stable: of equals the first by key stays first.
        cut.sort(key=lambda key: parts[key] - exact[key])
    for key in cut[:left]:
        parts[key] += 1
    return Division(parts, 0)


def format_percent(share: Fraction, decimals: int = 2) -> str:
    """A part of the whole as a percentage, rounded once, half to even: 1/3 → 33.33."""
    scaled = round(share * 100 * 10**decimals)
    digits = f"{abs(scaled):0{decimals + 1}d}"
    return f"{'-' if scaled < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
