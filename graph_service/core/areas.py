"""The area tree: bootstrapped from the published codes; scopes as disjoint ranges of codes."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from graph_service.domain.area_paths import unpad_code
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, OPEN_SEQUENCE
from graph_service.domain.pinyin import to_pinyin
from graph_service.errors import AreaUnknown, ArgumentInvalid
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store, in_batches

AREAS_FILE = "sichuan-areas.csv"
BATCH_SIZE = 5_000
CodeRange = tuple[str, str]
"""[first, beyond) of codes."""
ALL_AREAS: tuple[str, ...] = ("",)
"""The grant of one who may see everything."""
NO_AREA = ""
"""In place of a code: of funds, and of what lies in no area."""
CODE_DIGITS = {"PROVINCE": 2, "PREFECTURE": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}
"""Length of an area's code, by level."""


def code_digits(level: str, min_digits: int = 0) -> int:
    """Return the length of the codes of a level's areas. Raises `ArgumentInvalid` for what is no level (OTHER: not understood), or one
    whose codes are shorter than `min_digits`."""
    if CODE_DIGITS.get(level, -1) < min_digits:
        levels = ", ".join(level for level, digits in CODE_DIGITS.items() if digits >= min_digits)
        raise ArgumentInvalid(name="by", reason_zh=f"可用:{levels}", reason_en=f"give one of {levels}")
    return CODE_DIGITS[level]


def bootstrap(store: Store) -> int:
    """Make the area tree where it is not whole yet; number of areas made. Sequence 0: known before any import."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    joined = [[r["code"], r["parent_code"], f"{AREAS_FILE}!{i}"] for i, r in enumerate(rows, 2) if r["parent_code"]]
    if store.query("areas/count")[0][0] >= len(joined):
        return 0
    made = 0
    named: list[list[Any]] = [
        [r["code"], r["name"], r["level"], f"{AREAS_FILE}!{i}", *to_pinyin(r["name"])] for i, r in enumerate(rows, 2)
    ]
    for batch in in_batches(named, BATCH_SIZE):
        have = {row[0] for row in store.query("areas/known", codes=[r[0] for r in batch])}
        missing = [r for r in batch if r[0] not in have]
        parents = {r[0]: p for r, p in ((r, _parent_code(r[0])) for r in missing) if p}
        links = [[r[0], parents[r[0]], r[3]] for r in missing if r[0] in parents]
        villages = [r for r in missing if r[2] == "VILLAGE"]
        others = [r for r in missing if r[2] != "VILLAGE"]
        if missing:
            _create_areas(store, villages, others, links)
        made += len(missing)
    return made


def _create_areas(store: Store, villages: list[list[Any]], others: list[list[Any]], links: list[list[str]]) -> None:
    """Areas and their links in one transaction: a killed start is resumed by what is missing."""

    def work(tx: Transaction) -> None:
        tx.run(get_statement("areas/create").text, {"rows": others})
        tx.run(get_statement("areas/create_villages").text, {"rows": villages})
        joining = {"rows": links, "first": FIRST_DAY, "last": LAST_DAY, "open": OPEN_SEQUENCE}
        tx.run(get_statement("areas/join").text, joining)

    store.write(work, "areas/create")


def _parent_code(code: str) -> str:
    """The code of the area above; empty for a province."""
    return code[: {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code), 0)]


def lineage(code: str) -> tuple[str, ...]:
    """An area and those that it lies in, by their codes, up to the empty one that is above all provinces."""
    return (code, *lineage(_parent_code(code))) if code else ("",)


def code_range(prefix: str) -> tuple[str, str]:
    """[first, beyond): the range of codes that begin with a prefix of digits; of all codes for the empty one."""
    return (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else ("0", ":")


def single_code_range(code: str) -> CodeRange:
    """The range of one code alone: "!" comes before every digit."""
    return code, code + "!"


def intersect_granted(code: str, granted_areas: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Asked ∩ granted, as disjoint ranges in order. Empty where nothing is shared."""
    prefixes = sorted({max(code, g, key=len) for g in granted_areas if code.startswith(g) or g.startswith(code)})
    kept: list[str] = []
    for prefix in prefixes:
        if not any(prefix.startswith(k) for k in kept):
            kept.append(prefix)
    return tuple(code_range(prefix) for prefix in kept)


def covers_province(ranges: Iterable[CodeRange]) -> bool:
    """Whether ranges of codes have a whole province: what lies nowhere is told there."""
    return any(len(low) <= CODE_DIGITS["PROVINCE"] for low, _ in ranges)


def merge_ranges(ranges: Iterable[CodeRange]) -> tuple[CodeRange, ...]:
    """The same codes in disjoint ranges in order."""
    kept: list[CodeRange] = []
    for low, high in sorted(ranges):
        if kept and low < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(high, kept[-1][1]))
        else:
            kept.append((low, high))
    return tuple(kept)


def intersect_ranges(code: str, ranges: Iterable[CodeRange], *, self_only: bool = False) -> list[CodeRange]:
    """What of an area and all below it, or of it alone, lies in ranges of codes."""
    first, beyond = single_code_range(code) if self_only else code_range(code)
    cut = [(max(first, low), min(beyond, high)) for low, high in ranges]
    return [(low, high) for low, high in cut if low < high]


def resolve_area_ranges(
    store: Store, code: str, mode: str, granted_areas: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Ranges of what is asked for of an area (SELF, CHILDREN, DESCENDANTS), inside what is granted. Raises `AreaUnknown`."""
    code = unpad_code(code)
    require_area(store, code)
    if mode == "DESCENDANTS":
        return intersect_granted(code, granted_areas)
    wanted = [code] if mode == "SELF" else [row[0] for row in store.query("areas/children", code=code)]
    return tuple(single_code_range(one) for one in wanted if one.startswith(granted_areas))


def require_area(store: Store, code: str) -> None:
    """Raises `AreaUnknown` where there is no such area."""
    # The tree is loaded whole with the first import: its codes are known without asking.
    if code not in published_codes() and not store.query("areas/known", codes=[code]):
        raise AreaUnknown(area=code[:40])


def nearest_ancestor(code: str) -> str | None:
    """The nearest area of the published tree in which an area that it lacks must lie by its code."""
    while code := _parent_code(code):
        if code in published_codes():
            return code
    return None


@cache
def _village_codes() -> list[str]:
    return sorted(code for code in published_codes() if len(code) == CODE_DIGITS["VILLAGE"])


def village_count(code: str) -> int:
    """Return how many villages of the published tree lie in an area; in all areas for the empty code."""
    low, high = code_range(code)
    return bisect_left(_village_codes(), high) - bisect_left(_village_codes(), low)


@cache
def published_codes() -> frozenset[str]:
    """Codes of the published tree."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
