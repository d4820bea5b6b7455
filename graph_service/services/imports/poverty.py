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
    """The stretches in which a household is poor, from its cards in order of years. No card, no poverty.

    They are in order and never touch: where a later card says poor within a stretch, that one goes on.
    """
    out: list[Stretch] = []
    since: int | None = None
    for year, status, exit_year in cards:
        new_year = year * 10000 + 101
        if status is None:
            continue
        if (
            status == "RETURNED"
            and exit_year is not None
            and exit_year < year
            and not out
            and since in (None, FIRST_DAY)
        ):
            # Its first stretch is told by the year of the exit alone.
            out.append((FIRST_DAY, _eve(exit_year), exit_year))
            since = new_year
        elif status == "EXITED":
            exited_in = exit_year if exit_year is not None else year
            if since is None and not out:
                since = FIRST_DAY
            if since is not None and since <= _eve(exited_in):
                out.append((since, _eve(exited_in), exited_in))
            since = None
        elif since is None:
            if not out:
                since = FIRST_DAY
            elif new_year <= out[-1][1]:
                since = out.pop()[0]
            else:
                since = new_year
    if since is not None:
        out.append((since, LAST_DAY, None))
    return out


def _eve(exit_year: int) -> int:
    """The last day of poverty: the day before the 31 December on which the exit takes effect."""
    return exit_year * 10000 + 1230
