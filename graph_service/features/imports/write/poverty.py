"""When a household is poor, from its yearly cards.

It begins on 1 January of the year of identification; where no card names one, with the first year that they tell of: it is poor where it lives. An exit takes effect on
31 December of its year: the household is not poor from that day on (DOMAIN §2). A card that says 返贫 tells that it is poor
again; the day is not in the register, so it counts from 1 January of the first card that says so. One that has left the register
is poor no longer than it lived there (`settling`).

A status that is not understood decides nothing: from 1 January of its year, until a card says what is understood, the household is
neither poor nor exited, and `UNCLEAR_IN` tells so. A blank status says nothing new: the former one goes on.
"""

from __future__ import annotations

from typing import NamedTuple

from graph_service.domain.days import days_after
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY

UNCLEAR_STATUS = "OTHER"
"""The status of a card whose word for it is none that is understood."""


class YearlyCard(NamedTuple):
    """What the card of a year tells of it."""

    year: int
    status: str | None
    exit_year: int | None = None
    identified_year: int | None = None


PovertySpan = tuple[int, int, int | None]
"""(first day, last day, year of the exit that ended it)."""


def poverty_spans(cards: list[YearlyCard]) -> list[PovertySpan]:
    """Return the stretches in which a household is poor, from its cards in order of years. No card, no poverty.

    They are in order: where a later card says poor within a stretch, that one goes on. Days on which its standing is not clear are in
    none of them.
    """
    begin = _first_poor_day(cards)
    out: list[PovertySpan] = []
    since: int | None = None
    for year, status, exit_year, _ in cards:
        new_year = _first_day_of_year(year)
        if status is None or status == UNCLEAR_STATUS:
            continue
        if status == "RETURNED" and exit_year is not None and exit_year < year and not out and since in (None, begin):
            # Its first stretch is told by the year of the exit alone.
            out.append((_begin_before_exit(begin, exit_year), _last_poor_day(exit_year), exit_year))
            since = new_year
        elif status == "EXITED":
            exited_in = exit_year if exit_year is not None else year
            if not out and since in (None, begin):
                since = _begin_before_exit(begin, exited_in)
            if since is not None and since <= _last_poor_day(exited_in):
                out.append((since, _last_poor_day(exited_in), exited_in))
            since = None
        elif since is None:
            if not out:
                since = begin
            elif new_year <= out[-1][1]:
                since = out.pop()[0]
            else:
                since = new_year
    if since is not None:
        out.append((since, LAST_DAY, None))
    for first, last in unclear_spans(cards):
        out = [piece for one in out for piece in _exclude_days(one, first, last)]
    return out


def unclear_spans(cards: list[YearlyCard]) -> list[tuple[int, int]]:
    """Return the first and last days of the spans in which nobody can tell whether a household is poor: from the card whose status
    is not understood (where it is the first, from the beginning) until the next one that is.

    An exit that the next one tells says how it was until then.
    """
    spans: list[tuple[int, int]] = []
    since: int | None = None
    begun = False
    for year, status, _, _ in cards:
        if status == UNCLEAR_STATUS:
            since = since or (_first_day_of_year(year) if begun else FIRST_DAY)
        elif status is not None:
            if since is not None and status != "EXITED":
                spans.append((since, (year - 1) * 10000 + 1231))
            since, begun = None, True
    return [*spans, (since, LAST_DAY)] if since is not None else spans


def _exclude_days(span: PovertySpan, first: int, last: int) -> list[PovertySpan]:
    """Return what is left of a stretch without the days from first to last; only its own end has its exit."""
    since, until, exited_in = span
    if last < since or first > until:
        return [span]
    before = [(since, days_after(first, -1), None)] if since < first else []
    after = [(days_after(last, 1), until, exited_in)] if last < until else []
    return [*before, *after]


def _first_poor_day(cards: list[YearlyCard]) -> int:
    told = [card.identified_year for card in cards if card.identified_year is not None]
    return _first_day_of_year(min(told)) if told else FIRST_DAY


def _begin_before_exit(begin: int, exit_year: int) -> int:
    """The beginning of what an exit ended: where it is told to be later than that, it is not known."""
    return begin if begin <= _last_poor_day(exit_year) else FIRST_DAY


def _first_day_of_year(year: int) -> int:
    return year * 10000 + 101


def _last_poor_day(exit_year: int) -> int:
    """The last day of poverty: the day before the 31 December on which the exit takes effect."""
    return exit_year * 10000 + 1230
