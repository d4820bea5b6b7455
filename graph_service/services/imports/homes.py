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

from graph_service.declare import LAST_DAY
from graph_service.derive.days import days_after

State = TypeVar("State")


class Record(NamedTuple, Generic[State]):
    """What the record of a year says."""

    year: int
    state: State


class Span(NamedTuple, Generic[State]):
    """First and last day (YYYYMMDD) of what holds. `lacking`: whether it ended as a complete delivery lacked it; `silent`: whether it
    ended as the records of a later year are silent on it."""

    since: int
    until: int
    state: State
    lacking: bool = False
    silent: bool = False


def spans(
    records: Sequence[Record[State]],
    begin: int | None = None,
    ended: Iterable[int] = (),
    silent: Collection[int] = (),
) -> list[Span[State]]:
    """Return what holds from day to day, by records in order of years, one a year.

    `begin`: the first day of the first record, where it is not 1 January of its year. `ended`: last days that complete deliveries
    tell; one does not count where there is a record of the year of that delivery. `silent`: years in which there is no such record
    although others like it have theirs.
    """
    found: list[Span[State]] = []
    years = {record.year for record in records}
    last_days = [day for day in ended if days_after(day, 1) // 10000 not in years]
    for at, (year, state) in enumerate(records):
        since = begin if at == 0 and begin is not None else new_year(year)
        following = eve(records[at + 1].year) if at + 1 < len(records) else LAST_DAY
        quiet = min((eve(one) for one in silent if one > year), default=LAST_DAY)
        lacked = min((day for day in last_days if since <= day < following), default=None)
        until = lacked if lacked is not None else min(following, quiet)
        span = Span(since, until, state, lacked is not None, lacked is None and quiet < following)
        before = found[-1] if found else None
        if before is not None and before.state == state and days_after(before.until, 1) == since:
            span = span._replace(since=before.since)
            found.pop()
        found.append(span)
    return found


def kept(known: Iterable[Span[State]], found: Sequence[Span[State]]) -> list[Span[State]]:
    """Return what is found, after what had ended before it by complete deliveries: its records were withdrawn with it."""
    first = found[0].since if found else LAST_DAY
    return [*(span for span in known if span.lacking and span.until < first), *found]


def new_year(year: int) -> int:
    """Return 1 January of a year."""
    return year * 10000 + 101


def eve(year: int) -> int:
    """Return 31 December of the year before."""
    return (year - 1) * 10000 + 1231
