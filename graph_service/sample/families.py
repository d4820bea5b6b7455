"""Families: members whose relations, sexes and ages agree."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SIZE_WEIGHTS = (8, 18, 24, 24, 15, 8, 3)
"""Weights of families of one member, two, …"""


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """A member of a family: relation to the head, sex, age on 31 December of the last year."""

    relation: str
    is_male: bool
    age: int


FIXED_FAMILIES: dict[str, tuple[tuple[str, bool, int, int], ...]] = {
    "FAMILY": (("HEAD", True, 40, 48), ("SPOUSE", False, 38, 44), ("DAUGHTER", False, 8, 13)),
    "ADULTS": (("HEAD", True, 40, 48), ("SPOUSE", False, 38, 44)),
    "TEENAGER": (("HEAD", True, 42, 48), ("SPOUSE", False, 40, 44), ("SON", True, 14, 14)),
    "STUDENT": (("HEAD", True, 44, 48), ("SPOUSE", False, 42, 44), ("DAUGHTER", False, 18, 20)),
    "ELDER": (("HEAD", True, 42, 48), ("SPOUSE", False, 40, 44), ("FATHER", True, 73, 79)),
    "GROWN_SON": (("HEAD", True, 42, 46), ("SON", True, 38, 39)),
}
"""Families that traps require: relation, sex, youngest and oldest age. All of them are healthy."""


def fixed_family(rng: Random, name: str) -> list[FamilyMember]:
    return [
        FamilyMember(relation, is_male, rng.randint(youngest, oldest))
        for relation, is_male, youngest, oldest in FIXED_FAMILIES[name]
    ]


def random_family(rng: Random) -> list[FamilyMember]:
    """Return a random family of one to seven members, the head first."""
    size = rng.choices(range(1, 8), SIZE_WEIGHTS)[0]
    age = int(rng.triangular(26, 82, 48))
    is_male = rng.random() < 0.85
    members = [FamilyMember("HEAD", is_male, age)]
    parent_age = age
    if size > 1 and rng.random() < 0.85:
        spouse_age = max(22, age + rng.randint(-6, 3))
        parent_age = min(age, spouse_age)
        members.append(FamilyMember("SPOUSE", not is_male, spouse_age))
    while len(members) < size:
        members.append(_next_member(rng, members, age, parent_age))
    return members


def _next_member(rng: Random, members: list[FamilyMember], age: int, parent_age: int) -> FamilyMember:
    draw, is_male = rng.random(), rng.random() < 0.52
    relations = {member.relation for member in members}
    oldest_child_age = max((member.age for member in members if member.relation in ("SON", "DAUGHTER")), default=0)
    if draw < 0.2 and age <= 60:
        for relation in ("FATHER", "MOTHER") if is_male else ("MOTHER", "FATHER"):
            if relation not in relations:
                return FamilyMember(relation, relation == "FATHER", age + rng.randint(19, 30))
    if draw < 0.45 and oldest_child_age >= 22:
        if "DAUGHTER_IN_LAW" not in relations and "SON" in relations and rng.random() < 0.4:
            return FamilyMember("DAUGHTER_IN_LAW", False, max(20, oldest_child_age - rng.randint(-2, 3)))
        return FamilyMember(
            "GRANDSON" if is_male else "GRANDDAUGHTER",
            is_male,
            rng.randint(0, min(oldest_child_age, parent_age - 19) - 19),
        )
    if draw > 0.98:
        return FamilyMember("SIBLING", is_male, max(18, age + rng.randint(-8, 8)))
    return FamilyMember(
        "SON" if is_male else "DAUGHTER", is_male, rng.randint(max(0, parent_age - 38), parent_age - 19)
    )
