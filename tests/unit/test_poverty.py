"""Spans of poverty derived from the cards of a household: properties of any cards, and disputed cases."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.days import days_after
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.features.imports.write.homes import spans_at_homes
from graph_service.features.imports.write.poverty import YearlyCard, poverty_spans, unclear_spans
from graph_service.features.imports.write.yearly_spans import Span

STATUS = st.sampled_from(["POOR", "EXIT_EXPECTED", "EXITED", "RETURNED", "OTHER", None])
YEAR = st.none() | st.integers(2012, 2022)
CARDS = st.dictionaries(st.integers(2013, 2022), st.tuples(STATUS, YEAR, YEAR), max_size=6).map(
    lambda by_year: [YearlyCard(year, *by_year[year]) for year in sorted(by_year)]
)


@given(CARDS)
def test_stretches_are_in_order_apart_and_end_as_the_last_card_says(cards: list[YearlyCard]) -> None:
    spans = poverty_spans(cards)
    assert all(since <= until for since, until, _ in spans)
    # Between two spans there is at least the day of the exit, or an unclear span.
    assert all(earlier[1] + 1 < later[0] for earlier, later in pairwise(spans))
    doubts = unclear_spans(cards)
    assert all(last < since or first > until for since, until, _ in spans for first, last in doubts)
    ends = {days_after(first, -1) for first, _ in doubts if first != FIRST_DAY}
    assert all((exited is None) == (until == LAST_DAY or until in ends) for _, until, exited in spans)
    statuses = [status for _, status, *_ in cards if status is not None]
    is_open = bool(spans) and spans[-1][1] == LAST_DAY
    assert is_open == (bool(statuses) and statuses[-1] not in ("EXITED", "OTHER"))


def test_an_exit_takes_effect_on_31_december_of_its_year() -> None:
    assert poverty_spans([YearlyCard(2016, "EXITED", 2015)]) == [(FIRST_DAY, 20151230, 2015)]
    assert poverty_spans([YearlyCard(2016, "POOR", None), YearlyCard(2017, "EXITED", 2017)]) == [
        (FIRST_DAY, 20171230, 2017)
    ]


def test_one_who_returned_was_not_poor_between() -> None:
    assert poverty_spans([YearlyCard(2018, "RETURNED", 2016)]) == [
        (FIRST_DAY, 20161230, 2016),
        (20180101, LAST_DAY, None),
    ]


def test_an_exit_that_two_cards_tell_is_one() -> None:
    cards = [YearlyCard(2017, "RETURNED", 2012), YearlyCard(2018, "EXITED", 2012, 2017)]
    assert poverty_spans(cards) == [(FIRST_DAY, 20121230, 2012)]


def test_no_card_tells_nothing() -> None:
    assert poverty_spans([]) == []
    assert poverty_spans([YearlyCard(2016, None, None)]) == []


def test_a_later_card_that_says_poor_knows_better_than_an_exit_to_come() -> None:
    assert poverty_spans([YearlyCard(2013, "EXITED", 2014), YearlyCard(2014, "POOR", None)]) == [
        (FIRST_DAY, LAST_DAY, None)
    ]


def test_it_begins_with_the_year_of_identification() -> None:
    assert poverty_spans([YearlyCard(2016, "POOR", None, 2014), YearlyCard(2017, "EXITED", 2017, 2014)]) == [
        (20140101, 20171230, 2017)
    ]
    # Where two cards differ, the earlier year counts. With an exit before it, the start is unknown.
    assert poverty_spans([YearlyCard(2016, "POOR", None, 2015), YearlyCard(2017, "POOR", None, 2014)]) == [
        (20140101, LAST_DAY, None)
    ]
    assert poverty_spans([YearlyCard(2016, "EXITED", 2015, 2016)]) == [(FIRST_DAY, 20151230, 2015)]


@pytest.mark.parametrize(
    ("card", "found"),
    [
        (YearlyCard(2016, "POOR", None, 2014), [("V", 20140101, 20171230, {"exited_in": None})]),
        (YearlyCard(2016, "EXITED", 2016, 2014), [("V", 20140101, 20161230, {"exited_in": 2016})]),
        (YearlyCard(2018, "RETURNED", 2016), [("V", 20140101, 20161230, {"exited_in": 2016})]),
    ],
    ids=["poor", "exited", "returned later"],
)
def test_one_is_poor_where_and_while_it_lives_there(card: YearlyCard, found: list[Any]) -> None:
    home = Span(20140101, 20171230, "V", ended_as_missing=True)
    assert [tuple(span)[:4] for span in spans_at_homes([home], poverty_spans([card]))] == found


def test_who_moves_is_poor_in_one_village_after_the_other_and_exits_from_the_last() -> None:
    homes = [Span(20140101, 20151231, "V"), Span(20160101, LAST_DAY, "W")]
    spans = spans_at_homes(homes, poverty_spans([YearlyCard(2017, "EXITED", 2017, 2014)]))
    assert [tuple(span)[:4] for span in spans] == [
        ("V", 20140101, 20151231, {"exited_in": None}),
        ("W", 20160101, 20171230, {"exited_in": 2017}),
    ]


def test_a_status_that_is_not_understood_decides_nothing() -> None:
    unclear = YearlyCard(2016, "OTHER", None, 2014)
    assert (poverty_spans([unclear]), unclear_spans([unclear])) == ([], [(FIRST_DAY, LAST_DAY)])
    previous = YearlyCard(2015, "POOR", None, 2014)
    assert poverty_spans([previous, unclear]) == [(20140101, 20151231, None)]
    assert unclear_spans([previous, unclear]) == [(20160101, LAST_DAY)]
    # A status that is understood counts again, from its year on.
    later = YearlyCard(2018, "POOR", None, 2014)
    assert poverty_spans([previous, unclear, later]) == [(20140101, 20151231, None), (20180101, LAST_DAY, None)]
    assert unclear_spans([previous, unclear, later]) == [(20160101, 20171231)]


def test_the_next_exit_tells_how_it_was_before() -> None:
    cards = [YearlyCard(2015, "POOR", None, 2014), YearlyCard(2016, "OTHER"), YearlyCard(2017, "EXITED", 2017)]
    assert (poverty_spans(cards), unclear_spans(cards)) == ([(20140101, 20171230, 2017)], [])


def test_a_blank_status_lets_the_former_one_go_on() -> None:
    cards = [YearlyCard(2015, "POOR", None, 2014), YearlyCard(2016, None)]
    assert (poverty_spans(cards), unclear_spans(cards)) == ([(20140101, LAST_DAY, None)], [])
