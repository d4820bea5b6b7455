"""Messy tables written to files: workbooks by openpyxl, then edited to add what it cannot write; texts by hand."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.features.imports.messy.kinds import Cell
from tests.features.imports.messy.tables import TABLES

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(slots=True, eq=False)
class Row:
    """A row to write: its cells, or in a text file its line; `plants`: the kinds of mess planted in it, with the header of the column."""

    cells: list[Any]
    plants: list[tuple[str, str]] = field(default_factory=list)
    hidden: bool = False
    line: str = ""


@dataclass(slots=True, eq=False)
class Table:
    """A table to write. `shown`: written headers by plain header, where they differ; `above`: rows over the header; `below`: the units in
    the row under it, by header; `units`: units of amounts, by header; `unused`: headers of columns that are not used; `merged`: rows whose cells in a column are merged."""

    sheet: str
    name: str
    rows: list[Row]
    shown: dict[str, str] = field(default_factory=dict)
    above: list[list[Any]] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    below: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    plants: list[tuple[str, str]] = field(default_factory=list)
    merged: list[tuple[list[Row], int]] = field(default_factory=list)
    hidden_columns: set[str] = field(default_factory=set)
    state: str = "visible"

    def header(self) -> list[str]:
        return [*(self.shown.get(column.header, column.header) for column in TABLES[self.sheet]), *self.more]

    def lines(self) -> list[tuple[Row, list[Any]]]:
        """Return the rows to write with their cells, from the first row; those above the records come with an empty `Row`."""
        header_rows = [*self.above]
        if self.groups:
            header_rows.append([self.groups.get(column.header) for column in TABLES[self.sheet]])
        header_rows.append(self.header())
        if self.below:
            header_rows.append([self.below.get(column.header) for column in TABLES[self.sheet]])
        return [*((Row([]), cells) for cells in header_rows), *((row, row.cells) for row in self.rows)]


Plants = dict[str, list[tuple[str, str, int, str]]]


def note(plants: Plants, table: Table, file: str) -> None:
    """Note where each kind was planted: file, sheet, row and header; row 0 stands for a whole column or table."""
    for kind, header in table.plants:
        plants.setdefault(kind, []).append((file, table.name, 0, header))
    for number, (row, _) in enumerate(table.lines(), 1):
        for kind, header in row.plants:
            plants.setdefault(kind, []).append((file, table.name, number, header))


def write_workbook(path: Path, tables: list[Table], *, since_1904: bool = False) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    results: dict[str, dict[str, Any]] = {}
    spoken: set[str] = set()
    for sheet_number, table in enumerate(tables, 1):
        sheet = book.create_sheet(table.name)
        sheet.sheet_state = table.state
        stored = results.setdefault(f"xl/worksheets/sheet{sheet_number}.xml", {})
        row_numbers = {}
        for number, (row, cells) in enumerate(table.lines(), 1):
            row_numbers[row] = number
            if row.hidden:
                sheet.row_dimensions[number].hidden = True
            for column_number, value in enumerate(cells, 1):
                cell = sheet.cell(number, column_number)
                if not isinstance(value, Cell):
                    cell.value = value
                    continue
                cell.value = f"={value.formula}" if value.formula else value.value
                cell.number_format = value.style
                if value.formula:
                    stored[cell.coordinate] = value.value
                if value.rich:
                    text = str(value.value)
                    cell.value = CellRichText(text[:1], TextBlock(InlineFont(b=True), text[1:]))
                if value.spoken:
                    spoken.add(str(value.value))
        if table.groups:
            merge_groups(sheet, table)
        for rows, column_number in table.merged:
            sheet.merge_cells(
                start_row=row_numbers[rows[0]],
                end_row=row_numbers[rows[-1]],
                start_column=column_number,
                end_column=column_number,
            )
        for column_number, column in enumerate(TABLES[table.sheet], 1):
            sheet.column_dimensions[get_column_letter(column_number)].hidden = column.header in table.hidden_columns
    book.save(path)
    edit(path, results, spoken)


def merge_groups(sheet: Any, table: Table) -> None:
    """Merge the upper header row over the columns of a group, and down where a column has no group."""
    top, headers = len(table.above) + 1, [column.header for column in TABLES[table.sheet]]
    first = 0
    while first < len(headers):
        last = first
        group = table.groups.get(headers[first])
        while group and last + 1 < len(headers) and table.groups.get(headers[last + 1]) == group:
            last += 1
        if not group:
            sheet.cell(top, first + 1).value = sheet.cell(top + 1, first + 1).value
        sheet.merge_cells(start_row=top, end_row=top + (not group), start_column=first + 1, end_column=last + 1)
        first = last + 1


def edit(path: Path, results: dict[str, dict[str, Any]], spoken: set[str]) -> None:
    """Add the results of formulas and the phonetic guides, which openpyxl does not write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, stored in results.items():

        def add_result(match: re.Match[str], stored: dict[str, Any] = stored) -> str:
            reference, style, text = match[1], match[2] or "", match[3]
            value = stored.get(reference)
            kind = ' t="e"' if str(value).startswith("#") else ' t="str"' if isinstance(value, str) else ""
            result = "" if value is None else escape(str(value))
            return f'<c r="{reference}"{style}{kind}><f>{text}</f><v>{result}</v></c>'

        cell = r'<c r="(\w+)"( s="\d+")?(?: t="\w+")?><f>(.*?)</f><v ?/?>(?:</v>)?</c>'
        parts[name] = re.sub(cell, add_result, parts[name].decode()).encode()
    share_texts(parts, spoken)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def share_texts(parts: dict[str, bytes], spoken: set[str]) -> None:
    """Move texts to the shared strings of the workbook, as Excel does, with a phonetic guide for the `spoken` ones."""
    index_by_text: dict[str, int] = {}

    def share_text(match: re.Match[str]) -> str:
        return f'<c r="{match[1]}"{match[2] or ""} t="s"><v>{index_by_text.setdefault(match[3], len(index_by_text))}</v></c>'

    for name in parts:
        if name.startswith("xl/worksheets/"):
            cell = r'<c r="(\w+)"( s="\d+")? t="inlineStr"><is>(.*?)</is></c>'
            parts[name] = re.sub(cell, share_text, parts[name].decode(), flags=re.DOTALL).encode()
    guides = {
        f"<t>{escape(text)}</t>": '<rPh sb="0" eb="1"><t>ピンイン</t></rPh><phoneticPr fontId="1"/>' for text in spoken
    }
    entries = "".join(f"<si>{text}{guides.get(text, '')}</si>" for text in index_by_text)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{entries}</sst>'.encode()
    override = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    relationship = '<Relationship Id="rIdTexts" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    for name, closing_tag, element in (
        ("[Content_Types].xml", "</Types>", override),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", relationship),
    ):
        if b"sharedStrings" not in parts[name]:
            parts[name] = parts[name].replace(closing_tag.encode(), element.encode())


def write_text(path: Path, table: Table, rng: Random, *, encoding: str, mark: str, ends: tuple[str, ...]) -> None:
    """Write a table as text, with several `ends` mixed."""
    lines = []
    for row, cells in table.lines():
        line = row.line or mark.join(quote_cell(cell, mark) for cell in cells)
        lines.append(line + rng.choice(ends))
    path.write_bytes("".join(lines).encode(encoding))


def quote_cell(value: Any, mark: str) -> str:
    """Return a cell as written in a text file; a quotation mark inside a cell stays as it is."""
    text = "" if value is None else f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    return '"' + text.replace('"', '""') + '"' if mark in text or "\n" in text or text.startswith('"') else text
