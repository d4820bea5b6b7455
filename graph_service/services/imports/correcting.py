"""Refused rows as a workbook: corrected there and imported again, they go in; uncorrected, they are refused again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import count
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook

from graph_service.derive.days import iso_day
from graph_service.derive.harmless import harmless
from graph_service.readers.cells import Cell
from graph_service.services.imports.header_rows import NOTE
from graph_service.services.imports.headers import REASONS
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.mapped_tables import NOTES
from graph_service.services.imports.matching import REFUSED_FOR
from graph_service.services.imports.rejects import Reject, RejectedTable, Rejects
from graph_service.services.troubles import TROUBLES

NOT_USED = f"{NOTE}未使用"
NOT_USED_HEADERS = ("文件", "表", "行", "列", "内容", "行数", "代码", "原因", "Reason")
TEXT, DAY, PLAIN = "@", "yyyy-mm-dd", "General"
BLAMED = "#FFC7CE"
TOLD = "#808080"
WIDE = 14
EARLIEST = 1900
"""The first year that a workbook has days of."""
LONGEST_NAME = 31
"""Of a workbook's sheet."""
_UNNAMED = re.compile(r"[\[\]:*?/\\]")
OPTIONS = {"constant_memory": True, "use_zip64": True}


def workbook(rejects: Rejects, day: int, file: IO[bytes], left_out: Sequence[LeftOut] = ()) -> None:
    """Write it: for each sheet that has refused rows one of that name, with headers, rows, reasons; a sheet of what was not used
    (`left_out`) and a sheet of notes. `day`: of the collection (YYYYMMDD)."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="graph-service-"))
        book = stack.enter_context(Workbook(file, {**OPTIONS, "tmpdir": folder}))
        formats = _Formats(book)
        for name, table in _named(rejects):
            _write(book.add_worksheet(name), table, formats)
        if left_out:
            _write_left_out(book.add_worksheet(NOT_USED), left_out, formats)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 0, 120)
        for at, line in enumerate(_notes(rejects, day)):
            notes.write_string(at, 0, line)


class _Formats:
    """Formats of cells by how values are shown and whether the cell is to blame."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format({"bold": True, "num_format": TEXT})
        self.told = book.add_format({"font_color": TOLD, "num_format": TEXT})
        self._made = {
            (shown, blamed): book.add_format({"num_format": shown, **({"bg_color": BLAMED} if blamed else {})})
            for shown in (TEXT, DAY, PLAIN)
            for blamed in (False, True)
        }

    def of(self, shown: str, *, blamed: bool = False) -> Any:
        return self._made[shown, blamed]


def _named(rejects: Rejects) -> Iterator[tuple[str, RejectedTable]]:
    """Tables under names that a workbook can have, each once: the second of a name is called so with (2)."""
    taken: set[str] = set()
    for table in rejects.tables.values():
        plain = _UNNAMED.sub("_", table.sheet).strip("'")[: LONGEST_NAME - 6] or "_"
        name = next(one for one in _numbered(plain) if one.lower() not in taken)
        taken.add(name.lower())
        yield name, table


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({at})" for at in count(2))


def _write(sheet: Any, table: RejectedTable, formats: _Formats) -> None:
    width = max(len(table.columns), *(len(row.cells) for row in table.rows))
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        # What is entered anew as a long number stays text.
        sheet.set_column(at, at, WIDE, formats.of(TEXT if column.textual else PLAIN))
        sheet.write_string(0, at, harmless(column.header), formats.header)
    sheet.set_column(width, width + len(REASONS) - 1, WIDE, formats.told)
    for at, reason in enumerate(REASONS, width):
        sheet.write_string(0, at, reason, formats.told)
    for line, row in enumerate(table.rows, 1):
        blamed = row.blamed
        for at, cell in enumerate(row.cells):
            textual = at < len(table.columns) and table.columns[at].textual
            _write_cell(sheet, line, at, cell, formats, textual=textual, blamed=at in blamed)
        for at, said in enumerate(_told(table, row), width):
            sheet.write_string(line, at, harmless(said), formats.told)


def _write_left_out(sheet: Any, left_out: Sequence[LeftOut], formats: _Formats) -> None:
    """What of the delivery was not used, a line each."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(NOT_USED_HEADERS) - 1, WIDE, formats.told)
    for at, header in enumerate(NOT_USED_HEADERS):
        sheet.write_string(0, at, header, formats.header)
    for line, part in enumerate(left_out, 1):
        zh, en = TROUBLES[part.code]
        texts = (
            part.file,
            part.sheet,
            str(part.row or ""),
            part.column,
            part.value,
            str(part.count or ""),
            part.code,
            zh,
            en,
        )
        for at, text in enumerate(texts):
            if text:
                sheet.write_string(line, at, harmless(text), formats.told)


def _write_cell(sheet: Any, line: int, at: int, cell: Cell, formats: _Formats, *, textual: bool, blamed: bool) -> None:
    usual = TEXT if textual else PLAIN
    if cell is None:
        if blamed:
            sheet.write_blank(line, at, None, formats.of(usual, blamed=True))
    elif isinstance(cell, bool):
        sheet.write_boolean(line, at, cell, formats.of(usual, blamed=blamed))
    elif isinstance(cell, (int, float)):
        sheet.write_number(line, at, cell, formats.of(usual, blamed=blamed))
    elif isinstance(cell, date) and cell.year >= EARLIEST:
        sheet.write_datetime(line, at, cell, formats.of(DAY, blamed=blamed))
    else:
        sheet.write_string(line, at, harmless(str(cell)), formats.of(TEXT, blamed=blamed))


def _told(table: RejectedTable, row: Reject) -> tuple[str, ...]:
    """What stands under `REASONS`; the column as it is called here."""
    codes = [issue.code for issue, _ in row.issues]
    columns = [issue.column if place is None else table.columns[place].header for issue, place in row.issues]
    # Who or what a name may stand for is chosen by who has the workbook alone.
    told = [f" ({issue.value})" if issue.code.startswith("NAME_") and issue.value else "" for issue, _ in row.issues]
    texts = [(zh + value, en + value) for (zh, en), value in zip(map(TROUBLES.__getitem__, codes), told, strict=True)]
    return (
        row.file, str(row.number), row.key, " ".join(codes), "；".join(zh for zh, _ in texts),
        "; ".join(en for _, en in texts), " ".join(columns),
    )  # fmt: skip


def _notes(rejects: Rejects, day: int) -> Iterator[str]:
    of = iso_day(day)
    given = " ".join((f"--day {of}", *rejects.area_options))
    yield f"未录入的行,采集日 {of}:共 {rejects.rows + rejects.left_out} 行,此处 {rejects.rows} 行。改正后导入本文件({given})。"
    yield f"Rows that were refused, of the collection of {of}: {rejects.rows + rejects.left_out}, of which {rejects.rows} are here. Correct them and import this file ({given})."
    if rejects.left_out:
        yield f"另有 {rejects.left_out} 行过多或过大,未写入;请改正后再导入原文件。"
        yield f"{rejects.left_out} more are too many or too large for this file: import the corrected original again."
    yield f"名称以 {NOTE} 开头的列和表只是说明,导入时忽略;着色的单元格是有问题的。"
    yield f"Columns and sheets whose names begin with {NOTE} are notes, which an import ignores; the coloured cell is what is wrong."
    yield f"编号重复(KEY_DUPLICATE)的行,编号未改则仍拒收;如应以此行为准,请清空该行的“{REFUSED_FOR}”。"
    yield f"A row whose number is there twice (KEY_DUPLICATE) stays refused until its number is another one; where this row is the right one, clear its cell under {REFUSED_FOR}."
    for name, table in _named(rejects):
        if table.mapped:
            yield f"表“{name}”须用原来的映射文件导入。 / The sheet {name} needs the mapping that it was delivered with."
