"""Exact division: parts and remainder sum to the whole, no part is off by a unit, and the order of weights does not matter."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from graph_service.features.shares.division import Rounding, divide, format_percent

WEIGHTS = some.dictionaries(
    some.text("abcdef", min_size=1, max_size=4),
    some.one_of(some.integers(0, 10**9), some.fractions(0, 50, max_denominator=97)),
    min_size=1,
    max_size=30,
).filter(lambda weights: any(weights.values()))


@given(some.integers(0, 10**15), WEIGHTS, some.sampled_from(Rounding), some.randoms(use_true_random=False))
def test_the_whole_is_whole(whole: int, weights: dict[str, int | Fraction], rounding: Rounding, chance: object) -> None:
    division = divide(whole, weights, rounding)
    assert sum(division.parts.values()) + division.remainder == whole
    assert division.remainder == 0 or rounding is Rounding.KEPT
    assert list(division.parts) == sorted(weights)
    weight_sum = sum(map(Fraction, weights.values()))
    for key, part in division.parts.items():
        assert abs(part - whole * Fraction(weights[key]) / weight_sum) < 1
        assert type(part) is int
    shuffled = list(weights.items())
    getattr(chance, "shuffle")(shuffled)  # noqa: B009
    assert divide(whole, dict(shuffled), rounding) == division


@pytest.mark.parametrize(
    ("rounding", "parts", "kept"),
    [
        (Rounding.LARGEST_REMAINDER, {"a": 1, "b": 2, "c": 4}, 0),
        (Rounding.FIRST, {"a": 2, "b": 1, "c": 4}, 0),
        (Rounding.KEPT, {"a": 1, "b": 1, "c": 4}, 1),
    ],
)
def test_each_policy_says_who_gets_what_is_left_over(rounding: Rounding, parts: dict[str, int], kept: int) -> None:
    division = divide(7, {"b": Fraction(16, 10), "a": Fraction(14, 10), "c": 4}, rounding)
    assert (division.parts, division.remainder) == (parts, kept)


def test_of_equals_the_first_by_key_gets_more() -> None:
    assert divide(5, dict.fromkeys("dcba", 1), Rounding.LARGEST_REMAINDER).parts == {"a": 2, "b": 1, "c": 1, "d": 1}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_what_cannot_be_divided(weights: dict[str, int | Fraction]) -> None:
    with pytest.raises(ValueError, match="7"):
        divide(7, weights, Rounding.KEPT)


def test_percents_are_rounded_once_half_to_even() -> None:
    text_by_fraction = {
        (1, 3): "33.33",
        (19, 1000): "1.90",
        (1, 1): "100.00",
        (1, 80000): "0.00",
        (3, 80000): "0.00",
        (1, 20000): "0.00",
    }
    text_by_fraction |= {(3, 20000): "0.02", (5, 20000): "0.02", (-1, 3): "-33.33"}
    assert {pair: format_percent(Fraction(*pair)) for pair in text_by_fraction} == text_by_fraction
