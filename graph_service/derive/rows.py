"""A sheet's rows → what they write. Made once for a sheet and its header row; a row is then only lists."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.codec import Codec
from graph_service.declare import FIRST_DAY, LAST_DAY, Column, Kind, Model, Property, Relationship, Sheet, Write
from graph_service.derive.bounds import FIRST_DAYS, LAST_DAYS, bound_of, flows_of
from graph_service.derive.cell_days import Bound
from graph_service.derive.cell_keys import key_text
from graph_service.derive.cell_texts import CellRefused, NotUnderstood, Parser, is_list, is_name, text_of
from graph_service.derive.cells import parser
from graph_service.derive.following import follower, follows
from graph_service.derive.sheets import column_name, columns, end_columns
from graph_service.derive.units import Unit
from graph_service.readers.cells import Cell, Unreadable

KEY_MISSING = "KEY_MISSING"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one cell or row: stable code, column's header, value as read."""

    code: str
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class Parsed:
    """One row: its values by column name, or why it is refused. `unread`: the columns whose cells are not understood."""

    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[Trouble] = field(default_factory=list)
    flagged: list[Trouble] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    shown_key: str = ""

    @property
    def refused(self) -> Trouble | None:
        """The gravest of what is wrong with the row; a missing number before anything else, for without it nobody finds the row."""
        return min(self.refusals, key=lambda issue: issue.code != KEY_MISSING, default=None)

    def refuse(self, code: str, column: str = "", value: str = "") -> None:
        """Refuse the row; all that is wrong with it is told at once, one issue a column."""
        if all(issue.column != column or not column for issue in self.refusals):
            self.refusals.append(Trouble(code, column, value))

    def flag(self, issue: Trouble) -> None:
        """Tell of a cell once: one column may be several, as the day of a payment is whatever it is paid to."""
        if issue not in self.flagged:
            self.flagged.append(issue)


class RowReader:
    """Rows of one sheet under one header row."""

    def __init__(
        self,
        model: Model,
        sheet: Sheet,
        header: dict[str, int],
        shown: dict[str, str],
        codec: Codec,
        units: dict[str, Unit] | None = None,
        named: Collection[str] = (),
    ) -> None:
        """`header`: column name → position; `shown`: its text as the file has it; `units`: what header or notes state of a column;
        `named`: columns in which a name may stand in place of a number.
        Columns that are not there read as blank."""
        self._columns = columns(model, sheet)
        self.told = {name: shown.get(name, c.headers[0]) for name, c in self._columns.items()}
        references, flows = _references(model, sheet), flows_of(model, sheet)
        self._places: list[tuple[str, int, Parser, str, str, bool]] = []
        for name, column in self._columns.items():
            if name not in header:
                continue
            bound = bound_of(name, flows)
            parse = (
                _key_parser(strict=name in references, named=name in named)
                if name in references or (name in sheet.key and _is_key(column))
                else _sealing(name, column.property, codec, (units or {}).get(name), bound)
            )
            # A day that bounds an interval, unlike its end, must be there as it is meant.
            needed = column.required or name.endswith(FIRST_DAYS) or name in sheet.key
            self._places.append((name, header[name], parse, _lacking(column), self.told[name], needed))
        self._followers = [
            (name, header[name], follow, {column_name(label, f.name) for f in follows(label, c.property)})
            for name, c in self._columns.items()
            if name in header
            and (label := model.labels.get(name.partition(".")[0])) is not None
            and (follow := follower(label, c.property, codec)) is not None
        ]
        self._first = header.get(sheet.key[0], 0)
        self.years = tuple(name for name in sheet.key if name.endswith(".year") and name in header)
        """Columns of the years of which rows are."""
        self._intervals = [
            (name.replace(".until", ".since").replace(".ends_on", ".starts_on"), name)
            for name in self._columns
            if name.endswith(LAST_DAYS)
        ]

    def read(self, cells: Sequence[Cell]) -> Parsed:
        """Parse one row; never raises."""
        parsed = Parsed()
        values, width = parsed.values, len(cells)
        parsed.shown_key = text_of(cells[self._first]) or "" if self._first < width else ""
        for name, at, parse, lacking, header, needed in self._places:
            cell = cells[at] if at < width else None
            try:
                value, flag = parse(cell)
            except CellRefused as error:
                parsed.refuse(error.code, header, text_of(cell) or "")
                continue
            except NotUnderstood as error:
                filler = error.code == "CELL_FILLER"
                if lacking and filler:
                    parsed.refuse(lacking, header, text_of(cell) or "")
                    continue
                if needed and not filler and error.value is None:
                    parsed.refuse(error.code, header, text_of(cell) or "")
                    continue
                parsed.unread.add(name)
                value, flag = error.value, error.code
            if lacking and (value is None or value == (None, None)):
                parsed.refuse(lacking, header, text_of(cell) or "")
            if flag is not None:
                parsed.flag(Trouble(flag, header, text_of(cell) or ""))
            values[name] = value
        for name, at, follow, columns_after in self._followers:
            if name in parsed.unread:
                parsed.unread |= columns_after - values.keys()
                continue
            follow(cells[at] if at < width else None, values)
        for first, last in self._intervals:
            since, until = values.get(first), values.get(last)
            if until is not None and since is not None and until < since:
                parsed.refuse("INTERVAL_REVERSED", self.told[last], str(until))
        return parsed


def _lacking(column: Column) -> str:
    """The code under which a row is refused where the cell is blank; none where it may be."""
    if not column.required:
        return ""
    return "FIGURE_MISSING" if column.property.required else KEY_MISSING


def _references(model: Model, sheet: Sheet) -> set[str]:
    """The columns that bring keys of labels: of what a row makes, and of what it refers to."""
    found: set[str] = set()
    for write in sheet.writes:
        label = model.labels.get(write.target)
        if label is None:
            found.update(end_columns(model, write))
        elif label.owner:
            owner = model.labels[label.owner]
            found.add(column_name(owner, owner.key.name))
        else:
            found.add(write.key or column_name(label, label.key.name))
    return found


def _sealing(name: str, property_: Property, codec: Codec, stated: Unit | None, bound: Bound) -> Parser:
    """The property's parser; what is confidential leaves it as it is stored."""
    parse = parser(property_, stated, bound)
    if not property_.sealed:
        return parse
    seal = property_.sealed_as(name.partition(".")[0])

    def sealed(cell: Cell) -> tuple[Any, str | None]:
        value, flag = parse(cell)
        return codec.sealed(seal, value), flag

    return sealed


def _is_key(column: Column) -> bool:
    return (
        column.property.kind is Kind.TEXT
        and not column.property.check
        and column.property.name not in ("content", "name", "relation")
    )


def _key_parser(*, strict: bool, named: bool) -> Parser:
    def parse(cell: Cell) -> tuple[Any, str | None]:
        if named and isinstance(cell, str) and (is_name(cell) or is_list(cell)):
            # What is in it is a name, or several, or several numbers: they are looked up.
            return text_of(cell), None
        text = key_text(cell, strict=strict)
        if text is None and cell is not None and not isinstance(cell, Unreadable):
            raise NotUnderstood("CELL_FILLER")
        return text, None

    return parse


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
        year = values.get(column_name(label, label.key.name)) or year
        return [values[column_name(owner, owner.key.name)], year, *properties]
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
