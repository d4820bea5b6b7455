"""Spans of living in a village and belonging to a household in a relation, from the records of the years.

A record holds from 1 January of its year until the eve of the year whose record says otherwise; without another record it goes on.
Nothing holds before the first record: a household begins with its first card, or with the year of identification or exit on a card,
if that is earlier; a member begins with the first record, on 1 January also in the year of birth. A member without a record in a year in which
other members of the household have records is no longer a member. A record that a complete delivery lacks ended on the day that the
delivery sets, and begins again with the year of the next record; where the record that was withdrawn with it is delivered again, it
has never ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from graph_service.domain.days import days_after
from graph_service.domain.metamodel import LAST_DAY

State = TypeVar("State")


class YearlyRecord(NamedTuple, Generic[State]):
    """The state that the record of a year gives."""

    year: int
    state: State


class Span(NamedTuple, Generic[State]):
    """A state with its first and last day (YYYYMMDD). `ended_as_missing`: whether it ended because a complete delivery lacked it;
    `ended_silently`: whether it ended because the records of a later year do not mention it."""

    since: int
    until: int
    state: State
    ended_as_missing: bool = False
    ended_silently: bool = False


def spans_from_records(
    records: Sequence[YearlyRecord[State]],
    first_day: int | None = None,
    ended_days: Iterable[int] = (),
    silent_years: Collection[int] = (),
) -> list[Span[State]]:
    """Return the spans that follow from records in order of years, one a year.

    `first_day`: the first day of the first record, where it is not 1 January of its year. `ended_days`: last days set by complete
    deliveries; one does not count where there is a record of the year of that delivery. `silent_years`: years without such a record
    although other members have theirs.
    """
    spans: list[Span[State]] = []
    years = {record.year for record in records}
    last_days = [day for day in ended_days if days_after(day, 1) // 10000 not in years]
    for index, (year, state) in enumerate(records):
        since = first_day if index == 0 and first_day is not None else first_day_of_year(year)
        next_eve = eve_of_year(records[index + 1].year) if index + 1 < len(records) else LAST_DAY
        silent_day = min(
            (eve_of_year(silent_year) for silent_year in silent_years if silent_year > year), default=LAST_DAY
        )
        missing_day = min((day for day in last_days if since <= day < next_eve), default=None)
        until = missing_day if missing_day is not None else min(next_eve, silent_day)
        span = Span(since, until, state, missing_day is not None, missing_day is None and silent_day < next_eve)
        previous = spans[-1] if spans else None
        if previous is not None and previous.state == state and days_after(previous.until, 1) == since:
            span = span._replace(since=previous.since)
            spans.pop()
        spans.append(span)
    return spans


def keep_ended_spans(stored_spans: Iterable[Span[State]], derived_spans: Sequence[Span[State]]) -> list[Span[State]]:
    """Return the derived spans, after the stored ones that complete deliveries had ended before them: the records of those were
    withdrawn."""
    first = derived_spans[0].since if derived_spans else LAST_DAY
    return [*(span for span in stored_spans if span.ended_as_missing and span.until < first), *derived_spans]


def first_day_of_year(year: int) -> int:
    """Return 1 January of a year."""
    return year * 10000 + 101


def eve_of_year(year: int) -> int:
    """Return 31 December of the year before."""
    return (year - 1) * 10000 + 1231
