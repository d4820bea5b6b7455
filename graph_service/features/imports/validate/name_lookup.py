"""Names in place of numbers: which area, cadre or department a register means by a name.

A name is looked up within the areas of its delivery, and only where it is the name of one alone it stands for its number. Of several
the candidates are told, so that the number can be written in its place; nothing is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
"""Names whose meaning is remembered."""
PRELOADED_LEVELS = ("PREFECTURE", "COUNTY")
"""The levels of areas that are known without asking."""


class NameLookup:
    """The names of one delivery. What it brings itself counts too, from the row after it is read on."""

    def __init__(self, store: Store, areas: Sequence[str] = ()) -> None:
        """`areas`: codes of the areas that the importer has told."""
        self._store, self._lookup_areas = store, tuple(areas)
        last = newest_version(store)
        self._sequence = last.sequence if last else 0
        self._area_index, self._loaded_areas = AreaIndex(), set[str]()
        self._name_by_code: dict[str, str] = {}
        self._mentioned_counties: set[str] = set()
        self._delivered_candidates: dict[tuple[str, str], dict[str, NameCandidate]] = defaultdict(dict)
        self._resolutions: dict[NameReference, NameResolution] = {}
        for code, name in upper_area_names().items():
            self._add_area(code, [name])

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that the importer has told."""
        return self._lookup_areas

    def note_area(self, code: str) -> None:
        """Remember the county of an area that the delivery tells by its code."""
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
        """Remember the name of what the delivery brings, and where it acts."""
        if label == "Village":
            self._add_area(key, [name])
        else:
            self._delivered_candidates[label, normalize_name(name)][key] = NameCandidate(
                label, key, f"{key} {name}", area_codes, department
            )
        self._resolutions.clear()

    def resolve(self, names: Iterable[NameReference]) -> dict[NameReference, NameResolution]:
        """Return what names stand for: one statement for the areas of a county, one for all cadres, one for all departments."""
        wanted = set(names)
        if len(self._resolutions) > MAX_CACHED_NAMES:
            self._resolutions.clear()
        fresh = wanted - self._resolutions.keys()
        if fresh:
            scopes = {name: self._lookup_scope(name) for name in fresh}
            self._load_areas({code for name, scope in scopes.items() if is_area_name(name) for code in scope.codes})
            departments = self._find_departments(scopes)
            cadres = self._find_cadres({name.text for name in fresh if "Cadre" in name.labels})
            for name, scope in scopes.items():
                self._resolutions[name] = self._resolve_name(name, scope, departments, cadres)
        return {name: self._resolutions[name] for name in wanted}

    def _resolve_name(
        self, name: NameReference, scope: LookupScope, departments: CandidatesByName, cadres: CandidatesByName
    ) -> NameResolution:
        found: list[NameCandidate] = []
        elsewhere: list[NameCandidate] = []
        exact = not scope.is_inexact
        if is_area_name(name):
            if scope.unknown_area:
                return NameResolution(code=NAME_UNKNOWN, display_text=f"{scope.unknown_area} {name.text}")
            if not scope.codes:
                return NameResolution(code=NAME_AREA_MISSING, display_text=name.text)
            found, written = self._find_areas(name, scope.codes)
            exact &= written
            if not found and "Village" in name.labels:
                near = self._area_index.suggest_villages(name.text, scope.codes)
                elsewhere = [
                    NameCandidate("Village", area.code, f"{area.code} {self._full_name(area.code)}") for area in near
                ]
        for label, known in (("Cadre", cadres), ("Department", departments)):
            if label in name.labels:
                there = [one for one in known.get(name.text, ()) if acts_in(one, scope.codes)]
                if label == "Cadre":
                    beside = normalize_name(name.department)
                    there = filter_by_department(there, beside, departments.get(beside, ()), scope.codes)
                found = [*found, *there]
                elsewhere += [one for one in known.get(name.text, ()) if one not in there]
        return decide_resolution(name.text, found, elsewhere, is_exact=exact)

    # Areas

    def _lookup_scope(self, name: NameReference) -> LookupScope:
        codes = name.areas or self._lookup_areas
        above = [normalize_name(text) for text in name.upper_names if normalize_name(text)]
        if not codes and not above:
            codes = tuple(sorted(self._mentioned_counties))
        scope = self._narrow_scope(codes, above)
        # Somebody is looked for in the whole area of the delivery where the row's own is not known.
        return LookupScope(codes) if scope.unknown_area and not is_area_name(name) else scope

    def _narrow_scope(self, codes: tuple[str, ...], upper_names: Sequence[str]) -> LookupScope:
        inexact = False
        for text in upper_names:
            if any(
                text in _written_forms(self._name_by_code.get(line, ""))
                for code in codes
                for line in _code_prefixes(code)
            ):
                # The row names the area that is looked in anyway, or one that it lies in.
                continue
            inside = codes or ("",)
            matches = [self._area_index.find(text, level, inside) for level in PRELOADED_LEVELS]
            if codes and not any(match.areas for match in matches):
                self._load_areas({code[: CODE_DIGITS["COUNTY"]] for code in codes})
                matches = [self._area_index.find(text, "TOWNSHIP", inside)]
            written = {area.code for match in matches if match.is_exact for area in match.areas}
            found = written or {area.code for match in matches for area in match.areas}
            if not found or (not written and len(found) > 1):
                return LookupScope((), unknown_area=text)
            codes, inexact = tuple(sorted(found)), inexact or not written
        return LookupScope(codes, is_inexact=inexact)

    def _find_areas(self, name: NameReference, codes: tuple[str, ...]) -> tuple[list[NameCandidate], bool]:
        """The areas that a name may be that of; whether it is written so, but for a missing ending."""
        levels = ("VILLAGE", "TOWNSHIP", *reversed(PRELOADED_LEVELS)) if "Area" in name.labels else ("VILLAGE",)
        label = "Area" if "Area" in name.labels else "Village"
        for text, inside in self._name_readings(name.text, codes):
            matches = [self._area_index.find(text, level, inside) for level in levels]
            exact = {area.code for match in matches if match.is_exact for area in match.areas}
            found = exact or {area.code for match in matches for area in match.areas}
            if found:
                return [NameCandidate(label, code, f"{code} {self._full_name(code)}") for code in sorted(found)], bool(
                    exact
                )
        return [], True

    def _name_readings(self, text: str, codes: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """A name as written, then without the names of areas that it begins with: 新城镇南坪村."""
        yield text, codes
        for _ in (*PRELOADED_LEVELS, "TOWNSHIP"):
            begun = {
                code: len(normalize_name(name))
                for code, name in self._name_by_code.items()
                if CODE_DIGITS["PREFECTURE"] <= len(code) <= CODE_DIGITS["TOWNSHIP"]
                and text.startswith(normalize_name(name))
                and len(text) > len(normalize_name(name))
                and any(areas_overlap(code, within) for within in codes)
            }
            if not begun:
                return
            longest = max(begun.values())
            inside = [code for code, length in begun.items() if length == longest]
            codes = tuple(sorted({max(a, b, key=len) for a in inside for b in codes if areas_overlap(a, b)}))
            text = text[longest:]
            yield text, codes

    def _load_areas(self, codes: Iterable[str]) -> None:
        """Take in the names of all areas inside of these that are not there yet."""
        fresh = sorted({code for code in codes if code and not code.startswith(tuple(self._loaded_areas))})
        wanted = [code for code in fresh if not any(code != wider and code.startswith(wider) for wider in fresh)]
        if not wanted:
            return
        ranges = [list(code_range(code)) for code in wanted]
        for code, name, registered in self._store.query("imports/area_names", ranges=ranges, seq=self._sequence):
            self._add_area(code, [text for text in (name, *registered) if text])
        self._loaded_areas.update(wanted)

    def _add_area(self, code: str, names: Sequence[str]) -> None:
        if len(code) in LEVEL_BY_CODE_LENGTH and names:
            self._area_index.add(code, names)
            self._name_by_code.setdefault(code, names[0])

    def _full_name(self, code: str) -> str:
        """The name of an area with those of its county and township before it."""
        return "".join(self._name_by_code.get(code[:size], "") for size in (6, 9, 12) if size <= len(code))

    # Cadres and departments

    def _find_cadres(self, texts: set[str]) -> CandidatesByName:
        found: dict[str, dict[str, NameCandidate]] = defaultdict(dict)
        asked = {"names": _with_spelling(texts, is_person=True), "seq": self._sequence}
        for name, number, department, places in self._store.query("imports/cadre_names", **asked) if texts else ():
            works_for, called, level, where = department or [None, None, None, None]
            acting = [*places, *([acting_area(where, level)] if where else [])]
            shown = (number, called, self._full_name((where or next(iter(acting), ""))[:6]))
            candidate = NameCandidate("Cadre", number, _join_parts(shown), tuple(acting), works_for or "")
            found[normalize_name(name)][number] = candidate
        return {text: tuple((found[text] | self._delivered_candidates["Cadre", text]).values()) for text in texts}

    def _find_departments(self, scopes: Mapping[NameReference, LookupScope]) -> CandidatesByName:
        """Departments by the name that is looked for; where none is called so, with or without the name of county or prefecture."""
        variants: dict[str, set[str]] = defaultdict(set)
        for name, scope in scopes.items():
            for text in {name.text if "Department" in name.labels else "", normalize_name(name.department)} - {""}:
                variants[text].update(self._department_variants(text, scope.codes))
        texts = {variant for some in variants.values() for variant in some}
        found: dict[str, dict[str, NameCandidate]] = defaultdict(dict)
        asked = {"names": _with_spelling(texts), "seq": self._sequence}
        for name, number, level, where, places in (
            self._store.query("imports/department_names", **asked) if texts else ()
        ):
            acting = [*places, *([acting_area(where, level)] if where else [])]
            shown = _join_parts((number, name, self._full_name((where or "")[:6])))
            found[normalize_name(name)][number] = NameCandidate("Department", number, shown, tuple(acting))
        for text in texts:
            found[text] |= self._delivered_candidates["Department", text]
        return {
            text: tuple(found[text].values()) or tuple(one for other in sorted(some) for one in found[other].values())
            for text, some in variants.items()
        }

    def _department_variants(self, text: str, codes: Iterable[str]) -> set[str]:
        """A department's name with and without the names of its county and prefecture, in full and for short."""
        wider = [self._name_by_code.get(code[:size], "") for code in codes for size in (6, 4) if len(code) >= size]
        prefixes = {prefix for name in wider if name for prefix in (name, short_name(name), name[-1]) if prefix}
        bare = {text, *(text.removeprefix(prefix) for prefix in prefixes if len(text) > len(prefix) + 1)}
        return {*bare, *(prefix + name for prefix in prefixes for name in bare)}


def _join_parts(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _with_spelling(texts: Iterable[str], *, is_person: bool = False) -> list[list[str]]:
    """[name, its spelling in full] of each."""
    return [[text, to_pinyin(text, is_person=is_person)[0] or ""] for text in sorted(texts)]


def _code_prefixes(code: str) -> Iterator[str]:
    """A code and those of the areas that it lies in."""
    return (code[:size] for size in LEVEL_BY_CODE_LENGTH if size <= len(code))


def _written_forms(name: str) -> set[str]:
    """How the name of an area may be written."""
    name = normalize_name(name)
    stem = name[:-1] if len(name) > 2 else name
    return {name, short_name(name), stem} - {""}
