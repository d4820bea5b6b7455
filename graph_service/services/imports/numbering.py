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

from graph_service.declare import OPEN, Label, Sheet
from graph_service.derive.cell_texts import is_name
from graph_service.derive.rows import Parsed, RowReader, Trouble, derived_key, label_row
from graph_service.derive.sheets import absent
from graph_service.model import MODEL
from graph_service.readers.cells import Cell
from graph_service.services.imports.completing import KEYED, completed, said
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import named_labels
from graph_service.services.imports.record_pairing import ANY, Known, Member, numbered
from graph_service.services.imports.record_rows import reason_to_leave_out
from graph_service.services.imports.versions import upsert
from graph_service.store.graph import Store

NAMED_BY = {
    "帮扶措施": ("Department.department_no", "Policy.policy_no", "Fund.fund_no", "PAYS.voucher"),
    "医疗费用": (),
    "外部名单": ("Village.code",),
}
"""Columns that name a record further, which `imports/numbers` tells in this order."""
OWNERS = {
    "帮扶措施": ("households", "Household.card_no"),
    "医疗费用": ("persons", "Person.person_no"),
    "外部名单": ("identities", "OutsideRecord.identity"),
}
"""By whom the records of a sheet are looked up: parameter of `imports/numbers`, column."""
BASE = 24
"""Characters of a base."""


class Numbering:
    """The numbers of one sheet's records in a delivery. All its tables are read once before, twice where records share a base."""

    def __init__(self, sheet: Sheet, tables: Sequence[Matched], store: Store) -> None:
        self._sheet, self._store, self._column = sheet, store, KEYED[sheet.name]
        self._label: Label = MODEL.labels[self._column.partition(".")[0]]
        self._texts = upsert((self._label.name,))
        self._write = next(one for one in sheet.writes if one.target == self._label.name)
        self._virgin = not store.lookup(self._texts.any, {})
        self._bases: set[int] = set()
        self._crowded = self._shared(tables)
        self._meant: set[str] = set()

    def assign(self, matched: Matched, rows: Sequence[tuple[Sequence[Cell], Parsed]]) -> None:
        """Put the numbers into rows that are not refused; flag those of which it is not clear which known record they mean."""
        there = said(MODEL, matched.places)
        read = [(cells, parsed) for cells, parsed in rows if parsed.refused is None]
        members = [self._member(parsed, there, matched.was_refused_for(cells)) for cells, parsed in read]
        owners = [str(parsed.values.get(OWNERS[self._sheet.name][1]) or "") for _, parsed in read]
        known, owned = self._known(members, owners)
        groups: dict[str, set[Member]] = defaultdict(set)
        for one in members:
            groups[one.base] |= {one} | self._crowded.get(one.base, set())
        found = {
            member: number for base, group in groups.items() for member, number in numbered(group, known.get(base, ()))
        }
        for (_, parsed), member, owner in zip(read, members, owners, strict=True):
            number, unclear = found[member]
            if member.vague and member.base not in known and (meant := self._meant_by(member, owned.get(owner, ()))):
                number, unclear = meant, False
            parsed.values[self._column] = number
            if unclear:
                parsed.flagged.append(Trouble("RECORD_UNCLEAR", value=parsed.shown_key))

    def content(self, values: Mapping[str, Any]) -> str:
        """A hash of all that a row says."""
        return derived_key(
            *(f"{name}={values[name]}" for name in sorted(values) if _stated(values[name], name, self._column))
        )

    def _member(self, parsed: Parsed, there: set[str], refused_for: Sequence[str]) -> Member:
        values = parsed.values
        there = there - parsed.unread
        # A name that stands in place of a number tells nothing yet.
        told = there - {name for name in named_labels(self._sheet.name) if is_name(str(values.get(name) or ""))}
        named = tuple(values.get(name) if name in told else ANY for name in NAMED_BY[self._sheet.name])
        row = label_row(MODEL, self._write, values, 0)
        assert row is not None
        unsaid = set(absent(MODEL, self._write, there))
        stored = tuple(ANY if at in unsaid else value for at, value in enumerate(row[1:]))
        base = derived_key(*(values.get(key) for key in self._sheet.key))
        vague = not parsed.unread.isdisjoint(self._sheet.key)
        return Member(base, named, self.content(values), stored, "ROW_REPEATED" in refused_for, vague)

    def _meant_by(self, member: Member, known: Sequence[Known]) -> str:
        """The number of the one record of its owner that says all that a row says whose base is not understood, and that no other row
        of the delivery means; empty where there is none, or several."""
        likely = [
            one.number
            for one in known
            if not member.differences(one) and member.says(one) and int(one.number[:16], 16) not in self._bases
        ]
        if len(likely) != 1 or likely[0] in self._meant:
            return ""
        self._meant.add(likely[0])
        return likely[0]

    def _known(
        self, members: Sequence[Member], owners: Sequence[str]
    ) -> tuple[dict[str, list[Known]], dict[str, list[Known]]]:
        """The records of the graph (by base, by owner: of those alone of whose rows the base is not understood)."""
        if self._virgin or not members:
            return {}, {}
        parameter, _ = OWNERS[self._sheet.name]
        wanted: dict[str, list[str]] = {name: [] for name, _ in OWNERS.values()} | {parameter: sorted({*owners} - {""})}
        bases = {one.base for one in members}
        unclear = {owner for one, owner in zip(members, owners, strict=True) if one.vague}
        listed = [
            (owner, number, tuple(map(tuple, some)))
            for owner, number, some in self._store.ask("imports/numbers", **wanted, open=OPEN)
            if number[:BASE] in bases or owner in unclear
        ]
        if not listed:
            return {}, {}
        numbers = list(dict.fromkeys(number for _, number, _ in listed))
        [[states]] = self._store.lookup(self._texts.known, {"keys": numbers, "open": OPEN})
        stored = {number: tuple(values) for number, _, values in states}
        by_base: dict[str, list[Known]] = defaultdict(list)
        by_owner: dict[str, list[Known]] = defaultdict(list)
        for number, named in {number: named for _, number, named in listed if number in stored}.items():
            by_base[number[:BASE]].append(Known(number, named, stored[number]))
        for owner, number, named in listed:
            if owner in unclear and number in stored:
                by_owner[owner].append(Known(number, named, stored[number]))
        return dict(by_base), dict(by_owner)

    def _shared(self, tables: Sequence[Matched]) -> dict[str, set[Member]]:
        """The records of the delivery that share a base with others of it, by base."""
        hashes = array("Q")
        for member in self._members(tables):
            hashes.extend((int(member.base[:16], 16), int(member.content[:16], 16)))
        distinct = np.unique(np.array(hashes, np.uint64).reshape(-1, 2), axis=0)
        bases = distinct[:, 0]
        self._bases = set() if self._virgin else set(bases.tolist())
        shared = set(bases[1:][bases[1:] == bases[:-1]].tolist())
        found: dict[str, set[Member]] = defaultdict(set)
        for member in self._members(tables) if shared else ():
            if int(member.base[:16], 16) in shared:
                found[member.base].add(member)
        return dict(found)

    def _members(self, tables: Iterable[Matched]) -> Iterator[Member]:
        for matched in tables:
            names = named_labels(self._sheet.name).keys()
            reader = RowReader(
                MODEL, self._sheet, matched.places, matched.shown, self._store.codec, matched.units, names
            )
            there, key_at = said(MODEL, matched.places), matched.places.get(self._sheet.key[0], 0)
            for row in matched.rows():
                if row.fault or row.hidden:
                    continue
                cells = row.cells[: matched.delivered_width]
                if not reason_to_leave_out(cells, key_at, matched.header_rows)[0]:
                    parsed = completed(self._sheet, reader.read(row.cells), reader.told)
                    if parsed.refused is None:
                        yield self._member(parsed, there, matched.was_refused_for(row.cells))


def numberings(matched: Sequence[Matched], store: Store) -> dict[str, Numbering]:
    """The numbering of each sheet of a delivery whose records have no number."""
    tables: dict[str, list[Matched]] = defaultdict(list)
    for one in matched:
        if one.sheet.name in KEYED:
            tables[one.sheet.name].append(one)
    return {name: Numbering(MODEL.sheets[name], some, store) for name, some in tables.items()}


def _stated(value: Any, name: str, derived: str) -> bool:
    return name != derived and value is not None and value != (None, None)
