"""Meaning of a name: its candidates, within which areas, and whether there is exactly one."""

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
"""Length of the part of its area's code that gives the area in which a department of a level acts."""


class NameReference(NamedTuple):
    """A name in a row: the labels that it may be of, its text as written; the names of the areas that it lies in, the widest first;
    the department written beside it; the areas (codes) of the table, empty where they are unknown."""

    labels: tuple[str, ...]
    text: str
    upper_names: tuple[str, ...] = ()
    department: str = ""
    areas: tuple[str, ...] = ()


class NameCandidate(NamedTuple):
    """A record that a name may mean: label, number, text shown to the user, and the areas in which it acts (codes; none where they
    are unknown)."""

    label: str
    key: str
    display_text: str
    area_codes: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class NameResolution:
    """The record that a name means: label and number, or the code of the reason for none, and the text shown to the user.
    `flag_code`: the code of a flag to be verified."""

    label: str = ""
    key: str = ""
    code: str = ""
    display_text: str = ""
    flag_code: str = ""


CandidatesByName = Mapping[str, Sequence[NameCandidate]]
"""Candidates by name."""


@dataclass(frozen=True, slots=True)
class LookupScope:
    """The areas (codes) within which a name is looked up; empty where they are unknown. `unknown_area`: the name of an area above
    that is none of these; `is_inexact`: whether an area has another ending there than it was written with."""

    codes: tuple[str, ...] = ()
    unknown_area: str = ""
    is_inexact: bool = False


def name_readings(text: str, labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the readings of a cell as names, the likeliest first: as a single name, as several."""
    parts = tuple(_normalize_part(part) for part in _SEPARATORS.split(text) if normalize_name(part))
    if "Cadre" in labels and len(parts) == 1:
        # 张三 李四 are two names, 张 三 is a single one.
        spaced_parts = tuple(text.split())
        if len(spaced_parts) > 1 and all(2 <= len(part) <= 4 for part in spaced_parts):
            return [(normalize_name(text),), spaced_parts]
    if not is_name(text):
        # Numbers alone: parts on separate lines are not joined.
        return [parts]
    return [(normalize_name(text),), parts] if len(parts) > 1 else [parts]


def _normalize_part(text: str) -> str:
    """Return a name without white space; a number among names as it is written, because its marks are a part of it."""
    return normalize_name(text) if is_name(text) else text.strip()


def is_area_name(name: NameReference) -> bool:
    return bool({"Village", "Area"} & set(name.labels))


def decide_resolution(
    text: str, candidates: Sequence[NameCandidate], other_candidates: Sequence[NameCandidate], *, is_exact: bool
) -> NameResolution:
    """Return the resolution of a name: the number of the only candidate; with no candidate or several, the reason."""
    if len(candidates) == 1:
        [candidate] = candidates
        flag, display_text = ("", "") if is_exact else (NAME_INEXACT, f"{text} → {candidate.display_text}")
        return NameResolution(candidate.label, candidate.key, display_text=display_text, flag_code=flag)
    suggestions = candidates or other_candidates
    listing = "、".join(suggestion.display_text for suggestion in suggestions[:MAX_SHOWN_CANDIDATES])
    total = f" …({len(suggestions)})" if len(suggestions) > MAX_SHOWN_CANDIDATES else ""
    if candidates:
        return NameResolution(code=NAME_AMBIGUOUS, display_text=f"{text}: {listing}{total}")
    return NameResolution(code=NAME_UNKNOWN, display_text=f"{text} ({listing}{total})" if suggestions else text)


def acts_in(candidate: NameCandidate, codes: tuple[str, ...]) -> bool:
    """Return True where a candidate may act in the counties of these areas; also where its areas are unknown."""
    counties = [code[: CODE_DIGITS["COUNTY"]] for code in codes]
    return (
        not codes
        or not candidate.area_codes
        or any(areas_overlap(area_code, county) for area_code in candidate.area_codes for county in counties)
    )


def filter_by_department(
    cadres: list[NameCandidate], department_name: str, departments: Sequence[NameCandidate], codes: tuple[str, ...]
) -> list[NameCandidate]:
    """Return the cadres who may work for the department that is written beside their name: a cadre of another department is another
    person, also where no department has that name. `departments`: those of that name."""
    if not department_name or is_filler(department_name):
        return cadres
    department_nos = {department.key for department in departments if acts_in(department, codes)}
    return [cadre for cadre in cadres if not cadre.department or cadre.department in department_nos]


def areas_overlap(code: str, second_code: str) -> bool:
    """Return True where the areas are the same, or one lies in the other."""
    return code.startswith(second_code) or second_code.startswith(code)


def acting_area(code: str, level: str | None) -> str:
    """Return the code of the area in which a department of a level acts that lies in an area."""
    return code[: CODE_LENGTH_BY_LEVEL.get(level or "", len(code))]
