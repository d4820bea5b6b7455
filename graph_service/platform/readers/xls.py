"""An old Excel workbook (.xls) into the spool, by xlrd."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.compdoc import CompDocError
from xlrd.formatting import std_format_strings

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.cells import Cell, UnreadableCell
from graph_service.platform.readers.date_serials import BUILTIN_FORMATS
from graph_service.platform.readers.display_names import display_name
from graph_service.platform.readers.limits import MAX_CELL_LENGTH
from graph_service.platform.readers.manifest import ManifestEntry, unread_entry
from graph_service.platform.readers.number_formats import number_cell, text_cell
from graph_service.platform.readers.sheet_writer import SheetWriter
from graph_service.platform.readers.spool import SpoolWriter

_FORMULA_RECORDS = {0x0006, 0x0206, 0x0406}
_CALCULATE_ON_LOAD = 2
"""The bit of a formula that is to be calculated when the file is opened."""
_CALCULATION_RECORD = b"\xc1\x01\x08\x00\xc1\x01"
"""The record in which a program that calculates says so; without it an empty text is what no formula gave."""
_HIDDEN_CODES = ("", "SHEET_HIDDEN", "SHEET_VERY_HIDDEN")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_xls(path: Path, spool: SpoolWriter) -> Iterator[ManifestEntry]:
    """Yield what the manifest says of each sheet, in order. Raises `FileUnreadable`."""

    def refused(zh: str, en: str) -> FileUnreadable:
        return FileUnreadable(file=display_name(path), reason_zh=zh, reason_en=en)

    locked = refused(
        "工作簿已加密;请去掉密码后另存为 .xlsx", "the workbook is encrypted: remove the password and save it as .xlsx"
    )
    if _ENCRYPTED in path.read_bytes():
        raise locked
    try:
        with (
            open(os.devnull, "w") as nowhere,  # noqa: PTH123
            xlrd.open_workbook(
                str(path), logfile=nowhere, formatting_info=True, on_demand=True, ragged_rows=True
            ) as book,
        ):
            calculated = book.mem.find(_CALCULATION_RECORD) >= 0
            for number, name in enumerate(book.sheet_names()):
                state = book._sheet_visibility[number]
                if state:
                    yield unread_entry(name, _HIDDEN_CODES[min(state, 2)])
                else:
                    rows = SheetWriter(name, spool, refused)
                    _read_sheet(book, number, rows, calculated=calculated)
                    book.unload_sheet(number)
                    yield rows.finish()
            for at in book._all_sheets_map:
                if at < 0:
                    yield unread_entry("", "SHEET_CHART")
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise locked from error
        raise refused(
            f"不是可读的工作簿({error});请另存为 .xlsx",
            f"it is not a workbook that can be read ({error}): save it as .xlsx",
        ) from error
    except CompDocError as error:
        raise refused(
            f"工作簿已损坏({error});请另存为 .xlsx", f"the workbook is damaged ({error}): save it as .xlsx"
        ) from error


def _read_sheet(book: Any, number: int, writer: SheetWriter, *, calculated: bool) -> None:
    formulas = _record_formulas(book)
    sheet = book.sheet_by_index(number)
    codes = [_number_format(book, style.format_key) for style in book.xf_list]
    struck = {at for at, style in enumerate(book.xf_list) if book.font_list[style.font_index].struck_out}
    for first_row, last_row, first, last in sheet.merged_cells:
        writer.add_merged_range(first_row + 1, first, last_row, last - 1)
    writer.hidden_columns.extend(
        (at, at) for at, column in sheet.colinfo_map.items() if column.hidden or column.width == 0
    )
    for row in range(sheet.nrows):
        entry = sheet.rowinfo_map.get(row)
        cells: list[Cell] = []
        values = zip(sheet.row_types(row), sheet.row_values(row), sheet._cell_xf_indexes[row], strict=True)
        for column, (kind, value, style) in enumerate(values):
            formula = formulas.get((row, column))
            if kind == xlrd.XL_CELL_TEXT and not value and formula is not None and not calculated:
                cell: Cell = UnreadableCell("FORMULA_WITHOUT_VALUE", "=")
            else:
                cell = _cell(kind, value, codes[style], formula, book.datemode == 1)
            if cell is not None and style in struck:
                cell = UnreadableCell("CELL_STRUCK", str(cell))
            if cell is not None:
                writer.put_cell(cells, row + 1, column, cell)
        writer.add_row(row + 1, entry is not None and bool(entry.hidden or entry.height == 0), cells)


def _record_formulas(book: Any) -> dict[tuple[int, int], int]:
    """Return, once the next sheet is loaded, the bits of its formulas by row and column; xlrd keeps their results alone."""
    found: dict[tuple[int, int], int] = {}
    parts = type(book).get_record_parts

    def noted() -> tuple[int, int, bytes]:
        kind, length, data = parts(book)
        if kind in _FORMULA_RECORDS and length >= 16:
            at = (int.from_bytes(data[0:2], "little"), int.from_bytes(data[2:4], "little"))
            found[at] = int.from_bytes(data[14:16], "little")
        return kind, length, data

    book.get_record_parts = noted
    return found


def _number_format(book: Any, format_key: int) -> str:
    """Return a number format; those that a file names by number alone as a Chinese Excel shows them."""
    kept = book.format_map.get(format_key)
    code = kept.format_str if kept is not None else None
    if code is None or code == std_format_strings.get(format_key):
        return BUILTIN_FORMATS.get(format_key, "General")
    return str(code)


def _cell(kind: int, value: Any, code: str, formula: int | None, from_1904: bool) -> Cell:
    if kind == xlrd.XL_CELL_TEXT:
        return text_cell(value[:MAX_CELL_LENGTH].strip(), code)
    if kind == xlrd.XL_CELL_ERROR:
        return UnreadableCell("CELL_ERROR", error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return None
    if formula is not None and formula & _CALCULATE_ON_LOAD and value == 0:
        return UnreadableCell("FORMULA_WITHOUT_VALUE", "=")
    return number_cell(float(value), code, computed=formula is not None, from_1904=from_1904)
