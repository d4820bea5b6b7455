"""The names in the rows of one table → numbers, where each is the name of one alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from graph_service.core.cells.cell_texts import cell_text, is_list, is_name
from graph_service.core.cells.row_parsing import ParsedRow, RowIssue
from graph_service.features.imports.read.area_names import areas_in_titles, normalize_name
from graph_service.features.imports.read.header_rows import MAX_FIRST_ROWS
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import NAMEABLE_LABELS, locate_name_columns
from graph_service.features.imports.validate.name_lookup import NameLookup
from graph_service.features.imports.validate.name_resolution import NameReference, NameResolution, name_readings
from graph_service.features.imports.validate.write_plans import Reference
from graph_service.platform.readers.cells import Cell

KeyLookup = Callable[[tuple[str, ...], set[str]], Mapping[str, str]]
"""Labels and numbers → number → the label that knows it."""
NAME_SEVERAL, NAME_OTHERWISE, NAME_UNKNOWN = "NAME_SEVERAL", "NAME_OTHERWISE", "NAME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A name in a row: of which row of the batch, in which column, of which labels, whether the cell may be blank; how it can be read."""

    row_index: int
    column: str
    labels: tuple[str, ...]
    is_optional: bool
    text: str
    readings: tuple[tuple[NameReference, ...], ...]


class RowNameResolver:
    """The names of one table: in which of its columns they are, and what is told beside them."""

    def __init__(self, matched: MatchedTable, lookup: NameLookup) -> None:
        self._lookup, self._sheet = lookup, matched.sheet
        mapped = matched.table if isinstance(matched.table, MappedTable) else None
        self._columns = locate_name_columns(
            matched.sheet.name,
            matched.header,
            matched.positions,
            lookup_paths=mapped.lookup_paths if mapped else {},
            numbers=mapped.numbers if mapped else {},
            otherwise=mapped.otherwise if mapped else {},
        )
        self.areas: tuple[str, ...] = (
            (mapped.areas if mapped else ()) or lookup.areas or areas_in_titles(_titles(matched))
        )
        self.columns = frozenset(self._columns.labels)
        self._key_columns = self.columns & {"Village.code"} if matched.sheet.name == "行政村" else frozenset()

    def note_areas(self, values: Mapping[str, Any]) -> None:
        """Remember the areas that an accepted row tells by their codes."""
        for column in self.columns:
            if isinstance(code := values.get(column), str):
                self._lookup.note_area(code)

    def find_names(
        self,
        rows: Sequence[tuple[Sequence[Cell], ParsedRow]],
        references: Sequence[Iterable[Reference]],
        known_keys: Mapping[tuple[str, ...], Mapping[str, str]],
    ) -> list[NamedCell]:
        """Return the names that rows have where numbers are meant that nobody knows. `references`: of each row."""
        found: list[NamedCell] = []
        for at, ((cells, parsed), wanted) in enumerate(zip(rows, references, strict=True)):
            own = [(column, self._columns.labels[column], False) for column in self._key_columns]
            for column, labels, optional in (*own, *wanted):
                text = parsed.values.get(column)
                if column not in self.columns or not set(labels) & set(NAMEABLE_LABELS):
                    continue
                if not isinstance(text, str) or text in known_keys.get(labels, {}):
                    continue
                if is_name(text) or is_list(text) or text in self._mapped_numbers(labels):
                    found.append(
                        NamedCell(at, column, labels, optional, text, self._name_readings(cells, column, labels, text))
                    )
        return found

    def resolve(
        self,
        rows: Sequence[ParsedRow],
        names: Sequence[NamedCell],
        header_texts: Mapping[str, str],
        find_labels: KeyLookup,
    ) -> dict[int, list[ParsedRow]]:
        """Put numbers in place of the names; what a name does not stand for is told, and refuses its row where it must not be blank.

        Gives the rows that have names, by their place in the batch: one row of several names is several. `header_texts`: headers by column;
        `find_labels`: which label knows a number, for numbers that stand among names.
        """
        meanings = self._resolve_names(names, find_labels)
        several: dict[int, dict[str, tuple[str, ...]]] = {}
        for named in names:
            parsed, header = rows[named.row_index], header_texts[named.column]
            reading = next((some for some in named.readings if all(meanings[n].key for n in some)), named.readings[-1])
            missing = [meanings[name] for name in reading if not meanings[name].key]
            for meaning in (meanings[name] for name in reading):
                if meaning.flag_code:
                    parsed.flags.append(RowIssue(meaning.flag_code, header, meaning.display_text))
            keys = tuple(dict.fromkeys(meanings[name].key for name in reading))
            if len(keys) > 1 and not missing and named.column not in self._sheet.key:
                missing = [NameResolution(code=NAME_SEVERAL, display_text=named.text)]
            if not missing:
                parsed.values[named.column] = keys[0]
                several.setdefault(named.row_index, {})[named.column] = keys
                continue
            self._report_missing(parsed, named, header, missing)
            several.setdefault(named.row_index, {})
        return {
            at: [rows[at]] if rows[at].refusals else list(_expand_row(rows[at], columns))
            for at, columns in several.items()
        }

    def _report_missing(
        self, parsed: ParsedRow, named_cell: NamedCell, header: str, missing: Sequence[NameResolution]
    ) -> None:
        if not is_name(named_cell.text):
            # Several numbers, not all of which are known, may be one that is written oddly.
            missing = [NameResolution(code="KEY_SHAPE", display_text=named_cell.text)]
        otherwise = self._columns.otherwise.get(named_cell.column)
        shown = "; ".join(meaning.display_text for meaning in missing)
        if otherwise and all(meaning.code == NAME_UNKNOWN for meaning in missing):
            parsed.values[named_cell.column] = otherwise
            parsed.flags.append(RowIssue(NAME_OTHERWISE, header, f"{shown} → {otherwise}"))
        elif named_cell.is_optional:
            parsed.values[named_cell.column] = None
            parsed.flags.append(RowIssue(missing[0].code, header, shown))
        else:
            parsed.refuse(missing[0].code, header, shown)

    def _name_readings(
        self, cells: Sequence[Cell], column: str, labels: tuple[str, ...], text: str
    ) -> tuple[tuple[NameReference, ...], ...]:
        above = tuple(
            _cell_text_at(cells, at)
            for at in self._columns.area_positions.get(column, self._columns.default_area_positions)
        )
        department = _cell_text_at(cells, self._columns.department_position) if "Cadre" in labels else ""
        return tuple(
            tuple(NameReference(labels, part, above, department, self.areas) for part in parts)
            for parts in name_readings(text, labels)
        )

    def _mapped_numbers(self, labels: Iterable[str]) -> dict[str, tuple[str, str]]:
        """The numbers that the mapping gives to names of these labels: name → (label, number)."""
        given = self._columns.numbers
        return {
            normalize_name(name): (label, number) for label in labels for name, number in given.get(label, {}).items()
        }

    def _resolve_names(self, names: Sequence[NamedCell], find_labels: KeyLookup) -> dict[NameReference, NameResolution]:
        wanted = {name for named in names for some in named.readings for name in some}
        fixed: dict[NameReference, NameResolution] = {}
        numbers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in wanted:
            if not is_name(name.text):
                numbers[name.labels].add(name.text)
        for labels, texts in numbers.items():
            there = find_labels(labels, texts)
            of_labels = (name for name in wanted if name.labels == labels and name.text in there)
            fixed |= {name: NameResolution(there[name.text], name.text) for name in of_labels}
        for name in wanted:
            label, number = self._mapped_numbers(name.labels).get(name.text, ("", ""))
            if number:
                fixed[name] = NameResolution(label, number)
        return self._lookup.resolve(wanted - fixed.keys()) | fixed


def _expand_row(parsed: ParsedRow, columns: Mapping[str, tuple[str, ...]]) -> Iterator[ParsedRow]:
    """The row once for each of the numbers that it has in a column; what is told of it is told with the first."""
    for at, keys in enumerate(product(*columns.values())):
        values = dict(zip(columns, keys, strict=True))
        if at == 0:
            parsed.values.update(values)
            yield parsed
        else:
            yield replace(parsed, values=parsed.values | values, refusals=list(parsed.refusals), flags=[])


def _titles(matched: MatchedTable) -> Iterator[str]:
    """What stands above the header, and the names of sheet and file."""
    first = islice(matched.table.rows(), MAX_FIRST_ROWS)
    above = (row.cells for row in first if row.number <= matched.header_row - len(matched.header_rows))
    yield from (cell_text(cell) or "" for cells in above for cell in cells)
    yield matched.table.name
    yield matched.table.path.stem


def _cell_text_at(cells: Sequence[Cell], position: int | None) -> str:
    return cell_text(cells[position]) or "" if position is not None and position < len(cells) else ""
