"""What a name may stand for: who or what may be meant, within which areas, and whether that is one alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.derive.cell_texts import is_filler, is_name
from graph_service.services.areas import DIGITS
from graph_service.services.imports.area_names import plain_name

NAME_UNKNOWN, NAME_AMBIGUOUS, NAME_AREA_MISSING = "NAME_UNKNOWN", "NAME_AMBIGUOUS", "NAME_AREA_MISSING"
NAME_INEXACT, NAME_OTHERWISE = "NAME_INEXACT", "NAME_OTHERWISE"
MOST_CANDIDATES = 8
_LISTED = re.compile(r"[、,;;，；/\n]+")
WHERE = {"CENTRAL": 0, "PROVINCE": 2, "PREFECTURE": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}
"""How much of the code of its area tells where a department of a level acts."""


class Name(NamedTuple):
    """A name that a row has: of one of these labels, as written; the names of the areas that it lies in, the widest first; the
    department that is written beside it; the areas (codes) of the table, empty where nothing tells them."""

    labels: tuple[str, ...]
    text: str
    above: tuple[str, ...] = ()
    department: str = ""
    areas: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """Who or what may be meant: label, number, how it is told, and where it acts (codes; none where nothing tells that)."""

    label: str
    key: str
    shown: str
    places: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for: label and number, or the code why for none, and what is told of it. `flag`: what is to be verified."""

    label: str = ""
    key: str = ""
    code: str = ""
    shown: str = ""
    flag: str = ""


Candidates = Mapping[str, Sequence[Candidate]]
"""Who or what may be meant, by name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Within which areas (codes) a name is looked up: empty where nothing tells it. `unknown`: the name of an area above that is none of
    these; `inexact`: whether one has another ending there than it was written with."""

    codes: tuple[str, ...] = ()
    unknown: str = ""
    inexact: bool = False


def listed_names(text: str, labels: Sequence[str]) -> list[tuple[str, ...]]:
    """Return how a cell can be read as names, the likeliest first: as one, as several."""
    parts = tuple(_part(part) for part in _LISTED.split(text) if plain_name(part))
    if "Cadre" in labels and len(parts) == 1:
        # 张三 李四 are two, 张 三 is one.
        spaced = tuple(text.split())
        if len(spaced) > 1 and all(2 <= len(part) <= 4 for part in spaced):
            return [(plain_name(text),), spaced]
    if not is_name(text):
        # Numbers alone: what a line break parts is not put together.
        return [parts]
    return [(plain_name(text),), parts] if len(parts) > 1 else [parts]


def _part(text: str) -> str:
    """A name without white space; a number among names as it is written, for its marks are a part of it."""
    return plain_name(text) if is_name(text) else text.strip()


def is_place(name: Name) -> bool:
    return bool({"Village", "Area"} & set(name.labels))


def decided(text: str, found: Sequence[Candidate], elsewhere: Sequence[Candidate], *, exact: bool) -> Meaning:
    """What a name stands for: the number of the only one who may be meant; of none and of several, why not."""
    if len(found) == 1:
        [only] = found
        flag, shown = ("", "") if exact else (NAME_INEXACT, f"{text} → {only.shown}")
        return Meaning(only.label, only.key, shown=shown, flag=flag)
    some = found or elsewhere
    told = "、".join(one.shown for one in some[:MOST_CANDIDATES])
    more = f" …({len(some)})" if len(some) > MOST_CANDIDATES else ""
    if found:
        return Meaning(code=NAME_AMBIGUOUS, shown=f"{text}: {told}{more}")
    return Meaning(code=NAME_UNKNOWN, shown=f"{text} ({told}{more})" if some else text)


def acts_in(candidate: Candidate, codes: tuple[str, ...]) -> bool:
    """Whether somebody may act in the counties of these areas: where nothing tells where, yes."""
    counties = [code[: DIGITS["COUNTY"]] for code in codes]
    return not codes or not candidate.places or any(overlap(at, c) for at in candidate.places for c in counties)


def working_for(
    cadres: list[Candidate], written: str, departments: Sequence[Candidate], codes: tuple[str, ...]
) -> list[Candidate]:
    """Those of the cadres who may work for the department that is written beside their name: who works for another one is another one,
    also where that name is nobody's. `departments`: of that name."""
    if not written or is_filler(written):
        return cadres
    meant = {department.key for department in departments if acts_in(department, codes)}
    return [one for one in cadres if not one.department or one.department in meant]


def overlap(code: str, other: str) -> bool:
    """Whether an area is another one, or one lies in the other."""
    return code.startswith(other) or other.startswith(code)


def acting_at(code: str, level: str | None) -> str:
    """The code of the area in which a department of a level acts, that lies in an area."""
    return code[: WHERE.get(level or "", len(code))]
