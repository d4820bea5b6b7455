"""Shares of an asset: who holds how many in which year, so that together they always are the whole; certificates and dividends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph_service.sample.households import Household

Holdings = Mapping[str, int]
"""Household → shares."""
RECORD_DAY, PAYMENT_DAY = (12, 20), (12, 25)
"""Month and day on which holders are entitled, and on which they are paid."""


@dataclass(frozen=True, slots=True)
class SampleCertificate:
    card: str
    shares: int
    since: date
    until: date | None


def divide_shares(total: int, cards: Sequence[str]) -> Holdings:
    """The total in equal parts; what is left goes to the first, one each."""
    each, left = divmod(total, len(cards))
    return {card: each + (at < left) for at, card in enumerate(cards)}


def preferred_holdings(total: int, households: Sequence[Household], formed_year: int, last_year: int) -> list[Holdings]:
    """By year from the one after it was formed to the one after the last; empty where in one of them fewer than two are poor.

    A year's holders are the registered poor of 31 December before: on exit the shares go to the others.
    """
    found = []
    for year in range(formed_year + 1, last_year + 2):
        poor = [h.card for h in households if h.sharing and (h.history.is_poor_in(year) or _keeps_shares(h, year))]
        if sum(1 for card in poor) < 2:
            return []
        found.append(divide_shares(total, poor))
    return found


def _keeps_shares(household: Household, year: int) -> bool:
    return household.keeps_shares and 0 < household.history.identified_year < year


def ordinary_holdings(total: int, households: Sequence[Household], formed_year: int, last_year: int) -> list[Holdings]:
    """The same for those that all have who were registered when it was formed: they never move."""
    cards = [h.card for h in households if h.sharing and 0 < h.history.identified_year <= formed_year]
    return [divide_shares(total, cards)] * (last_year + 1 - formed_year) if cards else []


def certificates(holdings_by_year: Sequence[Holdings], formed_year: int) -> list[SampleCertificate]:
    """One for each stretch of years in which a household's number is the same. An exit takes effect on 31 December."""
    found = []
    for card in dict.fromkeys(card for holdings in holdings_by_year for card in holdings):
        begun = 0
        for at in range(1, len(holdings_by_year) + 1):
            shares = holdings_by_year[begun].get(card)
            if at < len(holdings_by_year) and holdings_by_year[at].get(card) == shares:
                continue
            if shares:
                until = None if at == len(holdings_by_year) else date(formed_year + at, 12, 30)
                found.append(SampleCertificate(card, shares, date(formed_year + begun, 12, 31), until))
            begun = at
    return found
