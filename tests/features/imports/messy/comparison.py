"""Comparison of the graph after an import, read by plain Cypher, with the second reader: values are equal, or reported."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, OPEN_SEQUENCE
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from tests.features.imports.messy.reader import Delivery, Reading, plain
from tests.features.imports.messy.tables import FLOWS, TABLES, Column

Position = tuple[str, str, int]
"""File, sheet and row."""
OWNERS = {
    "VillageYear": "Village.code", "AreaYear": "Area.code", "HouseholdYear": "Household.card_no", "PersonYear": "Person.person_no",
    "DepartmentState": "Department.department_no", "CadreState": "Cadre.cadre_no", "EnterpriseState": "Enterprise.uscc",
    "FundState": "Fund.fund_no", "ProjectState": "Project.project_no", "AssetState": "Asset.asset_no", "MeasureState": "Measure.measure_no",
}  # fmt: skip
"""Labels of versions, and the node and key of their owner."""
ENDS = {
    "LIVES_IN": ("Household.card_no", "Village.code"), "MEMBER_OF": ("Person.person_no", "Household.card_no"),
    "WORKS_FOR": ("Cadre.cadre_no", "Department.department_no"), "HELPS": ("Cadre.cadre_no", "Household.card_no"),
    "SERVES": ("Cadre.cadre_no", "Village.code"), "VISITED": ("Cadre.cadre_no", "Household.card_no"),
    "RECEIVES": ("Household.card_no", "Measure.measure_no"), "LEASES_TO": ("Household.card_no", "Enterprise.uscc"),
    "LOCATED_IN": ("Project.project_no", "Area.code"), "TRANSFERRED": ("Fund.fund_no", "Fund.fund_no"),
    "ALLOCATED": ("Fund.fund_no", "Project.project_no"), "GRANTED": ("Fund.fund_no", "Household.card_no"),
    "INVESTED": ("Fund.fund_no", "Enterprise.uscc"),
}  # fmt: skip


DERIVED, SHEETS = {"LIVES_IN": "户编号", "MEMBER_OF": "人口编号"}, {"LIVES_IN": "贫困户", "MEMBER_OF": "家庭成员"}
"""Relationships derived from the cards of the years: the column of their start node, and its table."""
OPTIONAL = {"WORKS_FOR": "单位编号"}
"""Relationships that a row makes only where a column has a value."""


class Difference(NamedTuple):
    """A difference in a cell or a row. `what`: untold, missing, different, not to be read, not read or refused without need, told otherwise."""

    what: str
    place: Position
    header: str
    read: Any
    stored: Any
    told: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """The remarks of an import by row, and the columns and sheets that it did not use."""

    rows: dict[Position, list[tuple[str, str, str, bool]]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    sheets: dict[tuple[str, str], str] = field(default_factory=dict)


def index_report(report: ImportReport) -> Told:
    reported = Told()
    for remark in report.remarks:
        reported.rows[remark.file, remark.sheet, remark.row].append(
            (remark.code, remark.column, remark.value, remark.refused)
        )
    for omission in report.left_out:
        if omission.row:
            reported.rows[omission.file, omission.sheet, omission.row].append(
                (omission.code, omission.column, omission.value, True)
            )
        elif omission.column or omission.code.startswith("COLUMN"):
            reported.columns[omission.file, omission.sheet].append((omission.code, omission.column))
        else:
            reported.sheets[omission.file, omission.sheet] = omission.code
    return reported


def stored_rows(store: Store) -> dict[str, dict[Position, dict[str, Any]]]:
    """Return the content of the graph, by label or type and by source row."""
    rows_by_target: dict[str, dict[Position, dict[str, Any]]] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for columns in TABLES.values():
        for column in columns:
            for location in column.at:
                target, _, name = location.partition(".")
                for label_or_type in FLOWS.values() if target == "FLOW" else (target,):
                    if name not in ("owner", "start", "end"):
                        names[label_or_type] |= {name, *([f"{name}_text"] if column.code_list else [])}
    for target, owner in OWNERS.items():
        label, key = owner.split(".")
        query = f"MATCH (a:{label})<-[:OF]-(r:{target} {{superseded: {OPEN_SEQUENCE}}}) RETURN r.source, a.{key}"
        rows_by_target[target] = rows_of(store, target, query, ["owner"], sorted(names[target]))
    for target, ends in ENDS.items():
        (start, first), (end, last) = (end_key.split(".") for end_key in ends)
        query = f"MATCH (a:{start})-[r:{target} {{superseded: {OPEN_SEQUENCE}}}]->(b:{end}) RETURN r.source, a.{first}, b.{last}"
        rows_by_target[target] = rows_of(store, target, query, ["start", "end"], sorted(names[target]))
    return rows_by_target


def rows_of(store: Store, target: str, query: str, ends: list[str], names: list[str]) -> dict[Position, dict[str, Any]]:
    rows: dict[Position, dict[str, Any]] = {}
    for source, *values in store.query_text("".join((query, *(f", r.{name}" for name in names))), {}):
        if source.startswith("derived!"):
            position = ("derived", target, int.from_bytes(str(values[0]).encode()))
            rows[position] = dict(zip((*ends, *names), values, strict=True))
            continue
        file, *sheet, number = source.split("!")
        # A text file is one table, which has the name of the file.
        position = (file, sheet[0] if sheet else file.rpartition(".")[0], int(number))
        assert position not in rows, f"two of {query} come from {position}"
        rows[position] = dict(zip((*ends, *names), values, strict=True))
    return rows


def settle(delivery: Delivery, stored: dict[str, dict[Position, dict[str, Any]]]) -> None:
    """Give relationships derived from cards the position of the row that names their start: each has one row in a delivery."""
    for target, header in DERIVED.items():
        positions = {
            str(r.values[header]): position
            for position, r in delivery.rows.items()
            if sheet_of(position) == SHEETS[target] and r.outcome == "record"
        }
        stored[target] = {
            positions.get(row["start"], position) if position[0] == "derived" else position: row
            for position, row in stored[target].items()
        }


def compare(
    delivery: Delivery, report: ImportReport, stored: dict[str, dict[Position, dict[str, Any]]]
) -> list[Difference]:
    """Return all differences of the graph and the report from the second reader."""
    settle(delivery, stored)
    reported, keys = index_report(report), {str(v) for rows in stored.values() for row in rows.values() for v in (row.get("owner"), row.get("start"))}  # fmt: skip
    differences = [
        Difference("not to be read", position, target, None, row, ())
        for target, rows in stored.items()
        for position, row in rows.items()
        if position not in delivery.rows or delivery.rows[position].outcome != "record"
    ]
    for position, reading in delivery.rows.items():
        remarks = reported.rows.get(position, [])
        codes = tuple(code for code, *_ in remarks)
        refusals = [(code, value) for code, _, value, is_refused in remarks if is_refused]
        if reading.outcome != "record":
            if not refusals:
                differences.append(Difference("untold", position, "", reading.code, None, codes))
            elif reading.code in ROW_CODES and not ALIKE.get(reading.code, {reading.code}) & set(codes):
                differences.append(Difference("told otherwise", position, "", reading.code, None, codes))
        elif refusals:
            # A row may be refused for a cell that the second reader does not understand either.
            needless_codes = [
                code
                for code, value in refusals
                if code not in reading.flags.values() and (code != "REFERENCE_UNKNOWN" or value in keys)
            ]
            if needless_codes:
                differences.append(Difference("refused without need", position, "", reading.flags, None, codes))
        else:
            differences += compare_cells(position, reading, remarks, reported, stored)
    for (file, sheet, header), code in delivery.columns.items():
        if not any(
            (plain(column) == header or (reported_code == "COLUMN_NAMELESS" and not header))
            and (code == reported_code or code not in CODES)
            for reported_code, column in reported.columns[file, sheet]
        ):
            differences.append(
                Difference(
                    "untold", (file, sheet, 0), header, code, None, tuple(map(str, reported.columns[file, sheet]))
                )
            )
    differences += [
        Difference("untold", (*position, 0), "", code, None, ())
        for position, code in delivery.sheets.items()
        if position not in reported.sheets
    ]
    return differences


ALIKE = {"KEY_MISSING": {"KEY_MISSING", "REFERENCE_MISSING"}}
"""Codes that the second reader does not distinguish."""
ROW_CODES = {
    "TOTAL_ROW",
    "HEADER_REPEATED",
    "NOTE_ROW",
    "HIDDEN_ROW",
    "HEADER_CHANGED",
    "BELOW_OTHER_HEADER",
    "CSV_QUOTE",
    "ROW_WIDTH",
    "KEY_MISSING",
    "KEY_SHAPE",
    "KEY_STORED_AS_DATE",
}
CODES = {
    "COLUMN_UNIT", "COLUMN_TWICE", "CELL_ERROR", "FORMULA_WITHOUT_VALUE", "CELL_SHOWN_OTHERWISE", "AMOUNT_ROUNDED", "AMOUNT_TOO_FINE",
    "RATE_AMBIGUOUS", "VALUE_UNKNOWN", "CELL_FILLER", "MONTH_ONLY", "DAY_FROM_MONTH", "DATE_INVALID", "NAMES_LISTED",
}  # fmt: skip
"""Codes that docs/reference/files.md names: the report must have the same."""


def compare_cells(
    position: Position,
    reading: Reading,
    remarks: list[tuple[str, str, str, bool]],
    reported: Told,
    stored: dict[str, dict[Position, dict[str, Any]]],
) -> list[Difference]:
    """Return the differences in the cells of an imported row."""
    differences = []
    unused_headers = [plain(column) for _, column in reported.columns[position[:2]]]
    for header, value in reading.values.items():
        column = next(c for c in TABLES[sheet_of(position)] if c.header == header)
        codes = tuple(
            code for code, remark_column, *_ in remarks if header in plain(remark_column) or not remark_column
        )
        flag = reading.flags.get(header, "")
        if column.kind == "birth":
            value = born(reading, value)
        for location in column.at:
            target, _, name = location.partition(".")
            if OPTIONAL.get(target) in reading.values and reading.values[OPTIONAL[target]] is None:
                continue
            target = FLOWS[str(reading.values["去向类型"])] if target == "FLOW" else target
            row = stored[target].get(position, {})
            actual = open_ended(name, row.get(name))
            if not same(column, value, actual, row.get(f"{name}_text")):
                outcome = "different" if actual is not None else "missing"
                if outcome == "different" or not (codes or any(text.startswith(header) for text in unused_headers)):
                    differences.append(Difference(outcome, position, header, value, actual, codes))
                else:
                    differences.append(Difference("not read without need", position, header, value, actual, codes))
        if flag and (not codes or (flag in CODES and flag not in codes)):
            differences.append(
                Difference("told otherwise" if codes else "untold", position, header, flag, value, codes)
            )
    return differences


def sheet_of(position: Position) -> str:
    return unicodedata.normalize("NFKC", position[1]).partition("(")[0].strip()


def open_ended(name: str, value: Any) -> Any:
    return None if (name, value) in (("since", FIRST_DAY), ("until", LAST_DAY)) else value


def born(reading: Reading, value: Any) -> Any:
    """Return the day of birth in the document number, which takes precedence over the register's (docs/reference/model.md)."""
    document = reading.values.get("证件号码")
    return int(document[6:14]) if document else value


def same(column: Column, read: Any, stored: Any, text: Any) -> bool:
    if column.kind == "words":
        return read is None or sorted(stored or []) == (["OTHER"] if isinstance(read, tuple) else read)
    if isinstance(read, tuple):
        return stored == read[0] and (not read[1] or plain(text) == plain(read[1]))
    if isinstance(read, float) and stored is not None:
        return math.isclose(read, float(stored), rel_tol=1e-9)
    if column.kind == "text":
        return plain(read) == plain(stored)
    return bool(read == stored)
