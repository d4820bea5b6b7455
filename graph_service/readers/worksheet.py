"""The cells of one sheet of an Excel workbook, as Excel shows them, row by row."""

from __future__ import annotations

import math
import re
from datetime import datetime

from graph_service.readers.archives import Archive
from graph_service.readers.cells import Cell, Unreadable
from graph_service.readers.formats import number_cell, sections, text_cell
from graph_service.readers.limits import LARGEST_CELL
from graph_service.readers.markup import Attributes, is_true, parse
from graph_service.readers.serials import shown_day
from graph_service.readers.sheets import SheetRows
from graph_service.readers.strings import SharedStrings, unescaped
from graph_service.readers.workbook import Workbook

LAST_COLUMN = 16_384
_PLAIN = {"General", "0", "0.00", "#,##0", "#,##0.00", "@", "0_ ", "0.00_ ", "0_);[Red](0)", "0.00_);[Red](0.00)"}
"""Formats that add nothing to a number or a text."""
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


def column_number(text: str) -> int:
    """Return the number from 0 of a column: A → 0, AA → 26. Raises `ValueError`."""
    number = 0
    for letter in text:
        if not "A" <= letter <= "Z":
            raise ValueError(text)
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= LAST_COLUMN:
        raise ValueError(text)
    return number - 1


class SheetParser:
    """Reads the part of a sheet into `rows`."""

    def __init__(self, archive: Archive, book: Workbook, strings: SharedStrings, rows: SheetRows) -> None:
        self._archive, self._book, self._strings, self._rows = archive, book, strings, rows
        self._columns: dict[str, int] = {}
        self._formats = book.formats or ["General"]
        self._in_data = self._in_cell = False
        self._number, self._hidden = 0, False
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._type = self._style = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._phonetic = 0
        self._size = 0

    def read(self, part: str) -> None:
        """Read the part. Raises `FileUnreadable`."""
        parse(self._archive, part, self._start, self._end, self._text)

    def _start(self, tag: str, attributes: Attributes) -> None:
        if self._in_cell:
            if tag == "v":
                self._into = self._value
            elif tag == "t":
                self._into = None if self._phonetic else self._value
            elif tag == "f":
                self._into = self._formula = []
            elif tag == "rPh":
                self._phonetic += 1
        elif tag == "c" and self._in_data:
            self._in_cell = True
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._value, self._formula, self._size = [], None, 0
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._position(reference)
        elif tag == "row" and self._in_data:
            number = attributes.get("r")
            self._number = self._number + 1 if number is None else int(number)
            height = attributes.get("ht")
            self._hidden = is_true(attributes.get("hidden")) or (height is not None and float(height) == 0)
            self._cells, self._column = {}, -1
        elif tag == "sheetData":
            self._in_data = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and (is_true(attributes.get("hidden")) or float(attributes.get("width", "9")) == 0):
            self._rows.hidden_columns.append((int(attributes["min"]) - 1, min(int(attributes["max"]), LAST_COLUMN) - 1))

    def _position(self, reference: str) -> int:
        """Return the column of a cell. Raises `ValueError` where it is of another row."""
        text = reference.rstrip("0123456789")
        if reference[len(text) :] != str(self._number):
            raise ValueError(f"{reference[:20]} in row {self._number}")
        column = self._columns.get(text)
        if column is None:
            column = self._columns[text] = column_number(text.upper())
        return column

    def _merge(self, reference: str) -> None:
        match = _RANGE.fullmatch(reference.upper())
        if match is None:
            raise ValueError(reference[:40])
        first, first_row, last, last_row = match.groups()
        self._rows.merge(
            int(first_row),
            column_number(first),
            int(last_row or first_row),
            column_number(last) if last else column_number(first),
        )

    def _text(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
            self._size += len(data)
            if self._size > LARGEST_CELL:
                raise self._archive.refused(
                    f"表“{self._rows.name}”第 {self._number} 行有一个单元格超过 {LARGEST_CELL:,} 个字符;请缩短",
                    f"row {self._number} of the sheet {self._rows.name} has a cell of more than {LARGEST_CELL:,} characters: shorten it",
                )

    def _end(self, tag: str) -> None:
        if self._in_cell:
            if tag == "c":
                self._in_cell, self._into, self._phonetic = False, None, 0
                if self._value or self._formula is not None:
                    cell = self._cell("".join(self._value))
                    if cell is not None:
                        if self._column in self._cells:
                            raise ValueError(f"two cells at {self._column} in row {self._number}")
                        self._cells[self._column] = cell
            elif tag in ("v", "t", "f"):
                self._into = None
            elif tag == "rPh":
                self._phonetic -= 1
        elif tag == "row" and self._in_data:
            self._rows.add(self._number, self._hidden, self._cells)
            self._cells = {}
        elif tag == "sheetData":
            self._in_data = False

    def _cell(self, value: str) -> Cell:
        kind = self._type
        code = self._formats[int(self._style)] if self._style else self._formats[0]
        if kind == "s":
            text = self._strings[int(value)].strip() if value.strip() else ""
            return text_cell(text, code) if code not in _PLAIN else text or None
        computed = self._formula is not None
        if kind in ("str", "inlineStr"):
            text = unescaped(value).strip()
            return text_cell(text, code) if code not in _PLAIN else text or None
        if not value.strip():
            return Unreadable("FORMULA_WITHOUT_VALUE", "=" + "".join(self._formula or ())) if computed else None
        if kind == "e":
            return Unreadable("CELL_ERROR", value.strip())
        if computed and self._book.recalculated and kind in ("n", "") and float(value) == 0:
            # A library wrote it: nobody has calculated that zero.
            return Unreadable("FORMULA_WITHOUT_VALUE", "=" + "".join(self._formula or ()))
        if kind == "b":
            return is_true(value)
        if kind == "d":
            return self._day(value.strip(), code)
        if kind not in ("n", ""):
            return Unreadable("CELL_SHOWN_OTHERWISE", value)
        return self._numeric(value, code, computed)

    def _numeric(self, value: str, code: str, computed: bool) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return Unreadable("CELL_ERROR", value)
        if not math.isfinite(number) or "_" in value:
            return Unreadable("CELL_ERROR", value)
        if code in _PLAIN and not computed:
            return number
        return number_cell(number, code, computed=computed, from_1904=self._book.from_1904)

    @staticmethod
    def _day(value: str, code: str) -> Cell:
        """Return a day that is stored as text of ISO 8601."""
        try:
            day = datetime.fromisoformat(value).date()
        except ValueError:
            return Unreadable("CELL_SHOWN_OTHERWISE", value)
        section = sections(code)[0]
        return shown_day(day, section.tokens) if section.kind == "date" else day
