"""Numbers of records that registers give none: measures, bills, entries of outside lists.

A number is a hash of what a record is about (its sheet's key), the base; where several agree in that, a hash of all that a record says
follows after a tilde. Two rows of a delivery that differ in any column are two records. A row of a later delivery is the known record
that says the same; else the one from which it differs in what changes (amount, end) or in one of the columns that name it further
(unit, policy, fund, voucher), where there is one such row and one such record; else a new record.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from graph_service.core.cells.cell_texts import is_name
from graph_service.core.cells.row_parsing import (
    ParsedRow,
    RowIssue,
    RowParser,
    derived_key,
    label_row,
)
from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.metamodel import OPEN_SEQUENCE, Label, Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import absent_positions
from graph_service.features.imports.read.derived_values import NUMBER_COLUMN_BY_SHEET, available_columns, complete_row
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import labels_by_name_column
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.features.imports.validate.record_pairing import (
    UNSTATED,
    DeliveredRecord,
    StoredRecord,
    assign_record_numbers,
)
from graph_service.platform.readers.cells import Cell
from graph_service.platform.store.graph import Store

IDENTIFYING_COLUMNS = {
    "帮扶措施": ("Department.department_no", "Policy.policy_no", "Fund.fund_no", "PAYS.voucher"),
    "医疗费用": (),
    "外部名单": ("Village.code",),
}
"""Columns that name a record further, which `imports/numbers` tells in this order."""
OWNER_LOOKUPS = {
    "帮扶措施": ("households", "Household.card_no"),
    "医疗费用": ("persons", "Person.person_no"),
    "外部名单": ("identities", "OutsideRecord.identity"),
}
"""By whom the records of a sheet are looked up: parameter of `imports/numbers`, column."""
BASE_LENGTH = 24
"""Characters of a base."""


class RecordNumbering:
    """The numbers of one sheet's records in a delivery. All its tables are read once before, twice where records share a base."""

    def __init__(self, sheet: Sheet, tables: Sequence[MatchedTable], store: Store) -> None:
        self._sheet, self._store, self._number_column = sheet, store, NUMBER_COLUMN_BY_SHEET[sheet.name]
        self._label: Label = MODEL.labels[self._number_column.partition(".")[0]]
        self._statements = upsert_statements((self._label.name,))
        self._write = next(one for one in sheet.writes if one.target == self._label.name)
        self._is_label_empty = not store.query_text(self._statements.exists, {})
        self._bases: set[int] = set()
        self._records_by_base = self._records_sharing_base(tables)
        self._paired_numbers: set[str] = set()

    def assign_numbers(self, matched: MatchedTable, rows: Sequence[tuple[Sequence[Cell], ParsedRow]]) -> None:
        """Put the numbers into rows that are not refused; flag those of which it is not clear which known record they mean."""
        there = available_columns(MODEL, matched.positions)
        read = [(cells, parsed) for cells, parsed in rows if parsed.main_refusal is None]
        members = [
            self._delivered_record(parsed, there, matched.previous_refusal_codes(cells)) for cells, parsed in read
        ]
        owners = [str(parsed.values.get(OWNER_LOOKUPS[self._sheet.name][1]) or "") for _, parsed in read]
        known, owned = self._stored_records(members, owners)
        groups: dict[str, set[DeliveredRecord]] = defaultdict(set)
        for one in members:
            groups[one.base] |= {one} | self._records_by_base.get(one.base, set())
        found = {
            member: number
            for base, group in groups.items()
            for member, number in assign_record_numbers(group, known.get(base, ()))
        }
        for (_, parsed), member, owner in zip(read, members, owners, strict=True):
            number, unclear = found[member]
            if (
                member.has_unclear_base
                and member.base not in known
                and (meant := self._find_number_by_values(member, owned.get(owner, ())))
            ):
                number, unclear = meant, False
            parsed.values[self._number_column] = number
            if unclear:
                parsed.flags.append(RowIssue("RECORD_UNCLEAR", value=parsed.key_text))

    def content_hash(self, values: Mapping[str, Any]) -> str:
        """A hash of all that a row says."""
        return derived_key(
            *(
                f"{name}={values[name]}"
                for name in sorted(values)
                if _is_stated(values[name], name, self._number_column)
            )
        )

    def _delivered_record(
        self, parsed: ParsedRow, available: set[str], refusal_codes: Sequence[str]
    ) -> DeliveredRecord:
        values = parsed.values
        available = available - parsed.unread_columns
        # A name that stands in place of a number tells nothing yet.
        told = available - {
            name for name in labels_by_name_column(self._sheet.name) if is_name(str(values.get(name) or ""))
        }
        named = tuple(values.get(name) if name in told else UNSTATED for name in IDENTIFYING_COLUMNS[self._sheet.name])
        row = label_row(MODEL, self._write, values, 0)
        assert row is not None
        unsaid = set(absent_positions(MODEL, self._write, available))
        stored = tuple(UNSTATED if at in unsaid else value for at, value in enumerate(row[1:]))
        base = derived_key(*(values.get(key) for key in self._sheet.key))
        vague = not parsed.unread_columns.isdisjoint(self._sheet.key)
        return DeliveredRecord(base, named, self.content_hash(values), stored, "ROW_REPEATED" in refusal_codes, vague)

    def _find_number_by_values(self, member: DeliveredRecord, stored_records: Sequence[StoredRecord]) -> str:
        """The number of the one record of its owner that says all that a row says whose base is not understood, and that no other row
        of the delivery means; empty where there is none, or several."""
        likely = [
            one.number
            for one in stored_records
            if not member.count_differences(one)
            and member.has_same_values(one)
            and int(one.number[:16], 16) not in self._bases
        ]
        if len(likely) != 1 or likely[0] in self._paired_numbers:
            return ""
        self._paired_numbers.add(likely[0])
        return likely[0]

    def _stored_records(
        self, members: Sequence[DeliveredRecord], owners: Sequence[str]
    ) -> tuple[dict[str, list[StoredRecord]], dict[str, list[StoredRecord]]]:
        """The records of the graph (by base, by owner: of those alone of whose rows the base is not understood)."""
        if self._is_label_empty or not members:
            return {}, {}
        parameter, _ = OWNER_LOOKUPS[self._sheet.name]
        wanted: dict[str, list[str]] = {name: [] for name, _ in OWNER_LOOKUPS.values()} | {
            parameter: sorted({*owners} - {""})
        }
        bases = {one.base for one in members}
        unclear = {owner for one, owner in zip(members, owners, strict=True) if one.has_unclear_base}
        listed = [
            (owner, number, tuple(map(tuple, some)))
            for owner, number, some in self._store.query("imports/numbers", **wanted, open=OPEN_SEQUENCE)
            if number[:BASE_LENGTH] in bases or owner in unclear
        ]
        if not listed:
            return {}, {}
        numbers = list(dict.fromkeys(number for _, number, _ in listed))
        [[states]] = self._store.query_text(self._statements.known, {"keys": numbers, "open": OPEN_SEQUENCE})
        stored = {number: tuple(values) for number, _, values in states}
        by_base: dict[str, list[StoredRecord]] = defaultdict(list)
        by_owner: dict[str, list[StoredRecord]] = defaultdict(list)
        for number, named in {number: named for _, number, named in listed if number in stored}.items():
            by_base[number[:BASE_LENGTH]].append(StoredRecord(number, named, stored[number]))
        for owner, number, named in listed:
            if owner in unclear and number in stored:
                by_owner[owner].append(StoredRecord(number, named, stored[number]))
        return dict(by_base), dict(by_owner)

    def _records_sharing_base(self, tables: Sequence[MatchedTable]) -> dict[str, set[DeliveredRecord]]:
        """The records of the delivery that share a base with others of it, by base."""
        hashes = array("Q")
        for member in self._delivered_records(tables):
            hashes.extend((int(member.base[:16], 16), int(member.content_hash[:16], 16)))
        distinct = np.unique(np.array(hashes, np.uint64).reshape(-1, 2), axis=0)
        bases = distinct[:, 0]
        self._bases = set() if self._is_label_empty else set(bases.tolist())
        shared = set(bases[1:][bases[1:] == bases[:-1]].tolist())
        found: dict[str, set[DeliveredRecord]] = defaultdict(set)
        for member in self._delivered_records(tables) if shared else ():
            if int(member.base[:16], 16) in shared:
                found[member.base].add(member)
        return dict(found)

    def _delivered_records(self, tables: Iterable[MatchedTable]) -> Iterator[DeliveredRecord]:
        for matched in tables:
            names = labels_by_name_column(self._sheet.name).keys()
            reader = RowParser(
                MODEL,
                self._sheet,
                matched.positions,
                matched.header_texts,
                self._store.codec,
                matched.units,
                names,
                matched.year,
            )
            there, key_at = available_columns(MODEL, matched.positions), matched.positions.get(self._sheet.key[0], 0)
            for row in matched.rows():
                if row.fault or row.hidden:
                    continue
                cells = row.cells[: matched.delivered_width]
                if not non_record_reason(cells, key_at, matched.header_rows)[0]:
                    parsed = complete_row(self._sheet, reader.parse(row.cells), reader.header_texts)
                    if parsed.main_refusal is None:
                        yield self._delivered_record(parsed, there, matched.previous_refusal_codes(row.cells))


def record_numberings(matched_tables: Sequence[MatchedTable], store: Store) -> dict[str, RecordNumbering]:
    """The numbering of each sheet of a delivery whose records have no number."""
    tables: dict[str, list[MatchedTable]] = defaultdict(list)
    for one in matched_tables:
        if one.sheet.name in NUMBER_COLUMN_BY_SHEET:
            tables[one.sheet.name].append(one)
    return {name: RecordNumbering(MODEL.sheets[name], some, store) for name, some in tables.items()}


def _is_stated(value: Any, name: str, number_column: str) -> bool:
    return name != number_column and value is not None and value != (None, None)
