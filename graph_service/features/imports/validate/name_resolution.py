"""What a name may stand for: who or what may be meant, within which areas, and whether that is one alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.core.areas import CODE_DIGITS
from graph_service.core.cells.cell_texts import is_filler, is_name
from graph_service.features.imports.read.area_names import normalize_name

NAME_UNKNOWN, NAME_AMBIGUOUS, NAME_AREA_MISSING = "NAME_UNKNOWN", "NAME_AMBIGUOUS", "NAME_AREA_MISSING"
NAME_INEXACT, NAME_OTHERWISE = "NAME_INEXACT", "NAME_OTHERWISE"
MAX_SHOWN_CANDIDATES = 8
_SEPARATORS = re.compile(r"[、,;;，；/\n]+")
CODE_LENGTH_BY_LEVEL = {"CENTRAL": 0, "PROVINCE": 2, "PREFECTURE": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}
"""How much of the code of its area tells where a department of a level acts."""


class NameReference(NamedTuple):
    """A name that a row has: of one of these labels, as written; the names of the areas that it lies in, the widest first; the
    department that is written beside it; the areas (codes) of the table, empty where nothing tells them."""

    labels: tuple[str, ...]
    text: str
    upper_names: tuple[str, ...] = ()
    department: str = ""
    areas: tuple[str, ...] = ()


class NameCandidate(NamedTuple):
    """Who or what may be meant: label, number, how it is told, and where it acts (codes; none where nothing tells that)."""

    label: str
    key: str
    display_text: str
    area_codes: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class NameResolution:
    """What a name stands for: label and number, or the code why for none, and what is told of it. `flag_code`: what is to be verified."""

    label: str = ""
    key: str = ""
    code: str = ""
    display_text: str = ""
    flag_code: str = ""


CandidatesByName = Mapping[str, Sequence[NameCandidate]]
"""Who or what may be meant, by name."""


@dataclass(frozen=True, slots=True)
class LookupScope:
    """Within which areas (codes) a name is looked up: empty where nothing tells it. `unknown_area`: the name of an area above that is none of
    these; `is_inexact`: whether one has another ending there than it was written with."""

    codes: tuple[str, ...] = ()
    unknown_area: str = ""
    is_inexact: bool = False


def name_readings(text: str, labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Return how a cell can be read as names, the likeliest first: as one, as several."""
    parts = tuple(_normalize_part(part) for part in _SEPARATORS.split(text) if normalize_name(part))
    if "Cadre" in labels and len(parts) == 1:
        # 张三 李四 are two, 张 三 is one.
        spaced = tuple(text.split())
        if len(spaced) > 1 and all(2 <= len(part) <= 4 for part in spaced):
            return [(normalize_name(text),), spaced]
    if not is_name(text):
        # Numbers alone: what a line break parts is not put together.
        return [parts]
    return [(normalize_name(text),), parts] if len(parts) > 1 else [parts]


def _normalize_part(text: str) -> str:
    """A name without white space; a number among names as it is written, for its marks are a part of it."""
    return normalize_name(text) if is_name(text) else text.strip()


def is_area_name(name: NameReference) -> bool:
    return bool({"Village", "Area"} & set(name.labels))


def decide_resolution(
    text: str, candidates: Sequence[NameCandidate], other_candidates: Sequence[NameCandidate], *, is_exact: bool
) -> NameResolution:
    """What a name stands for: the number of the only one who may be meant; of none and of several, why not."""
    if len(candidates) == 1:
        [only] = candidates
        flag, shown = ("", "") if is_exact else (NAME_INEXACT, f"{text} → {only.display_text}")
        return NameResolution(only.label, only.key, display_text=shown, flag_code=flag)
    some = candidates or other_candidates
    told = "、".join(one.display_text for one in some[:MAX_SHOWN_CANDIDATES])
    more = f" …({len(some)})" if len(some) > MAX_SHOWN_CANDIDATES else ""
    if candidates:
        return NameResolution(code=NAME_AMBIGUOUS, display_text=f"{text}: {told}{more}")
    return NameResolution(code=NAME_UNKNOWN, display_text=f"{text} ({told}{more})" if some else text)


def acts_in(candidate: NameCandidate, codes: tuple[str, ...]) -> bool:
    """Whether somebody may act in the counties of these areas: where nothing tells where, yes."""
    counties = [code[: CODE_DIGITS["COUNTY"]] for code in codes]
    return (
        not codes
        or not candidate.area_codes
        or any(areas_overlap(at, c) for at in candidate.area_codes for c in counties)
    )


def filter_by_department(
    cadres: list[NameCandidate], department_name: str, departments: Sequence[NameCandidate], codes: tuple[str, ...]
) -> list[NameCandidate]:
    """Those of the cadres who may work for the department that is written beside their name: who works for another one is another one,
    also where that name is nobody's. `departments`: of that name."""
    if not department_name or is_filler(department_name):
        return cadres
    meant = {department.key for department in departments if acts_in(department, codes)}
    return [one for one in cadres if not one.department or one.department in meant]


def areas_overlap(code: str, other: str) -> bool:
    """Whether an area is another one, or one lies in the other."""
    return code.startswith(other) or other.startswith(code)


def acting_area(code: str, level: str | None) -> str:
    """The code of the area in which a department of a level acts, that lies in an area."""
    return code[: CODE_LENGTH_BY_LEVEL.get(level or "", len(code))]
