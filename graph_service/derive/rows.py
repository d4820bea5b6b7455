"""A sheet's rows → what they write. Made once for a sheet and its header row; a row is then only lists."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graph_service.codec import Codec
from graph_service.declare import FIRST_DAY, LAST_DAY, Column, Kind, Model, Property, Relationship, Sheet, Write
from graph_service.derive.cells import CellRefused, Parser, key_text, parser, text_of, unit_of
from graph_service.derive.following import follower
from graph_service.derive.sheets import column_name, columns
from graph_service.readers.cells import Cell

KEY_MISSING = "KEY_MISSING"
TOTALS = {"合计", "总计", "小计", "共计"}
"""What stands in the first column of a row that sums others."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one cell or row: stable code, column's header, value as read."""

    code: str
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class Parsed:
    """One row: its values by column name, or why it is refused."""

    values: dict[str, Any] = field(default_factory=dict)
    refused: Trouble | None = None
    flagged: list[Trouble] = field(default_factory=list)
    shown_key: str = ""


class RowReader:
    """Rows of one sheet under one header row."""

    def __init__(self, model: Model, sheet: Sheet, header: dict[str, int], shown: dict[str, str], codec: Codec) -> None:
        """`header`: column name → position; `shown`: its text as the file has it. Columns that are not there read as blank."""
        self._columns = columns(model, sheet)
        self.told = {name: shown.get(name, c.headers[0]) for name, c in self._columns.items()}
        self._places: list[tuple[str, int, Parser, str, str]] = [
            (
                name,
                header[name],
                key_text_parser
                if name in sheet.key and _is_key(c)
                else _sealing(name, _measured(c.property, self.told[name]), codec),
                _lacking(c),
                self.told[name],
            )
            for name, c in self._columns.items()
            if name in header
        ]
        self._followers = [
            (header[name], follow)
            for name, c in self._columns.items()
            if name in header
            and (label := model.labels.get(name.partition(".")[0])) is not None
            and (follow := follower(label, c.property, codec)) is not None
        ]
        self._missing = [c for name, c in self._columns.items() if c.required and name not in header]
        self._key = sheet.key[0]
        self._first = header.get(self._key, 0)
        self._intervals = [
            (name.replace(".until", ".since").replace(".ends_on", ".starts_on"), name)
            for name in self._columns
            if name.endswith((".until", ".ends_on"))
        ]

    def read(self, cells: Sequence[Cell]) -> Parsed:
        """Parse one row; never raises."""
        parsed = Parsed()
        values, width = parsed.values, len(cells)
        parsed.shown_key = text_of(cells[self._first]) or "" if self._first < width else ""
        if parsed.shown_key in TOTALS:
            parsed.refused = Trouble("TOTAL_ROW", self.told[self._key], parsed.shown_key)
            return parsed
        for name, at, parse, lacking, header in self._places:
            cell = cells[at] if at < width else None
            try:
                value, flag = parse(cell)
            except CellRefused as error:
                self._refuse(parsed, error.code, header, cell)
                continue
            if lacking and (value is None or value == (None, None)):
                self._refuse(parsed, lacking, header, cell, first=lacking == KEY_MISSING)
            if flag is not None:
                parsed.flagged.append(Trouble(flag, header, text_of(cell) or ""))
            values[name] = value
        for at, follow in self._followers:
            follow(cells[at] if at < width else None, values)
        for first, last in self._intervals:
            since, until = values.get(first), values.get(last)
            if until is not None and since is not None and until < since:
                self._refuse(parsed, "INTERVAL_REVERSED", self.told[last], until)
        return parsed

    @staticmethod
    def _refuse(parsed: Parsed, code: str, column: str, cell: Cell, *, first: bool = False) -> None:
        # A missing key is told before anything else: without it nobody finds the row.
        if parsed.refused is None or (first and parsed.refused.code != KEY_MISSING):
            parsed.refused = Trouble(code, column, text_of(cell) or "")


def _lacking(column: Column) -> str:
    """The code under which a row is refused where the cell is blank; none where it may be."""
    if not column.required:
        return ""
    return "FIGURE_MISSING" if column.property.required else KEY_MISSING


def _measured(property_: Property, header: str) -> Property:
    """The property with the unit of a file's column."""
    if property_.kind is not Kind.YUAN:
        return property_
    return replace(property_, unit=unit_of(header, property_.unit))


def _sealing(name: str, property_: Property, codec: Codec) -> Parser:
    """The property's parser; what is confidential leaves it as it is stored."""
    parse = parser(property_)
    if not property_.sealed:
        return parse
    seal = property_.sealed_as(name.partition(".")[0])

    def sealed(cell: Cell) -> tuple[Any, str | None]:
        value, flag = parse(cell)
        return codec.sealed(seal, value), flag

    return sealed


def _is_key(column: Column) -> bool:
    return column.property.kind is Kind.TEXT and not column.property.check and column.property.name != "content"


def key_text_parser(cell: Cell) -> tuple[Any, str | None]:
    return key_text(cell), None


def derived_key(*parts: object) -> str:
    """A stable short key of several values."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def spread(properties: tuple[Property, ...], prefix: str, values: dict[str, Any]) -> list[Any]:
    """Stored values in stored order: an enumeration brings its raw text after it."""
    out: list[Any] = []
    for property_ in properties:
        value = values.get(f"{prefix}.{property_.name}")
        if property_.kind in (Kind.ENUM, Kind.ENUMS):
            out.extend(value if value is not None else (None, None))
        else:
            out.append(value)
    return out


def label_row(model: Model, write: Write, values: dict[str, Any], year: int) -> list[Any] | None:
    """[key(s), *stored values] of a label's row; None where it does not apply."""
    label = model.labels[write.target]
    if write.when and not applies(write, values):
        return None
    properties = spread(label.properties, label.name, values)
    if label.owner:
        owner = model.labels[label.owner]
        return [
            values[column_name(owner, owner.key.name)],
            values.get(column_name(label, label.key.name)) or year,
            *properties,
        ]
    return [values[write.key or column_name(label, label.key.name)], *properties]


def relationship_row(
    relationship: Relationship, write: Write, ends_in: tuple[str, str], values: dict[str, Any]
) -> list[Any] | None:
    """[start, end, since, until, *stored values] of a relationship's row; None where it does not apply."""
    if write.when and not applies(write, values):
        return None
    ends = [values.get(column) for column in ends_in]
    if write.optional and None in ends:
        return None
    since = values.get(f"{relationship.type}.since") or FIRST_DAY
    until = values.get(f"{relationship.type}.until") or LAST_DAY
    return [*ends, since, until, *spread(relationship.properties, relationship.type, values)]


def applies(write: Write, values: dict[str, Any]) -> bool:
    if write.when is None:
        return True
    column, texts = write.when
    text = values.get(column) or ""
    return text != texts[0][1:] if texts[0].startswith("!") else text in texts
