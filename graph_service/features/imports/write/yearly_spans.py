"""Where a household lives, who belongs to it and in which relation, from the records of the years.

A record tells what holds from 1 January of its year until the eve of the year in which another one says otherwise; without
another one it goes on. Before its first record nobody is there: a household begins with its first card, or with the year of
identification or exit that a card names, if that is earlier; a member begins with the first record, or at birth in its year. In a
year in which other members of the household have records, who has none is no member any more. What a complete delivery lacks ended
on the day that it tells, and is there again from the year of the next record; where the record that was withdrawn with it is delivered
again, it has never ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from graph_service.domain.days import days_after
from graph_service.domain.metamodel import LAST_DAY

State = TypeVar("State")


class YearlyRecord(NamedTuple, Generic[State]):
    """What the record of a year says."""

    year: int
    state: State


class Span(NamedTuple, Generic[State]):
    """First and last day (YYYYMMDD) of what holds. `ended_as_missing`: whether it ended as a complete delivery lacked it; `ended_silently`: whether it
    ended as the records of a later year are silent on it."""

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
    """Return what holds from day to day, by records in order of years, one a year.

    `first_day`: the first day of the first record, where it is not 1 January of its year. `ended_days`: last days that complete deliveries
    tell; one does not count where there is a record of the year of that delivery. `silent_years`: years in which there is no such record
    although others like it have theirs.
    """
    found: list[Span[State]] = []
    years = {record.year for record in records}
    last_days = [day for day in ended_days if days_after(day, 1) // 10000 not in years]
    for at, (year, state) in enumerate(records):
        since = first_day if at == 0 and first_day is not None else first_day_of_year(year)
        following = eve_of_year(records[at + 1].year) if at + 1 < len(records) else LAST_DAY
        quiet = min((eve_of_year(one) for one in silent_years if one > year), default=LAST_DAY)
        lacked = min((day for day in last_days if since <= day < following), default=None)
        until = lacked if lacked is not None else min(following, quiet)
        span = Span(since, until, state, lacked is not None, lacked is None and quiet < following)
        before = found[-1] if found else None
        if before is not None and before.state == state and days_after(before.until, 1) == since:
            span = span._replace(since=before.since)
            found.pop()
        found.append(span)
    return found


def keep_ended_spans(stored_spans: Iterable[Span[State]], derived_spans: Sequence[Span[State]]) -> list[Span[State]]:
    """Return what is found, after what had ended before it by complete deliveries: its records were withdrawn with it."""
    first = derived_spans[0].since if derived_spans else LAST_DAY
    return [*(span for span in stored_spans if span.ended_as_missing and span.until < first), *derived_spans]


def first_day_of_year(year: int) -> int:
    """Return 1 January of a year."""
    return year * 10000 + 101


def eve_of_year(year: int) -> int:
    """Return 31 December of the year before."""
    return (year - 1) * 10000 + 1231
