"""The area tree: bootstrapped from the published codes; scopes as disjoint ranges of codes."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakSet

from graph_service.access.masking import excerpt
from graph_service.access.permissions import outermost
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, OPEN_SEQUENCE
from graph_service.domain.pinyin import to_pinyin
from graph_service.errors import AreaNotGranted, AreaUnknown, ArgumentInvalid
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store, in_batches

AREAS_FILE = "sichuan-areas.csv"
BATCH_SIZE = 5_000
AreaRow = dict[str, Any]
"""An area or the link to its parent, as the statements take it."""
CodeRange = tuple[str, str]
"""A range of codes, [first, beyond)."""
NO_AREA = ""
"""Code of funds, and of everything that lies in no area."""
CODE_DIGITS = {"PROVINCE": 2, "PREFECTURE": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}
"""Length of an area's code, by level."""


def code_digits(level: str, min_digits: int = 0) -> int:
    """Return the length of the codes of a level's areas. Raises `ArgumentInvalid` for an unknown level (OTHER: not understood), or one
    whose codes are shorter than `min_digits`."""
    if CODE_DIGITS.get(level, -1) < min_digits:
        levels = ", ".join(level for level, digits in CODE_DIGITS.items() if digits >= min_digits)
        raise ArgumentInvalid(name="by", reason_zh=f"可选值：{levels}", reason_en=f"must be one of {levels}")
    return CODE_DIGITS[level]


_complete_trees: WeakSet[Store] = WeakSet()
"""Stores whose area tree this process has seen complete: it is counted once, not before every import."""


def bootstrap(store: Store) -> int:
    """Create the area tree where it is incomplete, and return the number of areas created. Sequence 0: known before any import."""
    if store in _complete_trees:
        return 0
    if store.query("areas/count")[0][0] >= _linked_count():
        _complete_trees.add(store)
        return 0
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    created_count = 0
    areas = [_area_row(row, f"{AREAS_FILE}!{line}") for line, row in enumerate(rows, 2)]
    for batch in in_batches(areas, BATCH_SIZE):
        existing_codes = {code for code, _ in store.query("areas/known", codes=[area["code"] for area in batch])}
        missing = [area for area in batch if area["code"] not in existing_codes]
        links = [
            {"code": area["code"], "parent_code": parent_code, "source": area["source"]}
            for area in missing
            if (parent_code := _parent_code(area["code"]))
        ]
        villages = [area for area in missing if area["level"] == "VILLAGE"]
        other_areas = [area for area in missing if area["level"] != "VILLAGE"]
        if missing:
            _create_areas(store, villages, other_areas, links)
        created_count += len(missing)
    return created_count


def _area_row(row: Mapping[str, str], source: str) -> AreaRow:
    """Return an area, as the statements take it."""
    pinyin, initials = to_pinyin(row["name"])
    return {
        "code": row["code"],
        "name": row["name"],
        "level": row["level"],
        "source": source,
        "name_pinyin": pinyin,
        "name_initials": initials,
    }


def _create_areas(store: Store, villages: list[AreaRow], other_areas: list[AreaRow], links: list[AreaRow]) -> None:
    """Create areas and their links in one transaction: a start that was killed is resumed by creating what is missing."""

    def create(tx: Transaction) -> None:
        tx.run(get_statement("areas/create").text, {"rows": other_areas})
        tx.run(get_statement("areas/create_villages").text, {"rows": villages})
        link_parameters = {"rows": links, "first": FIRST_DAY, "last": LAST_DAY, "open": OPEN_SEQUENCE}
        tx.run(get_statement("areas/join").text, link_parameters)

    store.write(create, "areas/create")


def _parent_code(code: str) -> str:
    """Return the code of the area above; empty for a province."""
    return code[: {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code), 0)]


def lineage(code: str) -> tuple[str, ...]:
    """Return the codes of an area and of the areas that it lies in, up to the empty code that is above all provinces."""
    return (code, *lineage(_parent_code(code))) if code else ("",)


def code_range(prefix: str) -> tuple[str, str]:
    """Return the range [first, beyond) of codes that begin with a prefix of digits; of all codes for the empty one."""
    return (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else ("0", ":")


def single_code_range(code: str) -> CodeRange:
    """Return the range of a single code: "!" comes before every digit."""
    return code, code + "!"


def intersect_granted(code: str, granted_areas: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the granted part of a requested area as disjoint ranges in order; empty where none of it is granted."""
    prefixes = (max(code, g, key=len) for g in granted_areas if code.startswith(g) or g.startswith(code))
    return tuple(code_range(prefix) for prefix in outermost(prefixes))


def covers_province(ranges: Iterable[CodeRange]) -> bool:
    """Tell whether ranges of codes include a whole province: what lies in no area is reported there."""
    return any(len(low) <= CODE_DIGITS["PROVINCE"] for low, _ in ranges)


def lies_in(code: str, ranges: Iterable[CodeRange]) -> bool:
    """Tell whether a code lies in one of the ranges."""
    return any(first <= code < beyond for first, beyond in ranges)


def merge_ranges(ranges: Iterable[CodeRange]) -> tuple[CodeRange, ...]:
    """Return the same codes as disjoint ranges in order."""
    merged: list[CodeRange] = []
    for low, high in sorted(ranges):
        if merged and low < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersect_ranges(code: str, ranges: Iterable[CodeRange], *, self_only: bool = False) -> list[CodeRange]:
    """Return the parts of an area and all below it, or of it alone, that lie in ranges of codes."""
    first, beyond = single_code_range(code) if self_only else code_range(code)
    parts = [(max(first, low), min(beyond, high)) for low, high in ranges]
    return [(low, high) for low, high in parts if low < high]


def resolve_area_ranges(
    store: Store, code: str, mode: str, granted_areas: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return the granted ranges of a requested area (SELF, CHILDREN, DESCENDANTS). Raises `AreaUnknown`."""
    code = unpad_code(code)
    require_area(store, code)
    if mode == "DESCENDANTS":
        return intersect_granted(code, granted_areas)
    requested_codes = [code] if mode == "SELF" else [row[0] for row in store.query("areas/children", code=code)]
    return tuple(
        single_code_range(requested_code)
        for requested_code in requested_codes
        if requested_code.startswith(granted_areas)
    )


def require_area(store: Store, code: str) -> None:
    """Raise `AreaUnknown` where there is no such area."""
    # The tree is loaded whole with the first import: its codes need no query.
    if code not in published_codes() and not store.query("areas/known", codes=[code]):
        raise AreaUnknown(area=excerpt(code))


def require_granted_area(store: Store, code: str, granted_areas: tuple[str, ...], *, in_part: bool = False) -> None:
    """Raise `AreaUnknown` where there is no such area, `AreaNotGranted` where not all of it is granted; `in_part`: where nothing of it is.
    Areas are public, so that the caller may learn which of the two it is."""
    require_area(store, code)
    is_granted = bool(intersect_granted(code, granted_areas)) if in_part else code.startswith(granted_areas)
    if not is_granted:
        raise AreaNotGranted(area=excerpt(code))


def nearest_ancestor(code: str) -> str | None:
    """Return the nearest area of the published tree in which an area missing from the tree must lie by its code."""
    while code := _parent_code(code):
        if code in published_codes():
            return code
    return None


@cache
def _linked_count() -> int:
    """Return how many areas of the published tree lie in another one."""
    return sum(1 for code in published_codes() if _parent_code(code))


@cache
def codes_of_level(level: str) -> tuple[str, ...]:
    """Return the codes of the published areas of a level, in order."""
    return tuple(sorted(code for code in published_codes() if len(code) == CODE_DIGITS[level]))


def village_count(code: str) -> int:
    """Return how many villages of the published tree lie in an area; in all areas for the empty code."""
    low, high = code_range(code)
    villages = codes_of_level("VILLAGE")
    return bisect_left(villages, high) - bisect_left(villages, low)


def is_grantable_code(code: str) -> bool:
    """Tell whether a code is that of a published area, or can be that of a village which a delivery has added to a published township."""
    return code in published_codes() or (
        len(code) == CODE_DIGITS["VILLAGE"] and _parent_code(code) in published_codes()
    )


@cache
def published_codes() -> frozenset[str]:
    """Return the codes of the published tree."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
