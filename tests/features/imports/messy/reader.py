"""A second reader of registers, written from the rules of docs/reference/files.md alone; it shares no code with the service."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.features.imports.messy.files import Fault, Line, Number, text_file, workbook
from tests.features.imports.messy.tables import REQUIRED, TABLES, Column, code_list

YUAN = {"分": "0.01", "角": "0.1", "元": 1, "百元": 100, "千元": 1000, "万元": 10**4, "十万元": 10**5, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}  # fmt: skip
UNITS: dict[str, dict[str, Any]] = {
    "amount": YUAN, "area": {"亩": 1, "公顷": 15}, "distance": {"公里": 1, "米": "0.001", "里": "0.5"},
    "rate": {"%": 10**4, "‰": 10**3}, "人": {"人": 1, "口": 1}, "户": {"户": 1}, "月": {"月": 1},
}  # fmt: skip
FILLERS = {"无", "-", "—", "/", "0", "null", "n/a", "待定", "同上", "空"}
OPEN_ENDS = {"至今", "长期", "无", "-", "—", "/", "目前", "现在", "在任"}
TOTAL = re.compile(r"(.{0,8}(合计|总计|小计|共计|累计)([:(].*)?|共\d+[户人笔项].*)$")
NOTE = re.compile(
    r"((注|备注|说明|附注|填表说明)\d*:|(填表人|审核人|制表人|负责人|填报单位|填报人|经办人).{0,8}[:(]|第\d+页)"
)
NUMBER = re.compile(r"(¥?)([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) ?(\D*)$")
TITLE_UNIT = re.compile(r"(?:^|[^\u4e00-\u9fff]|金额|计量|货币)单位:([^\s)\]】〕]+)")
ALL_UNITS = {"年", "次", *(unit for units in UNITS.values() for unit in units)}
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@dataclass(slots=True)
class Reading:
    """The content of a row. `outcome`: record, refused or left out, for the reason `code`. `flags`: header → code to report."""

    outcome: str = "record"
    code: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Delivery:
    """Readings by (file, sheet, row); columns and sheets that are not used, with the reason."""

    rows: dict[tuple[str, str, int], Reading] = field(default_factory=dict)
    columns: dict[tuple[str, str, str], str] = field(default_factory=dict)
    sheets: dict[tuple[str, str], str] = field(default_factory=dict)


def plain(cell: Any) -> str:
    """Return the text of a cell in half-width characters, without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else ""


def read(paths: list[Path]) -> Delivery:
    """Return the readings of the files of a delivery."""
    delivery = Delivery()
    for path in paths:
        for name, state, lines in workbook(path) if path.suffix == ".xlsx" else text_file(path):
            if state != "visible":
                delivery.sheets[path.name, name] = "SHEET_HIDDEN"
            else:
                read_table(delivery, (path.name, name), lines)
    return delivery


def read_table(delivery: Delivery, table_key: tuple[str, str], lines: list[Line]) -> None:
    """Add the readings of a table to a delivery; the name of its sheet tells the columns."""
    sheet = re.sub(r"\s*\(\d+\)$", "", unicodedata.normalize("NFKC", table_key[1]))
    best: tuple[int, int, dict[int, tuple[Column, str]], list[str]] = (0, 0, {}, [])
    for line_index, line in enumerate(lines[:10]):
        for with_upper_row in (False, True):
            texts = [plain(c) for c in line.cells]
            if with_upper_row and line_index:
                above = [plain(c) for c in lines[line_index - 1].cells]
                joined_texts = [
                    u + t if u != t else t for u, t in zip_longest(above[: len(texts)], texts, fillvalue="")
                ]
                texts = [t if not find(sheet, j) else j for j, t in zip(joined_texts, texts, strict=True)]
            hits = {index: hit for index, text in enumerate(texts) if text and (hit := find(sheet, text))}
            if len(hits) > best[0]:
                best = (len(hits), line_index, hits, texts)
    _, header_index, hits, texts = best
    title_unit = next((m[1] for line in lines[:header_index] for c in line.cells if isinstance(c, str)
                  if (m := TITLE_UNIT.search(unicodedata.normalize("NFKC", c)))), "")  # fmt: skip
    titles = {text for line in lines[:header_index] for c in line.cells if (text := plain(c))} - set(texts)
    units_below = {
        index: plain(c)
        for line in lines[header_index + 1 : header_index + 2]
        for index, c in enumerate(line.cells)
        if c is not None
    }
    units_below = units_below if set(units_below.values()) <= ALL_UNITS else {}
    header_index += bool(units_below)
    columns: dict[int, tuple[Column, str]] = {}
    for index, text in enumerate(texts):
        if index not in hits:
            if text or any(
                index < len(line.cells) and line.cells[index] is not None for line in lines[header_index + 1 :]
            ):
                delivery.columns[(*table_key, text)] = "COLUMN_UNKNOWN"
            continue
        column, header_unit = hits[index]
        units = [u for u in re.split("[、/,;]", title_unit) if u in UNITS.get(dimension(column), {})]
        header_unit = header_unit or units_below.get(index, "")
        unit = header_unit or (
            units[0] if len(units) == 1 else column.unit if not title_unit or column.kind != "amount" else title_unit
        )
        if sum(candidate.header == column.header for candidate, _ in hits.values()) > 1:
            delivery.columns[(*table_key, text)] = "COLUMN_TWICE"
        elif unit and unit not in UNITS.get(dimension(column), {}):
            delivery.columns[(*table_key, text)] = "COLUMN_UNIT"
        else:
            columns[index] = (column, unit)
    is_header_changed = False
    for line in lines[header_index + 1 :]:
        if not line.fault and all(c is None for c in line.cells):
            continue
        cells = [plain(c) for c in line.cells]
        header_count = sum(bool(text) and find(sheet, text) is not None for text in cells)
        if line.hidden or line.fault:
            reading = read_row(sheet, line, columns, titles)
        elif header_count > 1 and 2 * header_count > sum(c is not None for c in line.cells):
            is_header_changed = any(text and text != h for text, h in zip_longest(cells, texts, fillvalue=""))
            reading = (
                Reading("refused", "HEADER_CHANGED") if is_header_changed else Reading("left out", "HEADER_REPEATED")
            )
        else:
            reading = (
                Reading("refused", "BELOW_OTHER_HEADER")
                if is_header_changed
                else read_row(sheet, line, columns, titles)
            )
        delivery.rows[(*table_key, line.number)] = reading


def dimension(column: Column) -> str:
    """Return the dimension that a column measures: its kind, or for a count the unit that is counted."""
    return column.unit if column.kind == "count" else column.kind


def find(sheet: str, text: str) -> tuple[Column, str] | None:
    """Return the column that a header names, and the unit in the header; None where it names no column."""
    for column in sorted(TABLES[sheet], key=lambda c: -len(c.header)):
        rest = text.removeprefix(column.header)
        if not rest:
            return column, ""
        if rest != text and dimension(column) in UNITS and re.match(r"[(\[【〔{/:_]|" + "|".join(YUAN), rest):
            return column, re.sub(r"[()\[\]【】〔〕{}/:_]|单位", "", rest)
    return None


def read_row(
    sheet: str,
    line: Line,
    columns: dict[int, tuple[Column, str]],
    titles: set[str],
) -> Reading:
    if line.hidden:
        return Reading("left out", "HIDDEN_ROW")
    if line.fault:
        return Reading("refused", line.fault)
    texts = [t for c in line.cells if (t := plain(c))]
    first = next((t for t in texts), "")
    if first in titles:
        return Reading("left out", "HEADER_REPEATED")
    if TOTAL.match(first):
        return Reading("left out", "TOTAL_ROW")
    if NOTE.match(first):
        return Reading("left out", "NOTE_ROW")
    reading = Reading(values=dict.fromkeys(column.header for column in TABLES[sheet]))
    for index, (column, unit) in columns.items():
        cell = line.cells[index] if index < len(line.cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            value: Any = None
        else:
            value, code = understand(column, cell, unit)
            if code:
                reading.flags[column.header] = code
        is_required = column.kind in ("key", "need", "voucher", "kind") or column.header in REQUIRED.get(sheet, ())
        if is_required and reading.flags.get(column.header) == "CELL_FILLER":
            value = None
        if (is_required and value is None) or (
            column.kind in ("first", "last", "on") and value is None and column.header in reading.flags
        ):
            reading.outcome, reading.code = (
                "refused",
                reading.flags.get(
                    column.header, "KEY_MISSING" if column.kind in ("key", "need", "voucher") else "VALUE_MISSING"
                ),
            )
        reading.values[column.header] = value
    return reading


def understand(column: Column, cell: Any, unit: str) -> tuple[Any, str]:
    """Return the value of a cell, None where it is not understood, and the code to report."""
    kind = column.kind
    if isinstance(cell, Fault):
        return ("OTHER", "") if kind in ("word", "words") else None, cell.code
    if dimension(column) in UNITS:
        return measured(dimension(column), cell, unit)
    if kind in ("key", "need", "voucher", "ref"):
        return number_of(cell, voucher=kind == "voucher")
    if kind in ("first", "last", "on", "begins", "ends", "day", "birth"):
        return day_of(kind, cell)
    text = f"{cell.value:f}" if isinstance(cell, Number) else str(cell).strip()
    narrow = plain(text)
    if kind == "document":
        return (None, "ID_STORED_AS_NUMBER") if isinstance(cell, Number) and len(text) >= 15 else (narrow, "")
    if kind == "name":
        text = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", text)
    if kind == "name" and (narrow.lower() in FILLERS or re.search("[,、;/]", narrow)):
        return None, "CELL_FILLER" if narrow.lower() in FILLERS else "NAMES_LISTED"
    if kind in ("text", "name", "phone", "kind"):
        return text, ""
    if kind == "year":
        match = re.fullmatch(r"(\d{4})(年|年?[-./年]?(0?[1-9]|1[0-2])月?)?", narrow)
        return (int(match[1]), "") if match and 1900 <= int(match[1]) <= 2100 else (None, "NUMBER_INVALID")
    member_by_word = {"是": True, "否": False} if kind == "flag" else code_list(column.code_list)
    words = re.split("[、,;/]", narrow) if kind == "words" else [narrow]
    members = [member_by_word.get(word) for word in words]
    if None not in members:
        return (sorted(map(str, members)) if kind == "words" else members[0]), ""
    filler = "CELL_FILLER" if narrow.lower() in FILLERS else ""
    return (None, filler or "FLAG_UNKNOWN") if kind == "flag" else (("OTHER", text), filler or "VALUE_UNKNOWN")


def measured(kind: str, cell: Any, unit: str) -> tuple[Any, str]:
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip()
        if text.lower() in FILLERS - {"0"}:
            return None, "CELL_FILLER"
        match = NUMBER.match(text)
        if not match or (match[1] and match[3]):
            return None, "NUMBER_INVALID"
        cell = Number(Decimal(match[2].replace(",", "")), "元" if match[1] else match[3])
    if not isinstance(cell, Number) or cell.unit not in {"", *UNITS[kind]}:
        return None, "NUMBER_INVALID"
    unit = cell.unit or unit
    if kind == "rate" and not unit:
        if cell.value <= 1:
            return None, "RATE_AMBIGUOUS"
        unit = "%"
    value = cell.value * Decimal(UNITS[kind].get(unit, 1))
    if kind == "amount":
        fen = value * 100
        if fen == int(fen):
            return int(fen), ""
        return (
            (int(fen.quantize(Decimal(1), ROUND_HALF_EVEN)), "AMOUNT_ROUNDED")
            if cell.computed
            else (None, "AMOUNT_TOO_FINE")
        )
    if kind not in ("area", "distance"):
        return (int(value), "") if value == int(value) else (None, "NUMBER_INVALID")
    return float(value), ""


def number_of(cell: Any, *, voucher: bool) -> tuple[Any, str]:
    """Return a number that identifies a record, and the code to report."""
    if isinstance(cell, Number):
        is_whole = cell.value == int(cell.value) and not cell.unit and abs(cell.value) < 10**14
        return (str(int(cell.value)), "") if is_whole else (None, "KEY_STORED_AS_NUMBER")
    if not isinstance(cell, str):
        return None, "KEY_STORED_AS_DATE"
    text = re.sub(r'^="(.*)"$', r"\1", "".join(c for c in cell if unicodedata.category(c) != "Cf").strip())
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in FILLERS or not text:
        return None, "KEY_MISSING"
    forbidden = r"[\n\x00-\x08\x0e-\x1f]" if voucher else r"[\s\x00-\x1f,，。；;：:]"
    return (None, "KEY_SHAPE") if re.search(forbidden, text) else (text, "")


def day_of(kind: str, cell: Any) -> tuple[Any, str]:
    if isinstance(cell, date):
        return int(f"{cell:%Y%m%d}"), ""
    text = plain(f"{cell.value:f}" if isinstance(cell, Number) else str(cell)).removesuffix("00:00:00")
    if text in OPEN_ENDS:
        return (None, "") if kind in ("last", "ends") else (None, "CELL_FILLER")
    text = re.sub(
        r"([二三])?十([一二三四五六七八九])?(?=[月日])", lambda m: f"{m[1] or '一'}{m[2] or '〇'}", text
    ).translate(DIGITS)
    match = re.fullmatch(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))", text)
    if match:
        year, month, day = (int(part) for part in (match[1], *(p for p in match.groups()[2:] if p)))
        try:
            return int(f"{date(year, month, day):%Y%m%d}"), ""
        except ValueError:
            return None, "DATE_INVALID"
    match = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", text)
    if match and 1 <= int(match[2] or match[3]) <= 12:
        if kind in ("day", "birth"):
            return None, "MONTH_ONLY"
        year, month = int(match[1]), int(match[2] or match[3])
        next_month = date(year + month // 12, month % 12 + 1, 1)
        day_ = date(year, month, 1) if kind in ("first", "begins") else next_month - timedelta(1)
        return int(f"{day_:%Y%m%d}"), "DAY_FROM_MONTH"
    return None, "DATE_INVALID"
