"""Workbook of refused rows: corrected there and imported again, they are accepted; uncorrected, they are refused again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import count
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook

from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.domain.days import iso_day
from graph_service.features.imports.read.header_matching import REASON_CODE_HEADER
from graph_service.features.imports.read.header_rows import NOTE_PREFIX
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.mapped_tables import NOTES_SHEET
from graph_service.features.imports.read.row_issues import CODES_TO_VERIFY, ISSUE_MESSAGES
from graph_service.features.imports.validate.output_columns import REASON_HEADERS
from graph_service.features.imports.validate.rejected_rows import RejectedRow, RejectedRowCollector, RejectedTable
from graph_service.platform.formula_escape import escape_formula
from graph_service.platform.readers.cells import Cell

NOT_USED_SHEET, TO_VERIFY_SHEET = f"{NOTE_PREFIX}未使用", f"{NOTE_PREFIX}请核对"
LEFT_OUT_HEADERS = ("文件", "表", "行", "列", "内容", "行数", "代码", "原因", "Reason")
TEXT_FORMAT, DAY_FORMAT, GENERAL_FORMAT = "@", "yyyy-mm-dd", "General"
FAULT_COLOR, FLAG_COLOR, NO_COLOR = "#FFC7CE", "#FFEB9C", ""
"""Colours of cells for which a row was refused (red), and of cells that are only flagged (yellow)."""
NOTE_COLOR = "#808080"
COLUMN_WIDTH = 14
MIN_YEAR = 1900
"""The first year for which a workbook has days."""
MAX_SHEET_NAME_LENGTH = 31
"""Maximum characters of the name of a workbook's sheet."""
_INVALID_NAME_CHARACTERS = re.compile(r"[\[\]:*?/\\]")
WORKBOOK = "workbook"
"""Name of the workbook as a field, and in the audit log."""
WORKBOOK_OPTIONS = {"constant_memory": True, "use_zip64": True}


def workbook_record(
    rejected_rows: RejectedRowCollector, user: str, operation: str, purpose: str, request: str = ""
) -> AuditRecord:
    """Return what the audit log tells of a workbook: how many rows it has, which nobody has assigned to areas."""
    return AuditRecord(
        user,
        AuditEvent.READ,
        operation,
        purpose,
        areas=EVERYWHERE,
        values=(WORKBOOK,),
        count=rejected_rows.kept_count,
        request=request,
    )


def write_correction_workbook(
    rejected_rows: RejectedRowCollector, day: int, file: IO[bytes], left_out: Sequence[LeftOutPart] = ()
) -> None:
    """Write the workbook: a sheet for each sheet that has refused rows, under its name, with headers, rows and reasons; sheets of the
    parts that were not used, and of those that were used and are to be verified (`left_out`); a sheet of notes. `day`: day of the
    collection (YYYYMMDD)."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="graph-service-"))
        book = stack.enter_context(Workbook(file, {**WORKBOOK_OPTIONS, "tmpdir": folder}))
        formats = _CellFormats(book)
        for name, table in _named_tables(rejected_rows):
            _write_table(book.add_worksheet(name), table, formats)
        used = [part for part in left_out if part.code in CODES_TO_VERIFY]
        unused = [part for part in left_out if part.code not in CODES_TO_VERIFY]
        for name, parts in ((NOT_USED_SHEET, unused), (TO_VERIFY_SHEET, used)):
            if parts:
                _write_left_out(book.add_worksheet(name), parts, formats)
        notes = book.add_worksheet(NOTES_SHEET)
        notes.set_column(0, 0, 120)
        for row_index, line in enumerate(_notes(rejected_rows, day)):
            notes.write_string(row_index, 0, line)


class _CellFormats:
    """Cell formats by number format and colour."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format({"bold": True, "num_format": TEXT_FORMAT})
        self.note = book.add_format({"font_color": NOTE_COLOR, "num_format": TEXT_FORMAT})
        self._cell_formats = {
            (number_format, color): book.add_format(
                {"num_format": number_format, **({"bg_color": color} if color else {})}
            )
            for number_format in (TEXT_FORMAT, DAY_FORMAT, GENERAL_FORMAT)
            for color in (NO_COLOR, FAULT_COLOR, FLAG_COLOR)
        }

    def cell(self, number_format: str, color: str = NO_COLOR) -> Any:
        return self._cell_formats[number_format, color]


def _named_tables(rejected_rows: RejectedRowCollector) -> Iterator[tuple[str, RejectedTable]]:
    """Yield tables under names that a workbook can have, each once: the second table of a name gets the suffix (2)."""
    used_names: set[str] = set()
    for table in rejected_rows.tables.values():
        plain_name = _INVALID_NAME_CHARACTERS.sub("_", table.sheet).strip("'")[: MAX_SHEET_NAME_LENGTH - 6] or "_"
        name = next(
            numbered_name for numbered_name in _numbered_names(plain_name) if numbered_name.lower() not in used_names
        )
        used_names.add(name.lower())
        yield name, table


def _numbered_names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({number})" for number in count(2))


def _write_table(sheet: Any, table: RejectedTable, formats: _CellFormats) -> None:
    width = max(len(table.columns), *(len(row.cells) for row in table.rows))
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(table.columns):
        # A long number that a user enters stays text.
        sheet.set_column(
            position, position, COLUMN_WIDTH, formats.cell(TEXT_FORMAT if column.is_text else GENERAL_FORMAT)
        )
        sheet.write_string(0, position, escape_formula(column.header), formats.header)
    sheet.set_column(width, width + len(REASON_HEADERS) - 1, COLUMN_WIDTH, formats.note)
    for position, reason in enumerate(REASON_HEADERS, width):
        sheet.write_string(0, position, reason, formats.note)
    for line, row in enumerate(table.rows, 1):
        colors = dict.fromkeys(row.flagged_positions, FLAG_COLOR) | dict.fromkeys(row.faulty_positions, FAULT_COLOR)
        for position, cell in enumerate(row.cells):
            is_text = position < len(table.columns) and table.columns[position].is_text
            color = colors.get(position, NO_COLOR)
            _write_cell(sheet, line, position, cell, formats, is_text=is_text, color=color)
        for position, text in enumerate(_reason_texts(table, row), width):
            sheet.write_string(line, position, escape_formula(text), formats.note)


def _write_left_out(sheet: Any, left_out: Sequence[LeftOutPart], formats: _CellFormats) -> None:
    """Write parts of the delivery, a line each, with the reason."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(LEFT_OUT_HEADERS) - 1, COLUMN_WIDTH, formats.note)
    for position, header in enumerate(LEFT_OUT_HEADERS):
        sheet.write_string(0, position, header, formats.header)
    for line, part in enumerate(left_out, 1):
        zh, en = ISSUE_MESSAGES[part.code]
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
        for position, text in enumerate(texts):
            if text:
                sheet.write_string(line, position, escape_formula(text), formats.note)


def _write_cell(
    sheet: Any, line: int, column: int, cell: Cell, formats: _CellFormats, *, is_text: bool, color: str
) -> None:
    number_format = TEXT_FORMAT if is_text else GENERAL_FORMAT
    if cell is None:
        if color:
            sheet.write_blank(line, column, None, formats.cell(number_format, color))
    elif isinstance(cell, bool):
        sheet.write_boolean(line, column, cell, formats.cell(number_format, color))
    elif isinstance(cell, (int, float)):
        sheet.write_number(line, column, cell, formats.cell(number_format, color))
    elif isinstance(cell, date) and cell.year >= MIN_YEAR:
        sheet.write_datetime(line, column, cell, formats.cell(DAY_FORMAT, color))
    else:
        sheet.write_string(line, column, escape_formula(str(cell)), formats.cell(TEXT_FORMAT, color))


def _reason_texts(table: RejectedTable, row: RejectedRow) -> tuple[str, ...]:
    """Return the texts under `REASON_HEADERS`; the column under its header in this workbook."""
    codes = [issue.code for issue, _ in row.issues]
    columns = [issue.column if position is None else table.columns[position].header for issue, position in row.issues]
    # Candidates for a name are listed: the user chooses among them with only the workbook at hand.
    candidates = [
        f" ({issue.value})" if issue.code.startswith("NAME_") and issue.value else "" for issue, _ in row.issues
    ]
    texts = [
        (zh + value, en + value)
        for (zh, en), value in zip(map(ISSUE_MESSAGES.__getitem__, codes), candidates, strict=True)
    ]
    return (
        row.file, str(row.row_number), row.key, " ".join(codes), "；".join(zh for zh, _ in texts),
        "; ".join(en for _, en in texts), " ".join(columns),
    )  # fmt: skip


def _notes(rejected_rows: RejectedRowCollector, day: int) -> Iterator[str]:
    day_text = iso_day(day)
    options = " ".join((f"--day {day_text}", *rejected_rows.area_options))
    yield f"采集日 {day_text} 的拒收行共 {rejected_rows.kept_count + rejected_rows.omitted_count} 行，本文件含 {rejected_rows.kept_count} 行。请改正后导入本文件（{options}）。"
    yield f"{rejected_rows.kept_count + rejected_rows.omitted_count} rows of the collection of {day_text} were refused; this file contains {rejected_rows.kept_count} of them. Correct them and import this file ({options})."
    if rejected_rows.omitted_count:
        yield f"另有 {rejected_rows.omitted_count} 行因行数过多或内容过大未写入；请改正原文件后重新导入。"
        yield f"{rejected_rows.omitted_count} more rows were not written because they are too many or too large. Correct the original file and import it again."
    yield f"名称以 {NOTE_PREFIX} 开头的列和表仅作说明，导入时忽略。红色单元格是拒收的原因，改正后方可录入；黄色单元格只作标记，不影响录入，请核对。"
    yield f"Columns and sheets whose names begin with {NOTE_PREFIX} are notes and are ignored when the file is imported. A red cell is why its row was refused: correct it. A yellow cell is only flagged and keeps no row out: verify it."
    yield f"编号重复（KEY_DUPLICATE）的行，编号未改则仍拒收；如应以此行为准，请清空该行的“{REASON_CODE_HEADER}”。"
    yield f"A row with a duplicate number (KEY_DUPLICATE) is refused again unless its number is changed. If this row is the correct one, clear its cell under {REASON_CODE_HEADER}."
    for name, table in _named_tables(rejected_rows):
        if table.needs_mapping:
            yield f"表“{name}”须用原来的映射文件导入。 / The sheet {name} must be imported with its original mapping file."
