"""Households: their history of poverty, its causes, what they lack and own, and the card of a year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from graph_service.domain.model import enumerations as enums
from graph_service.sample.people import HouseholdMember
from graph_service.sample.register_writer import CellValue, member_texts, yes_no

IDENTIFICATION_STANDARDS, HOUSEHOLD_KINDS, POVERTY_STATUSES = (
    member_texts(enums.IDENTIFIED_BY),
    member_texts(enums.HOUSEHOLD_KIND),
    member_texts(enums.POVERTY_STATUS),
)
POVERTY_CAUSES, HOUSING_GRADES = member_texts(enums.CAUSE), member_texts(enums.HOUSING_GRADE)
UNREGISTERED_KIND = "一般农户"
"""The kind of a household that is not registered as poor."""


@dataclass(frozen=True, slots=True)
class PovertyHistory:
    """Years of a household's poverty. `identified_year` 0: never registered. `is_exit_expected`: its exit is expected in the last year."""

    identified_year: int
    exit_year: int | None = None
    returned_year: int | None = None
    is_exit_expected: bool = False

    @property
    def is_registered(self) -> bool:
        return self.identified_year > 0

    def status(self, year: int, last_year: int) -> str | None:
        if not self.is_registered:
            return None
        if self.returned_year is not None and year >= self.returned_year:
            return "RETURNED"
        if self.exit_year is not None and year >= self.exit_year:
            return "EXITED"
        return "EXIT_EXPECTED" if self.is_exit_expected and year == last_year else "POOR"

    def is_poor_in(self, year: int) -> bool:
        """Tell whether the household is poor, and registered so, from 31 December of the year before to the 30th of this one."""
        has_returned = self.returned_year is not None and self.returned_year < year
        return 0 < self.identified_year < year and (self.exit_year is None or year <= self.exit_year or has_returned)

    def is_owed_help(self, last_year: int, support_years: int) -> bool:
        """Tell whether help is owed at the end of the last year, as it is for `support_years` after an exit."""
        return self.is_poor_in(last_year + 1) or (
            self.exit_year is not None and self.exit_year + support_years >= last_year
        )


@dataclass(slots=True)
class Measure:
    """Help to a household or a member of it. `kind`: member of the code list; `amount`: fen."""

    kind: str
    content: str
    amount: int
    since: date
    member: HouseholdMember | None = None
    until: date | None = None


@dataclass(slots=True)
class Job:
    member: HouseholdMember
    wage: int
    since: date


@dataclass(slots=True)
class Household:
    """A household, before anything of it is written. `index`: its index among all.

    `factor`: income a head of the last year divided by the year's line, where a trap sets it. `business`: whether it earns by production.
    `gap`: reason why the duty of help is not met, where a trap sets it; `linked`: whether operators are linked to it. `sharing`: whether it may
    hold shares; `keeps_shares`: whether it keeps its preferred shares after exit. `listed`: outside lists and the members on them. `dividends`:
    fen by year. `overrides`: cells that replace those of the last card.
    """

    card: str
    index: int
    history: PovertyHistory
    ethnic_group: str
    members: list[HouseholdMember]
    phone: str
    land: float
    forest: float
    road_distance: float
    kind: str = "GENERAL"
    causes: list[str] = field(default_factory=list)
    note: str | None = None
    housing: str = "SAFE"
    lacks: frozenset[str] = frozenset()
    measures: list[Measure] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    factor: float = 0.0
    business: bool = True
    gap: str = ""
    linked: bool = True
    sharing: bool = True
    keeps_shares: bool = False
    is_trapped: bool = False
    listed: tuple[tuple[str, HouseholdMember], ...] = ()
    dividends: Counter[int] = field(default_factory=Counter)
    overrides: dict[str, CellValue] = field(default_factory=dict)

    @property
    def head(self) -> HouseholdMember:
        return self.members[0]

    def members_in(self, year: int) -> list[HouseholdMember]:
        """Return the members who are born by the end of a year."""
        return [member for member in self.members if member.born_on.year <= year]

    def card_cells(self, village_code: str, year: int, last_year: int) -> dict[str, CellValue]:
        """Return the cells of a year's card, except its incomes."""
        history, status = self.history, self.history.status(year, last_year)
        exit_year = history.exit_year if history.exit_year is not None and history.exit_year <= year else None
        is_last_year = year == last_year
        # After an exit nothing is lacking, except in the last year, where a measure answers it.
        lacks, housing = (
            (self.lacks, self.housing) if is_last_year or status != "EXITED" else (frozenset[str](), "SAFE")
        )
        return {
            "Household.card_no": self.card, "Village.code": village_code, "HouseholdYear.year": year,
            "HouseholdYear.head_name": self.head.name, "HouseholdYear.phone": self.phone,
            "HouseholdYear.identified_by": IDENTIFICATION_STANDARDS["NATIONAL"] if history.is_registered else None,
            "HouseholdYear.kind": HOUSEHOLD_KINDS[self.kind] if history.is_registered else UNREGISTERED_KIND,
            "HouseholdYear.status": POVERTY_STATUSES[status] if status else None, "HouseholdYear.exit_year": exit_year,
            "HouseholdYear.main_cause": POVERTY_CAUSES[self.causes[0]] if self.causes else None,
            "HouseholdYear.other_causes": "、".join(POVERTY_CAUSES[cause] for cause in self.causes[1:]),
            "HouseholdYear.cause_note": self.note, "HouseholdYear.identified_year": history.identified_year or None,
            "HouseholdYear.size": len(self.members_in(year)), "HouseholdYear.cultivated_land": self.land,
            "HouseholdYear.forest_land": self.forest, "HouseholdYear.road_distance": self.road_distance,
            "HouseholdYear.housing": HOUSING_GRADES[housing], "HouseholdYear.safe_water": yes_no("WATER" not in lacks),
            "HouseholdYear.electricity": yes_no("ELECTRICITY" not in lacks),
            "HouseholdYear.broadcast": yes_no("BROADCAST" not in lacks),
        }  # fmt: skip


def random_history(rng: Random, first_year: int, last_year: int) -> PovertyHistory:
    """Return a random history: most are identified before the first year; some come in, exit, return; few never are registered."""
    draw = rng.random()
    if draw < 0.03:
        return PovertyHistory(0)
    if draw < 0.06:
        exit_year = first_year - 1 - rng.randint(0, 3)
        return PovertyHistory(exit_year - 2, exit_year)
    identified_year = first_year - 1 if rng.random() < 0.8 else rng.randint(first_year, last_year)
    for year in range(identified_year + 1, last_year + 1):
        if rng.random() < 0.15:
            returned_year = next((y for y in range(year + 1, last_year + 1) if rng.random() < 0.03), None)
            return PovertyHistory(identified_year, year, returned_year)
    return PovertyHistory(identified_year, is_exit_expected=rng.random() < 0.05)
