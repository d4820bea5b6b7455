"""Reader of old Excel workbooks (.xls) into the spool, by xlrd."""

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
"""Flag of a formula to be calculated when the file is opened."""
_CALCULATION_RECORD = b"\xc1\x01\x08\x00\xc1\x01"
"""Record that a calculating program writes; without it, an empty text of a formula was never calculated."""
_HIDDEN_CODES = ("", "SHEET_HIDDEN", "SHEET_VERY_HIDDEN")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_xls(path: Path, spool: SpoolWriter) -> Iterator[ManifestEntry]:
    """Yield the manifest entry of each sheet, in order. Raises `FileUnreadable`."""

    def make_error(zh: str, en: str) -> FileUnreadable:
        return FileUnreadable(file=display_name(path), reason_zh=zh, reason_en=en)

    encrypted_error = make_error(
        "工作簿已加密；请去掉密码后另存为 .xlsx", "the workbook is encrypted; remove the password and save it as .xlsx"
    )
    if _ENCRYPTED in path.read_bytes():
        raise encrypted_error
    try:
        with (
            open(os.devnull, "w") as null_file,  # noqa: PTH123
            xlrd.open_workbook(
                str(path), logfile=null_file, formatting_info=True, on_demand=True, ragged_rows=True
            ) as book,
        ):
            is_calculated = book.mem.find(_CALCULATION_RECORD) >= 0
            for number, name in enumerate(book.sheet_names()):
                state = book._sheet_visibility[number]
                if state:
                    yield unread_entry(name, _HIDDEN_CODES[min(state, 2)])
                else:
                    writer = SheetWriter(name, spool, make_error)
                    _read_sheet(book, number, writer, calculated=is_calculated)
                    book.unload_sheet(number)
                    yield writer.finish()
            for sheet_index in book._all_sheets_map:
                if sheet_index < 0:
                    yield unread_entry("", "SHEET_CHART")
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise encrypted_error from error
        raise make_error(
            "无法读取工作簿；请另存为 .xlsx",
            f"the workbook cannot be read ({error}); save it as .xlsx",
        ) from error
    except CompDocError as error:
        raise make_error(
            "工作簿已损坏；请另存为 .xlsx", f"the workbook is damaged ({error}); save it as .xlsx"
        ) from error


def _read_sheet(book: Any, number: int, writer: SheetWriter, *, calculated: bool) -> None:
    formulas = _record_formulas(book)
    sheet = book.sheet_by_index(number)
    codes = [_number_format(book, style.format_key) for style in book.xf_list]
    struck_styles = {index for index, style in enumerate(book.xf_list) if book.font_list[style.font_index].struck_out}
    for first_row, last_row, first, last in sheet.merged_cells:
        writer.add_merged_range(first_row + 1, first, last_row, last - 1)
    writer.hidden_columns.extend(
        (index, index) for index, column in sheet.colinfo_map.items() if column.hidden or column.width == 0
    )
    for row in range(sheet.nrows):
        row_info = sheet.rowinfo_map.get(row)
        cells: list[Cell] = []
        values = zip(sheet.row_types(row), sheet.row_values(row), sheet._cell_xf_indexes[row], strict=True)
        for column, (kind, value, style) in enumerate(values):
            formula = formulas.get((row, column))
            if kind == xlrd.XL_CELL_TEXT and not value and formula is not None and not calculated:
                cell: Cell = UnreadableCell("FORMULA_WITHOUT_VALUE", "=")
            else:
                cell = _cell(kind, value, codes[style], formula, book.datemode == 1)
            if cell is not None and style in struck_styles:
                cell = UnreadableCell("CELL_STRUCK", str(cell))
            if cell is not None:
                writer.put_cell(cells, row + 1, column, cell)
        writer.add_row(row + 1, row_info is not None and bool(row_info.hidden or row_info.height == 0), cells)


def _record_formulas(book: Any) -> dict[tuple[int, int], int]:
    """Return a dict that the next loaded sheet fills with the flags of its formulas by row and column; xlrd keeps only their results."""
    flags_by_position: dict[tuple[int, int], int] = {}
    get_record_parts = type(book).get_record_parts

    def record_parts() -> tuple[int, int, bytes]:
        kind, length, content = get_record_parts(book)
        if kind in _FORMULA_RECORDS and length >= 16:
            position = (int.from_bytes(content[0:2], "little"), int.from_bytes(content[2:4], "little"))
            flags_by_position[position] = int.from_bytes(content[14:16], "little")
        return kind, length, content

    book.get_record_parts = record_parts
    return flags_by_position


def _number_format(book: Any, format_key: int) -> str:
    """Return a number format; a format that the file names by number only, as a Chinese Excel shows it."""
    stored_format = book.format_map.get(format_key)
    code = stored_format.format_str if stored_format is not None else None
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
