"""Shares of an asset: who holds how many in which year, so that together they always are the whole; certificates and dividends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph_service.sample.households import Household

Holdings = Mapping[str, int]
"""Household → shares."""
RECORD, PAID = (12, 20), (12, 25)
"""Month and day on which holders are entitled, and on which they are paid."""


@dataclass(frozen=True, slots=True)
class Certificate:
    card: str
    shares: int
    since: date
    until: date | None


def divided(total: int, cards: Sequence[str]) -> Holdings:
    """The total in equal parts; what is left goes to the first, one each."""
    each, left = divmod(total, len(cards))
    return {card: each + (at < left) for at, card in enumerate(cards)}


def preferred(total: int, households: Sequence[Household], formed: int, last: int) -> list[Holdings]:
    """By year from the one after it was formed to the one after the last; empty where in one of them fewer than two are poor.

    A year's holders are the registered poor of 31 December before: on exit the shares go to the others.
    """
    found = []
    for year in range(formed + 1, last + 2):
        poor = [h.card for h in households if h.sharing and (h.life.poor_on(year) or _kept(h, year))]
        if sum(1 for card in poor) < 2:
            return []
        found.append(divided(total, poor))
    return found


def _kept(household: Household, year: int) -> bool:
    return household.keeps and 0 < household.life.identified < year


def ordinary(total: int, households: Sequence[Household], formed: int, last: int) -> list[Holdings]:
    """The same for those that all have who were registered when it was formed: they never move."""
    cards = [h.card for h in households if h.sharing and 0 < h.life.identified <= formed]
    return [divided(total, cards)] * (last + 1 - formed) if cards else []


def certificates(years: Sequence[Holdings], formed: int) -> list[Certificate]:
    """One for each stretch of years in which a household's number is the same. An exit takes effect on 31 December."""
    found = []
    for card in dict.fromkeys(card for holdings in years for card in holdings):
        begun = 0
        for at in range(1, len(years) + 1):
            shares = years[begun].get(card)
            if at < len(years) and years[at].get(card) == shares:
                continue
            if shares:
                until = None if at == len(years) else date(formed + at, 12, 30)
                found.append(Certificate(card, shares, date(formed + begun, 12, 31), until))
            begun = at
    return found
