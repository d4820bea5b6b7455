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
    """The card of a household for one year: its status, the years of its exit and its identification, the code of its village."""

    year: int
    status: str | None
    exit_year: int | None = None
    identified_year: int | None = None
    village_code: str | None = None


class PovertySpan(NamedTuple):
    """A stretch of poverty: first and last day (YYYYMMDD), and the year of the exit that ended it."""

    since: int
    until: int
    exited_in: int | None = None


class UnclearSpan(NamedTuple):
    """A stretch in which it is unclear whether a household is poor: first and last day (YYYYMMDD)."""

    since: int
    until: int


def poverty_spans(cards: list[YearlyCard]) -> list[PovertySpan]:
    """Return the stretches in which a household is poor, from its cards in order of years. Without cards there are none.

    They are in order: where a later card has the household poor within a stretch, that stretch goes on. Days on which its status is
    unclear are in none of them.
    """
    first_poor_day = _first_poor_day(cards)
    spans: list[PovertySpan] = []
    since: int | None = None
    for card in cards:
        year, status, exit_year = card.year, card.status, card.exit_year
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
            first_stretch = _begin_before_exit(first_poor_day, exit_year)
            spans.append(PovertySpan(first_stretch, _last_poor_day(exit_year), exit_year))
            since = new_year
        elif status == "EXITED":
            exited_in = exit_year if exit_year is not None else year
            if not spans and since in (None, first_poor_day):
                since = _begin_before_exit(first_poor_day, exited_in)
            if since is not None and since <= _last_poor_day(exited_in):
                spans.append(PovertySpan(since, _last_poor_day(exited_in), exited_in))
            since = None
        elif since is None:
            if not spans:
                since = first_poor_day
            elif new_year <= spans[-1].until:
                since = spans.pop().since
            else:
                since = new_year
    if since is not None:
        spans.append(PovertySpan(since, LAST_DAY))
    for unclear in unclear_spans(cards):
        spans = [piece for span in spans for piece in _exclude_days(span, unclear)]
    return spans


def unclear_spans(cards: list[YearlyCard]) -> list[UnclearSpan]:
    """Return the spans in which it is unclear whether a household is poor: from the card whose status is
    not understood (where it is the first, from the beginning) until the next one that is.

    An exit on that next card settles the years before it, so it leaves no unclear span.
    """
    spans: list[UnclearSpan] = []
    since: int | None = None
    is_known = False
    for card in cards:
        if card.status == UNCLEAR_STATUS:
            since = since or (_first_day_of_year(card.year) if is_known else FIRST_DAY)
        elif card.status is not None:
            if since is not None and card.status != "EXITED":
                spans.append(UnclearSpan(since, (card.year - 1) * 10000 + 1231))
            since, is_known = None, True
    return [*spans, UnclearSpan(since, LAST_DAY)] if since is not None else spans


def _exclude_days(span: PovertySpan, unclear: UnclearSpan) -> list[PovertySpan]:
    """Return the parts of a stretch without the days of an unclear one; only the part with its last day keeps the exit."""
    if unclear.until < span.since or unclear.since > span.until:
        return [span]
    before, after = days_after(unclear.since, -1), days_after(unclear.until, 1)
    spans_before = [PovertySpan(span.since, before)] if span.since < unclear.since else []
    spans_after = [PovertySpan(after, span.until, span.exited_in)] if unclear.until < span.until else []
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
