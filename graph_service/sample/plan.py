"""Plan of a register, known before anything is generated: its villages, the households of each, and the place of each trap."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from random import Random

from graph_service.access.masking import excerpt
from graph_service.core.areas import AREAS_FILE
from graph_service.domain.area_paths import unpad_code
from graph_service.errors import AreaUnknown
from graph_service.sample.rng import stream

HOUSEHOLDS_PER_TRAP, VILLAGES_PER_TRAP = 1000, 500
"""Numbers of households and villages among which each kind of trap is planted once."""
VILLAGE_CHECKS = (
    "VILLAGE_INCOME_BLANK", "VILLAGE_NO_ROAD", "VILLAGE_NO_CLINIC", "VILLAGE_NO_CULTURE_ROOM", "VILLAGE_NO_NETWORK", "VILLAGE_LAND",
)  # fmt: skip
EMPTY_VILLAGE, POST_IN_TWO_PLACES = "VILLAGE_EMPTY", "POST_IN_TWO_PLACES"
"""Checks of villages that need more of the plan, listed apart. A village is a trap of at most one check."""
DUTY_GAPS = {
    "COUNTY_LEADER": "ENDED", "HELPING_DEPARTMENT": "ENDED", "RESIDENT_TEAM": "NEVER_ASSIGNED",
    "FIRST_SECRETARY": "HOLDER_LEFT", "AGRI_TECHNICIAN": "NEVER_ASSIGNED",
}  # fmt: skip
MONEY_TRAPS = (
    "DIVIDEND_AFTER_EXIT", "PAID_NOT_BY_SHARES", "COUNTY_HOP_MISSING", "DIVIDEND_BELOW_FLOOR", "CELL_NOT_PAID",
    "FORMED_OVER_SPENT",
)  # fmt: skip
PLEDGE_TRAPS = ("NO_PLEDGE", "UNSIGNED")
MERGED, REJECTED = "MERGED", "REJECTED"
MIN_MONEY_HOUSEHOLDS = 5
"""Minimum number of households of a village with a money trap."""


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """A row of the published tree of areas."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class PlannedVillage:
    """A village. `first_household`: index of its first household among all; `index`: its index among all villages.

    `traps`: codes of the traps planted in it. `partner`: the other village of a trap that needs two. `successor`: the village of the tree into which
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
        """Tell whether the village has a book in the register."""
        return self.households > 0 or EMPTY_VILLAGE in self.traps


@dataclass(frozen=True, slots=True)
class PlannedTrap:
    """A household's trap: its code, the first or second household of the trap, and the block that tells it from others of its kind."""

    code: str
    role: int
    block: int


def published_areas() -> list[PublishedArea]:
    """Return the published areas, in order of codes."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        return sorted(
            (PublishedArea(r["code"], r["name"], r["level"]) for r in csv.DictReader(file)), key=lambda a: a.code
        )


def areas_within(areas: Iterable[PublishedArea], code: str) -> list[PublishedArea]:
    """Return an area and the areas in it. Raise `AreaUnknown` where there is none, or it is smaller than a county."""
    code = unpad_code(code)
    selected = [area for area in areas if area.code.startswith(code)]
    if len(code) > 6 or not selected or selected[0].code != code:
        raise AreaUnknown(area=excerpt(code))
    return selected


def plan_villages(areas: Sequence[PublishedArea], households: int, seed: int, with_traps: bool) -> list[PlannedVillage]:
    """Return the villages, including those that were merged into others, each before its successor."""
    villages = [
        PlannedVillage(area.code, area.name, index)
        for index, area in enumerate(a for a in areas if a.level == "VILLAGE")
    ]
    rng = stream(seed, "villages", areas[0].code)
    planned = _spread_households(_plant_empty(villages, rng) if with_traps else villages, households, seed)
    return _plant_mergers(_plant_traps(planned, rng)) if with_traps else planned


def _blocks(villages: list[PlannedVillage]) -> Iterable[list[PlannedVillage]]:
    return (villages[start : start + VILLAGES_PER_TRAP] for start in range(0, len(villages), VILLAGES_PER_TRAP))


def _plant_empty(villages: list[PlannedVillage], rng: Random) -> list[PlannedVillage]:
    empty_codes = {rng.choice(block).code for block in _blocks(villages) if len(block) > 1}
    return [replace(v, traps=frozenset({EMPTY_VILLAGE})) if v.code in empty_codes else v for v in villages]


def _spread_households(villages: list[PlannedVillage], households: int, seed: int) -> list[PlannedVillage]:
    """Spread the households at random, at least one to each village where there are enough."""
    weights = [0.0 if v.traps else 1 + 2 * stream(seed, "weight", v.code).random() for v in villages]
    minimum = 1 if households >= sum(1 for w in weights if w) else 0
    rest = households - minimum * sum(1 for w in weights if w)
    total_weight, weight_before, first_index, planned = sum(weights), 0.0, 0, []
    for village, weight in zip(villages, weights, strict=True):
        # A difference of cumulated sums: the differences add up in spite of rounding.
        count = (
            round(rest * (weight_before + weight) / total_weight)
            - round(rest * weight_before / total_weight)
            + (minimum if weight else 0)
        )
        weight_before += weight
        planned.append(replace(village, first_household=first_index, households=count))
        first_index += count
    return planned


def _plant_traps(villages: list[PlannedVillage], rng: Random) -> list[PlannedVillage]:
    traps_by_code: dict[str, set[str]] = defaultdict(set)
    partners: dict[str, str] = {}
    for block in _blocks(villages):
        candidates = [v for v in block if v.households]
        rng.shuffle(candidates)
        # A village with two households can be halved.
        candidates.sort(key=lambda v: v.households > 1)
        if candidates and candidates[-1].households > 1:
            traps_by_code[candidates.pop().code].add(MERGED)
        if len(candidates) > len(VILLAGE_CHECKS) + 1:
            first_code, second_code = candidates.pop().code, candidates.pop().code
            partners |= {first_code: second_code, second_code: first_code}
            traps_by_code[first_code].add(POST_IN_TWO_PLACES)
            traps_by_code[second_code].add(POST_IN_TWO_PLACES)
        for village, trap in zip(candidates, VILLAGE_CHECKS, strict=False):
            traps_by_code[village.code].add(trap)
        # These traps are found by other questions: they may share a village with a check, but not with each other.
        exclusive_traps = {MERGED, POST_IN_TWO_PLACES}
        free_villages = [v for v in block if v.households and not exclusive_traps & traps_by_code[v.code]]
        rng.shuffle(free_villages)
        free_villages.sort(key=lambda v: v.households < MIN_MONEY_HOUSEHOLDS)
        large_count = sum(1 for v in free_villages if v.households >= MIN_MONEY_HOUSEHOLDS)
        other_traps = (*DUTY_GAPS, *PLEDGE_TRAPS, REJECTED)
        for village, trap in zip(free_villages, (*MONEY_TRAPS[:large_count], *other_traps), strict=False):
            traps_by_code[village.code].add(trap)
    return [
        replace(v, traps=v.traps | traps_by_code[v.code], partner=partners.get(v.code, ""))
        if v.code in traps_by_code
        else v
        for v in villages
    ]


def _plant_mergers(villages: list[PlannedVillage]) -> list[PlannedVillage]:
    """Add merged villages: each takes the first half of its successor's households, and a code that is no longer in the tree."""
    codes, planned = {v.code for v in villages}, []
    for village in villages:
        if MERGED in village.traps and village.households > 1:
            code = next(c for n in range(399, 0, -1) if (c := f"{village.code[:9]}{n:03d}") not in codes)
            codes.add(code)
            half, merged_traps = village.households // 2, frozenset({MERGED})
            merged_village = replace(
                village, code=code, name=f"原{village.name}", index=len(villages) + village.index, traps=merged_traps
            )
            planned.append(replace(merged_village, households=half, successor=village.code))
            rest = village.households - half
            village = replace(
                village,
                first_household=village.first_household + half,
                households=rest,
                traps=village.traps - merged_traps,
            )
        planned.append(village)
    return planned


@lru_cache(4)
def planned_traps(
    trap_roles: tuple[tuple[str, int], ...], seed: int, block: int, households: int
) -> dict[int, PlannedTrap]:
    """Return the traps by index in the block. `trap_roles`: traps and the number of households of each; a trap with a household beyond
    the last one is left out."""
    trap_slots = [(code, role) for code, roles in trap_roles for role in range(roles)]
    sampled_indexes = stream(seed, "traps", block).sample(range(HOUSEHOLDS_PER_TRAP), len(trap_slots))
    trap_by_index: dict[int, PlannedTrap] = {}
    position = 0
    for code, roles in trap_roles:
        trap_indexes = sorted(sampled_indexes[position : position + roles])
        position += roles
        if block * HOUSEHOLDS_PER_TRAP + trap_indexes[-1] < households:
            trap_by_index |= {index: PlannedTrap(code, role, block) for role, index in enumerate(trap_indexes)}
    return trap_by_index
