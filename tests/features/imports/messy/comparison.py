"""What an import wrote, read back by plain Cypher and held against the second reader: equal, or told."""

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

Place = tuple[str, str, int]
"""File, sheet and row."""
OWNERS = {
    "VillageYear": "Village.code", "AreaYear": "Area.code", "HouseholdYear": "Household.card_no", "PersonYear": "Person.person_no",
    "DepartmentState": "Department.department_no", "CadreState": "Cadre.cadre_no", "EnterpriseState": "Enterprise.uscc",
    "FundState": "Fund.fund_no", "ProjectState": "Project.project_no", "AssetState": "Asset.asset_no", "MeasureState": "Measure.measure_no",
}  # fmt: skip
"""Versions, and the node and key that they are of."""
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
"""Relationships that follow from the cards of the years: the column of their start, and its table."""
OPTIONAL = {"WORKS_FOR": "单位编号"}
"""Relationships that a row makes only where a column says something."""


class Difference(NamedTuple):
    """What is wrong with a cell or a row. `what`: untold, missing, different, not to be read, refused without need, told otherwise."""

    what: str
    place: Place
    header: str
    read: Any
    stored: Any
    told: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What an import tells, by row; columns and sheets that it did not use."""

    rows: dict[Place, list[tuple[str, str, str, bool]]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    sheets: dict[tuple[str, str], str] = field(default_factory=dict)


def told_by(report: ImportReport) -> Told:
    told = Told()
    for remark in report.remarks:
        told.rows[remark.file, remark.sheet, remark.row].append(
            (remark.code, remark.column, remark.value, remark.refused)
        )
    for left in report.left_out:
        if left.row:
            told.rows[left.file, left.sheet, left.row].append((left.code, left.column, left.value, True))
        elif left.column or left.code.startswith("COLUMN"):
            told.columns[left.file, left.sheet].append((left.code, left.column))
        else:
            told.sheets[left.file, left.sheet] = left.code
    return told


def stored_rows(store: Store) -> dict[str, dict[Place, dict[str, Any]]]:
    """Return what the graph has, by label or type and by the row that it comes from."""
    found: dict[str, dict[Place, dict[str, Any]]] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for columns in TABLES.values():
        for column in columns:
            for at in column.at:
                target, _, name = at.partition(".")
                for one in FLOWS.values() if target == "FLOW" else (target,):
                    if name not in ("owner", "start", "end"):
                        names[one] |= {name, *([f"{name}_text"] if column.code_list else [])}
    for target, owner in OWNERS.items():
        label, key = owner.split(".")
        text = f"MATCH (a:{label})<-[:OF]-(r:{target} {{superseded: {OPEN_SEQUENCE}}}) RETURN r.source, a.{key}"
        found[target] = rows_of(store, target, text, ["owner"], sorted(names[target]))
    for target, ends in ENDS.items():
        (start, first), (end, last) = (text.split(".") for text in ends)
        text = f"MATCH (a:{start})-[r:{target} {{superseded: {OPEN_SEQUENCE}}}]->(b:{end}) RETURN r.source, a.{first}, b.{last}"
        found[target] = rows_of(store, target, text, ["start", "end"], sorted(names[target]))
    return found


def rows_of(store: Store, target: str, text: str, ends: list[str], names: list[str]) -> dict[Place, dict[str, Any]]:
    rows: dict[Place, dict[str, Any]] = {}
    for source, *values in store.query_text("".join((text, *(f", r.{name}" for name in names))), {}):
        if source.startswith("derived!"):
            place = ("derived", target, int.from_bytes(str(values[0]).encode()))
            rows[place] = dict(zip((*ends, *names), values, strict=True))
            continue
        file, *sheet, number = source.split("!")
        # A text file is one table, which is called as the file is.
        place = (file, sheet[0] if sheet else file.rpartition(".")[0], int(number))
        assert place not in rows, f"two of {text} come from {place}"
        rows[place] = dict(zip((*ends, *names), values, strict=True))
    return rows


def settle(delivery: Delivery, stored: dict[str, dict[Place, dict[str, Any]]]) -> None:
    """Give what is derived from cards the place of the row that names its start: each has one row in a delivery."""
    for target, header in DERIVED.items():
        places = {
            str(r.values[header]): place
            for place, r in delivery.rows.items()
            if sheet_of(place) == SHEETS[target] and r.outcome == "record"
        }
        stored[target] = {
            places.get(row["start"], place) if place[0] == "derived" else place: row
            for place, row in stored[target].items()
        }


def compare(
    delivery: Delivery, report: ImportReport, stored: dict[str, dict[Place, dict[str, Any]]]
) -> list[Difference]:
    """Return all in which the graph and the report are not what the second reader reads."""
    settle(delivery, stored)
    told, keys = told_by(report), {str(v) for some in stored.values() for row in some.values() for v in (row.get("owner"), row.get("start"))}  # fmt: skip
    found = [
        Difference("not to be read", place, target, None, row, ())
        for target, rows in stored.items()
        for place, row in rows.items()
        if place not in delivery.rows or delivery.rows[place].outcome != "record"
    ]
    for place, reading in delivery.rows.items():
        said = told.rows.get(place, [])
        codes = tuple(code for code, *_ in said)
        refused = [(code, value) for code, _, value, out in said if out]
        if reading.outcome != "record":
            if not refused:
                found.append(Difference("untold", place, "", reading.code, None, codes))
            elif reading.code in ROW_CODES and not ALIKE.get(reading.code, {reading.code}) & set(codes):
                found.append(Difference("told otherwise", place, "", reading.code, None, codes))
        elif refused:
            # A row may be refused for a cell that the second reader does not understand either.
            needless = [
                code
                for code, value in refused
                if code not in reading.flags.values() and (code != "REFERENCE_UNKNOWN" or value in keys)
            ]
            if needless:
                found.append(Difference("refused without need", place, "", reading.flags, None, codes))
        else:
            found += cells(place, reading, said, told, stored)
    for (file, sheet, header), code in delivery.columns.items():
        if not any(
            (plain(column) == header or (other == "COLUMN_NAMELESS" and not header))
            and (code == other or code not in CODES)
            for other, column in told.columns[file, sheet]
        ):
            found.append(
                Difference("untold", (file, sheet, 0), header, code, None, tuple(map(str, told.columns[file, sheet])))
            )
    found += [
        Difference("untold", (*place, 0), "", code, None, ())
        for place, code in delivery.sheets.items()
        if place not in told.sheets
    ]
    return found


ALIKE = {"KEY_MISSING": {"KEY_MISSING", "REFERENCE_MISSING"}}
"""Codes that the second reader does not tell apart."""
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
"""Codes that docs/files.md names: the same must be told."""


def cells(
    place: Place,
    reading: Reading,
    said: list[tuple[str, str, str, bool]],
    told: Told,
    stored: dict[str, dict[Place, dict[str, Any]]],
) -> list[Difference]:
    """Return in which cells a row that went in is not what was read."""
    found = []
    unused = [plain(column) for _, column in told.columns[place[:2]]]
    for header, value in reading.values.items():
        column = next(c for c in TABLES[sheet_of(place)] if c.header == header)
        codes = tuple(code for code, about, *_ in said if header in plain(about) or not about)
        flag = reading.flags.get(header, "")
        if column.kind == "birth":
            value = born(reading, value)
        for at in column.at:
            target, _, name = at.partition(".")
            if OPTIONAL.get(target) in reading.values and reading.values[OPTIONAL[target]] is None:
                continue
            target = FLOWS[str(reading.values["去向类型"])] if target == "FLOW" else target
            row = stored[target].get(place, {})
            actual = open_ended(name, row.get(name))
            if not same(column, value, actual, row.get(f"{name}_text")):
                what = "different" if actual is not None else "missing"
                if what == "different" or not (codes or any(text.startswith(header) for text in unused)):
                    found.append(Difference(what, place, header, value, actual, codes))
                else:
                    found.append(Difference("not read without need", place, header, value, actual, codes))
        if flag and (not codes or (flag in CODES and flag not in codes)):
            found.append(Difference("told otherwise" if codes else "untold", place, header, flag, value, codes))
    return found


def sheet_of(place: Place) -> str:
    return unicodedata.normalize("NFKC", place[1]).partition("(")[0].strip()


def open_ended(name: str, value: Any) -> Any:
    return None if (name, value) in (("since", FIRST_DAY), ("until", LAST_DAY)) else value


def born(reading: Reading, value: Any) -> Any:
    """Return the day of birth of the document, which goes before the register's (docs/model.md)."""
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
