"""Which villages there are, how many households each has, and where which trap is planted: known before anything is made."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from random import Random

from graph_service.errors import AreaUnknown
from graph_service.sample.chance import stream
from graph_service.services.areas import SOURCE, unpadded

HOUSEHOLDS, VILLAGES = 1000, 500
"""Of so many each kind of trap is planted once."""
VILLAGE_CHECKS = (
    "VILLAGE_INCOME_BLANK", "VILLAGE_NO_ROAD", "VILLAGE_NO_CLINIC", "VILLAGE_NO_CULTURE_ROOM", "VILLAGE_NO_NETWORK", "VILLAGE_LAND",
)  # fmt: skip
EMPTY, TWO_PLACES = "VILLAGE_EMPTY", "POST_IN_TWO_PLACES"
"""Checks of villages, those apart that ask more of the plan. A village is a trap of one of them at most."""
DUTY_GAPS = {
    "COUNTY_LEADER": "ENDED", "HELPING_DEPARTMENT": "ENDED", "RESIDENT_TEAM": "NEVER_ASSIGNED",
    "FIRST_SECRETARY": "HOLDER_LEFT", "AGRI_TECHNICIAN": "NEVER_ASSIGNED",
}  # fmt: skip
MONEY = (
    "DIVIDEND_AFTER_EXIT", "PAID_NOT_BY_SHARES", "COUNTY_HOP_MISSING", "DECLARED_BELOW_FLOOR", "CELL_NOT_PAID",
    "FORMED_OVER_SPENT",
)  # fmt: skip
PLEDGES = ("NO_PLEDGE", "UNSIGNED")
MERGED, REJECTED = "MERGED", "REJECTED"
LARGE = 5
"""So many households a village has at least in which money goes wrong."""


@dataclass(frozen=True, slots=True)
class Area:
    """A row of the published tree."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Place:
    """A village. `first`: place of its first household among all; `at`: its own among all villages.

    `traps`: what goes wrong in it. `partner`: the other village of a trap that needs two. `successor`: the village of the tree into which
    it was merged.
    """

    code: str
    name: str
    at: int
    first: int = 0
    households: int = 0
    traps: frozenset[str] = frozenset()
    partner: str = ""
    successor: str = ""

    @property
    def registered(self) -> bool:
        """Whether the register has a book of it."""
        return self.households > 0 or EMPTY in self.traps


@dataclass(frozen=True, slots=True)
class Slot:
    """A household's trap: which, the first or the second household of it, and what tells it from others of its kind."""

    code: str
    role: int
    block: int


def tree() -> list[Area]:
    """The published tree, in order of codes."""
    with (files("graph_service") / "data" / SOURCE).open(encoding="utf-8") as file:
        return sorted((Area(r["code"], r["name"], r["level"]) for r in csv.DictReader(file)), key=lambda a: a.code)


def below(areas: Iterable[Area], code: str) -> list[Area]:
    """An area and what lies in it. Raises `AreaUnknown` where there is none, or it is smaller than a county."""
    code = unpadded(code)
    found = [area for area in areas if area.code.startswith(code)]
    if len(code) > 6 or not found or found[0].code != code:
        raise AreaUnknown(area=code[:40])
    return found


def places(areas: Sequence[Area], households: int, seed: int, traps: bool) -> list[Place]:
    """The villages, those too that were merged into others, each before its successor."""
    villages = [Place(area.code, area.name, at) for at, area in enumerate(a for a in areas if a.level == "VILLAGE")]
    rng = stream(seed, "villages", areas[0].code)
    found = _spread(_emptied(villages, rng) if traps else villages, households, seed)
    return _merged(_trapped(found, rng)) if traps else found


def _blocks(villages: list[Place]) -> Iterable[list[Place]]:
    return (villages[at : at + VILLAGES] for at in range(0, len(villages), VILLAGES))


def _emptied(villages: list[Place], rng: Random) -> list[Place]:
    empty = {rng.choice(block).code for block in _blocks(villages) if len(block) > 1}
    return [replace(v, traps=frozenset({EMPTY})) if v.code in empty else v for v in villages]


def _spread(villages: list[Place], households: int, seed: int) -> list[Place]:
    """At least one household each where there are enough, more by chance."""
    weights = [0.0 if v.traps else 1 + 2 * stream(seed, "weight", v.code).random() for v in villages]
    each = 1 if households >= sum(1 for w in weights if w) else 0
    rest = households - each * sum(1 for w in weights if w)
    total, gone, first, found = sum(weights), 0.0, 0, []
    for village, weight in zip(villages, weights, strict=True):
        # What has been given up to here and up to the next one: the differences add up, whatever is rounded.
        number = round(rest * (gone + weight) / total) - round(rest * gone / total) + (each if weight else 0)
        gone += weight
        found.append(replace(village, first=first, households=number))
        first += number
    return found


def _trapped(villages: list[Place], rng: Random) -> list[Place]:
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
            planted[one].add(TWO_PLACES)
            planted[two].add(TWO_PLACES)
        for village, trap in zip(there, VILLAGE_CHECKS, strict=False):
            planted[village.code].add(trap)
        # Other questions find these: they may share a village with a check, not with each other.
        apart = {MERGED, TWO_PLACES}
        free = [v for v in block if v.households and not apart & planted[v.code]]
        rng.shuffle(free)
        free.sort(key=lambda v: v.households < LARGE)
        large = sum(1 for v in free if v.households >= LARGE)
        others = (*DUTY_GAPS, *PLEDGES, REJECTED)
        for village, trap in zip(free, (*MONEY[:large], *others), strict=False):
            planted[village.code].add(trap)
    return [
        replace(v, traps=v.traps | planted[v.code], partner=partners.get(v.code, "")) if v.code in planted else v
        for v in villages
    ]


def _merged(villages: list[Place]) -> list[Place]:
    """A merged village takes the first half of its successor's households, and a code that the tree has no more."""
    known, found = {v.code for v in villages}, []
    for village in villages:
        if MERGED in village.traps and village.households > 1:
            code = next(c for n in range(399, 0, -1) if (c := f"{village.code[:9]}{n:03d}") not in known)
            known.add(code)
            half, own = village.households // 2, frozenset({MERGED})
            former = replace(village, code=code, name=f"原{village.name}", at=len(villages) + village.at, traps=own)
            found.append(replace(former, households=half, successor=village.code))
            rest = village.households - half
            village = replace(village, first=village.first + half, households=rest, traps=village.traps - own)
        found.append(village)
    return found


@lru_cache(4)
def slots(codes: tuple[tuple[str, int], ...], seed: int, block: int, households: int) -> dict[int, Slot]:
    """Place in the block → trap. `codes`: traps and how many households each takes; one of which a household would lie beyond the
    last is left out."""
    wanted = [(code, role) for code, roles in codes for role in range(roles)]
    chosen = stream(seed, "traps", block).sample(range(HOUSEHOLDS), len(wanted))
    found: dict[int, Slot] = {}
    at = 0
    for code, roles in codes:
        some = sorted(chosen[at : at + roles])
        at += roles
        if block * HOUSEHOLDS + some[-1] < households:
            found |= {place: Slot(code, role, block) for role, place in enumerate(some)}
    return found
