"""Which table of a delivery is which sheet, and where its columns are; by default headers or by a mapping file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from graph_service.declare import Column, Model, Sheet
from graph_service.derive.cells import text_of
from graph_service.derive.sheets import columns
from graph_service.errors import MappingInvalid
from graph_service.readers.delivery import Table

HEADER_ROWS = 10
"""How many rows may stand above the header row: titles, notes."""
NOTE = "#"
"""Columns and sheets whose names begin with it are notes: nothing is read of them, and nothing is said of that."""
REFUSED_FOR, REFUSED_KEY = f"{NOTE}原因代码", f"{NOTE}原编号"
"""Notes of a workbook of refused rows: why a row was refused, and under which number."""
_COPY = re.compile(r"\s*[((]\d+[))]\s*$")
"""What is added to a sheet's name where there are several of it."""


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """A user's mapping file: other names of sheets, other headers of columns."""

    sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """A table, the sheet that it is, the number of its header row and its texts, where its columns are and what they are called
    there. `refused`: where a workbook of refused rows has why and under which number, `REFUSED_FOR` and `REFUSED_KEY`."""

    table: Table
    sheet: Sheet
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    shown: dict[str, str]
    unused: tuple[str, ...]
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A table that is no sheet; where it is called like one, the headers that it lacks of it."""

    table: Table
    lacking: tuple[str, ...]

    def __str__(self) -> str:
        lacks = f"(缺少表头 / lacks the headers: {'、'.join(self.lacking)})" if self.lacking else ""
        return f"{self.table.file}:{self.table.name}{lacks}"


def load_mapping(path: Path, model: Model) -> HeaderMapping:
    """Read a mapping file (TOML). Raises `MappingInvalid`, naming the place.

    [sheets."结对帮扶"]
    names = ["帮扶结对表"]                        # what the sheet or the CSV file is called
    columns."HELPS.since" = ["帮扶起始日"]        # what the column is called
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        loaded: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingInvalid(
            file=path.name, where="-", reason_zh=f"读不出:{error}", reason_en=f"it cannot be read: {error}"
        ) from error
    sheets: dict[str, tuple[str, ...]] = {}
    headers: dict[str, dict[str, tuple[str, ...]]] = {}
    declared = loaded.get("sheets", {})
    if not isinstance(declared, dict) or not all(isinstance(entry, dict) for entry in declared.values()):
        raise MappingInvalid(
            file=path.name,
            where="sheets",
            reason_zh='应写成 [sheets."表名"] 的形式',
            reason_en='write it as [sheets."name of the sheet"]',
        )
    for name, entry in declared.items():
        if name not in model.sheets:
            known = "、".join(model.sheets)
            raise MappingInvalid(
                file=path.name,
                where=f'sheets."{name}"',
                reason_zh=f"没有这个表;可用:{known}",
                reason_en=f"there is no such sheet; there are: {known}",
            )
        sheets[name] = _several(entry.get("names", ()))
        allowed = columns(model, model.sheets[name])
        headers[name] = {}
        for column, texts in entry.get("columns", {}).items():
            if column not in allowed:
                known = ", ".join(allowed)
                raise MappingInvalid(
                    file=path.name,
                    where=f'sheets."{name}".columns."{column}"',
                    reason_zh=f"没有这一列;可用:{known}",
                    reason_en=f"there is no such column; there are: {known}",
                )
            headers[name][column] = _several(texts)
    return HeaderMapping(sheets, headers, text)


def _several(given: object) -> tuple[str, ...]:
    """One text or several."""
    return (
        (given,)
        if isinstance(given, str)
        else tuple(str(text) for text in given)
        if isinstance(given, list | tuple)
        else ()
    )


def template(model: Model) -> str:
    """The default mapping as a file to edit."""
    lines = [
        "# 映射文件:左边是系统的列,右边是登记表里的表头(可写多个)。只保留要改的行即可。",
        "# Mapping: on the left the system's columns, on the right the headers of the register. Keep only what you change.",
    ]
    for sheet in model.sheets.values():
        lines.append(f'\n[sheets."{sheet.name}"]')
        lines.append(f"names = {_texts((sheet.name, *sheet.aliases))}")
        lines.extend(f'columns."{name}" = {_texts(c.headers)}' for name, c in columns(model, sheet).items())
    return "\n".join(lines) + "\n"


def _texts(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def _plain(text: str) -> str:
    """A header without what varies: white space, brackets' width, line breaks, marks of must-fill columns."""
    return re.sub(r"[\s*※()()::]+", "", text).lower()


def match(tables: tuple[Table, ...], model: Model, mapping: HeaderMapping) -> tuple[list[Matched], list[Unmatched]]:
    """(matched tables in the model's order of sheets, tables that are none)."""
    matched: list[Matched] = []
    unmatched: list[Unmatched] = []
    for table in tables:
        if table.name.startswith(NOTE):
            continue
        head = [(row.number, [text_of(c) or "" for c in row.cells]) for row in islice(table.rows(), HEADER_ROWS)]
        named = [s for s in model.sheets.values() if _named(table.name, s, mapping)]
        # What is called like one sheet is not taken for another one because a header is written otherwise.
        candidates = [m for s in named or model.sheets.values() if (m := _as_sheet(table, s, head, model, mapping))]
        best = max(candidates, key=lambda m: len(m.places), default=None)
        if best is None:
            unmatched.append(Unmatched(table, _lacking(named[0], head, model, mapping) if named else ()))
        else:
            matched.append(best)
    order = list(model.sheets)
    matched.sort(key=lambda m: (order.index(m.sheet.name), m.table.file))
    return matched, unmatched


def placed(texts: list[str], sheet: Sheet, wanted: Mapping[str, Column], mapping: HeaderMapping) -> dict[str, int]:
    """Where the columns of a sheet are, if these texts are its header row."""
    plain = [_plain(text) for text in texts]
    places: dict[str, int] = {}
    for name, column in wanted.items():
        for header in (*mapping.headers.get(sheet.name, {}).get(name, ()), *column.headers):
            if (header_plain := _plain(header)) in plain:
                places[name] = plain.index(header_plain)
                break
    return places


def _lacking(sheet: Sheet, head: list[tuple[int, list[str]]], model: Model, mapping: HeaderMapping) -> tuple[str, ...]:
    """The headers of columns that a table lacks to be this sheet, going by the row that is most like its header row."""
    wanted = columns(model, sheet)
    places = max((placed(texts, sheet, wanted, mapping) for _, texts in head), key=len, default={})
    return tuple(column.headers[0] for name, column in wanted.items() if column.required and name not in places)


def _named(name: str, sheet: Sheet, mapping: HeaderMapping) -> bool:
    texts = (*mapping.sheets.get(sheet.name, ()), sheet.name, *sheet.aliases)
    return {_plain(name), _plain(_COPY.sub("", name))} & {_plain(text) for text in texts} != set()


def _as_sheet(
    table: Table, sheet: Sheet, head: list[tuple[int, list[str]]], model: Model, mapping: HeaderMapping
) -> Matched | None:
    """The table read as this sheet, or None where a column that it cannot do without is not there."""
    wanted = columns(model, sheet)
    best: Matched | None = None
    for number, texts in head:
        places = placed(texts, sheet, wanted, mapping)
        if all(name in places for name, c in wanted.items() if c.required) and (
            best is None or len(places) > len(best.places)
        ):
            used = set(places.values())
            unused = tuple(
                text for at, text in enumerate(texts) if text and at not in used and not text.startswith(NOTE)
            )
            header = tuple(" ".join(text.split()) for text in texts)
            shown = {name: header[at] for name, at in places.items()}
            notes = [header.index(note) for note in (REFUSED_FOR, REFUSED_KEY) if note in header]
            refused = tuple(notes) if len(notes) == len((REFUSED_FOR, REFUSED_KEY)) else ()
            best = Matched(table, sheet, number, header, places, shown, unused, refused)
    return best
