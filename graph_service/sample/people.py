"""People: their constant attributes, and their row in the register of one year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from graph_service.domain.model import enumerations as enums
from graph_service.sample.register_writer import CellValue, RowCells, member_texts, yes_no

RELATIONS, SEXES, EDUCATION_LEVELS = (
    member_texts(enums.RELATION),
    member_texts(enums.SEX),
    member_texts(enums.SCHOOLING),
)
HEALTH_STATES, LABOUR_CAPACITIES = member_texts(enums.HEALTH), member_texts(enums.LABOUR)
OUT_OF_SCHOOL = "非在校生"
SCHOOL_STAGES = {
    **dict.fromkeys(range(3, 6), "学龄前儿童"), **dict.fromkeys(range(6, 12), "小学"), 12: "七年级", 13: "八年级", 14: "九年级",
    15: "高中一年级", 16: "高中二年级", 17: "高中三年级", 18: "大学一年级", 19: "大学二年级", 20: "大学三年级", 21: "大学四年级",
}  # fmt: skip
"""Age (31 December) → stage of school."""
COMPULSORY_AGES = range(6, 15)
"""Ages at which children must go to school."""
ABLE_CAPACITIES = ("ORDINARY", "SKILLED")
WORKING_AGES = range(18, 60)
"""Ages at which people go away for work."""


@dataclass(slots=True)
class HouseholdMember:
    """A person of a household. Relation, health, labour, education: members of their code lists.

    `last_school_age`: the last age in school; `labour`: capacity as an adult; `months_away`: months of work away in a year as an adult;
    `overrides`: cells that replace those of the last year's row.
    """

    number: str
    relation: str
    is_male: bool
    born_on: date
    name: str
    document: str | None
    last_school_age: int
    education: str
    health: tuple[str, ...] = ("HEALTHY",)
    labour: str = "ORDINARY"
    months_away: int = 0
    has_low_income_support: bool = False
    is_employee: bool = False
    overrides: dict[str, CellValue] = field(default_factory=dict)

    def age(self, year: int) -> int:
        """Return the age in whole years on 31 December."""
        return year - self.born_on.year

    def is_student(self, year: int) -> bool:
        return 6 <= self.age(year) <= self.last_school_age

    @property
    def is_ill(self) -> bool:
        return "CHRONIC_ILLNESS" in self.health or "SERIOUS_ILLNESS" in self.health

    @property
    def is_disabled(self) -> bool:
        return "DISABLED" in self.health

    def labour_capacity(self, year: int) -> str:
        age = self.age(year)
        if age < 16 or age >= 75 or self.is_student(year):
            return "NONE"
        return "WEAK" if age >= 60 and self.labour in ABLE_CAPACITIES else self.labour

    def is_able(self, year: int) -> bool:
        return self.labour_capacity(year) in ABLE_CAPACITIES

    def months_worked(self, year: int) -> int:
        """Return the months of work away in a year."""
        return self.months_away if self.is_able(year) and self.age(year) in WORKING_AGES else 0

    def year_row(self, card: str, ethnic_group: str, year: int, last_year: int) -> RowCells:
        age, is_student, capacity = self.age(year), self.is_student(year), self.labour_capacity(year)
        level = "PRESCHOOL" if age < 6 else "PRIMARY" if age < 13 else self.education
        return {
            "Person.person_no": self.number, "Household.card_no": card, "PersonYear.year": year,
            "MEMBER_OF.relation": RELATIONS[self.relation], "PersonYear.name": self.name,
            "PersonYear.sex": SEXES["MALE" if self.is_male else "FEMALE"], "PersonYear.id_document": self.document,
            "PersonYear.born_on": self.born_on, "PersonYear.ethnic_group": ethnic_group,
            "PersonYear.education": EDUCATION_LEVELS[level],
            "PersonYear.in_school": SCHOOL_STAGES[age] if is_student or 3 <= age < 6 else OUT_OF_SCHOOL,
            "PersonYear.health": "、".join(HEALTH_STATES[state] for state in self.health),
            "PersonYear.labour": LABOUR_CAPACITIES[capacity],
            "PersonYear.insured": yes_no(not self.is_employee), "PersonYear.employee_insured": yes_no(self.is_employee),
            "PersonYear.pension_insured": yes_no(age >= 16 and not is_student),
            "PersonYear.low_income": yes_no(self.has_low_income_support), "PersonYear.medical_aid": yes_no(self.is_ill),
            "PersonYear.months_worked": self.months_worked(year) if capacity in ABLE_CAPACITIES else 0,
            **(self.overrides if year == last_year else {}),
        }  # fmt: skip


def random_birthday(rng: Random, year: int) -> date:
    return date(year, 1 + int(rng.random() * 12), 1 + int(rng.random() * 28))


def random_schooling(rng: Random, age: int) -> tuple[int, str]:
    """Return the last age in school and the education completed as an adult, for a person of this age."""
    if age > 45:
        return 0, rng.choice(("NONE", "PRIMARY", "PRIMARY", "JUNIOR_SECONDARY"))
    draw = rng.random()
    if draw < 0.55:
        return 14, "JUNIOR_SECONDARY"
    return (17, "SENIOR_SECONDARY") if draw < 0.85 else (21, rng.choice(("COLLEGE", "UNIVERSITY")))
