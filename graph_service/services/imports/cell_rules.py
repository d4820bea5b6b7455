"""The cells that the rules of a mapping compute: constants, parts of cells, texts composed of several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph_service.declare import Column
from graph_service.derive.cell_days import is_day
from graph_service.derive.cell_keys import key_text
from graph_service.derive.cell_numbers import is_measured
from graph_service.derive.cell_texts import CellRefused, is_error, text_of
from graph_service.derive.units import marked_units, stated_unit
from graph_service.model import MODEL
from graph_service.readers.cells import Cell, Unreadable
from graph_service.services.imports.mapping_rules import FIELD, CellRule
from graph_service.services.imports.name_columns import plain

CELL_PART_MISSING, CELL_PARTS_MANY = "CELL_PART_MISSING", "CELL_PARTS_MANY"
OPEN_END = "至今"


def computed_cell(rule: CellRule, cells: Sequence[Cell], positions: Mapping[str, int]) -> Cell:
    """Return the cell that a rule computes for a row; None where a part of it is blank."""
    if rule.constant is not None:
        return rule.constant
    if rule.format:
        places = {name: positions[plain(name)] for name in FIELD.findall(rule.format)}
        return _composed(rule.format, places, cells, numbers=rule.numbers)
    at = next(positions[plain(text)] for text in rule.headers if plain(text) in positions)
    cell = cells[at] if at < len(cells) else None
    if isinstance(cell, Unreadable):
        return cell
    text = text_of(cell)
    if rule.split and text is not None:
        parts = [cell] if rule.most and is_day(text) else _parts(rule.split, cell, text)
        if rule.most and len(parts) > rule.most:
            return Unreadable(CELL_PARTS_MANY, text)
        if rule.part >= len(parts):
            return None if rule.optional else Unreadable(CELL_PART_MISSING, text)
        cell = parts[rule.part]
        text = text_of(cell)
    return rule.values.get(text or "", cell)


def names_record(column: str) -> bool:
    """Whether a column names a record: by the key of a label, or as a sheet's own column, like a voucher."""
    owner, _, name = column.partition(".")
    label = MODEL.labels.get(owner)
    return not name or (label is not None and name == label.key.name)


def computed_header(column: Column, rule: CellRule) -> str:
    """Return what a computed column is called: a measure with the unit of the cells that it comes from, where their header states one."""
    usual = column.headers[0]
    if rule.constant is not None or not is_measured(column.property):
        return usual
    return next((reading.base for reading in marked_units(usual)), usual) + stated_units(rule)


def stated_units(rule: CellRule) -> str:
    """Return the units that the headers of a rule state, in brackets; empty where they state none."""
    units = {stated_unit(text) for text in (*rule.headers, *FIELD.findall(rule.format))} - {""}
    return f"({'、'.join(sorted(units))})" if units else ""


def _parts(marks: Sequence[str], cell: Cell, text: str) -> list[Cell]:
    """The parts of a text by the first of the marks that it has. Days and numbers are one part: what they look like says how they are
    kept, not what was written."""
    if not isinstance(cell, str):
        return [cell]
    # The mark 至 is a part of the word for an end that has not come.
    begun = text.removesuffix(OPEN_END)
    ended = [OPEN_END] if begun not in ("", text) else []
    begun = begun.rstrip(" " + "".join(marks)) if ended else text
    mark = next((mark for mark in marks if mark in begun), "")
    # A long dash is two characters: 2015.3——2016.6.
    pieces = re.split(f"(?:{re.escape(mark)})+", begun) if mark else [begun]
    return [*(part.strip() or None for part in pieces), *ended]


def _composed(pattern: str, places: Mapping[str, int], cells: Sequence[Cell], *, numbers: bool) -> Cell:
    """A text of cells: blank where all of them are, not understood where some are. `numbers`: it names a record, and of what names
    none nothing is composed that does."""
    texts: dict[str, str] = {}
    for name, at in places.items():
        cell = cells[at] if at < len(cells) else None
        try:
            text = key_text(cell) if numbers else _readable_text(cell)
        except CellRefused as error:
            return Unreadable(error.code, shown_text(cells, at))
        if text is not None:
            texts[name] = text
    if len(texts) < len(places):
        return Unreadable(CELL_PART_MISSING, " ".join(texts.values())) if texts else None
    return FIELD.sub(lambda match: texts[match[1]], pattern)


def _readable_text(cell: Cell) -> str | None:
    """The text of a cell. Raises `CellRefused` of one that is not understood."""
    if isinstance(cell, Unreadable):
        raise CellRefused(cell.code)
    text = text_of(cell)
    if text is not None and is_error(text):
        raise CellRefused("CELL_ERROR")
    return text


def shown_text(cells: Sequence[Cell], at: int) -> str:
    """Return the text of a cell; empty where there is none."""
    return text_of(cells[at]) or "" if at < len(cells) else ""


def is_unreadable(cells: Sequence[Cell], at: int) -> bool:
    """Whether nobody can tell what a cell says: a formula without a result, an error, a text that is crossed out."""
    return isinstance(cells[at] if at < len(cells) else None, Unreadable) or is_error(shown_text(cells, at))
