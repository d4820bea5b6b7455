"""Tables as files, a page at a time: CSV, workbooks, JSON. No more of an answer is held than one page."""

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

from graph_service.derive.harmless import harmless
from graph_service.errors import TableTooLong
from graph_service.exports.answers import Answer
from graph_service.exports.cells import text
from graph_service.exports.columns import Column
from graph_service.exports.shapes import AREA

MARK = b"\xef\xbb\xbf"
"""By this mark spreadsheets know UTF-8."""
MOST_ROWS = 1_048_575
"""Of a workbook's sheet, below its header."""
MOST_CHARACTERS = 32_767
"""Of a workbook's cell."""
MOST_DIGITS = 15
"""A workbook's numbers are exact so far."""
ROWS, NOTES = "数据", "说明"
WIDEST = 40
OPTIONS = {"constant_memory": True, "use_zip64": True}


def csv_pieces(answer: Answer) -> Generator[bytes]:
    """UTF-8 with its mark, RFC 4180: the header and the first page, then page by page. Raises `Unanswered`."""
    columns = answer.asked.table.columns
    said, mark = StringIO(newline=""), MARK
    lines = csv.writer(said, lineterminator="\r\n")
    lines.writerow([harmless(column.header) for column in columns])
    for page in answer.pages():
        lines.writerows([text(column.read(row)) for column in columns] for row in page)
        yield mark + said.getvalue().encode()
        said.seek(0)
        said.truncate()
        mark = b""


def json_pieces(answer: Answer) -> Generator[bytes]:
    """One object: the question, its day, data version and counts, and `nodes`, the rows as the API gives them. Raises
    `Unanswered`."""
    head = {"field": answer.asked.table.field, "asOf": answer.as_of, "dataVersion": answer.version, **answer.counts}
    yield orjson.dumps(head)[:-1] + b',"nodes":['
    between = b"\n"
    for page in answer.pages():
        for row in page:
            yield between + orjson.dumps(row)
            between = b",\n"
    yield b"\n]}\n"


def workbook(answer: Answer, file: IO[bytes], *, most: int = MOST_ROWS) -> Generator[None]:
    """Write a workbook: rows, then what was asked and answered. Each step writes a page; the file is whole after the last.
    Raises `TableTooLong`, `Unanswered`."""
    if answer.counts.get("totalCount", 0) > most:
        raise TableTooLong(most=most)
    columns = answer.asked.table.columns
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="graph-service-"))
        book = stack.enter_context(Workbook(file, {**OPTIONS, "tmpdir": folder}))
        bold = book.add_format({"bold": True})
        formats = {column.format: book.add_format({"num_format": column.format}) for column in columns if column.format}
        sheet = book.add_worksheet(ROWS)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, min(WIDEST, 4 + 2 * len(column.header)))
            sheet.write_string(0, at, harmless(column.header), bold)
        written = 0
        for page in answer.pages():
            if written + len(page) > most:
                raise TableTooLong(most=most)
            for row in page:
                written += 1
                for at, column in enumerate(columns):
                    _write(sheet, written, at, column, row, formats.get(column.format))
            yield
        sheet.autofilter(0, 0, written, len(columns) - 1)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 80)
        for at, (name, value) in enumerate(_notes(answer, written)):
            notes.write_string(at, 0, name, bold)
            notes.write_string(at, 1, short(harmless(value)))


def _write(sheet: Any, at: int, place: int, column: Column, row: Any, format_: Any) -> None:
    cell = column.read(row)
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(at, place, short(harmless(cell)))
    elif isinstance(cell, float) or len(Decimal(cell).as_tuple().digits) <= MOST_DIGITS:
        sheet.write_number(at, place, cell, format_)
    else:
        sheet.write_string(at, place, str(cell))


def short(said: str) -> str:
    """What does not go into a cell is cut, and says so."""
    if len(said) <= MOST_CHARACTERS // 2:
        return said
    units = said.encode("utf-16-le")
    if len(units) // 2 <= MOST_CHARACTERS:
        return said
    end = f"…(共 {len(said)} 字,其余见 CSV / {len(said)} characters in all: see CSV)"
    return units[: 2 * (MOST_CHARACTERS - len(end))].decode("utf-16-le", "ignore") + end


def _notes(answer: Answer, written: int) -> Iterator[tuple[str, str]]:
    """What the sheet of notes says: names and values."""
    table, asked = answer.asked.table, answer.asked
    yield "问题", table.zh
    yield "Question", f"{table.field}: {table.doc}"
    if AREA in table.parameters:
        yield "区划 Area", f"{asked.area} {answer.place()}".strip() or "全部 / all"
    yield "日期 As of", answer.as_of
    yield "数据版本 Data version", str(answer.version)
    for name, said in asked.said.items():
        yield f"条件 Asked: {name}", said
    yield "行数 Rows", str(written)
    for name, count in answer.counts.items():
        yield f"{table.counts[name]} {name}", str(count)
    yield "生成时间 Made at", datetime.now().astimezone().isoformat(timespec="seconds")
