"""Parsing of a sheet's rows into values by column, and into the records that they make. Parsers are made once for a sheet and its header row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph_service.core.cells.cell_days import DayBound
from graph_service.core.cells.cell_keys import parse_key
from graph_service.core.cells.cell_parsers import make_parser
from graph_service.core.cells.cell_texts import (
    CellNotUnderstood,
    CellParser,
    CellRefused,
    cell_text,
    is_list,
    is_name,
)
from graph_service.core.cells.day_bounds import FIRST_DAY_SUFFIXES, LAST_DAY_SUFFIXES, day_bound, flow_day_columns
from graph_service.core.cells.derived_facts import FactDeriver, derived_properties, make_fact_deriver
from graph_service.core.cells.units import Unit
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.metamodel import (
    FIRST_DAY,
    LAST_DAY,
    Model,
    Property,
    PropertyKind,
    Relationship,
    Sheet,
    SheetColumn,
    Write,
)
from graph_service.domain.records import NodeRecord, RelationshipRecord
from graph_service.domain.sheet_columns import column_name, columns_by_name, end_columns, end_labels
from graph_service.platform.codec import Codec
from graph_service.platform.readers.cells import Cell, UnreadableCell

KEY_MISSING = "KEY_MISSING"


@dataclass(frozen=True, slots=True)
class RowIssue:
    """An issue of one cell or row: stable code, column's header, value as read."""

    code: str
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class ParsedRow:
    """A parsed row: its values by column name, or the reasons for its refusal. `unread_columns`: the columns whose cells are not
    understood."""

    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[RowIssue] = field(default_factory=list)
    flags: list[RowIssue] = field(default_factory=list)
    unread_columns: set[str] = field(default_factory=set)
    key_text: str = ""

    @property
    def main_refusal(self) -> RowIssue | None:
        """Return the gravest reason for refusing the row; a missing number comes first, because the row cannot be found without it."""
        return min(self.refusals, key=lambda issue: issue.code != KEY_MISSING, default=None)

    def refuse(self, code: str, column: str = "", value: str = "") -> None:
        """Refuse the row; all its issues are reported at once, one for each column."""
        if all(issue.column != column or not column for issue in self.refusals):
            self.refusals.append(RowIssue(code, column, value))

    def flag(self, issue: RowIssue) -> None:
        """Flag a cell once: one column may feed several values, as the day of a payment does for every kind of payee."""
        if issue not in self.flags:
            self.flags.append(issue)


class ColumnParser(NamedTuple):
    """The parser of a column at a position of the row. `missing_code`: code under which a row is refused where the cell is blank, empty
    where it may be; `is_needed`: whether a row is refused where the cell is not understood."""

    name: str
    position: int
    parse: CellParser
    missing_code: str
    header: str
    is_needed: bool


class ColumnFacts(NamedTuple):
    """The facts that follow from a column at a position of the row, and the names of the columns that they fill."""

    name: str
    position: int
    add_facts: FactDeriver
    derived_columns: set[str]


class RowParser:
    """Parser of the rows of one sheet under one header row."""

    def __init__(
        self,
        model: Model,
        sheet: Sheet,
        positions: dict[str, int],
        header_texts: dict[str, str],
        codec: Codec,
        units: dict[str, Unit] | None = None,
        name_columns: Collection[str] = (),
        year: int = 0,
    ) -> None:
        """Take `positions`: column name → position; `header_texts`: text of each header in the file; `units`: units that header or
        notes state for a column; `name_columns`: columns in which a name may stand in place of a number; `year`: the year in a
        title, for visits and payments with only a month and a day. Missing columns read as blank."""
        self.codec, self._columns = codec, columns_by_name(model, sheet)
        self.header_texts = {name: header_texts.get(name, column.headers[0]) for name, column in self._columns.items()}
        reference_columns, flow_columns = _reference_columns(model, sheet), flow_day_columns(model, sheet)
        area_columns = _area_columns(model, sheet)
        self._column_parsers: list[ColumnParser] = []
        for name, column in self._columns.items():
            if name not in positions:
                continue
            bound = day_bound(name, flow_columns)
            parse = (
                _key_parser(
                    strict=name in reference_columns,
                    allows_names=name in name_columns,
                    is_area_code=name in area_columns,
                )
                if name in reference_columns or (name in sheet.key and _is_key_column(column))
                else _sealing_parser(name, column.property, codec, (units or {}).get(name), bound, year)
            )
            # The first day of an interval, unlike its last, must be understood.
            is_needed = column.required or name.endswith(FIRST_DAY_SUFFIXES) or name in sheet.key
            self._column_parsers.append(
                ColumnParser(name, positions[name], parse, _missing_code(column), self.header_texts[name], is_needed)
            )
        self._column_facts = [
            ColumnFacts(
                name,
                positions[name],
                add_facts,
                {column_name(label, derived.name) for derived in derived_properties(label, column.property)},
            )
            for name, column in self._columns.items()
            if name in positions
            and (label := model.labels.get(name.partition(".")[0])) is not None
            and (add_facts := make_fact_deriver(label, column.property, codec)) is not None
        ]
        self._key_position = positions.get(sheet.key[0], 0)
        self.year_columns = tuple(name for name in sheet.key if name.endswith(".year") and name in positions)
        """Columns of the years of rows."""
        self._intervals = [
            (name.replace(".until", ".since").replace(".ends_on", ".starts_on"), name)
            for name in self._columns
            if name.endswith(LAST_DAY_SUFFIXES)
        ]

    def parse(self, cells: Sequence[Cell]) -> ParsedRow:
        """Parse one row; never raises."""
        parsed = ParsedRow()
        values, width = parsed.values, len(cells)
        parsed.key_text = cell_text(cells[self._key_position]) or "" if self._key_position < width else ""
        for name, position, parse, missing_code, header, is_needed in self._column_parsers:
            cell = cells[position] if position < width else None
            try:
                value, flag = parse(cell)
            except CellRefused as error:
                parsed.refuse(error.code, header, cell_text(cell) or "")
                continue
            except CellNotUnderstood as error:
                is_filler = error.code == "CELL_FILLER"
                if missing_code and is_filler:
                    parsed.refuse(missing_code, header, cell_text(cell) or "")
                    continue
                if is_needed and not is_filler and error.value is None:
                    parsed.refuse(error.code, header, cell_text(cell) or "")
                    continue
                parsed.unread_columns.add(name)
                value, flag = error.value, error.code
            if missing_code and (value is None or value == (None, None)):
                parsed.refuse(missing_code, header, cell_text(cell) or "")
            if flag is not None:
                parsed.flag(RowIssue(flag, header, cell_text(cell) or ""))
            values[name] = value
        for name, position, add_facts, derived_columns in self._column_facts:
            if name in parsed.unread_columns:
                parsed.unread_columns |= derived_columns - values.keys()
                continue
            add_facts(cells[position] if position < width else None, values)
        for first, last in self._intervals:
            since, until = values.get(first), values.get(last)
            if until is not None and since is not None and until < since:
                parsed.refuse("INTERVAL_REVERSED", self.header_texts[last], str(until))
        return parsed


def _missing_code(column: SheetColumn) -> str:
    """Return the code under which a row is refused where the cell is blank; empty where it may be blank."""
    if not column.required:
        return ""
    return "FIGURE_MISSING" if column.property.required else KEY_MISSING


def _reference_columns(model: Model, sheet: Sheet) -> set[str]:
    """Return the columns with keys of labels: of nodes that a row makes, and of those that it refers to."""
    columns: set[str] = set()
    for write in sheet.writes:
        label = model.labels.get(write.target)
        if label is None:
            columns.update(end_columns(model, write))
        elif label.owner:
            owner = model.labels[label.owner]
            columns.add(column_name(owner, owner.key.name))
        else:
            columns.add(write.key_column or column_name(label, label.key.name))
    return columns


def _area_columns(model: Model, sheet: Sheet) -> set[str]:
    """Return the columns with codes of areas of any level."""
    return {
        column
        for write in sheet.writes
        if write.target in model.relationships
        for column, labels in zip(
            end_columns(model, write), end_labels(model.relationships[write.target], write), strict=True
        )
        if "Area" in labels
    }


def _sealing_parser(
    name: str, property_: Property, codec: Codec, column_unit: Unit | None, bound: DayBound, year: int
) -> CellParser:
    """Return the property's parser; for a confidential property its values are sealed as they are stored."""
    parse = make_parser(property_, column_unit, bound, year)
    if not property_.is_sealed:
        return parse
    seal = property_.seal_name(name.partition(".")[0])

    def parse_and_seal(cell: Cell) -> tuple[Any, str | None]:
        value, flag = parse(cell)
        return codec.seal(seal, value), flag

    return parse_and_seal


def _is_key_column(column: SheetColumn) -> bool:
    return (
        column.property.kind is PropertyKind.TEXT
        and not column.property.check
        and column.property.name not in ("content", "name", "relation")
    )


def _key_parser(*, strict: bool, allows_names: bool, is_area_code: bool) -> CellParser:
    def parse(cell: Cell) -> tuple[Any, str | None]:
        if allows_names and isinstance(cell, str) and (is_name(cell) or is_list(cell)):
            # The cell has a name, several names or several numbers: they are looked up later.
            return cell_text(cell), None
        text = parse_key(cell, strict=strict)
        if text is None and cell is not None and not isinstance(cell, UnreadableCell):
            raise CellNotUnderstood("CELL_FILLER")
        # National statistics pad the codes of areas to twelve digits.
        return unpad_code(text) if is_area_code and text else text, None

    return parse


def stored_values(properties: tuple[Property, ...], prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of properties by stored name, from those of a row: an enumeration is followed by its raw text."""
    stored: dict[str, Any] = {}
    for property_ in properties:
        value = values.get(f"{prefix}.{property_.name}")
        if property_.kind in (PropertyKind.ENUM, PropertyKind.ENUMS):
            stored[property_.name], stored[property_.raw_name] = value if value is not None else (None, None)
        else:
            stored[property_.name] = value
    return stored


def row_node(model: Model, write: Write, values: dict[str, Any], year: int) -> NodeRecord | None:
    """Return the record of a label that a row makes; None where it does not apply. `year`: for rows without one."""
    label = model.labels[write.target]
    if write.when and not applies(write, values):
        return None
    stored = stored_values(label.properties, label.name, values)
    if label.owner:
        owner = model.labels[label.owner]
        year = values.get(column_name(label, label.key.name)) or year
        return NodeRecord(values[column_name(owner, owner.key.name)], stored, year)
    return NodeRecord(values[write.key_column or column_name(label, label.key.name)], stored)


def row_relationship(
    relationship: Relationship, write: Write, end_column_names: tuple[str, str], values: dict[str, Any]
) -> RelationshipRecord | None:
    """Return the record of a relationship that a row makes; None where it does not apply. `end_column_names`: the columns of the keys of
    its start and its end."""
    if write.when and not applies(write, values):
        return None
    start, end = (values.get(column) for column in end_column_names)
    # Only optional ends are blank: a row without another one is refused.
    if start is None or end is None:
        return None
    since = values.get(f"{relationship.type}.since") or FIRST_DAY
    until = values.get(f"{relationship.type}.until") or LAST_DAY
    stored = stored_values(relationship.properties, relationship.type, values)
    return RelationshipRecord(start, end, since, until, stored)


def applies(write: Write, values: dict[str, Any]) -> bool:
    if write.when is None:
        return True
    column, texts = write.when
    text = values.get(column) or ""
    return text != texts[0][1:] if texts[0].startswith("!") else text in texts
