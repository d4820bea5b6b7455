"""Families: who lives together, of what ages, so that relations, sexes and ages agree."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SIZE_WEIGHTS = (8, 18, 24, 24, 15, 8, 3)
"""How often a family has one member, two, …"""


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One of a family: relation to the head, sex, age on 31 December of the last year."""

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
"""Families that traps ask for: relation, sex, youngest and oldest age. All of them are healthy."""


def fixed_family(rng: Random, name: str) -> list[FamilyMember]:
    return [FamilyMember(relation, male, rng.randint(low, high)) for relation, male, low, high in FIXED_FAMILIES[name]]


def random_family(rng: Random) -> list[FamilyMember]:
    """By chance: one to seven members, the head first."""
    size = rng.choices(range(1, 8), SIZE_WEIGHTS)[0]
    age = int(rng.triangular(26, 82, 48))
    male = rng.random() < 0.85
    found = [FamilyMember("HEAD", male, age)]
    parent = age
    if size > 1 and rng.random() < 0.85:
        spouse = max(22, age + rng.randint(-6, 3))
        parent = min(age, spouse)
        found.append(FamilyMember("SPOUSE", not male, spouse))
    while len(found) < size:
        found.append(_next_member(rng, found, age, parent))
    return found


def _next_member(rng: Random, members: list[FamilyMember], age: int, parent: int) -> FamilyMember:
    drawn, male = rng.random(), rng.random() < 0.52
    has = {one.relation for one in members}
    grown = max((one.age for one in members if one.relation in ("SON", "DAUGHTER")), default=0)
    if drawn < 0.2 and age <= 60:
        for relation in ("FATHER", "MOTHER") if male else ("MOTHER", "FATHER"):
            if relation not in has:
                return FamilyMember(relation, relation == "FATHER", age + rng.randint(19, 30))
    if drawn < 0.45 and grown >= 22:
        if "DAUGHTER_IN_LAW" not in has and "SON" in has and rng.random() < 0.4:
            return FamilyMember("DAUGHTER_IN_LAW", False, max(20, grown - rng.randint(-2, 3)))
        return FamilyMember("GRANDSON" if male else "GRANDDAUGHTER", male, rng.randint(0, min(grown, parent - 19) - 19))
    if drawn > 0.98:
        return FamilyMember("SIBLING", male, max(18, age + rng.randint(-8, 8)))
    return FamilyMember("SON" if male else "DAUGHTER", male, rng.randint(max(0, parent - 38), parent - 19))
