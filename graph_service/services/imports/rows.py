"""Rows of one table → accepted versions, refused rows, flagged cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_service.declare import Label
from graph_service.derive.cell_texts import text_of
from graph_service.derive.rows import (
    Parsed,
    RowReader,
    applies,
    label_row,
    relationship_row,
)
from graph_service.derive.upserts import present
from graph_service.model import MODEL
from graph_service.readers.cells import Cell
from graph_service.services.imports.completing import completed, derived, said
from graph_service.services.imports.issue_list import IssueList
from graph_service.services.imports.key_shapes import KeyShapes
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.left_out import COLUMN_NAMELESS, LeftOut
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.imports.matching import Matched
from graph_service.services.imports.mergers import Mergers
from graph_service.services.imports.missing_columns import COLUMN_MISSING, missing_columns, usable_headers
from graph_service.services.imports.names import NameLookup
from graph_service.services.imports.numbering import Numbering
from graph_service.services.imports.outcomes import RowOutcome, RowOutcomes
from graph_service.services.imports.plans import Plan, Reference, planned
from graph_service.services.imports.record_rows import reason_to_leave_out
from graph_service.services.imports.rejects import Rejects
from graph_service.services.imports.row_names import RowNames
from graph_service.services.imports.versions import Target, Version, label_version, relationship_version
from graph_service.services.imports.writing import END_NOT_UNDERSTOOD
from graph_service.services.imports.years import Last
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Remark:
    """A refused row or a flagged cell, as told to the user."""

    sheet: str
    row: int
    key: str
    column: str
    value: str
    code: str
    refused: bool
    file: str


@dataclass(slots=True)
class Batch:
    """Versions of some rows, by target in the order in which they must be written; how many rows were read for it."""

    groups: dict[Target, list[Version]] = field(default_factory=lambda: defaultdict(list))
    rows: int = 0
    outcomes: list[RowOutcome] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[Cell]
    parsed: Parsed
    outcome: RowOutcome


RECORD_REPEATED = "RECORD_REPEATED"
DERIVED_FROM_NAMES = ("行政村", "贫困户", "关系人")
"""Sheets whose rows have values that are derived from a number in whose place a name may stand."""
SHOWN = 200
"""Characters of a cell that are told."""


def column_letters(position: int) -> str:
    """Return what a spreadsheet calls the column at a position: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class SheetRows:
    """The rows of one matched table, in batches. `remarks`, `left_out` and `outcomes` grow as they are read; refused rows go to
    `rejects`."""

    def __init__(
        self,
        matched: Matched,
        store: Store,
        keys: Keys,
        year: int,
        last: Last,
        rejects: Rejects | None = None,
        *,
        complete: bool = False,
        numbering: Numbering | None = None,
        names: NameLookup | None = None,
    ) -> None:
        self._names, self._lookup = RowNames(matched, names) if names else None, names
        self._matched, self._store, self._keys, self._last = matched, store, keys, last
        self._year = matched.year or year
        self._numbering = numbering
        self._rejects = rejects
        beside = self._names.used if self._names else ()
        self.sheet, self.unused = matched.sheet, tuple(part for part in matched.unused if part.column not in beside)
        self._reader = RowReader(
            MODEL,
            self.sheet,
            matched.places,
            matched.shown,
            store.codec,
            matched.units,
            self._names.columns if self._names else (),
        )
        self._said = said(MODEL, matched.places)
        self._plans = [planned(self.sheet, write, self._said, complete=complete) for write in self.sheet.writes]
        self._complete = complete
        always = [one for plan in self._plans if plan.write.when is None for one in plan.refers]
        # A column that must not be blank somewhere must not be blank.
        self._references = list({one[0]: one for one in sorted(always, key=lambda one: not one[2])}.values())
        self._dated = [name for name in self.sheet.key if name.endswith(".year")]
        self._current = last.latest(self.sheet.name, year) if self._dated else year
        self._conditional = [plan for plan in self._plans if plan.write.when is not None and plan.refers]
        self._missing, self._lacked = set(missing_columns(self.sheet.name, matched.places)), set[str]()
        self._key_at = matched.places.get(self.sheet.key[0], 0)
        self._without_header = [at for at, text in enumerate(matched.header) if not text]
        self._shapes, self._nameless = KeyShapes(), dict[int, tuple[int, str]]()
        self._unread_absent: dict[tuple[int, frozenset[str]], tuple[int, ...]] = {}
        self._mergers = Mergers(store) if self.sheet.name == "区划调整" else None
        self.remarks: IssueList[Remark] = IssueList()
        self.left_out: IssueList[LeftOut] = IssueList()
        self.outcomes = RowOutcomes()

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield what the rows write, `size` rows at a time; once, for counts and remarks grow."""
        chunk: list[_Row] = []
        for number, cells, hidden, fault in self._matched.table.rows():
            if number <= self._matched.header_row:
                continue
            self.outcomes.read += 1
            if self._is_left_out(number, cells, hidden=hidden, fault=fault):
                continue
            chunk.append(_Row(number, cells, self._parsed(cells, fault), RowOutcome()))
            if len(chunk) >= size:
                yield self._accepted(chunk)
                chunk = []
        if chunk:
            yield self._accepted(chunk)
        self._tell_columns()

    def _is_left_out(self, number: int, cells: list[Cell], *, hidden: bool, fault: str) -> bool:
        """Whether the row is no record; then it is told."""
        if fault:
            return False
        code, value = (
            ("HIDDEN_ROW", "")
            if hidden
            else reason_to_leave_out(cells, self._key_at, self._matched.header_rows, self._matched.titles)
        )
        if not code:
            return False
        table = self._matched.table
        self.outcomes.left_out[code] += 1
        self.left_out.append(LeftOut(table.file, table.name, code, row=number, value=value))
        return True

    def _parsed(self, cells: list[Cell], fault: str) -> Parsed:
        if fault:
            parsed = Parsed(shown_key=(text_of(cells[0]) or "")[:SHOWN] if cells else "")
            parsed.refuse(fault, "", parsed.shown_key)
            return parsed
        for at in (*self._without_header, *range(len(self._matched.header), len(cells))):
            if at < len(cells) and cells[at] is not None:
                count, value = self._nameless.get(at, (0, text_of(cells[at]) or ""))
                self._nameless[at] = count + 1, value
        return completed(self.sheet, self._reader.read(cells), self._reader.told)

    def _tell_columns(self) -> None:
        """Tell the columns that have values and no header, and the keys that are shaped unlike all others."""
        table = self._matched.table
        self.left_out.extend(
            LeftOut(
                table.file, table.name, COLUMN_NAMELESS, column=column_letters(at), value=value[:SHOWN], count=count
            )
            for at, (count, value) in sorted(self._nameless.items())
        )
        self.remarks.extend(
            Remark(
                table.name, 0, "", self._reader.told[name], usable_headers(self.sheet.name, name), COLUMN_MISSING, True, table.file
            )
            for name in sorted(self._missing)
            if self._reader.told[name] in self._lacked
        )  # fmt: skip
        column = self._reader.told[self.sheet.key[0]]
        for number, key in self._shapes.unlike_others():
            self.remarks.append(
                Remark(table.name, number, key, column, key, "KEY_UNLIKE_OTHERS", refused=False, file=table.file)
            )

    def _wanted(self, parsed: Parsed) -> Iterator[Reference]:
        yield from self._references
        for plan in self._conditional:
            # Which relationship a row makes, and so what it refers to, is known only now.
            if applies(plan.write, parsed.values):
                yield from plan.refers

    def _accepted(self, chunk: list[_Row]) -> Batch:
        if self._numbering is not None:
            # Names are not looked up yet: nothing tells two records apart but what the file says.
            self._numbering.assign(self._matched, [row.parsed for row in chunk])
        known = {labels: self._known(labels, values) for labels, values in self._values(chunk).items()}
        batch, refused = Batch(rows=len(chunk)), None
        for row in self._named(chunk, known):
            if row.parsed.refused is None:
                self._judge(row, known)
            if self._is_repeated(row):
                continue
            if not batch.outcomes or batch.outcomes[-1] is not row.outcome:
                batch.outcomes.append(row.outcome)
            # What is wrong with a row of several names is told once.
            if row.parsed.refused is None or refused is not row.outcome:
                self._remember(row)
            if row.parsed.refused is None:
                self._emit(batch, row, known)
            else:
                refused = row.outcome
        return batch

    def _named(self, chunk: list[_Row], known: dict[tuple[str, ...], dict[str, str]]) -> Iterator[_Row]:
        """The rows with numbers in place of names; one of several names is several, with one outcome."""
        if self._names is None or not self._names.columns:
            yield from chunk
            return
        parsed = [row.parsed for row in chunk]
        names = self._names.in_rows(
            [(row.cells, row.parsed) for row in chunk], [list(self._wanted(one)) for one in parsed], known
        )
        if not names:
            yield from chunk
            return
        told = self._reader.told
        resolved = self._names.resolve(parsed, names, told)
        fresh = self.sheet.name in DERIVED_FROM_NAMES
        rows = [
            _Row(
                row.number, row.cells, derived(self.sheet, one, told) if at in resolved and fresh else one, row.outcome
            )
            for at, row in enumerate(chunk)
            for one in resolved.get(at, [row.parsed])
        ]
        for labels, values in self._values(rows).items():
            if missing := values - known.setdefault(labels, {}).keys():
                known[labels] |= self._known(labels, missing)
        yield from rows

    def _values(self, rows: list[_Row]) -> dict[tuple[str, ...], set[str]]:
        """What rows refer to, by the labels of which one must know it."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in rows:
            if row.parsed.refused is None:
                for column, labels, _ in self._wanted(row.parsed):
                    if value := row.parsed.values.get(column):
                        found[labels].add(value)
        return found

    def _is_repeated(self, row: _Row) -> bool:
        """Whether a row tells again of what an earlier one has told, where a mapping says that several may; what it says otherwise is
        told."""
        table = self._matched.table
        if not isinstance(table, MappedTable) or not table.once:
            return False
        if row.parsed.refusals:
            # What is wrong with the record is told with the first of its rows.
            return not self._keys.add(f"{self.sheet.name}!refused", self._key(row)) and self._leave_repeated()
        key = self._record_key(row.parsed.values)
        said = {name: f"{key}\x1f{name}\x1f{value!r}" for name, value in row.parsed.values.items() if value is not None}
        if self._keys.add(f"{self.sheet.name}!once", key):
            if not self._keys.add(self.sheet.name, key):
                row.parsed.refuse("KEY_DUPLICATE", self._reader.told[self.sheet.key[0]], row.parsed.shown_key)
            self._keys.add_all(f"{self.sheet.name}!said", said.values())
            return False
        before = self._keys.known(f"{self.sheet.name}!said", said.values())
        for name in (name for name, text in said.items() if text not in before and name in self._reader.told):
            value = self._text(row, self._matched.places[name]) if name in self._matched.places else ""
            self.remarks.append(
                Remark(
                    table.name, row.number, row.parsed.shown_key, self._reader.told[name], value[:SHOWN], "ROWS_DISAGREE", False, table.file
                )
            )  # fmt: skip
        return self._leave_repeated()

    def _leave_repeated(self) -> bool:
        self.outcomes.left_out[RECORD_REPEATED] += 1
        return True

    def _judge(self, row: _Row, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        parsed, values = row.parsed, row.parsed.values
        for column, labels, optional in self._wanted(parsed):
            value = values.get(column)
            if value is None and not optional:
                code = COLUMN_MISSING if column in self._missing else "REFERENCE_MISSING"
                parsed.refuse(code, self._reader.told[column])
            elif value is not None and value not in known.get(labels, {}):
                parsed.refuse("REFERENCE_UNKNOWN", self._reader.told[column], str(value))
        conditions = [w.when for w in self.sheet.writes if w.when]
        closed = conditions and not any(texts[0].startswith("!") for _, texts in conditions)
        if closed and all((values.get(column) or "") not in texts for column, texts in conditions):
            column = conditions[0][0]
            parsed.refuse("KIND_UNKNOWN", self._reader.told[column], str(values.get(column) or ""))
        if parsed.refused is not None:
            return
        if self._mergers is not None and (fault := self._mergers.add(values["former"], values["into"])):
            parsed.refuse(fault, self._reader.told["into"], values["into"])
            return
        table = self._matched.table
        if isinstance(table, MappedTable) and table.once:
            return
        if self._numbering is not None:
            if not self._keys.add(self.sheet.name, self._numbering.content(values)):
                parsed.refuse("ROW_REPEATED", self._reader.told[self.sheet.key[0]], parsed.shown_key)
            return
        key = self._record_key(values)
        if self._still_duplicate(row) or not self._keys.add(self.sheet.name, key):
            first = self.sheet.key[0]
            parsed.refuse("KEY_DUPLICATE", self._reader.told[first], parsed.shown_key)

    def _record_key(self, values: Mapping[str, Any]) -> str:
        """What tells the row's record from others of the delivery."""
        return "\x1f".join(
            str(values.get(name) or (self._year if name.endswith(".year") else "")) for name in self.sheet.key
        )

    def _still_duplicate(self, row: _Row) -> bool:
        """Whether the row comes from a workbook of refused rows, there for a number that others had first, and has it still."""
        code, key = (self._text(row, at) for at in self._matched.refused) if self._matched.refused else ("", "")
        return "KEY_DUPLICATE" in code.split() and key == text_of(self._key(row))

    def _key(self, row: _Row) -> str:
        """What a row is told apart by, as it was delivered."""
        places = [self._matched.places[name] for name in self.sheet.key if name in self._matched.places]
        return " / ".join(self._text(row, at) for at in places)

    @staticmethod
    def _text(row: _Row, at: int) -> str:
        return text_of(row.cells[at]) or "" if at < len(row.cells) else ""

    def _known(self, labels: tuple[str, ...], values: set[str]) -> dict[str, str]:
        """Key → the label that knows it: brought by this delivery, or there already."""
        found: dict[str, str] = {}
        for name in labels:
            label = MODEL.labels[name]
            missing = values - found.keys()
            here = self._keys.known(label.name, missing)
            found.update(dict.fromkeys(here, name))
            if rest := sorted(missing - here):
                [[there]] = self._store.lookup(present(label), {"keys": rest})
                found.update(dict.fromkeys(there, name))
        return found

    def _remember(self, row: _Row) -> None:
        parsed, table = row.parsed, self._matched.table
        refused = bool(parsed.refusals)
        if refused:
            row.outcome.reach("refused")
            if self._rejects is not None:
                self._rejects.add(self._matched, row.number, row.cells, self._key(row), tuple(parsed.refusals))
        else:
            self._shapes.add(row.number, str(parsed.values.get(self.sheet.key[0]) or ""))
        for issue in parsed.refusals or parsed.flagged:
            if issue.code == COLUMN_MISSING:
                # Told once, for all rows.
                self._lacked.add(issue.column)
                continue
            self.remarks.append(
                Remark(
                    table.name, row.number, parsed.shown_key, issue.column, issue.value[:SHOWN], issue.code, refused, table.file
                )
            )  # fmt: skip

    def remark(self, version: Version, code: str) -> Remark:
        """A remark on a version that was not taken."""
        table, number = self._matched.table, int(version.source.rpartition("!")[2])
        refused = code == END_NOT_UNDERSTOOD
        return Remark(table.name, number, str(version.ends[0]), "", "", code, refused, file=table.file)

    def remark_sheet(self, code: str, key: str = "") -> None:
        """A remark on what the table has no row of, or on the whole of it: row 0."""
        table = self._matched.table
        self.remarks.append(Remark(table.name, 0, key, "", "", code, refused=False, file=table.file))

    def _emit(self, batch: Batch, row: _Row, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        table = self._matched.table
        source = f"{table.place}!{row.number}"
        again = False
        year = max((row.parsed.values.get(name) or self._year for name in self._dated), default=self._year)
        last = not self._dated or self._last.is_last(self.sheet.name, row.parsed.values[self.sheet.key[0]], year)
        for at, plan in enumerate(self._plans):
            target: Target = (plan.write.target,)
            if plan.label is None and not last:
                continue
            if plan.label is not None:
                made = label_row(MODEL, plan.write, row.parsed.values, self._year)
                if made is None:
                    continue
                if not plan.label.owner:
                    again |= not self._brought(plan.label, str(made[0]))
                version = label_version(target, made, source)
            else:
                relationship = MODEL.relationships[plan.write.target]
                made = relationship_row(relationship, plan.write, plan.columns, row.parsed.values)
                if made is None:
                    continue
                target = self._joined(plan, made, known)
                version = relationship_version(target, made, source)
            # Of an owner's yearly rows one alone, the last, tells where it is.
            version.again = again and plan.repeats and not (self._dated and plan.label is None)
            version.current = year >= self._current
            absent = self._absent(at, plan, row.parsed.unread) if row.parsed.unread else plan.absent
            version.absent = absent if version.current else (*absent, *plan.ends_at)
            version.unread_end = f"{plan.write.target}.until" in row.parsed.unread
            version.row = row.outcome
            batch.groups[target].append(version)
        self._bring(row.parsed.values)

    def _bring(self, values: Mapping[str, Any]) -> None:
        """Remember the names that an accepted row brings, and where it says that something is."""
        if self._names is None or self._lookup is None:
            return
        self._names.see(values)
        for label in ("Village", "Cadre", "Department"):
            key = values.get(f"{label}.{MODEL.labels[label].key.name}")
            name = values.get("VillageYear.name" if label == "Village" else f"{label}.name")
            if key and name and any(plan.label is not None and plan.label.name == label for plan in self._plans):
                works_for = values.get("Department.department_no") or "" if label == "Cadre" else ""
                where = (values["Village.code"],) if label == "Department" and values.get("Village.code") else ()
                self._lookup.bring(label, key, name, where, works_for)

    def _absent(self, at: int, plan: Plan, unread: set[str]) -> tuple[int, ...]:
        """Positions of which a row with cells that are not understood says nothing: they stay as they are known."""
        seen = (at, frozenset(unread))
        if seen not in self._unread_absent:
            # The beginning is a part of what finds it: what is not understood there has refused the row.
            there = self._said - {name for name in unread if not name.endswith(".since")}
            self._unread_absent[seen] = planned(self.sheet, plan.write, there, complete=self._complete).absent
        return self._unread_absent[seen]

    def _brought(self, label: Label, key: str) -> bool:
        """Remember a node; whether it is the first time in this delivery. A village is an area too."""
        if label.also:
            self._keys.add(label.also, key)
        return self._keys.add(label.name, key)

    @staticmethod
    def _joined(plan: Plan, made: list[Any], known: dict[tuple[str, ...], dict[str, str]]) -> Target:
        start, end = plan.ends
        return (
            plan.write.target,
            start[0] if len(start) == 1 else known[start][made[0]],
            end[0] if len(end) == 1 else known[end][made[1]],
        )
