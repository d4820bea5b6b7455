"""A household as it is made: its family by chance or as a trap asks, then why it is poor and what helps it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from graph_service.sample import families, names, needs
from graph_service.sample.households import Household, Life
from graph_service.sample.numbers import Documents, phone
from graph_service.sample.people import COMPULSORY, Member, birthday, schooling
from graph_service.services.rules import rules

GROUPS = {"5134": ("彝族", 0.6), "5133": ("藏族", 0.8), "5132": ("藏族", 0.6)}
"""Prefecture → its ethnic group, and the share of it."""
OTHER_NOTE = "遭遇债务纠纷"
DROP_OUTS, OUT_OF_SCHOOL = 0.01, rules("out-of-school")[0]["state"]
"""Share of children of poor households who do not go to school as they must; what the register calls them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a household. `family`: empty = by chance, else one of the fixed ones, healthy and lacking nothing."""

    life: Life
    family: str = ""
    causes: tuple[str, ...] = ("LACK_OF_FUNDS",)


class Maker:
    """Makes households of a village, one after another."""

    def __init__(self, rng: Random, village: str, last: int, documents: Documents) -> None:
        self.rng, self._village, self.last, self.documents = rng, village, last, documents

    def make(self, number: int, at: int, wish: Wish) -> Household:
        """The household with this number in its village, at this place among all."""
        rng = self.rng
        card = f"{self._village}{number:04d}"
        group, share = GROUPS.get(self._village[:4], ("汉族", 0.97))
        household = Household(
            card, at, wish.life, group if rng.random() < share else "汉族", self._family(card, wish), phone(at),
            land=rng.randint(5, 120) / 10, forest=rng.randint(0, 200) / 10, road=rng.randint(1, 40) / 10,
        )  # fmt: skip
        if wish.life.registered:
            self._poor(household, wish)
        return household

    def _poor(self, household: Household, wish: Wish) -> None:
        rng, last, members = self.rng, self.last, household.members
        household.causes = list(wish.causes) if wish.family else needs.causes(rng, members, last)
        if household.causes[0] == "OTHER":
            household.note = OTHER_NOTE
        if not wish.family:
            if not any(m.able(last) for m in members):
                household.kind = "FIVE_GUARANTEES" if len(members) == 1 and rng.random() < 0.5 else "LOW_INCOME"
                for member in members:
                    member.low_income = True
            if wish.life.poor_on(last + 1):
                household.lacks = needs.lacks(rng)
                household.housing = rng.choice(("GRADE_C", "GRADE_D")) if "HOUSING" in household.lacks else "SAFE"
                household.lacks -= {"HOUSING"}
                for member in members:
                    if member.age(last) in COMPULSORY and rng.random() < DROP_OUTS:
                        member.said["PersonYear.in_school"] = OUT_OF_SCHOOL
                        household.lacks |= {"SCHOOLING"}
        household.measures = needs.answered(rng, household, last, bool(wish.family))

    def _family(self, card: str, wish: Wish) -> list[Member]:
        rng = self.rng
        kin = families.fixed(rng, wish.family) if wish.family else families.family(rng)
        surname = rng.choice(names.SURNAMES)
        inherit = {"HEAD", "SON", "DAUGHTER", "GRANDSON", "GRANDDAUGHTER", "FATHER", "SIBLING"}
        members = []
        for at, one in enumerate(kin, 1):
            document, born = self.documents.issue(birthday(rng, self.last - one.age), one.male)
            leaves, education = schooling(rng, one.age)
            if wish.family and 18 <= one.age <= 21:
                leaves, education = 21, "COLLEGE"
            member = Member(
                f"{card}{at:02d}", one.relation, one.male, born,
                names.name(rng, one.male, surname if one.relation in inherit else ""), document, leaves, education,
            )  # fmt: skip
            if not wish.family:
                _health(rng, member, one.age)
            members.append(member)
        self._work(members, wish)
        return members

    def _work(self, members: list[Member], wish: Wish) -> None:
        rng = self.rng
        for member in members:
            if member.labour == "ORDINARY" and rng.random() < 0.15:
                member.labour = "SKILLED"
            if rng.random() < 0.4:
                member.months = rng.randint(1, 11)
                member.employee = not wish.family and rng.random() < 0.03 and member.works(self.last) > 0


def _health(rng: Random, member: Member, age: int) -> None:
    """By chance and age; who is disabled has a certificate for a document, few of them one that was issued again."""
    found = []
    if rng.random() < (0.03 if age < 40 else 0.12 if age < 60 else 0.3):
        found.append("CHRONIC_ILLNESS")
    if rng.random() < 0.03:
        found.append("SERIOUS_ILLNESS")
    if rng.random() < 0.05:
        found.append("DISABLED")
        member.labour = rng.choice(("WEAK", "LOST"))
        certify(rng, member)
    elif "SERIOUS_ILLNESS" in found:
        member.labour = "LOST"
    if found:
        member.health = tuple(found)


def certify(rng: Random, member: Member) -> None:
    """Give a certificate of disability: type and grade behind the number, times of issue where it was issued again."""
    member.document = f"{member.document}{rng.randint(1, 7)}{rng.randint(1, 4)}{'B1' if rng.random() < 0.1 else ''}"
