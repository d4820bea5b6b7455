"""Incomes of a household in a year, in fen: the parts add up exactly to the intended income a head."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random

from graph_service.core.rules import rules_in_force
from graph_service.sample.households import Household
from graph_service.sample.register_writer import yuan_text

POOR_INCOME, EXITED_INCOME, UNREGISTERED_INCOME = (0.45, 0.95), (1.1, 2.0), (1.4, 3.0)
"""Income a head divided by the year's line: of the poor, of those who have exited, of those who never were registered."""
PENSION_AGE = 60


@cache
def poverty_line(year: int) -> int:
    """Return the poverty line of a year, in fen."""
    return int(rules_in_force("poverty-lines", year * 10000 + 1231)[0]["yuan"]) * 100


def income_cells(rng: Random, household: Household, year: int, last_year: int) -> Mapping[str, str]:
    """Return the income cells of the card. Wages occur only where a member works away or is employed; dividends are those paid."""
    status, members = household.history.status(year, last_year), household.members_in(year)
    low, high = UNREGISTERED_INCOME if status is None else EXITED_INCOME if status == "EXITED" else POOR_INCOME
    factor = low + (high - low) * rng.random()
    if household.factor and year == last_year:
        factor = household.factor
    total = int(poverty_line(year) * factor) * len(members)
    has_worker = any(m.months_worked(year) for m in members)
    dividends = household.dividends[year]
    transfer = int(total * (0.1 + 0.2 * rng.random()) * (1 if has_worker else 2))
    other_property = int(total * 0.03 * rng.random())
    remainder = total - transfer - other_property - dividends
    business = int(remainder * (0.3 + 0.4 * rng.random() if has_worker else 1))
    if not household.business and year == last_year:
        business = 0
    wages = remainder - business if has_worker else 0
    # Income that is neither wages nor production is a transfer.
    transfer += remainder - business - wages
    expense = business // 5
    # These parts need not add up to all transfers: other transfers have no column.
    low_income = transfer // 2 if any(m.has_low_income_support for m in members) else 0
    pension = transfer // 5 if any(m.age(year) >= PENSION_AGE for m in members) else 0
    amounts = {
        "wage_income": wages, "business_income": business + expense, "property_income": other_property + dividends,
        "dividend_income": dividends, "transfer_income": transfer, "business_expense": expense,
        "low_income_payment": 0 if household.kind == "FIVE_GUARANTEES" else low_income,
        "five_guarantees_payment": low_income if household.kind == "FIVE_GUARANTEES" else 0,
        "pension_payment": pension, "ecology_payment": transfer // 10, "family_planning_payment": transfer // 50,
    }  # fmt: skip
    return {f"HouseholdYear.{name}": yuan_text(fen) for name, fen in amounts.items()}
