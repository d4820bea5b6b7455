"""When a household is poor, from its yearly cards.

It begins on 1 January of the year of identification; where no card names one, it has always been so. An exit takes effect on
31 December of its year: the household is not poor from that day on (DOMAIN §2). A card that says 返贫 tells that it is poor
again; the day is not in the register, so it counts from 1 January of the first card that says so. One that has left the register
is poor no longer than it lived there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from graph_service.declare import FIRST_DAY, LAST_DAY, OPEN
from graph_service.services.imports.versions import Target, Version, relationship_version, upsert
from graph_service.services.imports.writing import Writer

POOR: Target = ("POOR_IN", "Household", "Village")


class Card(NamedTuple):
    """What the card of a year tells of it."""

    year: int
    status: str | None
    exit_year: int | None = None
    identified: int | None = None


Stretch = tuple[int, int, int | None]
"""(first day, last day, year of the exit that ended it)."""


def stretches(cards: list[Card], left: int = LAST_DAY) -> list[Stretch]:
    """The stretches in which a household is poor, from its cards in order of years. No card, no poverty. `left`: the last day on
    which it is on the register.

    They are in order and never touch: where a later card says poor within a stretch, that one goes on.
    """
    begin = _beginning(cards)
    out: list[Stretch] = []
    since: int | None = None
    for year, status, exit_year, _ in cards:
        new_year = _new_year(year)
        if status is None:
            continue
        if status == "RETURNED" and exit_year is not None and exit_year < year and not out and since in (None, begin):
            # Its first stretch is told by the year of the exit alone.
            out.append((_before(begin, exit_year), _eve(exit_year), exit_year))
            since = new_year
        elif status == "EXITED":
            exited_in = exit_year if exit_year is not None else year
            if (since is None and not out) or since == begin:
                since = _before(begin, exited_in)
            if since is not None and since <= _eve(exited_in):
                out.append((since, _eve(exited_in), exited_in))
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
    return [one if one[1] <= left else (one[0], left, None) for one in out if one[0] <= left]


def _beginning(cards: list[Card]) -> int:
    told = [card.identified for card in cards if card.identified is not None]
    return _new_year(min(told)) if told else FIRST_DAY


def _before(begin: int, exit_year: int) -> int:
    """The beginning of what an exit ended: where it is told to be later than that, it is not known."""
    return begin if begin <= _eve(exit_year) else FIRST_DAY


def _new_year(year: int) -> int:
    return year * 10000 + 101


def _eve(exit_year: int) -> int:
    """The last day of poverty: the day before the 31 December on which the exit takes effect."""
    return exit_year * 10000 + 1230


def derive(writer: Writer, card_nos: list[str]) -> None:
    """Derive and write anew the stretches of poverty of these households."""
    fresh: list[Version] = []
    gone: list[list[Any]] = []
    [[households]] = writer.store.ask("poverty/cards", keys=card_nos, open=OPEN)
    for card_no, village, left, cards, known in households:
        wanted = {s[0]: s for s in stretches([Card(*card) for card in cards], left)}
        for since, until, exited_in, code, _recorded in known:
            if wanted.get(since) == (since, until, exited_in) and code == village:
                del wanted[since]
            else:
                gone.append([card_no, None, since])
        source = f"derived!POOR_IN!{card_no}"
        fresh.extend(relationship_version(POOR, [card_no, village, *s], source) for s in wanted.values())
    steps = [(upsert(POOR).supersede, gone)] if gone else []
    if fresh:
        steps.append((upsert(POOR).create, [[*v.ends, v.source, None, *v.stored] for v in fresh]))
    if steps:
        writer.apply(steps)
