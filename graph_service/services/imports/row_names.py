"""The names in the rows of one table → numbers, where each is the name of one alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from graph_service.derive.cell_texts import is_list, is_name, text_of
from graph_service.derive.rows import Parsed, Trouble
from graph_service.readers.cells import Cell
from graph_service.services.imports.area_names import plain_name, titled_areas
from graph_service.services.imports.header_rows import HEADER_ROWS
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import NAMEABLE, name_columns
from graph_service.services.imports.name_meanings import Meaning, Name, listed_names
from graph_service.services.imports.names import NameLookup
from graph_service.services.imports.plans import Reference

KnownNumbers = Callable[[tuple[str, ...], set[str]], Mapping[str, str]]
"""Labels and numbers → number → the label that knows it."""
NAME_SEVERAL, NAME_OTHERWISE, NAME_UNKNOWN = "NAME_SEVERAL", "NAME_OTHERWISE", "NAME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a row: of which row of the batch, in which column, of which labels, whether the cell may be blank; how it can be read."""

    row: int
    column: str
    labels: tuple[str, ...]
    optional: bool
    text: str
    readings: tuple[tuple[Name, ...], ...]


class RowNames:
    """The names of one table: in which of its columns they are, and what is told beside them."""

    def __init__(self, matched: Matched, lookup: NameLookup) -> None:
        self._lookup, self._sheet = lookup, matched.sheet
        mapped = matched.table if isinstance(matched.table, MappedTable) else None
        self._columns = name_columns(
            matched.sheet.name,
            matched.header,
            matched.places,
            paths=mapped.paths if mapped else {},
            numbers=mapped.numbers if mapped else {},
            otherwise=mapped.otherwise if mapped else {},
        )
        self.areas: tuple[str, ...] = (mapped.areas if mapped else ()) or lookup.areas or titled_areas(_titles(matched))
        self.columns = frozenset(self._columns.labels)
        self._own = self.columns & {"Village.code"} if matched.sheet.name == "行政村" else frozenset()

    def see(self, values: Mapping[str, Any]) -> None:
        """Remember the areas that an accepted row tells by their codes."""
        for column in self.columns:
            if isinstance(code := values.get(column), str):
                self._lookup.see(code)

    def in_rows(
        self,
        rows: Sequence[tuple[Sequence[Cell], Parsed]],
        references: Sequence[Iterable[Reference]],
        known: Mapping[tuple[str, ...], Mapping[str, str]],
    ) -> list[Named]:
        """Return the names that rows have where numbers are meant that nobody knows. `references`: of each row."""
        found: list[Named] = []
        for at, ((cells, parsed), wanted) in enumerate(zip(rows, references, strict=True)):
            own = [(column, self._columns.labels[column], False) for column in self._own]
            for column, labels, optional in (*own, *wanted):
                text = parsed.values.get(column)
                if column not in self.columns or not set(labels) & set(NAMEABLE):
                    continue
                if not isinstance(text, str) or text in known.get(labels, {}):
                    continue
                if is_name(text) or is_list(text) or text in self._numbers(labels):
                    found.append(Named(at, column, labels, optional, text, self._readings(cells, column, labels, text)))
        return found

    def resolve(
        self, rows: Sequence[Parsed], names: Sequence[Named], told: Mapping[str, str], known: KnownNumbers
    ) -> dict[int, list[Parsed]]:
        """Put numbers in place of the names; what a name does not stand for is told, and refuses its row where it must not be blank.

        Gives the rows that have names, by their place in the batch: one row of several names is several. `told`: headers by column;
        `known`: which label knows a number, for numbers that stand among names.
        """
        meanings = self._meanings(names, known)
        several: dict[int, dict[str, tuple[str, ...]]] = {}
        for named in names:
            parsed, header = rows[named.row], told[named.column]
            reading = next((some for some in named.readings if all(meanings[n].key for n in some)), named.readings[-1])
            missing = [meanings[name] for name in reading if not meanings[name].key]
            for meaning in (meanings[name] for name in reading):
                if meaning.flag:
                    parsed.flagged.append(Trouble(meaning.flag, header, meaning.shown))
            keys = tuple(dict.fromkeys(meanings[name].key for name in reading))
            if len(keys) > 1 and not missing and named.column not in self._sheet.key:
                missing = [Meaning(code=NAME_SEVERAL, shown=named.text)]
            if not missing:
                parsed.values[named.column] = keys[0]
                several.setdefault(named.row, {})[named.column] = keys
                continue
            self._tell(parsed, named, header, missing)
            several.setdefault(named.row, {})
        return {
            at: [rows[at]] if rows[at].refusals else list(_spread(rows[at], columns)) for at, columns in several.items()
        }

    def _tell(self, parsed: Parsed, named: Named, header: str, missing: Sequence[Meaning]) -> None:
        if not is_name(named.text):
            # Several numbers, not all of which are known, may be one that is written oddly.
            missing = [Meaning(code="KEY_SHAPE", shown=named.text)]
        otherwise = self._columns.otherwise.get(named.column)
        shown = "; ".join(meaning.shown for meaning in missing)
        if otherwise and all(meaning.code == NAME_UNKNOWN for meaning in missing):
            parsed.values[named.column] = otherwise
            parsed.flagged.append(Trouble(NAME_OTHERWISE, header, f"{shown} → {otherwise}"))
        elif named.optional:
            parsed.values[named.column] = None
            parsed.flagged.append(Trouble(missing[0].code, header, shown))
        else:
            parsed.refuse(missing[0].code, header, shown)

    def _readings(
        self, cells: Sequence[Cell], column: str, labels: tuple[str, ...], text: str
    ) -> tuple[tuple[Name, ...], ...]:
        above = tuple(_text(cells, at) for at in self._columns.above.get(column, self._columns.around))
        department = _text(cells, self._columns.department) if "Cadre" in labels else ""
        return tuple(
            tuple(Name(labels, part, above, department, self.areas) for part in parts)
            for parts in listed_names(text, labels)
        )

    def _numbers(self, labels: Iterable[str]) -> dict[str, tuple[str, str]]:
        """The numbers that the mapping gives to names of these labels: name → (label, number)."""
        given = self._columns.numbers
        return {plain_name(name): (label, number) for label in labels for name, number in given.get(label, {}).items()}

    def _meanings(self, names: Sequence[Named], known: KnownNumbers) -> dict[Name, Meaning]:
        wanted = {name for named in names for some in named.readings for name in some}
        fixed: dict[Name, Meaning] = {}
        numbers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in wanted:
            if not is_name(name.text):
                numbers[name.labels].add(name.text)
        for labels, texts in numbers.items():
            there = known(labels, texts)
            of_labels = (name for name in wanted if name.labels == labels and name.text in there)
            fixed |= {name: Meaning(there[name.text], name.text) for name in of_labels}
        for name in wanted:
            label, number = self._numbers(name.labels).get(name.text, ("", ""))
            if number:
                fixed[name] = Meaning(label, number)
        return self._lookup.meanings(wanted - fixed.keys()) | fixed


def _spread(parsed: Parsed, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Parsed]:
    """The row once for each of the numbers that it has in a column; what is told of it is told with the first."""
    for at, keys in enumerate(product(*columns.values())):
        values = dict(zip(columns, keys, strict=True))
        if at == 0:
            parsed.values.update(values)
            yield parsed
        else:
            yield replace(parsed, values=parsed.values | values, refusals=list(parsed.refusals), flagged=[])


def _titles(matched: Matched) -> Iterator[str]:
    """What stands above the header, and the names of sheet and file."""
    first = islice(matched.table.rows(), HEADER_ROWS)
    above = (row.cells for row in first if row.number <= matched.header_row - len(matched.header_rows))
    yield from (text_of(cell) or "" for cells in above for cell in cells)
    yield matched.table.name
    yield matched.table.path.stem


def _text(cells: Sequence[Cell], at: int | None) -> str:
    return text_of(cells[at]) or "" if at is not None and at < len(cells) else ""
