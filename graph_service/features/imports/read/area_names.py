"""Names of areas as registers write them: 城东村, 城东村民委员会 and 城东 may be one village, 城东社区 is the name of another one."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from graph_service.core.areas import AREAS_FILE, CODE_DIGITS
from graph_service.domain.personal_numbers import mask_numbers

_COMMITTEE_ENDINGS = (
    ("村民委员会", "村"), ("村村委会", "村"), ("村委会", "村"), ("村委", "村"),
    ("居民委员会", "社区"), ("居委会", "社区"), ("社区工作站", "社区"),
)  # fmt: skip
_ENDINGS_BY_LEVEL = {
    "VILLAGE": ("社区", "村", "居"),
    "TOWNSHIP": ("街道办事处", "民族乡", "街道", "镇", "乡"),
    "COUNTY": ("自治县", "县", "市", "区"),
    "PREFECTURE": ("自治州", "地区", "州", "市"),
    "PROVINCE": ("省",),
}
_KIND_BY_ENDING = {"街道办事处": "街道", "民族乡": "乡", "居": "社区"}
_ETHNIC_NAME = re.compile(r"(.{2,}?)(?:[\u4e00-\u9fff]{1,3}族)+(?:自治)?([州县乡])")
"""The name of an area with the ethnic groups that it is named after: 凉山彝族自治州 is 凉山州 for short."""
_SEPARATORS = re.compile(r"[\s·•\-—]+")
MAX_SUGGESTIONS, MIN_SIMILARITY = 3, 0.5
"""The number of names proposed for a name that no area has, and their least similarity to it (difflib's ratio)."""
_MIN_TITLE_NAME_LENGTH = 3
"""The least length, in characters, of the name of an area that is recognised in a title."""
LEVEL_BY_CODE_LENGTH = {2: "PROVINCE", 4: "PREFECTURE", 6: "COUNTY", 9: "TOWNSHIP", 12: "VILLAGE"}
"""The level of an area by the length of its code."""


class NamedArea(NamedTuple):
    """The code of an area and one of its names."""

    code: str
    name: str


class AreaName(NamedTuple):
    """A name without its varying parts: the stem, and the kind that its ending states, empty where it states none."""

    stem: str
    kind: str


def normalize_name(text: str) -> str:
    """Return a name without white space, in narrow forms, and with numbers of people masked as they are where it is recorded."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", mask_numbers(text)))


def short_name(name: str) -> str:
    """Return a name without the ethnic groups in it; empty where it has none."""
    match = _ETHNIC_NAME.fullmatch(name)
    return match[1] + match[2] if match else ""


@lru_cache(50_000)
def parse_area_name(text: str, level: str) -> AreaName:
    """Return the stem and the kind of a name of this level: 刘山村村民委员会 → 刘山, 村."""
    text, kind = normalize_name(text), ""
    if level == "VILLAGE":
        for ending, short_ending in _COMMITTEE_ENDINGS:
            if text.endswith(ending) and len(text) > len(ending):
                text, kind = text.removesuffix(ending), short_ending
                break
    for ending in _ENDINGS_BY_LEVEL.get(level, ()):
        if text.endswith(ending) and len(text) > len(ending):
            return AreaName(text.removesuffix(ending), _KIND_BY_ENDING.get(ending, ending))
    return AreaName(text, kind)


@dataclass(frozen=True, slots=True)
class AreaMatches:
    """The areas that a name may mean. `is_exact`: True where they have the kind that was written, 村 for 村; False
    where only the stem is the same."""

    areas: tuple[NamedArea, ...] = ()
    is_exact: bool = True


@dataclass(slots=True)
class AreaIndex:
    """Areas by level and stem, each under all its names."""

    _stems: dict[tuple[str, str], list[NamedArea]] = field(default_factory=dict)

    def add(self, code: str, names: Iterable[str]) -> None:
        """Index an area under its names."""
        level = LEVEL_BY_CODE_LENGTH.get(len(code), "")
        for name in (name for full_name in names for name in (full_name, short_name(full_name)) if name):
            areas = self._stems.setdefault((level, parse_area_name(name, level).stem), [])
            if all(area != (code, name) for area in areas):
                areas.append(NamedArea(code, name))

    def find(self, text: str, level: str, area_codes: Iterable[str]) -> AreaMatches:
        """Return the areas of a level inside areas (codes) that a name may mean: those written the same, else those
        of the same stem and kind, else of the same stem where either name states no kind, else of the same stem
        alone."""
        parsed, prefixes = parse_area_name(text, level), tuple(area_codes)
        candidates = [area for area in self._stems.get((level, parsed.stem), ()) if area.code.startswith(prefixes)]
        kinds = [parse_area_name(area.name, level).kind for area in candidates]
        tiers = (
            [area for area in candidates if normalize_name(area.name) == normalize_name(text)],
            [area for area, kind in zip(candidates, kinds, strict=True) if kind == parsed.kind],
            [area for area, kind in zip(candidates, kinds, strict=True) if not kind or not parsed.kind],
        )
        for tier in tiers:
            if tier:
                return AreaMatches(_distinct(tier))
        return AreaMatches(_distinct(candidates), is_exact=False)

    def suggest_villages(self, text: str, area_codes: Iterable[str]) -> tuple[NamedArea, ...]:
        """Return a few villages inside areas (codes) whose names are contained in a text or most similar to it, for
        a user to choose from."""
        village_stem, prefixes = parse_area_name(text, "VILLAGE").stem, tuple(area_codes)
        stems = {
            stem: areas
            for (level, stem), stem_areas in self._stems.items()
            if level == "VILLAGE" and (areas := [area for area in stem_areas if area.code.startswith(prefixes)])
        }
        contained_stems = [stem for stem in stems if len(stem) > 1 and stem in text]
        close_stems = contained_stems or get_close_matches(village_stem, stems, MAX_SUGGESTIONS, MIN_SIMILARITY)
        return _distinct(area for stem in close_stems for area in stems[stem])[:MAX_SUGGESTIONS]


def _distinct(areas: Iterable[NamedArea]) -> tuple[NamedArea, ...]:
    """Return the areas in order of their codes, each once."""
    return tuple(sorted({area.code: area for area in areas}.values()))


@cache
def upper_area_names() -> Mapping[str, str]:
    """Return the names of the province, prefectures and counties of the published tree, by code."""
    with (files("graph_service") / "data" / AREAS_FILE).open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if len(row["code"]) <= CODE_DIGITS["COUNTY"]}


def areas_in_titles(titles: Iterable[str]) -> tuple[str, ...]:
    """Return the area that titles name, a county before its prefecture; none where they name several."""
    joined_titles = normalize_name(" ".join(titles))
    for size in (CODE_DIGITS["COUNTY"], CODE_DIGITS["PREFECTURE"]):
        codes = {
            code
            for code, name in upper_area_names().items()
            if len(code) == size
            for text in (name, short_name(name))
            if len(text) >= _MIN_TITLE_NAME_LENGTH and text in joined_titles
        }
        if codes:
            return tuple(codes) if len(codes) == 1 else ()
    return ()
