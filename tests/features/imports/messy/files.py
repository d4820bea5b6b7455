"""Files as the second reader reads them: workbooks by openpyxl, as Excel shows them; texts by csv, line by line."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import mode
from typing import Any, NamedTuple

import openpyxl
from openpyxl.cell.rich_text import CellRichText


class Fault(NamedTuple):
    """The reason why a cell, a column or a row is not understood."""

    code: str


class Number(NamedTuple):
    """A stored number with the unit that its format shows."""

    value: Decimal
    unit: str = ""
    computed: bool = False


class Line(NamedTuple):
    """A row as it stands in a file."""

    number: int
    cells: list[Any]
    hidden: bool = False
    fault: str = ""


def workbook(path: Path) -> Iterator[tuple[str, str, list[Line]]]:
    book, values = (openpyxl.load_workbook(path, data_only=stored, rich_text=True) for stored in (False, True))
    parts = openpyxl.load_workbook(path, read_only=True)
    for sheet in book.worksheets:
        with zipfile.ZipFile(path) as archive:
            root = ET.fromstring(archive.read(vars(parts[sheet.title])["_worksheet_path"]))
        empty_texts = {c.get("r") for c in root.iter() if c.tag.endswith("}c") and c.get("t") == "str"}
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for area in sheet.merged_cells.ranges:
            merged |= dict.fromkeys(((r, c) for r, c in area.cells), (area.min_row, area.min_col))
        grid: list[tuple[Any, Any]] = list(
            zip(sheet.iter_rows(), values[sheet.title].iter_rows(values_only=True), strict=True)
        )
        lines = []
        for row, (cells, _) in enumerate(grid, 1):
            row_cells = []
            for column in range(1, len(cells) + 1):
                r, c = merged.get((row, column), (row, column))
                cell, value = grid[r - 1][0][c - 1], grid[r - 1][1][c - 1]
                formula = cell.data_type == "f"
                if formula and value is None and cell.coordinate not in empty_texts:
                    row_cells.append(Fault("FORMULA_WITHOUT_VALUE"))
                else:
                    row_cells.append(displayed_value(value, cell.number_format, formula))
            lines.append(Line(row, row_cells, bool(sheet.row_dimensions[row].hidden)))
        yield sheet.title, sheet.sheet_state, lines


def displayed_value(value: Any, style: str, formula: bool) -> Any:
    """Return a cell as Excel shows it."""
    if isinstance(value, CellRichText):
        return str(value)
    if isinstance(value, datetime | date):
        parts = set(re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", style).lower()) & set("ymd")
        day = value.date() if isinstance(value, datetime) else value
        return f"{day:%Y-%m}" if parts == {"y", "m"} else f"{day:%Y}" if parts == {"y"} else day
    if isinstance(value, str) and value in ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"):
        return Fault("CELL_ERROR")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    if style.lower() in ("general", "@"):
        return Number(number, computed=formula)
    style = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r'"\1"', style.split(";")[0])
    literals = re.findall(r'"([^"]*)"|[\\!](.)', style)
    codes = re.sub(r'"[^"]*"|[\\!].|[_*].|\[[^\]]*\]', "\0", style)
    unit = "".join(a + b for a, b in literals).strip()
    if re.search(r"[0#?]\0+\.?\0*[0#?]|[0#?],+([^0#?]|$)", codes):
        return Fault("CELL_SHOWN_OTHERWISE")
    if "%" in codes:
        return Number(number * 100, "%", formula)
    unit += "".join(re.findall(r"[^\x00-\x7f]", codes))
    return Number(number, "元" if unit in ("¥", "￥") else unit, formula)


def text_file(path: Path) -> Iterator[tuple[str, str, list[Line]]]:
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    physical_lines = re.split("\r\n|\r|\n", text)
    if not physical_lines[-1]:
        physical_lines.pop()
    beginning = "\n".join(physical_lines[:10])
    mark = max(",，\t;|", key=beginning.count)
    width = mode([line.count(mark) for line in physical_lines[:20] if mark in line] or [0]) + 1
    lines: list[Line] = []
    index = 0
    while index < len(physical_lines):
        size = record_size(physical_lines, index, mark, width)
        cells: list[Any] = next(
            csv.reader(["\n".join(physical_lines[index : index + max(size, 1)])], delimiter=mark), []
        )
        other_marks = max(physical_lines[index].count(separator) for separator in ",，\t;|" if separator != mark)
        fault = "" if size else "CSV_QUOTE"
        if not fault and (any(c.strip() for c in cells[width:]) or (len(cells) == 1 and other_marks >= width - 1 > 0)):
            fault = "ROW_WIDTH"
        lines.append(Line(len(lines) + 1, [c if c.strip() else None for c in cells], False, fault))
        index += max(size, 1)
    yield path.stem, "visible", lines


def record_size(physical_lines: list[str], start: int, mark: str, width: int) -> int:
    """Return the number of lines of a record, or 0 where its quotation mark is never closed or hides a row."""
    text = physical_lines[start]
    for size in range(1, len(physical_lines) - start + 1):
        if size > 1:
            text += "\n" + physical_lines[start + size - 1]
            if physical_lines[start + size - 1].count(mark) >= width - 1:
                return 0
        # A quotation mark opens a cell only at its beginning; inside a cell it is doubled.
        rest = re.sub(rf'(^|(?<={re.escape(mark)}))"(?:[^"]|"")*"(?={re.escape(mark)}|$)', "", text)
        if not re.search(rf'(^|{re.escape(mark)})"', rest):
            return size
    return 0
