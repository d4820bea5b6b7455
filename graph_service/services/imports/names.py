"""Names in place of numbers: which area, cadre or department a register means by a name.

A name is looked up within the areas of its delivery, and only where it is the name of one alone it stands for its number. Of several
the candidates are told, so that the number can be written in its place; nothing is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph_service.derive.spelling import spelt
from graph_service.services.areas import DIGITS, code_range
from graph_service.services.imports.area_names import LEVELS, AreaIndex, plain_name, short_name, widest_areas
from graph_service.services.imports.name_meanings import (
    NAME_AREA_MISSING,
    NAME_UNKNOWN,
    Candidate,
    Candidates,
    Meaning,
    Name,
    Scope,
    acting_at,
    acts_in,
    decided,
    is_place,
    overlap,
    working_for,
)
from graph_service.services.viewing import newest
from graph_service.store.graph import Store

MOST_MEANINGS = 100_000
"""Names whose meaning is remembered."""
WIDEST = ("PREFECTURE", "COUNTY")
"""The levels of areas that are known without asking."""


class NameLookup:
    """The names of one delivery. What it brings itself counts too, from the row after it is read on."""

    def __init__(self, store: Store, areas: Sequence[str] = ()) -> None:
        """`areas`: codes of the areas that the importer has told."""
        self._store, self._told = store, tuple(areas)
        last = newest(store)
        self._sequence = last.sequence if last else 0
        self._areas, self._loaded = AreaIndex(), set[str]()
        self._shown: dict[str, str] = {}
        self._seen: set[str] = set()
        self._brought: dict[tuple[str, str], dict[str, Candidate]] = defaultdict(dict)
        self._meanings: dict[Name, Meaning] = {}
        for code, name in widest_areas().items():
            self._add_area(code, [name])

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that the importer has told."""
        return self._told

    def see(self, code: str) -> None:
        """Remember the county of an area that the delivery tells by its code."""
        if len(code) >= DIGITS["COUNTY"] and code.isascii() and code.isdigit() and code[:6] not in self._seen:
            self._seen.add(code[:6])
            self._meanings.clear()

    def bring(self, label: str, key: str, name: str, places: tuple[str, ...] = (), department: str = "") -> None:
        """Remember the name of what the delivery brings, and where it acts."""
        if label == "Village":
            self._add_area(key, [name])
        else:
            self._brought[label, plain_name(name)][key] = Candidate(label, key, f"{key} {name}", places, department)
        self._meanings.clear()

    def meanings(self, names: Iterable[Name]) -> dict[Name, Meaning]:
        """Return what names stand for: one statement for the areas of a county, one for all cadres, one for all departments."""
        wanted = set(names)
        if len(self._meanings) > MOST_MEANINGS:
            self._meanings.clear()
        fresh = wanted - self._meanings.keys()
        if fresh:
            scopes = {name: self._scope(name) for name in fresh}
            self._load({code for name, scope in scopes.items() if is_place(name) for code in scope.codes})
            departments = self._departments(scopes)
            cadres = self._cadres({name.text for name in fresh if "Cadre" in name.labels})
            for name, scope in scopes.items():
                self._meanings[name] = self._meaning(name, scope, departments, cadres)
        return {name: self._meanings[name] for name in wanted}

    def _meaning(self, name: Name, scope: Scope, departments: Candidates, cadres: Candidates) -> Meaning:
        found: list[Candidate] = []
        elsewhere: list[Candidate] = []
        exact = not scope.inexact
        if is_place(name):
            if scope.unknown:
                return Meaning(code=NAME_UNKNOWN, shown=f"{scope.unknown} {name.text}")
            if not scope.codes:
                return Meaning(code=NAME_AREA_MISSING, shown=name.text)
            found, written = self._places(name, scope.codes)
            exact &= written
            if not found and "Village" in name.labels:
                near = self._areas.near(name.text, scope.codes)
                elsewhere = [Candidate("Village", area.code, f"{area.code} {self._whole(area.code)}") for area in near]
        for label, known in (("Cadre", cadres), ("Department", departments)):
            if label in name.labels:
                there = [one for one in known.get(name.text, ()) if acts_in(one, scope.codes)]
                if label == "Cadre":
                    beside = plain_name(name.department)
                    there = working_for(there, beside, departments.get(beside, ()), scope.codes)
                found = [*found, *there]
                elsewhere += [one for one in known.get(name.text, ()) if one not in there]
        return decided(name.text, found, elsewhere, exact=exact)

    # Areas

    def _scope(self, name: Name) -> Scope:
        codes = name.areas or self._told
        above = [plain_name(text) for text in name.above if plain_name(text)]
        if not codes and not above:
            codes = tuple(sorted(self._seen))
        scope = self._narrowed(codes, above)
        # Somebody is looked for in the whole area of the delivery where the row's own is not known.
        return Scope(codes) if scope.unknown and not is_place(name) else scope

    def _narrowed(self, codes: tuple[str, ...], above: Sequence[str]) -> Scope:
        inexact = False
        for text in above:
            if any(text in _written(self._shown.get(line, "")) for code in codes for line in _line(code)):
                # The row names the area that is looked in anyway, or one that it lies in.
                continue
            inside = codes or ("",)
            matches = [self._areas.find(text, level, inside) for level in WIDEST]
            if codes and not any(match.areas for match in matches):
                self._load({code[: DIGITS["COUNTY"]] for code in codes})
                matches = [self._areas.find(text, "TOWNSHIP", inside)]
            written = {area.code for match in matches if match.exact for area in match.areas}
            found = written or {area.code for match in matches for area in match.areas}
            if not found or (not written and len(found) > 1):
                return Scope((), unknown=text)
            codes, inexact = tuple(sorted(found)), inexact or not written
        return Scope(codes, inexact=inexact)

    def _places(self, name: Name, codes: tuple[str, ...]) -> tuple[list[Candidate], bool]:
        """The areas that a name may be that of; whether it is written so, but for a missing ending."""
        levels = ("VILLAGE", "TOWNSHIP", *reversed(WIDEST)) if "Area" in name.labels else ("VILLAGE",)
        label = "Area" if "Area" in name.labels else "Village"
        for text, inside in self._readings(name.text, codes):
            matches = [self._areas.find(text, level, inside) for level in levels]
            exact = {area.code for match in matches if match.exact for area in match.areas}
            found = exact or {area.code for match in matches for area in match.areas}
            if found:
                return [Candidate(label, code, f"{code} {self._whole(code)}") for code in sorted(found)], bool(exact)
        return [], True

    def _readings(self, text: str, codes: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """A name as written, then without the names of areas that it begins with: 新城镇南坪村."""
        yield text, codes
        for _ in (*WIDEST, "TOWNSHIP"):
            begun = {
                code: len(plain_name(name))
                for code, name in self._shown.items()
                if DIGITS["PREFECTURE"] <= len(code) <= DIGITS["TOWNSHIP"]
                and text.startswith(plain_name(name))
                and len(text) > len(plain_name(name))
                and any(overlap(code, within) for within in codes)
            }
            if not begun:
                return
            longest = max(begun.values())
            inside = [code for code, length in begun.items() if length == longest]
            codes = tuple(sorted({max(a, b, key=len) for a in inside for b in codes if overlap(a, b)}))
            text = text[longest:]
            yield text, codes

    def _load(self, codes: Iterable[str]) -> None:
        """Take in the names of all areas inside of these that are not there yet."""
        fresh = sorted({code for code in codes if code and not code.startswith(tuple(self._loaded))})
        wanted = [code for code in fresh if not any(code != wider and code.startswith(wider) for wider in fresh)]
        if not wanted:
            return
        ranges = [list(code_range(code)) for code in wanted]
        for code, name, registered in self._store.ask("imports/area_names", ranges=ranges, seq=self._sequence):
            self._add_area(code, [text for text in (name, *registered) if text])
        self._loaded.update(wanted)

    def _add_area(self, code: str, names: Sequence[str]) -> None:
        if len(code) in LEVELS and names:
            self._areas.add(code, names)
            self._shown.setdefault(code, names[0])

    def _whole(self, code: str) -> str:
        """The name of an area with those of its county and township before it."""
        return "".join(self._shown.get(code[:size], "") for size in (6, 9, 12) if size <= len(code))

    # Cadres and departments

    def _cadres(self, texts: set[str]) -> Candidates:
        found: dict[str, dict[str, Candidate]] = defaultdict(dict)
        asked = {"names": _spelt(texts, person=True), "seq": self._sequence}
        for name, number, department, places in self._store.ask("imports/cadre_names", **asked) if texts else ():
            works_for, called, level, where = department or [None, None, None, None]
            acting = [*places, *([acting_at(where, level)] if where else [])]
            shown = (number, called, self._whole((where or next(iter(acting), ""))[:6]))
            candidate = Candidate("Cadre", number, _joined(shown), tuple(acting), works_for or "")
            found[plain_name(name)][number] = candidate
        return {text: tuple((found[text] | self._brought["Cadre", text]).values()) for text in texts}

    def _departments(self, scopes: Mapping[Name, Scope]) -> Candidates:
        """Departments by the name that is looked for; where none is called so, with or without the name of county or prefecture."""
        variants: dict[str, set[str]] = defaultdict(set)
        for name, scope in scopes.items():
            for text in {name.text if "Department" in name.labels else "", plain_name(name.department)} - {""}:
                variants[text].update(self._variants(text, scope.codes))
        texts = {variant for some in variants.values() for variant in some}
        found: dict[str, dict[str, Candidate]] = defaultdict(dict)
        asked = {"names": _spelt(texts), "seq": self._sequence}
        for name, number, level, where, places in self._store.ask("imports/department_names", **asked) if texts else ():
            acting = [*places, *([acting_at(where, level)] if where else [])]
            shown = _joined((number, name, self._whole((where or "")[:6])))
            found[plain_name(name)][number] = Candidate("Department", number, shown, tuple(acting))
        for text in texts:
            found[text] |= self._brought["Department", text]
        return {
            text: tuple(found[text].values()) or tuple(one for other in sorted(some) for one in found[other].values())
            for text, some in variants.items()
        }

    def _variants(self, text: str, codes: Iterable[str]) -> set[str]:
        """A department's name with and without the names of its county and prefecture, in full and for short."""
        wider = [self._shown.get(code[:size], "") for code in codes for size in (6, 4) if len(code) >= size]
        prefixes = {prefix for name in wider if name for prefix in (name, short_name(name), name[-1]) if prefix}
        bare = {text, *(text.removeprefix(prefix) for prefix in prefixes if len(text) > len(prefix) + 1)}
        return {*bare, *(prefix + name for prefix in prefixes for name in bare)}


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _spelt(texts: Iterable[str], *, person: bool = False) -> list[list[str]]:
    """[name, its spelling in full] of each."""
    return [[text, spelt(text, person=person)[0] or ""] for text in sorted(texts)]


def _line(code: str) -> Iterator[str]:
    """A code and those of the areas that it lies in."""
    return (code[:size] for size in LEVELS if size <= len(code))


def _written(name: str) -> set[str]:
    """How the name of an area may be written."""
    name = plain_name(name)
    stem = name[:-1] if len(name) > 2 else name
    return {name, short_name(name), stem} - {""}
