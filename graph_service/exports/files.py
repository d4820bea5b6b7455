"""Tables as files, a page at a time: CSV, workbooks, JSON. Only one page of an answer is kept in memory."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryDirectory
from typing import IO, Any

import orjson
from xlsxwriter import Workbook

from graph_service.errors import TableTooLong
from graph_service.exports.cells import render_cell
from graph_service.exports.columns import TableColumn
from graph_service.exports.table_answer import TableAnswer
from graph_service.exports.table_definition import AREA
from graph_service.platform.formula_escape import escape_formula

UTF8_BOM = b"\xef\xbb\xbf"
"""Byte order mark, by which spreadsheets recognize UTF-8."""
MAX_ROWS = 1_048_575
"""Rows of a workbook's sheet, below its header."""
MAX_CELL_CHARACTERS = 32_767
"""Characters of a workbook's cell."""
MAX_EXACT_DIGITS = 15
"""Digits up to which a workbook's numbers are exact."""
ROWS_SHEET, NOTES_SHEET = "数据", "说明"
MAX_COLUMN_WIDTH = 40
WORKBOOK_OPTIONS = {"constant_memory": True, "use_zip64": True}


def csv_chunks(answer: TableAnswer) -> Generator[bytes]:
    """Yield CSV in UTF-8 with byte order mark, RFC 4180: the header and the first page, then page by page. Raises `ApiError`."""
    columns = answer.request.table.columns
    buffer, byte_order_mark = StringIO(newline=""), UTF8_BOM
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([escape_formula(column.header) for column in columns])
    for page in answer.pages():
        writer.writerows([render_cell(column.read(row)) for column in columns] for row in page)
        yield byte_order_mark + buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        byte_order_mark = b""


def json_chunks(answer: TableAnswer) -> Generator[bytes]:
    """Yield one JSON object: the question, its day, data version and counts, and `nodes`, the rows as the API gives them. Raises
    `ApiError`."""
    head = {"field": answer.request.table.field, "asOf": answer.as_of, "dataVersion": answer.version, **answer.counts}
    yield orjson.dumps(head)[:-1] + b',"nodes":['
    separator = b"\n"
    for page in answer.pages():
        for row in page:
            yield separator + orjson.dumps(row)
            separator = b",\n"
    yield b"\n]}\n"


def write_workbook(answer: TableAnswer, file: IO[bytes], *, max_rows: int = MAX_ROWS) -> Generator[None]:
    """Write a workbook: the rows, then the request and its counts. Each step writes a page; the file is complete after the last. Raises
    `TableTooLong`, `ApiError`."""
    if answer.counts.get("totalCount", 0) > max_rows:
        raise TableTooLong(most=max_rows)
    columns = answer.request.table.columns
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="graph-service-"))
        book = stack.enter_context(Workbook(file, {**WORKBOOK_OPTIONS, "tmpdir": folder}))
        bold = book.add_format({"bold": True})
        formats = {
            column.number_format: book.add_format({"num_format": column.number_format})
            for column in columns
            if column.number_format
        }
        sheet = book.add_worksheet(ROWS_SHEET)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, min(MAX_COLUMN_WIDTH, 4 + 2 * len(column.header)))
            sheet.write_string(0, index, escape_formula(column.header), bold)
        row_count = 0
        for page in answer.pages():
            if row_count + len(page) > max_rows:
                raise TableTooLong(most=max_rows)
            for row in page:
                row_count += 1
                for index, column in enumerate(columns):
                    _write_cell(sheet, row_count, index, column, row, formats.get(column.number_format))
            yield
        sheet.autofilter(0, 0, row_count, len(columns) - 1)
        notes = book.add_worksheet(NOTES_SHEET)
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 80)
        for index, (name, value) in enumerate(_notes(answer, row_count)):
            notes.write_string(index, 0, name, bold)
            notes.write_string(index, 1, truncate_text(escape_formula(value)))


def _write_cell(sheet: Any, row_index: int, column_index: int, column: TableColumn, row: Any, cell_format: Any) -> None:
    cell = column.read(row)
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row_index, column_index, truncate_text(escape_formula(cell)))
    elif isinstance(cell, float) or len(Decimal(cell).as_tuple().digits) <= MAX_EXACT_DIGITS:
        sheet.write_number(row_index, column_index, cell, cell_format)
    else:
        sheet.write_string(row_index, column_index, str(cell))


def truncate_text(text: str) -> str:
    """Cut a text that does not fit into a cell, with a notice at its end."""
    if len(text) <= MAX_CELL_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MAX_CELL_CHARACTERS:
        return text
    notice = f"…（共 {len(text)} 字，全文见 CSV / {len(text)} characters; see the CSV export for the full text）"
    return units[: 2 * (MAX_CELL_CHARACTERS - len(notice))].decode("utf-16-le", "ignore") + notice


def _notes(answer: TableAnswer, row_count: int) -> Iterator[tuple[str, str]]:
    """Yield the names and values of the sheet of notes."""
    table, request = answer.request.table, answer.request
    yield "查询", table.zh
    yield "Query", f"{table.field}: {table.doc}"
    if AREA in table.parameters:
        yield "区划 Area", f"{request.area_code} {answer.fetch_area_name()}".strip() or "全部 / all areas"
    if answer.granted_parts:
        yield "仅含已授权部分 Granted parts only", ", ".join(answer.granted_parts)
    yield "日期 As of", answer.as_of
    yield "数据版本 Data version", str(answer.version)
    for name, text in request.conditions.items():
        yield f"条件 Filter: {name}", text
    yield "行数 Rows", str(row_count)
    yield from answer.format_counts().items()
    yield "生成时间 Created at", datetime.now().astimezone().isoformat(timespec="seconds")
