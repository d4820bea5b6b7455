"""Numbers for records to which registers give none: measures, bills, entries of outside lists.

A number is a hash of the subject of a record (its sheet's key), called the base; where several records agree in the base, a hash of
all values of the record follows after a tilde. Two rows of a delivery that differ in any column are two records. A row of a later
delivery is the stored record with the same values; else the stored record from which it differs in the values that change (amount,
end) or in one of the columns that identify it further (unit, policy, fund, voucher), where there is one such row and one such
record; else a new record.
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
    stored_values,
)
from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.metamodel import OPEN_SEQUENCE, Label, Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.records import Target
from graph_service.domain.sheet_columns import absent_names
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
from graph_service.platform.codec import NUMBER_LENGTH, number_bits
from graph_service.platform.readers.cells import Cell
from graph_service.platform.store.graph import Store

IDENTIFYING_COLUMNS = {
    "帮扶措施": ("Department.department_no", "Policy.policy_no", "Fund.fund_no", "PAYS.voucher"),
    "医疗费用": (),
    "外部名单": ("Village.code",),
}
"""Columns that identify a record further, in the order in which `imports/numbers` returns them."""
OWNER_LOOKUPS = {
    "帮扶措施": ("households", "Household.card_no"),
    "医疗费用": ("persons", "Person.person_no"),
    "外部名单": ("identities", "OutsideRecord.identity"),
}
"""Owners by which the records of a sheet are looked up: parameter of `imports/numbers`, column."""


class RecordNumbering:
    """The numbers of one sheet's records in a delivery. All its tables are read once before, twice where records share a base."""

    def __init__(self, sheet: Sheet, tables: Sequence[MatchedTable], store: Store) -> None:
        self._sheet, self._store, self._number_column = sheet, store, NUMBER_COLUMN_BY_SHEET[sheet.name]
        self._label: Label = MODEL.labels[self._number_column.partition(".")[0]]
        self._statements = upsert_statements(Target(self._label.name))
        self._write = next(write for write in sheet.writes if write.target == self._label.name)
        self._is_label_empty = not store.query_text(self._statements.exists, {})
        self._bases: set[int] = set()
        self._records_by_base = self._records_sharing_base(tables)
        self._paired_numbers: set[str] = set()

    def assign_numbers(self, matched: MatchedTable, rows: Sequence[tuple[Sequence[Cell], ParsedRow]]) -> None:
        """Put the numbers into rows that are not refused; flag those for which it is unclear which stored record they mean."""
        available = available_columns(MODEL, matched.positions)
        accepted_rows = [(cells, parsed) for cells, parsed in rows if parsed.main_refusal is None]
        records = [
            self._delivered_record(parsed, available, matched.previous_refusal_codes(cells))
            for cells, parsed in accepted_rows
        ]
        owners = [str(parsed.values.get(OWNER_LOOKUPS[self._sheet.name][1]) or "") for _, parsed in accepted_rows]
        stored_by_base, stored_by_owner = self._stored_records(records, owners)
        groups: dict[str, set[DeliveredRecord]] = defaultdict(set)
        for delivered_record in records:
            groups[delivered_record.base] |= {delivered_record} | self._records_by_base.get(
                delivered_record.base, set()
            )
        numbers = {
            record: number
            for base, group in groups.items()
            for record, number in assign_record_numbers(group, stored_by_base.get(base, ()))
        }
        for (_, parsed), record, owner in zip(accepted_rows, records, owners, strict=True):
            number, is_unclear = numbers[record]
            if (
                record.has_unclear_base
                and record.base not in stored_by_base
                and (stored_number := self._find_number_by_values(record, stored_by_owner.get(owner, ())))
            ):
                number, is_unclear = stored_number, False
            parsed.values[self._number_column] = number
            if is_unclear:
                parsed.flags.append(RowIssue("RECORD_UNCLEAR", value=parsed.key_text))

    def content_hash(self, values: Mapping[str, Any]) -> str:
        """Return a hash of all values of a row."""
        return self._store.codec.derive_number(
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
        # A name that stands in place of a number identifies nothing before it is looked up.
        identifying_columns = available - {
            name for name in labels_by_name_column(self._sheet.name) if is_name(str(values.get(name) or ""))
        }
        identifying_values = tuple(
            values.get(name) if name in identifying_columns else UNSTATED
            for name in IDENTIFYING_COLUMNS[self._sheet.name]
        )
        absent = absent_names(MODEL, self._write, available)
        stored = tuple(
            UNSTATED if name in absent else value
            for name, value in stored_values(self._label.properties, self._label.name, values).items()
        )
        base = self._store.codec.derive_number(*(values.get(key) for key in self._sheet.key))
        has_unclear_base = not parsed.unread_columns.isdisjoint(self._sheet.key)
        return DeliveredRecord(
            base,
            identifying_values,
            self.content_hash(values),
            stored,
            "ROW_REPEATED" in refusal_codes,
            has_unclear_base,
        )

    def _find_number_by_values(self, member: DeliveredRecord, stored_records: Sequence[StoredRecord]) -> str:
        """Return the number of the one record of its owner that has all values of a row whose base is not understood, and that no
        other row of the delivery means; empty where there is none, or several."""
        candidate_numbers = [
            record.number
            for record in stored_records
            if not member.count_differences(record)
            and member.has_same_values(record)
            and number_bits(record.number) not in self._bases
        ]
        if len(candidate_numbers) != 1 or candidate_numbers[0] in self._paired_numbers:
            return ""
        self._paired_numbers.add(candidate_numbers[0])
        return candidate_numbers[0]

    def _stored_records(
        self, members: Sequence[DeliveredRecord], owners: Sequence[str]
    ) -> tuple[dict[str, list[StoredRecord]], dict[str, list[StoredRecord]]]:
        """Return the records of the graph: by base, and by owner (only owners of rows whose base is not understood)."""
        if self._is_label_empty or not members:
            return {}, {}
        parameter, _ = OWNER_LOOKUPS[self._sheet.name]
        keys_by_parameter: dict[str, list[str]] = {name: [] for name, _ in OWNER_LOOKUPS.values()} | {
            parameter: sorted({*owners} - {""})
        }
        bases = {member.base for member in members}
        unclear_owners = {owner for member, owner in zip(members, owners, strict=True) if member.has_unclear_base}
        candidates = [
            (owner, number, tuple(map(tuple, identifying_values)))
            for owner, number, identifying_values in self._store.query(
                "imports/numbers", **keys_by_parameter, open=OPEN_SEQUENCE
            )
            if number[:NUMBER_LENGTH] in bases or owner in unclear_owners
        ]
        if not candidates:
            return {}, {}
        numbers = list(dict.fromkeys(number for _, number, _ in candidates))
        [[rows]] = self._store.query_text(self._statements.lookup, {"keys": numbers, "open": OPEN_SEQUENCE})
        stored = {
            version.record.first_key: tuple(version.record.values.values())
            for version in map(self._statements.stored_version, rows)
        }
        by_base: dict[str, list[StoredRecord]] = defaultdict(list)
        by_owner: dict[str, list[StoredRecord]] = defaultdict(list)
        for number, identifying_values in {
            number: identifying_values for _, number, identifying_values in candidates if number in stored
        }.items():
            by_base[number[:NUMBER_LENGTH]].append(StoredRecord(number, identifying_values, stored[number]))
        for owner, number, identifying_values in candidates:
            if owner in unclear_owners and number in stored:
                by_owner[owner].append(StoredRecord(number, identifying_values, stored[number]))
        return dict(by_base), dict(by_owner)

    def _records_sharing_base(self, tables: Sequence[MatchedTable]) -> dict[str, set[DeliveredRecord]]:
        """Return the records of the delivery that share a base with other records of it, by base."""
        hashes = array("Q")
        for member in self._delivered_records(tables):
            hashes.extend((number_bits(member.base), number_bits(member.content_hash)))
        distinct = np.unique(np.array(hashes, np.uint64).reshape(-1, 2), axis=0)
        bases = distinct[:, 0]
        self._bases = set() if self._is_label_empty else set(bases.tolist())
        shared_bases = set(bases[1:][bases[1:] == bases[:-1]].tolist())
        records_by_base: dict[str, set[DeliveredRecord]] = defaultdict(set)
        for member in self._delivered_records(tables) if shared_bases else ():
            if number_bits(member.base) in shared_bases:
                records_by_base[member.base].add(member)
        return dict(records_by_base)

    def _delivered_records(self, tables: Iterable[MatchedTable]) -> Iterator[DeliveredRecord]:
        for matched in tables:
            name_columns = labels_by_name_column(self._sheet.name).keys()
            parser = RowParser(
                MODEL,
                self._sheet,
                matched.positions,
                matched.header_texts,
                self._store.codec,
                matched.units,
                name_columns,
                matched.year,
            )
            available, key_position = (
                available_columns(MODEL, matched.positions),
                matched.positions.get(self._sheet.key[0], 0),
            )
            for row in matched.rows():
                if row.fault or row.hidden:
                    continue
                cells = row.cells[: matched.delivered_width]
                if not non_record_reason(cells, key_position, matched.header_rows).code:
                    parsed = complete_row(self._sheet, parser.parse(row.cells), parser.header_texts, parser.codec)
                    if parsed.main_refusal is None:
                        yield self._delivered_record(parsed, available, matched.previous_refusal_codes(row.cells))


def record_numberings(matched_tables: Sequence[MatchedTable], store: Store) -> dict[str, RecordNumbering]:
    """Return the numbering of each sheet of a delivery whose records have no number."""
    tables_by_sheet: dict[str, list[MatchedTable]] = defaultdict(list)
    for matched in matched_tables:
        if matched.sheet.name in NUMBER_COLUMN_BY_SHEET:
            tables_by_sheet[matched.sheet.name].append(matched)
    return {name: RecordNumbering(MODEL.sheets[name], tables, store) for name, tables in tables_by_sheet.items()}


def _is_stated(value: Any, name: str, number_column: str) -> bool:
    return name != number_column and value is not None and value != (None, None)
