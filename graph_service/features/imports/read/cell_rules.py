"""Cells computed by the rules of a mapping: constants, parts of cells, texts composed of several cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph_service.core.cells.cell_days import is_day
from graph_service.core.cells.cell_keys import parse_key
from graph_service.core.cells.cell_numbers import is_measured
from graph_service.core.cells.cell_texts import CellRefused, cell_text, is_error
from graph_service.core.cells.units import marked_readings, stated_unit
from graph_service.domain.metamodel import SheetColumn
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.mapping_rules import HEADER_FIELD, CellRule
from graph_service.features.imports.read.name_columns import normalize_header
from graph_service.platform.readers.cells import Cell, UnreadableCell

CELL_PART_MISSING, CELL_PARTS_MANY = "CELL_PART_MISSING", "CELL_PARTS_MANY"
OPEN_END = "至今"


def compute_cell(rule: CellRule, cells: Sequence[Cell], positions: Mapping[str, int]) -> Cell:
    """Return the cell that a rule computes for a row; None where a part of it is blank."""
    if rule.constant is not None:
        return rule.constant
    if rule.format:
        format_positions = {name: positions[normalize_header(name)] for name in HEADER_FIELD.findall(rule.format)}
        return _compose_text(rule.format, format_positions, cells, is_record_number=rule.is_record_number)
    position = next(positions[normalize_header(text)] for text in rule.headers if normalize_header(text) in positions)
    cell = cells[position] if position < len(cells) else None
    if isinstance(cell, UnreadableCell):
        return cell
    text = cell_text(cell)
    if rule.split and text is not None:
        parts = [cell] if rule.max_parts and is_day(text) else _split_cell(rule.split, cell, text)
        if rule.max_parts and len(parts) > rule.max_parts:
            return UnreadableCell(CELL_PARTS_MANY, text)
        if rule.part >= len(parts):
            return None if rule.optional else UnreadableCell(CELL_PART_MISSING, text)
        if parts[rule.part] is None and not rule.optional:
            # One side of the mark is blank: -2016.12 has no first day.
            return UnreadableCell(CELL_PART_MISSING, text)
        cell = parts[rule.part]
        text = cell_text(cell)
    return rule.values.get(text or "", cell)


def is_record_key(column: str) -> bool:
    """Return True where a column names a record: by the key of a label, or by a column that belongs to the sheet
    itself, like a voucher."""
    owner, _, name = column.partition(".")
    label = MODEL.labels.get(owner)
    return not name or (label is not None and name == label.key.name)


def computed_header(column: SheetColumn, rule: CellRule) -> str:
    """Return the header of a computed column: for a measure with the unit of its source cells, where their header states one."""
    usual_header = column.headers[0]
    if rule.constant is not None or not is_measured(column.property):
        return usual_header
    return next((reading.name for reading in marked_readings(usual_header)), usual_header) + stated_units(rule)


def stated_units(rule: CellRule) -> str:
    """Return the units that the headers of a rule state, in brackets; empty where they state none."""
    units = {stated_unit(text) for text in (*rule.headers, *HEADER_FIELD.findall(rule.format))} - {""}
    return f"({'、'.join(sorted(units))})" if units else ""


def _split_cell(separators: Sequence[str], cell: Cell, text: str) -> list[Cell]:
    """Return the parts of a text, split by the first of the marks that it contains. Days and numbers are one part:
    their form comes from how they are stored, not from what was written. So are fillers and an open end alone (—, 至今)."""
    if not isinstance(cell, str) or text == OPEN_END or not text.strip(" " + "".join(separators)):
        return [cell]
    # The mark 至 is also a part of the word for an end that is still open.
    start = text.removesuffix(OPEN_END)
    open_end = [OPEN_END] if start not in ("", text) else []
    start = start.rstrip(" " + "".join(separators)) if open_end else text
    # The dashes inside of a day do not separate it from an open end: 2016-03-01至今.
    mark = "" if open_end and is_day(start) else next((mark for mark in separators if mark in start), "")
    # A long dash is two characters: 2015.3——2016.6.
    parts = re.split(f"(?:{re.escape(mark)})+", start) if mark else [start]
    return [*(part.strip() or None for part in parts), *open_end]


def _compose_text(pattern: str, positions: Mapping[str, int], cells: Sequence[Cell], *, is_record_number: bool) -> Cell:
    """Return a text composed of cells: blank where all of them are, not understood where only some are.
    `is_record_number`: True where the text names a record, so that each of its cells must be a key itself."""
    texts: dict[str, str] = {}
    for name, position in positions.items():
        cell = cells[position] if position < len(cells) else None
        try:
            text = parse_key(cell) if is_record_number else _readable_text(cell)
        except CellRefused as error:
            return UnreadableCell(error.code, cell_text_at(cells, position))
        if text is not None:
            texts[name] = text
    if len(texts) < len(positions):
        return UnreadableCell(CELL_PART_MISSING, " ".join(texts.values())) if texts else None
    return HEADER_FIELD.sub(lambda match: texts[match[1]], pattern)


def _readable_text(cell: Cell) -> str | None:
    """Return the text of a cell. Raises `CellRefused` for one that is not understood."""
    if isinstance(cell, UnreadableCell):
        raise CellRefused(cell.code)
    text = cell_text(cell)
    if text is not None and is_error(text):
        raise CellRefused("CELL_ERROR")
    return text


def cell_text_at(cells: Sequence[Cell], position: int) -> str:
    """Return the text of a cell; empty where there is none."""
    return cell_text(cells[position]) or "" if position < len(cells) else ""


def is_unreadable(cells: Sequence[Cell], position: int) -> bool:
    """Return True where a cell cannot be understood: a formula without a result, an error, a text that is crossed out."""
    return isinstance(cells[position] if position < len(cells) else None, UnreadableCell) or is_error(
        cell_text_at(cells, position)
    )
