"""Shares of an asset: its holders in each year, whose shares always add up to the whole; certificates and dividends."""

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
    """Divide the total into equal parts; the remainder goes to the first cards, one share each."""
    part, remainder = divmod(total, len(cards))
    return {card: part + (index < remainder) for index, card in enumerate(cards)}


def preferred_holdings(total: int, households: Sequence[Household], formed_year: int, last_year: int) -> list[Holdings]:
    """Return the holdings by year, from the year after the asset was formed to the one after the last; empty where fewer than two are poor
    in one.

    Holders of a year are the registered poor of 31 December before: on exit the shares go to the others.
    """
    holdings_by_year = []
    for year in range(formed_year + 1, last_year + 2):
        poor_cards = [
            h.card for h in households if h.sharing and (h.history.is_poor_in(year) or _keeps_shares(h, year))
        ]
        if sum(1 for card in poor_cards) < 2:
            return []
        holdings_by_year.append(divide_shares(total, poor_cards))
    return holdings_by_year


def _keeps_shares(household: Household, year: int) -> bool:
    return household.keeps_shares and 0 < household.history.identified_year < year


def ordinary_holdings(total: int, households: Sequence[Household], formed_year: int, last_year: int) -> list[Holdings]:
    """Return the holdings by year of ordinary shares, held by all who were registered when the asset was formed: they never move."""
    cards = [h.card for h in households if h.sharing and 0 < h.history.identified_year <= formed_year]
    return [divide_shares(total, cards)] * (last_year + 1 - formed_year) if cards else []


def certificates(holdings_by_year: Sequence[Holdings], formed_year: int) -> list[SampleCertificate]:
    """Return one certificate for each run of years in which a household's number is the same. An exit takes effect on 31 December."""
    issued_certificates = []
    for card in dict.fromkeys(card for holdings in holdings_by_year for card in holdings):
        start_index = 0
        for year_index in range(1, len(holdings_by_year) + 1):
            share_count = holdings_by_year[start_index].get(card)
            if year_index < len(holdings_by_year) and holdings_by_year[year_index].get(card) == share_count:
                continue
            if share_count:
                until = None if year_index == len(holdings_by_year) else date(formed_year + year_index, 12, 30)
                issued_certificates.append(
                    SampleCertificate(card, share_count, date(formed_year + start_index, 12, 31), until)
                )
            start_index = year_index
    return issued_certificates
