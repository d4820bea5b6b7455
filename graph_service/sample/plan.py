"""Which villages there are, how many households each has, and where which trap is planted: known before anything is made."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from random import Random

from graph_service.core.areas import AREAS_FILE
from graph_service.domain.area_paths import unpad_code
from graph_service.errors import AreaUnknown
from graph_service.sample.rng import stream

HOUSEHOLDS_PER_TRAP, VILLAGES_PER_TRAP = 1000, 500
"""Of so many each kind of trap is planted once."""
VILLAGE_CHECKS = (
    "VILLAGE_INCOME_BLANK", "VILLAGE_NO_ROAD", "VILLAGE_NO_CLINIC", "VILLAGE_NO_CULTURE_ROOM", "VILLAGE_NO_NETWORK", "VILLAGE_LAND",
)  # fmt: skip
EMPTY_VILLAGE, POST_IN_TWO_PLACES = "VILLAGE_EMPTY", "POST_IN_TWO_PLACES"
"""Checks of villages, those apart that ask more of the plan. A village is a trap of one of them at most."""
DUTY_GAPS = {
    "COUNTY_LEADER": "ENDED", "HELPING_DEPARTMENT": "ENDED", "RESIDENT_TEAM": "NEVER_ASSIGNED",
    "FIRST_SECRETARY": "HOLDER_LEFT", "AGRI_TECHNICIAN": "NEVER_ASSIGNED",
}  # fmt: skip
MONEY_TRAPS = (
    "DIVIDEND_AFTER_EXIT", "PAID_NOT_BY_SHARES", "COUNTY_HOP_MISSING", "DECLARED_BELOW_FLOOR", "CELL_NOT_PAID",
    "FORMED_OVER_SPENT",
)  # fmt: skip
PLEDGE_TRAPS = ("NO_PLEDGE", "UNSIGNED")
MERGED, REJECTED = "MERGED", "REJECTED"
MIN_MONEY_HOUSEHOLDS = 5
"""So many households a village has at least in which money goes wrong."""


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """A row of the published tree."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class PlannedVillage:
    """A village. `first_household`: place of its first household among all; `index`: its own among all villages.

    `traps`: what goes wrong in it. `partner`: the other village of a trap that needs two. `successor`: the village of the tree into which
    it was merged.
    """

    code: str
    name: str
    index: int
    first_household: int = 0
    households: int = 0
    traps: frozenset[str] = frozenset()
    partner: str = ""
    successor: str = ""

    @property
    def is_registered(self) -> bool:
        """Whether the register has a book of it."""
        return self.households > 0 or EMPTY_VILLAGE in self.traps


@dataclass(frozen=True, slots=True)
class PlannedTrap:
    """A household's trap: which, the first or the second household of it, and what tells it from others of its kind."""

    code: str
    role: int
    block: int


def published_areas() -> list[PublishedArea]:
    """The published tree, in order of codes."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        return sorted(
            (PublishedArea(r["code"], r["name"], r["level"]) for r in csv.DictReader(file)), key=lambda a: a.code
        )


def areas_within(areas: Iterable[PublishedArea], code: str) -> list[PublishedArea]:
    """An area and what lies in it. Raises `AreaUnknown` where there is none, or it is smaller than a county."""
    code = unpad_code(code)
    found = [area for area in areas if area.code.startswith(code)]
    if len(code) > 6 or not found or found[0].code != code:
        raise AreaUnknown(area=code[:40])
    return found


def plan_villages(areas: Sequence[PublishedArea], households: int, seed: int, with_traps: bool) -> list[PlannedVillage]:
    """The villages, those too that were merged into others, each before its successor."""
    villages = [
        PlannedVillage(area.code, area.name, at) for at, area in enumerate(a for a in areas if a.level == "VILLAGE")
    ]
    rng = stream(seed, "villages", areas[0].code)
    found = _spread_households(_plant_empty(villages, rng) if with_traps else villages, households, seed)
    return _plant_mergers(_plant_traps(found, rng)) if with_traps else found


def _blocks(villages: list[PlannedVillage]) -> Iterable[list[PlannedVillage]]:
    return (villages[at : at + VILLAGES_PER_TRAP] for at in range(0, len(villages), VILLAGES_PER_TRAP))


def _plant_empty(villages: list[PlannedVillage], rng: Random) -> list[PlannedVillage]:
    empty = {rng.choice(block).code for block in _blocks(villages) if len(block) > 1}
    return [replace(v, traps=frozenset({EMPTY_VILLAGE})) if v.code in empty else v for v in villages]


def _spread_households(villages: list[PlannedVillage], households: int, seed: int) -> list[PlannedVillage]:
    """At least one household each where there are enough, more by chance."""
    weights = [0.0 if v.traps else 1 + 2 * stream(seed, "weight", v.code).random() for v in villages]
    each = 1 if households >= sum(1 for w in weights if w) else 0
    rest = households - each * sum(1 for w in weights if w)
    total, gone, first, found = sum(weights), 0.0, 0, []
    for village, weight in zip(villages, weights, strict=True):
        # What has been given up to here and up to the next one: the differences add up, whatever is rounded.
        number = round(rest * (gone + weight) / total) - round(rest * gone / total) + (each if weight else 0)
        gone += weight
        found.append(replace(village, first_household=first, households=number))
        first += number
    return found


def _plant_traps(villages: list[PlannedVillage], rng: Random) -> list[PlannedVillage]:
    planted: dict[str, set[str]] = defaultdict(set)
    partners: dict[str, str] = {}
    for block in _blocks(villages):
        there = [v for v in block if v.households]
        rng.shuffle(there)
        # Who has two households can be halved.
        there.sort(key=lambda v: v.households > 1)
        if there and there[-1].households > 1:
            planted[there.pop().code].add(MERGED)
        if len(there) > len(VILLAGE_CHECKS) + 1:
            one, two = there.pop().code, there.pop().code
            partners |= {one: two, two: one}
            planted[one].add(POST_IN_TWO_PLACES)
            planted[two].add(POST_IN_TWO_PLACES)
        for village, trap in zip(there, VILLAGE_CHECKS, strict=False):
            planted[village.code].add(trap)
        # Other questions find these: they may share a village with a check, not with each other.
        apart = {MERGED, POST_IN_TWO_PLACES}
        free = [v for v in block if v.households and not apart & planted[v.code]]
        rng.shuffle(free)
        free.sort(key=lambda v: v.households < MIN_MONEY_HOUSEHOLDS)
        large = sum(1 for v in free if v.households >= MIN_MONEY_HOUSEHOLDS)
        others = (*DUTY_GAPS, *PLEDGE_TRAPS, REJECTED)
        for village, trap in zip(free, (*MONEY_TRAPS[:large], *others), strict=False):
            planted[village.code].add(trap)
    return [
        replace(v, traps=v.traps | planted[v.code], partner=partners.get(v.code, "")) if v.code in planted else v
        for v in villages
    ]


def _plant_mergers(villages: list[PlannedVillage]) -> list[PlannedVillage]:
    """A merged village takes the first half of its successor's households, and a code that the tree has no more."""
    known, found = {v.code for v in villages}, []
    for village in villages:
        if MERGED in village.traps and village.households > 1:
            code = next(c for n in range(399, 0, -1) if (c := f"{village.code[:9]}{n:03d}") not in known)
            known.add(code)
            half, own = village.households // 2, frozenset({MERGED})
            former = replace(
                village, code=code, name=f"原{village.name}", index=len(villages) + village.index, traps=own
            )
            found.append(replace(former, households=half, successor=village.code))
            rest = village.households - half
            village = replace(
                village, first_household=village.first_household + half, households=rest, traps=village.traps - own
            )
        found.append(village)
    return found


@lru_cache(4)
def planned_traps(
    trap_roles: tuple[tuple[str, int], ...], seed: int, block: int, households: int
) -> dict[int, PlannedTrap]:
    """Place in the block → trap. `trap_roles`: traps and how many households each takes; one of which a household would lie beyond the
    last is left out."""
    wanted = [(code, role) for code, roles in trap_roles for role in range(roles)]
    chosen = stream(seed, "traps", block).sample(range(HOUSEHOLDS_PER_TRAP), len(wanted))
    found: dict[int, PlannedTrap] = {}
    at = 0
    for code, roles in trap_roles:
        some = sorted(chosen[at : at + roles])
        at += roles
        if block * HOUSEHOLDS_PER_TRAP + some[-1] < households:
            found |= {place: PlannedTrap(code, role, block) for role, place in enumerate(some)}
    return found
