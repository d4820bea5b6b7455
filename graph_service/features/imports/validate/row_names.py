"""Resolution of the names in the rows of one table: a name becomes a number where exactly one record has it."""

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
"""Function from labels and numbers to the label of each number that is known."""
NAME_SEVERAL, NAME_OTHERWISE, NAME_UNKNOWN = "NAME_SEVERAL", "NAME_OTHERWISE", "NAME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A name in a row: the row's index in the batch, its column, the labels that it may be of, whether the cell may be blank, and
    the ways to read it."""

    row_index: int
    column: str
    labels: tuple[str, ...]
    is_optional: bool
    text: str
    readings: tuple[tuple[NameReference, ...], ...]


class RowNameResolver:
    """The names of one table: the columns that have them, and the columns beside these that narrow their lookup."""

    def __init__(self, matched: MatchedTable, lookup: NameLookup) -> None:
        self._lookup, self._sheet = lookup, matched.sheet
        mapped_table = matched.table if isinstance(matched.table, MappedTable) else None
        self._columns = locate_name_columns(
            matched.sheet.name,
            matched.header,
            matched.positions,
            lookup_paths=mapped_table.lookup_paths if mapped_table else {},
            numbers=mapped_table.numbers if mapped_table else {},
            otherwise=mapped_table.otherwise if mapped_table else {},
        )
        self.areas: tuple[str, ...] = (
            (mapped_table.areas if mapped_table else ()) or lookup.areas or areas_in_titles(_titles(matched))
        )
        self.columns = frozenset(self._columns.labels)
        self._key_columns = self.columns & {"Village.code"} if matched.sheet.name == "行政村" else frozenset()

    def note_areas(self, values: Mapping[str, Any]) -> None:
        """Remember the areas that an accepted row gives by their codes."""
        for column in self.columns:
            if isinstance(code := values.get(column), str):
                self._lookup.note_area(code)

    def find_names(
        self,
        rows: Sequence[tuple[Sequence[Cell], ParsedRow]],
        references: Sequence[Iterable[Reference]],
        known_keys: Mapping[tuple[str, ...], Mapping[str, str]],
    ) -> list[NamedCell]:
        """Return the names that rows have in place of numbers; numbers that are known are left out. `references`: of each row."""
        named_cells: list[NamedCell] = []
        for row_index, ((cells, parsed), row_references) in enumerate(zip(rows, references, strict=True)):
            key_references = [(column, self._columns.labels[column], False) for column in self._key_columns]
            for column, labels, is_optional in (*key_references, *row_references):
                text = parsed.values.get(column)
                if column not in self.columns or not set(labels) & set(NAMEABLE_LABELS):
                    continue
                if not isinstance(text, str) or text in known_keys.get(labels, {}):
                    continue
                if is_name(text) or is_list(text) or text in self._mapped_numbers(labels):
                    named_cells.append(
                        NamedCell(
                            row_index,
                            column,
                            labels,
                            is_optional,
                            text,
                            self._name_readings(cells, column, labels, text),
                        )
                    )
        return named_cells

    def resolve(
        self,
        rows: Sequence[ParsedRow],
        names: Sequence[NamedCell],
        header_texts: Mapping[str, str],
        find_labels: KeyLookup,
    ) -> dict[int, list[ParsedRow]]:
        """Put numbers in place of the names; report a name without a number, and refuse its row where the cell must not be blank.

        Return the rows that have names, by their index in the batch: a row with several names in a cell becomes several rows.
        `header_texts`: headers by column; `find_labels`: finds the label of numbers that stand among names.
        """
        resolutions = self._resolve_names(names, find_labels)
        keys_by_row: dict[int, dict[str, tuple[str, ...]]] = {}
        for named_cell in names:
            parsed, header = rows[named_cell.row_index], header_texts[named_cell.column]
            reading = next(
                (reading for reading in named_cell.readings if all(resolutions[name].key for name in reading)),
                named_cell.readings[-1],
            )
            unresolved = [resolutions[name] for name in reading if not resolutions[name].key]
            for resolution in (resolutions[name] for name in reading):
                if resolution.flag_code:
                    parsed.flags.append(RowIssue(resolution.flag_code, header, resolution.display_text))
            keys = tuple(dict.fromkeys(resolutions[name].key for name in reading))
            if len(keys) > 1 and not unresolved and named_cell.column not in self._sheet.key:
                unresolved = [NameResolution(code=NAME_SEVERAL, display_text=named_cell.text)]
            if not unresolved:
                parsed.values[named_cell.column] = keys[0]
                keys_by_row.setdefault(named_cell.row_index, {})[named_cell.column] = keys
                continue
            self._report_missing(parsed, named_cell, header, unresolved)
            keys_by_row.setdefault(named_cell.row_index, {})
        return {
            row_index: [rows[row_index]]
            if rows[row_index].refusals
            else list(_expand_row(rows[row_index], keys_by_column))
            for row_index, keys_by_column in keys_by_row.items()
        }

    def _report_missing(
        self, parsed: ParsedRow, named_cell: NamedCell, header: str, missing: Sequence[NameResolution]
    ) -> None:
        if not is_name(named_cell.text):
            # Several numbers, not all of which are known, may be a single number in an odd shape.
            missing = [NameResolution(code="KEY_SHAPE", display_text=named_cell.text)]
        fallback_number = self._columns.otherwise.get(named_cell.column)
        display_text = "; ".join(resolution.display_text for resolution in missing)
        if fallback_number and all(resolution.code == NAME_UNKNOWN for resolution in missing):
            parsed.values[named_cell.column] = fallback_number
            parsed.flags.append(RowIssue(NAME_OTHERWISE, header, f"{display_text} → {fallback_number}"))
        elif named_cell.is_optional:
            parsed.values[named_cell.column] = None
            parsed.flags.append(RowIssue(missing[0].code, header, display_text))
        else:
            parsed.refuse(missing[0].code, header, display_text)

    def _name_readings(
        self, cells: Sequence[Cell], column: str, labels: tuple[str, ...], text: str
    ) -> tuple[tuple[NameReference, ...], ...]:
        upper_names = tuple(
            _cell_text_at(cells, position)
            for position in self._columns.area_positions.get(column, self._columns.default_area_positions)
        )
        department = _cell_text_at(cells, self._columns.department_position) if "Cadre" in labels else ""
        return tuple(
            tuple(NameReference(labels, part, upper_names, department, self.areas) for part in parts)
            for parts in name_readings(text, labels)
        )

    def _mapped_numbers(self, labels: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the numbers that the mapping gives to names of these labels: name → (label, number)."""
        numbers_by_label = self._columns.numbers
        return {
            normalize_name(name): (label, number)
            for label in labels
            for name, number in numbers_by_label.get(label, {}).items()
        }

    def _resolve_names(self, names: Sequence[NamedCell], find_labels: KeyLookup) -> dict[NameReference, NameResolution]:
        references = {name for named_cell in names for reading in named_cell.readings for name in reading}
        resolutions: dict[NameReference, NameResolution] = {}
        numbers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in references:
            if not is_name(name.text):
                numbers[name.labels].add(name.text)
        for labels, texts in numbers.items():
            label_by_number = find_labels(labels, texts)
            known_numbers = (name for name in references if name.labels == labels and name.text in label_by_number)
            resolutions |= {name: NameResolution(label_by_number[name.text], name.text) for name in known_numbers}
        for name in references:
            label, number = self._mapped_numbers(name.labels).get(name.text, ("", ""))
            if number:
                resolutions[name] = NameResolution(label, number)
        return self._lookup.resolve(references - resolutions.keys()) | resolutions


def _expand_row(parsed: ParsedRow, columns: Mapping[str, tuple[str, ...]]) -> Iterator[ParsedRow]:
    """Yield the row once for each combination of the numbers in its columns; its flags stay with the first."""
    for index, keys in enumerate(product(*columns.values())):
        values = dict(zip(columns, keys, strict=True))
        if index == 0:
            parsed.values.update(values)
            yield parsed
        else:
            yield replace(parsed, values=parsed.values | values, refusals=list(parsed.refusals), flags=[])


def _titles(matched: MatchedTable) -> Iterator[str]:
    """Yield the texts above the header, and the names of sheet and file."""
    first_rows = islice(matched.table.rows(), MAX_FIRST_ROWS)
    rows_above = (row.cells for row in first_rows if row.number <= matched.header_row - len(matched.header_rows))
    yield from (cell_text(cell) or "" for cells in rows_above for cell in cells)
    yield matched.table.name
    yield matched.table.path.stem


def _cell_text_at(cells: Sequence[Cell], position: int | None) -> str:
    return cell_text(cells[position]) or "" if position is not None and position < len(cells) else ""
