"""Stretches of poverty of a household, from its yearly cards.

Poverty begins on 1 January of the year of identification; where no card has one, with the first year that the cards cover: the
household is poor where it lives. An exit takes effect on 31 December of its year: the household is not poor from that day on
(DOMAIN §2). A card with the status 返贫 makes it poor again; the register does not have the day, so it counts from 1 January of the
first card with that status. A household that has left the register is poor no longer than it lived there (`spans_at_homes`).

A status that is not understood decides nothing: from 1 January of its year, until a card has a status that is understood, the
household is neither poor nor exited, and `UNCLEAR_IN` records this. A blank status changes nothing: the former one goes on.
"""

from __future__ import annotations

from typing import NamedTuple

from graph_service.domain.days import days_after
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY

UNCLEAR_STATUS = "OTHER"
"""The status of a card whose word for it is not understood."""


class YearlyCard(NamedTuple):
    """The card of a household for one year."""

    year: int
    status: str | None
    exit_year: int | None = None
    identified_year: int | None = None


PovertySpan = tuple[int, int, int | None]
"""(first day, last day, year of the exit that ended it)."""


def poverty_spans(cards: list[YearlyCard]) -> list[PovertySpan]:
    """Return the stretches in which a household is poor, from its cards in order of years. Without cards there are none.

    They are in order: where a later card has the household poor within a stretch, that stretch goes on. Days on which its status is
    unclear are in none of them.
    """
    first_poor_day = _first_poor_day(cards)
    spans: list[PovertySpan] = []
    since: int | None = None
    for year, status, exit_year, _ in cards:
        new_year = _first_day_of_year(year)
        if status is None or status == UNCLEAR_STATUS:
            continue
        if (
            status == "RETURNED"
            and exit_year is not None
            and exit_year < year
            and not spans
            and since in (None, first_poor_day)
        ):
            # The first stretch is known only from the year of its exit.
            spans.append((_begin_before_exit(first_poor_day, exit_year), _last_poor_day(exit_year), exit_year))
            since = new_year
        elif status == "EXITED":
            exited_in = exit_year if exit_year is not None else year
            if not spans and since in (None, first_poor_day):
                since = _begin_before_exit(first_poor_day, exited_in)
            if since is not None and since <= _last_poor_day(exited_in):
                spans.append((since, _last_poor_day(exited_in), exited_in))
            since = None
        elif since is None:
            if not spans:
                since = first_poor_day
            elif new_year <= spans[-1][1]:
                since = spans.pop()[0]
            else:
                since = new_year
    if since is not None:
        spans.append((since, LAST_DAY, None))
    for first, last in unclear_spans(cards):
        spans = [piece for span in spans for piece in _exclude_days(span, first, last)]
    return spans


def unclear_spans(cards: list[YearlyCard]) -> list[tuple[int, int]]:
    """Return the first and last days of the spans in which it is unclear whether a household is poor: from the card whose status is
    not understood (where it is the first, from the beginning) until the next one that is.

    An exit on that next card settles the years before it, so it leaves no unclear span.
    """
    spans: list[tuple[int, int]] = []
    since: int | None = None
    is_known = False
    for year, status, _, _ in cards:
        if status == UNCLEAR_STATUS:
            since = since or (_first_day_of_year(year) if is_known else FIRST_DAY)
        elif status is not None:
            if since is not None and status != "EXITED":
                spans.append((since, (year - 1) * 10000 + 1231))
            since, is_known = None, True
    return [*spans, (since, LAST_DAY)] if since is not None else spans


def _exclude_days(span: PovertySpan, first: int, last: int) -> list[PovertySpan]:
    """Return the parts of a stretch without the days from first to last; only the part with its last day keeps the exit."""
    since, until, exited_in = span
    if last < since or first > until:
        return [span]
    spans_before = [(since, days_after(first, -1), None)] if since < first else []
    spans_after = [(days_after(last, 1), until, exited_in)] if last < until else []
    return [*spans_before, *spans_after]


def _first_poor_day(cards: list[YearlyCard]) -> int:
    identified_years = [card.identified_year for card in cards if card.identified_year is not None]
    return _first_day_of_year(min(identified_years)) if identified_years else FIRST_DAY


def _begin_before_exit(begin: int, exit_year: int) -> int:
    """Return the first day of the stretch that an exit ended: unknown (`FIRST_DAY`) where the stated one is after the exit."""
    return begin if begin <= _last_poor_day(exit_year) else FIRST_DAY


def _first_day_of_year(year: int) -> int:
    return year * 10000 + 101


def _last_poor_day(exit_year: int) -> int:
    """Return the last day of poverty: the day before the 31 December on which the exit takes effect."""
    return exit_year * 10000 + 1230
