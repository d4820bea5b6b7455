"""People: what of them never changes, and what the register says of them in one year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample.writing import Cell, Values, texts, yes

RELATIONS, SEXES, LEVELS = texts(enums.RELATION), texts(enums.SEX), texts(enums.SCHOOLING)
HEALTH, LABOUR = texts(enums.HEALTH), texts(enums.LABOUR)
OUT_OF_SCHOOL = "非在校生"
STAGES = {
    **dict.fromkeys(range(3, 6), "学龄前儿童"), **dict.fromkeys(range(6, 12), "小学"), 12: "七年级", 13: "八年级", 14: "九年级",
    15: "高中一年级", 16: "高中二年级", 17: "高中三年级", 18: "大学一年级", 19: "大学二年级", 20: "大学三年级", 21: "大学四年级",
}  # fmt: skip
"""Age (31 December) → stage of school."""
COMPULSORY = range(6, 15)
"""Ages at which children must go to school."""
ABLE = ("ORDINARY", "SKILLED")
WORKING = range(18, 60)
"""Ages at which people go away for work."""


@dataclass(slots=True)
class Member:
    """A person of a household. Relation, health, labour, education: members of their code lists.

    `leaves`: the last age in school; `labour`: that of the person as a grown one; `months`: of work away in a year as a grown one;
    `said`: cells of the last year's row that say otherwise.
    """

    number: str
    relation: str
    male: bool
    born: date
    name: str
    document: str | None
    leaves: int
    education: str
    health: tuple[str, ...] = ("HEALTHY",)
    labour: str = "ORDINARY"
    months: int = 0
    low_income: bool = False
    employee: bool = False
    said: dict[str, Cell] = field(default_factory=dict)

    def age(self, year: int) -> int:
        """Whole years on 31 December."""
        return year - self.born.year

    def studies(self, year: int) -> bool:
        return 6 <= self.age(year) <= self.leaves

    @property
    def ill(self) -> bool:
        return "CHRONIC_ILLNESS" in self.health or "SERIOUS_ILLNESS" in self.health

    @property
    def disabled(self) -> bool:
        return "DISABLED" in self.health

    def capacity(self, year: int) -> str:
        age = self.age(year)
        if age < 16 or age >= 75 or self.studies(year):
            return "NONE"
        return "WEAK" if age >= 60 and self.labour in ABLE else self.labour

    def able(self, year: int) -> bool:
        return self.capacity(year) in ABLE

    def works(self, year: int) -> int:
        """Months of work away."""
        return self.months if self.able(year) and self.age(year) in WORKING else 0

    def row(self, card: str, ethnic_group: str, year: int, last: int) -> Values:
        age, studies, capacity = self.age(year), self.studies(year), self.capacity(year)
        level = "PRESCHOOL" if age < 6 else "PRIMARY" if age < 13 else self.education
        return {
            "Person.person_no": self.number, "Household.card_no": card, "PersonYear.year": year,
            "MEMBER_OF.relation": RELATIONS[self.relation], "PersonYear.name": self.name,
            "PersonYear.sex": SEXES["MALE" if self.male else "FEMALE"], "PersonYear.id_document": self.document,
            "PersonYear.born_on": self.born, "PersonYear.ethnic_group": ethnic_group,
            "PersonYear.education": LEVELS[level],
            "PersonYear.in_school": STAGES[age] if studies or 3 <= age < 6 else OUT_OF_SCHOOL,
            "PersonYear.health": "、".join(HEALTH[one] for one in self.health),
            "PersonYear.labour": LABOUR[capacity],
            "PersonYear.insured": yes(not self.employee), "PersonYear.employee_insured": yes(self.employee),
            "PersonYear.pension_insured": yes(age >= 16 and not studies),
            "PersonYear.low_income": yes(self.low_income), "PersonYear.medical_aid": yes(self.ill),
            "PersonYear.months_worked": self.works(year) if capacity in ABLE else 0,
            **(self.said if year == last else {}),
        }  # fmt: skip


def birthday(rng: Random, year: int) -> date:
    return date(year, 1 + int(rng.random() * 12), 1 + int(rng.random() * 28))


def schooling(rng: Random, age: int) -> tuple[int, str]:
    """The last age in school and what is completed as a grown one, of somebody of an age."""
    if age > 45:
        return 0, rng.choice(("NONE", "PRIMARY", "PRIMARY", "JUNIOR_SECONDARY"))
    drawn = rng.random()
    if drawn < 0.55:
        return 14, "JUNIOR_SECONDARY"
    return (17, "SENIOR_SECONDARY") if drawn < 0.85 else (21, rng.choice(("COLLEGE", "UNIVERSITY")))
