"""Cells of a sheet of an Excel workbook, as Excel shows them, row by row."""

from __future__ import annotations

import math
import re
from datetime import datetime

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.cells import Cell, ComputedNumber, UnreadableCell
from graph_service.platform.readers.date_serials import format_stored_day
from graph_service.platform.readers.limits import MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROW_LENGTH
from graph_service.platform.readers.number_formats import format_sections, number_cell, text_cell
from graph_service.platform.readers.shared_strings import SharedStrings, unescape
from graph_service.platform.readers.sheet_writer import MergedRange, SheetWriter
from graph_service.platform.readers.workbook import Workbook, is_struck
from graph_service.platform.readers.xml_stream import Attributes, is_true, parse_part

MAX_COLUMN = 16_384
LONG_TEXT_LENGTH = 4_000
"""Characters from which a text counts towards the row limit: `MAX_COLUMNS` shorter texts do not exceed it."""
_PLAIN_FORMATS = {
    "General",
    "0",
    "0.00",
    "#,##0",
    "#,##0.00",
    "@",
    "0_ ",
    "0.00_ ",
    "0_);[Red](0)",
    "0.00_);[Red](0.00)",
}
"""Formats that add nothing to a number or a text."""
_HEADER_FOOTER_TAGS = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


def column_number(text: str) -> int:
    """Return the number of a column, from 0: A → 0, AA → 26. Raises `ValueError`."""
    number = 0
    for letter in text:
        if not "A" <= letter <= "Z":
            raise ValueError(text)
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(text)
    return number - 1


def read_sheet(archive: Archive, part: str, book: Workbook, strings: SharedStrings, writer: SheetWriter) -> None:
    """Read the part of a sheet into `writer`. Raises `FileUnreadable`."""
    reader = CellReader(book, strings)
    columns: dict[str, int] = {}
    is_in_data = is_in_cell = is_hidden = False
    number, column, phonetic_depth, size = 0, -1, 0, 0
    row_digits = kind = style = ""
    cells: list[Cell] = []
    value: list[str] = []
    formula: list[str] | None = None
    buffer: list[str] | None = None

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal \
            is_in_data, \
            is_in_cell, \
            is_hidden, \
            number, \
            column, \
            phonetic_depth, \
            size, \
            row_digits, \
            kind, \
            style, \
            cells, \
            value, \
            formula, \
            buffer
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if is_in_cell:
            if tag == "v":
                buffer = value
            elif tag == "t":
                buffer = None if phonetic_depth else value
            elif tag == "f":
                buffer = formula = []
            elif tag == "rPh":
                phonetic_depth += 1
            elif tag == "strike" and is_struck(attributes):
                style, reader.has_strikes = STRUCK_STYLE, True
        elif tag == "c" and is_in_data:
            is_in_cell, value, formula = True, [], None
            kind, style = attributes.get("t", "n"), attributes.get("s", "")
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                text = reference.rstrip("0123456789")
                if reference[len(text) :] != row_digits:
                    raise ValueError(f"{reference[:20]} in row {number}")
                column = columns[text] if text in columns else columns.setdefault(text, column_number(text.upper()))
        elif tag == "row" and is_in_data:
            row_reference = attributes.get("r")
            number = number + 1 if row_reference is None else int(row_reference)
            height = attributes.get("ht")
            is_hidden = is_true(attributes.get("hidden")) or (height is not None and float(height) == 0)
            cells, column, size, row_digits = [], -1, 0, str(number)
        elif tag == "sheetData":
            is_in_data = True
        elif tag == "mergeCell":
            writer.add_merged_range(*_parse_range(attributes.get("ref", "")))
        elif tag == "col" and (is_true(attributes.get("hidden")) or float(attributes.get("width", "9")) == 0):
            writer.hidden_columns.append((int(attributes["min"]) - 1, min(int(attributes["max"]), MAX_COLUMN) - 1))
        elif tag in _HEADER_FOOTER_TAGS:
            buffer, size = value, 0
            value.clear()

    def text(data: str) -> None:
        nonlocal size
        if buffer is not None:
            buffer.append(data)
            size += len(data)
            if size > MAX_CELL_LENGTH:
                _check_length(archive, writer.name, number, size, buffer)

    def end(tag: str) -> None:
        nonlocal is_in_data, is_in_cell, phonetic_depth, buffer
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if is_in_cell:
            if tag == "c":
                is_in_cell, buffer, phonetic_depth = False, None, 0
                if value or formula is not None:
                    cell = reader.read(kind, style, value[0] if len(value) == 1 else "".join(value), formula)
                    if reader.has_strikes:
                        cell = reader.hide_struck(cell, kind, style, value)
                    if cell is not None:
                        if column == len(cells) < MAX_COLUMNS:
                            cells.append(cell)
                        else:
                            writer.put_cell(cells, number, column, cell)
            elif tag == "rPh":
                phonetic_depth -= 1
            else:
                buffer = None
        elif tag == "row" and is_in_data:
            if reader.long_text_length > MAX_ROW_LENGTH:
                raise _row_too_long_error(archive, writer.name, number)
            reader.long_text_length = 0
            writer.add_row(number, is_hidden, cells)
        elif tag == "sheetData":
            is_in_data = False
        elif tag in _HEADER_FOOTER_TAGS:
            writer.notes.append("".join(value))
            buffer = None

    parse_part(archive, part, start, end, text, raw=True)


def _parse_range(reference: str) -> MergedRange:
    match = _RANGE.fullmatch(reference.upper())
    if match is None:
        raise ValueError(reference[:40])
    first, first_row, last, last_row = match.groups()
    return int(first_row), column_number(first), int(last_row or first_row), column_number(last or first)


def _check_length(archive: Archive, sheet: str, number: int, size: int, parts: list[str]) -> None:
    """Raise `FileUnreadable` where a cell, or a row, has too much text."""
    if sum(map(len, parts)) > MAX_CELL_LENGTH:
        raise archive.unreadable_error(
            f"表“{sheet}”第 {number} 行有一个单元格超过 {MAX_CELL_LENGTH:,} 个字符；请缩短",
            f"row {number} of the sheet {sheet} has a cell with more than {MAX_CELL_LENGTH:,} characters; shorten it",
        )
    if size > MAX_ROW_LENGTH:
        raise _row_too_long_error(archive, sheet, number)


def _row_too_long_error(archive: Archive, sheet: str, number: int) -> FileUnreadable:
    return archive.unreadable_error(
        f"表“{sheet}”第 {number} 行的文字超过 {MAX_ROW_LENGTH:,} 个字符；请缩短",
        f"row {number} of the sheet {sheet} has more than {MAX_ROW_LENGTH:,} characters; shorten it",
    )


STRUCK_STYLE = "struck"
"""Style of an inline text with a crossed-out part."""


class CellReader:
    """Reader of cells from their stored type, style, value and formula."""

    def __init__(self, book: Workbook, strings: SharedStrings) -> None:
        self._strings, self._recalculated, self._from_1904 = strings, book.recalculates_on_load, book.from_1904
        self._formats = book.formats or ["General"]
        self._struck = {STRUCK_STYLE, *map(str, book.struck)}
        self.has_strikes = bool(book.struck or strings.struck)
        """True where any cell may be crossed out."""
        # "" stands for a format that adds nothing.
        self._codes = {"": self._formats[0], **{str(index): code for index, code in enumerate(self._formats)}}
        self.long_text_length = 0
        """Characters of long shared strings since the last reset to 0, at the end of each row."""
        self._codes = {style: "" if code in _PLAIN_FORMATS else code for style, code in self._codes.items()} | {
            STRUCK_STYLE: ""
        }

    def read(self, kind: str, style: str, value: str, formula: list[str] | None) -> Cell:
        """Return the cell. Raises `ValueError`, `LookupError` for invalid content."""
        code = self._codes[style]
        if kind == "s" and formula is None:
            text = self._strings[int(value)]
            if len(text) > LONG_TEXT_LENGTH:
                self.long_text_length += len(text)
            return text_cell(text, code) if code else text or None
        if formula is None and not code and kind == "n":
            return self._read_number(value, code, computed=False) if value.strip() else None
        return self._read_uncommon(kind, code, value, formula)

    def hide_struck(self, cell: Cell, kind: str, style: str, value: list[str]) -> Cell:
        """Return the cell, or an unreadable cell where it is crossed out, wholly or in part."""
        is_struck_out = style in self._struck or (kind == "s" and int("".join(value)) in self._strings.struck)
        return UnreadableCell("CELL_STRUCK", str(cell)) if is_struck_out and cell is not None else cell

    def _read_uncommon(self, kind: str, code: str, value: str, formula: list[str] | None) -> Cell:
        is_computed = formula is not None
        value = value if kind in ("str", "inlineStr") else value.strip()
        if kind in ("str", "inlineStr"):
            text = unescape(value).strip()
            return text_cell(text, code) if code else text or None
        # A zero that a library wrote, to be calculated when the file is opened, is not a calculated value.
        if is_computed and (not value or (self._recalculated and kind == "n" and float(value) == 0)):
            return UnreadableCell("FORMULA_WITHOUT_VALUE", "=" + "".join(formula or ()))
        if not value:
            return None
        if kind == "e":
            return UnreadableCell("CELL_ERROR", value)
        if kind == "b":
            return is_true(value)
        if kind == "d":
            return self._read_day(value, code)
        if kind == "s":
            return text_cell(self._strings[int(value)], code or "General")
        if kind != "n":
            return UnreadableCell("CELL_SHOWN_OTHERWISE", value)
        return self._read_number(value, code, is_computed)

    def _read_number(self, value: str, code: str, computed: bool) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return UnreadableCell("CELL_ERROR", value)
        if not math.isfinite(number) or "_" in value:
            return UnreadableCell("CELL_ERROR", value)
        if not code:
            return ComputedNumber(number) if computed else number
        return number_cell(number, code, computed=computed, from_1904=self._from_1904)

    @staticmethod
    def _read_day(value: str, code: str) -> Cell:
        """Return the cell of a day that is stored as ISO 8601 text."""
        try:
            day = datetime.fromisoformat(value).date()
        except ValueError:
            return UnreadableCell("CELL_SHOWN_OTHERWISE", value)
        section = format_sections(code or "General")[0]
        return format_stored_day(day, section.tokens) if section.kind == "date" else day
