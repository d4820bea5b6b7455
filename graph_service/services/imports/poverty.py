"""When a household is poor, from its yearly cards.

An exit takes effect on 31 December of its year: the household is not poor from that day on (DOMAIN §2). A card that says
返贫 tells that it is poor again; the day is not in the register, so it counts from 1 January of the first card that says so.
"""

from __future__ import annotations

from graph_service.declare import FIRST_DAY, LAST_DAY

Card = tuple[int, str | None, int | None]
"""(year, status, exit year)."""
Stretch = tuple[int, int, int | None]
"""(first day, last day, year of the exit that ended it)."""


def stretches(cards: list[Card]) -> list[Stretch]:
    """The stretches in which a household is poor, from its cards in order of years. No card, no poverty."""
    out: list[Stretch] = []
    open_since: int | None = None
    for position, (year, status, exit_year) in enumerate(cards):
        if status is None:
            continue
        if status == "RETURNED" and exit_year is not None and exit_year < year:
            if position == 0 or open_since is None:
                if not out:
                    out.append((FIRST_DAY, _eve(exit_year), exit_year))
                open_since = year * 10000 + 101
            elif open_since == FIRST_DAY and not out:
                out.append((FIRST_DAY, _eve(exit_year), exit_year))
                open_since = year * 10000 + 101
        elif status == "EXITED":
            ended = exit_year if exit_year is not None else year
            begin = open_since if open_since is not None else FIRST_DAY
            if (open_since is not None or not out) and begin <= _eve(ended):
                out.append((begin, _eve(ended), ended))
            open_since = None
        elif open_since is None:
            open_since = year * 10000 + 101 if out else FIRST_DAY
    if open_since is not None:
        out.append((open_since, LAST_DAY, None))
    return out


def _eve(exit_year: int) -> int:
    """The last day of poverty: the day before the 31 December on which the exit takes effect."""
    return exit_year * 10000 + 1230
