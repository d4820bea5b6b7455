"""Lookup of names that stand in place of numbers: the area, cadre or department that a register means by a name.

A name is looked up within the areas of its delivery. It stands for a number only where exactly one area, cadre or department has
it. Where several have it, the candidates are reported, so that the number can be written in place of the name; none is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph_service.core.areas import CODE_DIGITS, code_range
from graph_service.core.query_scope import newest_version
from graph_service.domain.pinyin import to_pinyin
from graph_service.features.imports.read.area_names import (
    LEVEL_BY_CODE_LENGTH,
    AreaIndex,
    normalize_name,
    short_name,
    upper_area_names,
)
from graph_service.features.imports.validate.name_resolution import (
    NAME_AREA_MISSING,
    NAME_UNKNOWN,
    CandidatesByName,
    LookupScope,
    NameCandidate,
    NameReference,
    NameResolution,
    acting_area,
    acts_in,
    areas_overlap,
    decide_resolution,
    filter_by_department,
    is_area_name,
)
from graph_service.platform.store.graph import Store

MAX_CACHED_NAMES = 100_000
"""Names whose resolutions are cached."""
PRELOADED_LEVELS = ("PREFECTURE", "COUNTY")
"""Levels of areas that are known without a query."""


class CadreDepartment(NamedTuple):
    """The department of a cadre: its number, name and level, and the code of its area; blank where the cadre has none."""

    number: str | None = None
    name: str | None = None
    level: str | None = None
    area: str | None = None


class NameLookup:
    """Names of one delivery. Names that the delivery brings itself count for the rows after their own."""

    def __init__(self, store: Store, areas: Sequence[str] = ()) -> None:
        """Look names up in `areas`: codes of the areas that the importer has given."""
        self._store, self._lookup_areas = store, tuple(areas)
        version = newest_version(store)
        self._sequence = version.sequence if version else 0
        self._area_index, self._loaded_areas = AreaIndex(), set[str]()
        self._name_by_code: dict[str, str] = {}
        self._mentioned_counties: set[str] = set()
        self._delivered_candidates: dict[tuple[str, str], dict[str, NameCandidate]] = defaultdict(dict)
        self._resolutions: dict[NameReference, NameResolution] = {}
        for code, name in upper_area_names().items():
            self._add_area(code, [name])

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas that the importer has given."""
        return self._lookup_areas

    def note_area(self, code: str) -> None:
        """Remember the county of an area that the delivery gives by its code."""
        if (
            len(code) >= CODE_DIGITS["COUNTY"]
            and code.isascii()
            and code.isdigit()
            and code[:6] not in self._mentioned_counties
        ):
            self._mentioned_counties.add(code[:6])
            self._resolutions.clear()

    def register_name(
        self, label: str, key: str, name: str, area_codes: tuple[str, ...] = (), department: str = ""
    ) -> None:
        """Remember the name of a record that the delivery brings, and the areas in which it acts."""
        if label == "Village":
            self._add_area(key, [name])
        else:
            self._delivered_candidates[label, normalize_name(name)][key] = NameCandidate(
                label, key, f"{key} {name}", area_codes, department
            )
        self._resolutions.clear()

    def resolve(self, names: Iterable[NameReference]) -> dict[NameReference, NameResolution]:
        """Return the resolutions of names: one statement for the areas of a county, one for all cadres, one for all departments."""
        references = set(names)
        if len(self._resolutions) > MAX_CACHED_NAMES:
            self._resolutions.clear()
        unresolved = references - self._resolutions.keys()
        if unresolved:
            scopes = {reference: self._lookup_scope(reference) for reference in unresolved}
            self._load_areas(
                {code for reference, scope in scopes.items() if is_area_name(reference) for code in scope.codes}
            )
            departments = self._find_departments(scopes)
            cadres = self._find_cadres({reference.text for reference in unresolved if "Cadre" in reference.labels})
            for reference, scope in scopes.items():
                self._resolutions[reference] = self._resolve_name(reference, scope, departments, cadres)
        return {reference: self._resolutions[reference] for reference in references}

    def _resolve_name(
        self, name: NameReference, scope: LookupScope, departments: CandidatesByName, cadres: CandidatesByName
    ) -> NameResolution:
        candidates: list[NameCandidate] = []
        other_candidates: list[NameCandidate] = []
        is_exact = not scope.is_inexact
        if is_area_name(name):
            if scope.unknown_area:
                return NameResolution(code=NAME_UNKNOWN, display_text=f"{scope.unknown_area} {name.text}")
            if not scope.codes:
                return NameResolution(code=NAME_AREA_MISSING, display_text=name.text)
            candidates, is_written = self._find_areas(name, scope.codes)
            is_exact &= is_written
            if not candidates and "Village" in name.labels:
                other_candidates = [
                    NameCandidate("Village", code, f"{code} {self._full_name(code)}")
                    for code in self._suggest_villages(name.text, scope.codes)
                ]
        for label, by_name in (("Cadre", cadres), ("Department", departments)):
            if label in name.labels:
                in_scope = [candidate for candidate in by_name.get(name.text, ()) if acts_in(candidate, scope.codes)]
                if label == "Cadre":
                    department = normalize_name(name.department)
                    in_scope = filter_by_department(in_scope, department, departments.get(department, ()), scope.codes)
                candidates = [*candidates, *in_scope]
                other_candidates += [candidate for candidate in by_name.get(name.text, ()) if candidate not in in_scope]
        return decide_resolution(name.text, candidates, other_candidates, is_exact=is_exact)

    # Areas

    def _lookup_scope(self, name: NameReference) -> LookupScope:
        codes = name.areas or self._lookup_areas
        upper_names = [normalize_name(text) for text in name.upper_names if normalize_name(text)]
        if not codes and not upper_names:
            codes = tuple(sorted(self._mentioned_counties))
        scope = self._narrow_scope(codes, upper_names)
        # A cadre or department is looked up in the whole area of the delivery where the area of the row is not known.
        return LookupScope(codes) if scope.unknown_area and not is_area_name(name) else scope

    def _narrow_scope(self, codes: tuple[str, ...], upper_names: Sequence[str]) -> LookupScope:
        is_inexact = False
        for upper_name in upper_names:
            if any(
                upper_name in _written_forms(self._name_by_code.get(prefix, ""))
                for code in codes
                for prefix in _code_prefixes(code)
            ):
                # The row names the area of the lookup itself, or an area that contains it.
                continue
            search_codes = codes or ("",)
            matches = [self._area_index.find(upper_name, level, search_codes) for level in PRELOADED_LEVELS]
            if codes and not any(match.areas for match in matches):
                self._load_areas({code[: CODE_DIGITS["COUNTY"]] for code in codes})
                matches = [self._area_index.find(upper_name, "TOWNSHIP", search_codes)]
            exact_codes = {area.code for match in matches if match.is_exact for area in match.areas}
            area_codes = exact_codes or {area.code for match in matches for area in match.areas}
            if not area_codes or (not exact_codes and len(area_codes) > 1):
                return LookupScope((), unknown_area=upper_name)
            codes, is_inexact = tuple(sorted(area_codes)), is_inexact or not exact_codes
        return LookupScope(codes, is_inexact=is_inexact)

    def _find_areas(self, name: NameReference, codes: tuple[str, ...]) -> tuple[list[NameCandidate], bool]:
        """Return the areas that a name may mean, and whether one is written exactly so, but for a missing ending."""
        levels = ("VILLAGE", "TOWNSHIP", *reversed(PRELOADED_LEVELS)) if "Area" in name.labels else ("VILLAGE",)
        label = "Area" if "Area" in name.labels else "Village"
        for text, search_codes in self._name_readings(name.text, codes):
            matches = [self._area_index.find(text, level, search_codes) for level in levels]
            exact_codes = {area.code for match in matches if match.is_exact for area in match.areas}
            area_codes = exact_codes or {area.code for match in matches for area in match.areas}
            if area_codes:
                return [
                    NameCandidate(label, code, f"{code} {self._full_name(code)}") for code in sorted(area_codes)
                ], bool(exact_codes)
        return [], True

    def _suggest_villages(self, text: str, codes: tuple[str, ...]) -> list[str]:
        """Return the codes of villages that a text may mean: those of this name elsewhere in the counties of these areas, else those
        inside the areas whose names are nearly so."""
        counties = tuple(sorted({code[: CODE_DIGITS["COUNTY"]] for code in codes}))
        self._load_areas(counties)
        areas_elsewhere = self._area_index.find(text, "VILLAGE", counties).areas
        return [area.code for area in areas_elsewhere or self._area_index.suggest_villages(text, codes)]

    def _name_readings(self, text: str, codes: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield a name as written, then without the names of areas that it begins with: 新城镇南坪村."""
        yield text, codes
        for _ in (*PRELOADED_LEVELS, "TOWNSHIP"):
            name_lengths = {
                code: len(normalize_name(name))
                for code, name in self._name_by_code.items()
                if CODE_DIGITS["PREFECTURE"] <= len(code) <= CODE_DIGITS["TOWNSHIP"]
                and text.startswith(normalize_name(name))
                and len(text) > len(normalize_name(name))
                and any(areas_overlap(code, scope_code) for scope_code in codes)
            }
            if not name_lengths:
                return
            longest = max(name_lengths.values())
            prefix_codes = [code for code, length in name_lengths.items() if length == longest]
            codes = tuple(
                sorted(
                    {max(area, code, key=len) for area in prefix_codes for code in codes if areas_overlap(area, code)}
                )
            )
            text = text[longest:]
            yield text, codes

    def _load_areas(self, codes: Iterable[str]) -> None:
        """Load the names of all areas inside of these that are not loaded yet."""
        missing_codes = sorted({code for code in codes if code and not code.startswith(tuple(self._loaded_areas))})
        widest_codes = [
            code
            for code in missing_codes
            if not any(code != other_code and code.startswith(other_code) for other_code in missing_codes)
        ]
        if not widest_codes:
            return
        ranges = [list(code_range(code)) for code in widest_codes]
        for code, name, registered_names in self._store.query("imports/area_names", ranges=ranges, seq=self._sequence):
            self._add_area(code, [text for text in (name, *registered_names) if text])
        self._loaded_areas.update(widest_codes)

    def _add_area(self, code: str, names: Sequence[str]) -> None:
        if len(code) in LEVEL_BY_CODE_LENGTH and names:
            self._area_index.add(code, names)
            self._name_by_code.setdefault(code, names[0])

    def _full_name(self, code: str) -> str:
        """Return the name of an area after those of its county and township."""
        return "".join(self._name_by_code.get(code[:size], "") for size in (6, 9, 12) if size <= len(code))

    # Cadres and departments

    def _find_cadres(self, texts: set[str]) -> CandidatesByName:
        candidates: dict[str, dict[str, NameCandidate]] = defaultdict(dict)
        arguments = {"names": _with_spelling(texts, is_person=True), "seq": self._sequence}
        for name, number, department, service_areas in (
            self._store.query("imports/cadre_names", **arguments) if texts else ()
        ):
            office = CadreDepartment(**department) if department else CadreDepartment()
            area_codes = [*service_areas, *([acting_area(office.area, office.level)] if office.area else [])]
            parts = (number, office.name, self._full_name((office.area or next(iter(area_codes), ""))[:6]))
            candidate = NameCandidate("Cadre", number, _join_parts(parts), tuple(area_codes), office.number or "")
            candidates[normalize_name(name)][number] = candidate
        return {text: tuple((candidates[text] | self._delivered_candidates["Cadre", text]).values()) for text in texts}

    def _find_departments(self, scopes: Mapping[NameReference, LookupScope]) -> CandidatesByName:
        """Return departments by the name that is looked up; where none has it, by the name with or without that of county or
        prefecture."""
        variants: dict[str, set[str]] = defaultdict(set)
        for name, scope in scopes.items():
            for text in {name.text if "Department" in name.labels else "", normalize_name(name.department)} - {""}:
                variants[text].update(self._department_variants(text, scope.codes))
        texts = {spelling for spellings in variants.values() for spelling in spellings}
        candidates: dict[str, dict[str, NameCandidate]] = defaultdict(dict)
        arguments = {"names": _with_spelling(texts), "seq": self._sequence}
        for name, number, level, area, service_areas in (
            self._store.query("imports/department_names", **arguments) if texts else ()
        ):
            area_codes = [*service_areas, *([acting_area(area, level)] if area else [])]
            display_text = _join_parts((number, name, self._full_name((area or "")[:6])))
            candidates[normalize_name(name)][number] = NameCandidate(
                "Department", number, display_text, tuple(area_codes)
            )
        for text in texts:
            candidates[text] |= self._delivered_candidates["Department", text]
        return {
            text: tuple(candidates[text].values())
            or tuple(candidate for spelling in sorted(spellings) for candidate in candidates[spelling].values())
            for text, spellings in variants.items()
        }

    def _department_variants(self, text: str, codes: Iterable[str]) -> set[str]:
        """Return a department's name with and without the names of its county and prefecture, in full and short."""
        upper_names = [
            self._name_by_code.get(code[:size], "") for code in codes for size in (6, 4) if len(code) >= size
        ]
        prefixes = {prefix for name in upper_names if name for prefix in (name, short_name(name), name[-1]) if prefix}
        base_names = {text, *(text.removeprefix(prefix) for prefix in prefixes if len(text) > len(prefix) + 1)}
        return {*base_names, *(prefix + name for prefix in prefixes for name in base_names)}


def _join_parts(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _with_spelling(texts: Iterable[str], *, is_person: bool = False) -> list[list[str]]:
    """Return [name, its full spelling in pinyin] of each name."""
    return [[text, to_pinyin(text, is_person=is_person)[0] or ""] for text in sorted(texts)]


def _code_prefixes(code: str) -> Iterator[str]:
    """Return a code and those of the areas that contain it."""
    return (code[:size] for size in LEVEL_BY_CODE_LENGTH if size <= len(code))


def _written_forms(name: str) -> set[str]:
    """Return the forms in which the name of an area may be written."""
    name = normalize_name(name)
    stem = name[:-1] if len(name) > 2 else name
    return {name, short_name(name), stem} - {""}
