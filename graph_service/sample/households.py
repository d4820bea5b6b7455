"""Households: when they are poor, why, what they lack, what they have; and the card of a year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample.people import Member
from graph_service.sample.writing import Cell, texts, yes

STANDARDS, KINDS, STATUS = texts(enums.IDENTIFIED_BY), texts(enums.HOUSEHOLD_KIND), texts(enums.POVERTY_STATUS)
CAUSES, HOUSING = texts(enums.CAUSE), texts(enums.HOUSING_GRADE)
EVERYONE_ELSE = "一般农户"
"""The kind of a household that is not registered as poor."""


@dataclass(frozen=True, slots=True)
class Life:
    """Years of a household's poverty; `identified` 0: it never was registered. `expected`: it is about to exit in the last year."""

    identified: int
    exit_year: int | None = None
    returned: int | None = None
    expected: bool = False

    @property
    def registered(self) -> bool:
        return self.identified > 0

    def status(self, year: int, last: int) -> str | None:
        if not self.registered:
            return None
        if self.returned is not None and year >= self.returned:
            return "RETURNED"
        if self.exit_year is not None and year >= self.exit_year:
            return "EXITED"
        return "EXIT_EXPECTED" if self.expected and year == last else "POOR"

    def poor_on(self, year: int) -> bool:
        """Whether it is poor, and registered as such, from 31 December of the year before until the 30th of this one."""
        back = self.returned is not None and self.returned < year
        return 0 < self.identified < year and (self.exit_year is None or year <= self.exit_year or back)

    def helped(self, last: int, support: int) -> bool:
        """Whether help is owed at the end of the last year, as it is for so many years after an exit."""
        return self.poor_on(last + 1) or (self.exit_year is not None and self.exit_year + support >= last)


@dataclass(slots=True)
class Measure:
    """Help to a household, or to a member of it. Kind: a member of the code list; the amount in fen."""

    kind: str
    content: str
    amount: int
    since: date
    member: Member | None = None
    until: date | None = None


@dataclass(slots=True)
class Job:
    member: Member
    wage: int
    since: date


@dataclass(slots=True)
class Household:
    """What is made of a household before anything of it is written. `at`: its place among all.

    `factor`: income a head of the last year by the year's line, where a trap tells it. `business`: whether it earns by production.
    `gap`: why the duty of help is not met, where a trap says so; `linked`: whether operators are. `sharing`: whether it may hold
    shares; `keeps`: whether it keeps its preferred ones after exit. `listed`: outside lists on which members are. `dividends`: fen
    by year. `said`: cells of the last card that say otherwise.
    """

    card: str
    at: int
    life: Life
    ethnic_group: str
    members: list[Member]
    phone: str
    land: float
    forest: float
    road: float
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
    keeps: bool = False
    trapped: bool = False
    listed: tuple[tuple[str, Member], ...] = ()
    dividends: Counter[int] = field(default_factory=Counter)
    said: dict[str, Cell] = field(default_factory=dict)

    @property
    def head(self) -> Member:
        return self.members[0]

    def present(self, year: int) -> list[Member]:
        """The members who are born by the end of a year."""
        return [member for member in self.members if member.born.year <= year]

    def cells(self, village: str, year: int, last: int) -> dict[str, Cell]:
        """The card of a year, but for its incomes."""
        life, status = self.life, self.life.status(year, last)
        told = life.exit_year if life.exit_year is not None and life.exit_year <= year else None
        now = year == last
        # What was lacking has been mended by now, or is mended by a measure.
        lacks, housing = (self.lacks, self.housing) if now or status != "EXITED" else (frozenset[str](), "SAFE")
        return {
            "Household.card_no": self.card, "Village.code": village, "HouseholdYear.year": year,
            "HouseholdYear.head_name": self.head.name, "HouseholdYear.phone": self.phone,
            "HouseholdYear.identified_by": STANDARDS["NATIONAL"] if life.registered else None,
            "HouseholdYear.kind": KINDS[self.kind] if life.registered else EVERYONE_ELSE,
            "HouseholdYear.status": STATUS[status] if status else None, "HouseholdYear.exit_year": told,
            "HouseholdYear.main_cause": CAUSES[self.causes[0]] if self.causes else None,
            "HouseholdYear.other_causes": "、".join(CAUSES[cause] for cause in self.causes[1:]),
            "HouseholdYear.cause_note": self.note, "HouseholdYear.identified_year": life.identified or None,
            "HouseholdYear.size": len(self.present(year)), "HouseholdYear.cultivated_land": self.land,
            "HouseholdYear.forest_land": self.forest, "HouseholdYear.road_distance": self.road,
            "HouseholdYear.housing": HOUSING[housing], "HouseholdYear.safe_water": yes("WATER" not in lacks),
            "HouseholdYear.electricity": yes("ELECTRICITY" not in lacks),
            "HouseholdYear.broadcast": yes("BROADCAST" not in lacks),
        }  # fmt: skip


def life(rng: Random, first: int, last: int) -> Life:
    """By chance: most are identified before the first year; some come in, exit, return; few never are registered."""
    drawn = rng.random()
    if drawn < 0.03:
        return Life(0)
    if drawn < 0.06:
        exit_year = first - 1 - rng.randint(0, 3)
        return Life(exit_year - 2, exit_year)
    identified = first - 1 if rng.random() < 0.8 else rng.randint(first, last)
    for year in range(identified + 1, last + 1):
        if rng.random() < 0.15:
            returned = next((y for y in range(year + 1, last + 1) if rng.random() < 0.03), None)
            return Life(identified, year, returned)
    return Life(identified, expected=rng.random() < 0.05)
