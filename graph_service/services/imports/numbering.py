"""Numbers of records that registers give none: measures, bills, entries of outside lists.

A number is a hash of what a record is about (its sheet's key), the base; where several agree in that, a hash of all that a record says
follows after a tilde. Two rows of a delivery that differ in any column are two records. A row of a later delivery is the known record
that says the same; else the one from which it differs in what changes (amount, end) or in one of the columns that name it further
(unit, policy, fund, voucher), where there is one such row and one such record; else a new record.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_service.declare import OPEN, Label, Sheet
from graph_service.derive.cell_texts import is_name
from graph_service.derive.rows import Parsed, RowReader, Trouble, derived_key, label_row
from graph_service.derive.sheets import absent
from graph_service.model import MODEL
from graph_service.services.imports.completing import KEYED, completed, said
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import named_labels
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
ANY = object()
"""Stands for a value of which the file says nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the graph: its number, what names it further (all that was ever recorded there), its label's values."""

    number: str
    named: tuple[tuple[Any, ...], ...]
    stored: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A record of a delivery. `named`: what names it further; `content`: a hash of all that its row says; `stored`: its label's values."""

    base: str
    named: tuple[Any, ...]
    content: str
    stored: tuple[Any, ...]

    @property
    def own_number(self) -> str:
        """Its number where another record has its base."""
        return f"{self.base}~{self.content[:8]}"

    def says(self, known: Known) -> bool:
        """Whether the record's values are those of this one."""
        return all(mine is ANY or mine == theirs for mine, theirs in zip(self.stored, known.stored, strict=True))

    def differences(self, known: Known) -> int:
        """In how many columns that name it further it differs from a record."""
        pairs = zip(self.named, known.named, strict=True)
        return sum(not (mine is ANY or mine in theirs or (mine is None and not theirs)) for mine, theirs in pairs)

    def may_be(self, known: Known) -> bool:
        """Whether it agrees with a record in each column that names both further."""
        pairs = zip(self.named, known.named, strict=True)
        return all(mine is ANY or mine is None or not theirs or mine in theirs for mine, theirs in pairs)


class Numbering:
    """The numbers of one sheet's records in a delivery. All its tables are read once before, twice where records share a base."""

    def __init__(self, sheet: Sheet, tables: Sequence[Matched], store: Store) -> None:
        self._sheet, self._store, self._column = sheet, store, KEYED[sheet.name]
        self._label: Label = MODEL.labels[self._column.partition(".")[0]]
        self._texts = upsert((self._label.name,))
        self._write = next(one for one in sheet.writes if one.target == self._label.name)
        self._virgin = not store.lookup(self._texts.any, {})
        self._crowded = self._shared(tables)

    def assign(self, matched: Matched, rows: Sequence[Parsed]) -> None:
        """Put the numbers into rows that are not refused; flag those of which it is not clear which known record they mean."""
        there = said(MODEL, matched.places)
        members = [self._member(parsed, there) for parsed in rows if parsed.refused is None]
        known = self._known(members, rows)
        groups: dict[str, set[Member]] = defaultdict(set)
        for one in members:
            groups[one.base] |= {one} | self._crowded.get(one.base, set())
        found = {
            member: number for base, group in groups.items() for member, number in _numbered(group, known.get(base, ()))
        }
        for parsed, member in zip((one for one in rows if one.refused is None), members, strict=True):
            number, unclear = found[member]
            parsed.values[self._column] = number
            if unclear:
                parsed.flagged.append(Trouble("RECORD_UNCLEAR", value=parsed.shown_key))

    def content(self, values: Mapping[str, Any]) -> str:
        """A hash of all that a row says."""
        return derived_key(
            *(f"{name}={values[name]}" for name in sorted(values) if _stated(values[name], name, self._column))
        )

    def _member(self, parsed: Parsed, there: set[str]) -> Member:
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
        return Member(base, named, self.content(values), stored)

    def _known(self, members: Sequence[Member], rows: Sequence[Parsed]) -> dict[str, list[Known]]:
        """The records of the graph by base."""
        if self._virgin or not members:
            return {}
        parameter, column = OWNERS[self._sheet.name]
        owners = {one.values[column] for one in rows if one.refused is None and one.values.get(column)}
        wanted: dict[str, list[str]] = {name: [] for name, _ in OWNERS.values()} | {parameter: sorted(owners)}
        bases = {one.base for one in members}
        listed = self._store.ask("imports/numbers", **wanted, open=OPEN)
        named = {number: tuple(map(tuple, some)) for number, some in listed if number[:BASE] in bases}
        if not named:
            return {}
        [[states]] = self._store.lookup(self._texts.known, {"keys": list(named), "open": OPEN})
        found: dict[str, list[Known]] = defaultdict(list)
        for number, _, values in states:
            found[number[:BASE]].append(Known(number, named[number], tuple(values)))
        return found

    def _shared(self, tables: Sequence[Matched]) -> dict[str, set[Member]]:
        """The records of the delivery that share a base with others of it, by base."""
        hashes = array("Q")
        for member in self._members(tables):
            hashes.extend((int(member.base[:16], 16), int(member.content[:16], 16)))
        distinct = np.unique(np.array(hashes, np.uint64).reshape(-1, 2), axis=0)
        bases = distinct[:, 0]
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
            for row in matched.table.rows():
                if row.number <= matched.header_row or row.fault or row.hidden:
                    continue
                if not reason_to_leave_out(row.cells, key_at, matched.header_rows)[0]:
                    parsed = completed(self._sheet, reader.read(row.cells), reader.told)
                    if parsed.refused is None:
                        yield self._member(parsed, there)


def numberings(matched: Sequence[Matched], store: Store) -> dict[str, Numbering]:
    """The numbering of each sheet of a delivery whose records have no number."""
    tables: dict[str, list[Matched]] = defaultdict(list)
    for one in matched:
        if one.sheet.name in KEYED:
            tables[one.sheet.name].append(one)
    return {name: Numbering(MODEL.sheets[name], some, store) for name, some in tables.items()}


def _stated(value: Any, name: str, derived: str) -> bool:
    return name != derived and value is not None and value != (None, None)


def _numbered(group: set[Member], known: Sequence[Known]) -> Iterator[tuple[Member, tuple[str, bool]]]:
    """Each record of a base with its number, and whether it is unclear which known one it means: the same whatever the order."""
    free = {one.number: one for one in sorted(known, key=lambda one: one.number)}
    left = {one.content: one for one in sorted(group, key=lambda one: one.content)}

    def alone(fits: Callable[[Member, Known], bool]) -> Iterator[tuple[Member, tuple[str, bool]]]:
        """Pairs of one row and one record that fit only each other."""
        for member in list(left.values()):
            likely = [one for one in free.values() if fits(member, one)]
            if len(likely) == 1 and sum(fits(one, likely[0]) for one in left.values()) == 1:
                yield take(member, likely[0])

    def take(member: Member, one: Known) -> tuple[Member, tuple[str, bool]]:
        del left[member.content], free[one.number]
        return member, (one.number, False)

    # What is known word for word is that record; a blank of it may have been filled in.
    for agrees in (lambda member, one: not member.differences(one), Member.may_be):
        for member in list(left.values()):
            same = next((one for one in free.values() if agrees(member, one) and member.says(one)), None)
            if same is not None:
                yield take(member, same)
    for member in list(left.values()):
        if member.own_number in free:
            yield take(member, free[member.own_number])
    yield from alone(lambda member, one: not member.differences(one))
    yield from alone(lambda member, one: member.differences(one) == 1 and member.says(one))
    # Its base alone is the number of what shares it with no other.
    single = len(group) == 1 and not known
    for member in left.values():
        number = member.base if single else member.own_number
        yield member, (number, any(member.may_be(one) for one in free.values()))
