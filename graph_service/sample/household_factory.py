"""Generation of a household: a random family or the one that a trap needs, then its causes of poverty and its measures."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from graph_service.core.rules import rules
from graph_service.sample import causes_and_measures, families, names
from graph_service.sample.households import Household, PovertyHistory
from graph_service.sample.numbers import DocumentNumbers, phone
from graph_service.sample.people import COMPULSORY_AGES, HouseholdMember, random_birthday, random_schooling

ETHNIC_GROUPS = {"5134": ("彝族", 0.6), "5133": ("藏族", 0.8), "5132": ("藏族", 0.6)}
"""Prefecture → its ethnic group, and the share of it."""
OTHER_CAUSE_NOTE = "遭遇债务纠纷"
DROP_OUT_RATE, OUT_OF_SCHOOL = 0.01, rules("out-of-school")[0]["state"]
"""Share of children of poor households who are out of school at compulsory age; the register's word for them."""


@dataclass(frozen=True, slots=True)
class HouseholdSpec:
    """Requirements of a household. `family`: empty = random, else one of the fixed families, healthy and lacking nothing."""

    history: PovertyHistory
    family: str = ""
    causes: tuple[str, ...] = ("LACK_OF_FUNDS",)


class HouseholdFactory:
    """Factory of the households of a village."""

    def __init__(self, rng: Random, village_code: str, last_year: int, documents: DocumentNumbers) -> None:
        self.rng, self._village_code, self.last_year, self.documents = rng, village_code, last_year, documents

    def make(self, number: int, index: int, spec: HouseholdSpec) -> Household:
        """Return the household with this number in its village. `index`: its index among all."""
        rng = self.rng
        card = f"{self._village_code}{number:04d}"
        group, share = ETHNIC_GROUPS.get(self._village_code[:4], ("汉族", 0.97))
        household = Household(
            card, index, spec.history, group if rng.random() < share else "汉族", self._make_members(card, spec), phone(index),
            land=rng.randint(5, 120) / 10, forest=rng.randint(0, 200) / 10, road_distance=rng.randint(1, 40) / 10,
        )  # fmt: skip
        if spec.history.is_registered:
            self._set_poverty(household, spec)
        return household

    def _set_poverty(self, household: Household, spec: HouseholdSpec) -> None:
        rng, last_year, members = self.rng, self.last_year, household.members
        household.causes = (
            list(spec.causes) if spec.family else causes_and_measures.random_causes(rng, members, last_year)
        )
        if household.causes[0] == "OTHER":
            household.note = OTHER_CAUSE_NOTE
        if not spec.family:
            if not any(m.is_able(last_year) for m in members):
                household.kind = "FIVE_GUARANTEES" if len(members) == 1 and rng.random() < 0.5 else "LOW_INCOME"
                for member in members:
                    member.has_low_income_support = True
            if spec.history.is_poor_in(last_year + 1):
                household.lacks = causes_and_measures.random_lacks(rng)
                household.housing = rng.choice(("GRADE_C", "GRADE_D")) if "HOUSING" in household.lacks else "SAFE"
                household.lacks -= {"HOUSING"}
                for member in members:
                    if member.age(last_year) in COMPULSORY_AGES and rng.random() < DROP_OUT_RATE:
                        member.overrides["PersonYear.in_school"] = OUT_OF_SCHOOL
                        household.lacks |= {"SCHOOLING"}
        household.measures = causes_and_measures.measures_for_needs(rng, household, last_year, bool(spec.family))

    def _make_members(self, card: str, spec: HouseholdSpec) -> list[HouseholdMember]:
        rng = self.rng
        kin = families.fixed_family(rng, spec.family) if spec.family else families.random_family(rng)
        surname = rng.choice(names.SURNAMES)
        surname_relations = {"HEAD", "SON", "DAUGHTER", "GRANDSON", "GRANDDAUGHTER", "FATHER", "SIBLING"}
        members = []
        for index, relative in enumerate(kin, 1):
            document, born_on = self.documents.issue(
                random_birthday(rng, self.last_year - relative.age), relative.is_male
            )
            last_school_age, education = random_schooling(rng, relative.age)
            if spec.family and 18 <= relative.age <= 21:
                last_school_age, education = 21, "COLLEGE"
            member = HouseholdMember(
                f"{card}{index:02d}", relative.relation, relative.is_male, born_on,
                names.full_name(rng, relative.is_male, surname if relative.relation in surname_relations else ""), document, last_school_age, education,
            )  # fmt: skip
            if not spec.family:
                _set_health(rng, member, relative.age)
            members.append(member)
        self._set_work(members, spec)
        return members

    def _set_work(self, members: list[HouseholdMember], spec: HouseholdSpec) -> None:
        rng = self.rng
        for member in members:
            if member.labour == "ORDINARY" and rng.random() < 0.15:
                member.labour = "SKILLED"
            if rng.random() < 0.4:
                member.months_away = rng.randint(1, 11)
                member.is_employee = (
                    not spec.family and rng.random() < 0.03 and member.months_worked(self.last_year) > 0
                )


def _set_health(rng: Random, member: HouseholdMember, age: int) -> None:
    """Set health at random by age. A disabled member has a certificate as document, a few of them one that was issued again."""
    conditions = []
    if rng.random() < (0.03 if age < 40 else 0.12 if age < 60 else 0.3):
        conditions.append("CHRONIC_ILLNESS")
    if rng.random() < 0.03:
        conditions.append("SERIOUS_ILLNESS")
    if rng.random() < 0.05:
        conditions.append("DISABLED")
        member.labour = rng.choice(("WEAK", "LOST"))
        issue_certificate(rng, member)
    elif "SERIOUS_ILLNESS" in conditions:
        member.labour = "LOST"
    if conditions:
        member.health = tuple(conditions)


def issue_certificate(rng: Random, member: HouseholdMember) -> None:
    """Give a certificate of disability: type and grade after the number, then the times of issue where it was issued again."""
    member.document = f"{member.document}{rng.randint(1, 7)}{rng.randint(1, 4)}{'B1' if rng.random() < 0.1 else ''}"
