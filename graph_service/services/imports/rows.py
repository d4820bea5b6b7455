"""Rows of one table → accepted versions, refused rows, flagged cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph_service.derive.cell_texts import text_of
from graph_service.derive.rows import RowReader, Trouble
from graph_service.model import MODEL
from graph_service.services.imports.completing import derived, said
from graph_service.services.imports.issue_list import IssueList
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.mergers import Mergers
from graph_service.services.imports.missing_columns import COLUMN_MISSING, missing_columns, usable_headers
from graph_service.services.imports.names import NameLookup
from graph_service.services.imports.numbering import Numbering
from graph_service.services.imports.outcomes import RowOutcomes
from graph_service.services.imports.plans import planned
from graph_service.services.imports.rejects import Rejects
from graph_service.services.imports.remarks import SHOWN, Remark
from graph_service.services.imports.repeated_records import RECORD_REPEATED, RepeatedRecords
from graph_service.services.imports.row_names import RowNames
from graph_service.services.imports.row_reading import RecordRows, Row, chunks
from graph_service.services.imports.row_references import References
from graph_service.services.imports.row_versions import Batch, RowVersions
from graph_service.services.imports.shared_numbers import NUMBER_SHARED, SharedNumbers
from graph_service.services.imports.table_issues import TableIssues
from graph_service.services.imports.unread_ends import UnreadEnds
from graph_service.services.imports.versions import Version
from graph_service.services.imports.writing import END_NOT_UNDERSTOOD
from graph_service.services.imports.years import Last
from graph_service.store.graph import Store

DERIVED_FROM_NAMES = ("行政村", "贫困户", "关系人")
"""Sheets whose rows have values that are derived from a number in whose place a name may stand."""


class SheetRows:
    """The rows of one matched table, in batches. `composed`: whether a mapping composes numbers of other cells somewhere in the delivery. `remarks`, `left_out` and `outcomes` grow as they are read; refused rows go to
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
        composed: bool = False,
        numbering: Numbering | None = None,
        names: NameLookup | None = None,
    ) -> None:
        self._names = RowNames(matched, names) if names else None
        if rejects is not None and self._names is not None and self._names.columns:
            rejects.areas.update(self._names.areas)
        self._matched, self._keys = matched, keys
        self._year, self._numbering, self._rejects = matched.year or year, numbering, rejects
        self.sheet, self.unused = matched.sheet, matched.unused
        named = self._names.columns if self._names else ()
        self._reader = RowReader(MODEL, self.sheet, matched.places, matched.shown, store.codec, matched.units, named)
        told_columns = said(MODEL, matched.places)
        plans = [planned(self.sheet, write, told_columns, complete=complete) for write in self.sheet.writes]
        current = last.latest(self.sheet.name, year) if any(n.endswith(".year") for n in self.sheet.key) else year
        self._missing, self._lacked = set(missing_columns(self.sheet.name, matched.places)), set[str]()
        self._mergers = Mergers(store) if self.sheet.name == "区划调整" else None
        self._whole = TableIssues(matched, self._reader.told)
        self._repeated = RepeatedRecords(matched, self._reader.told, keys)
        self._shared = SharedNumbers(matched, self._reader.told, keys, store, composed=composed)
        self.remarks: IssueList[Remark] = IssueList()
        self.outcomes = RowOutcomes()
        self._references = References(self.sheet, plans, self._reader.told, keys, store)
        self._unread_ends = UnreadEnds(self._reader.told)
        self._records = RecordRows(matched, self._reader, self.outcomes, last.years(self.sheet.name))
        self._versions = RowVersions(
            matched, plans, told_columns, keys, last, year=self._year, current=current, complete=complete,
            names=(self._names, names) if self._names and names else None,
        )  # fmt: skip

    @property
    def left_out(self) -> IssueList[LeftOut]:
        """What of the table's rows and columns was left out."""
        return self._records.left_out

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield what the rows write, at most `size` rows at a time; once, for counts and remarks grow."""
        for chunk in chunks(self._records, size):
            yield self._accepted(chunk)
        self._tell_columns()

    def _tell_columns(self) -> None:
        """Tell the columns that are missing, and what only all rows tell together."""
        for name in sorted(self._missing):
            header = self._reader.told[name]
            if header in self._lacked:
                issue = Trouble(COLUMN_MISSING, header, usable_headers(self.sheet.name, name))
                self.remarks.append(self._remark(0, "", issue, refused=True))
        self.remarks.extend(self._remark(number, key, issue) for number, key, issue in self._whole.issues())
        self.left_out.extend(self._whole.columns_to_verify())

    def _accepted(self, chunk: list[Row]) -> Batch:
        if self._numbering is not None:
            # Names are not looked up yet: nothing tells two records apart but what the file says.
            self._numbering.assign(self._matched, [(row.cells, row.parsed) for row in chunk])
        known = {
            labels: self._references.known(labels, values) for labels, values in self._references.values(chunk).items()
        }
        self._shared.load(chunk)
        batch, refused = Batch(rows=len(chunk)), None
        for row in self._named(chunk, known):
            self._judge(row, known)
            if self._is_repeated(row):
                continue
            if not batch.outcomes or batch.outcomes[-1] is not row.outcome:
                batch.outcomes.append(row.outcome)
            # What is wrong with a row of several names is told once.
            if row.parsed.refused is None or refused is not row.outcome:
                self._remember(row)
            if row.parsed.refused is None:
                self._versions.add(batch, row, known)
                self._unread_ends.hold(row)
            else:
                refused = row.outcome
        return batch

    def _named(self, chunk: list[Row], known: dict[tuple[str, ...], dict[str, str]]) -> Iterator[Row]:
        """The rows with numbers in place of names; one of several names is several, with one outcome."""
        if self._names is None or not self._names.columns:
            yield from chunk
            return
        parsed = [row.parsed for row in chunk]
        names = self._names.in_rows(
            [(row.cells, row.parsed) for row in chunk], [list(self._references.wanted(one)) for one in parsed], known
        )
        if not names:
            yield from chunk
            return
        told = self._reader.told
        resolved = self._names.resolve(parsed, names, told, self._references.known)
        fresh = self.sheet.name in DERIVED_FROM_NAMES
        rows = [
            Row(row.number, row.cells, derived(self.sheet, one, told) if at in resolved and fresh else one, row.outcome)
            for at, row in enumerate(chunk)
            for one in resolved.get(at, [row.parsed])
        ]
        for labels, values in self._references.values(rows).items():
            if missing := values - known.setdefault(labels, {}).keys():
                known[labels] |= self._references.known(labels, missing)
        yield from rows

    def _is_repeated(self, row: Row) -> bool:
        """Whether a row tells again of what an earlier one has told, where a mapping says that several may; what differs is told."""
        issues = self._repeated.differences(row, self._record_key(row.parsed.values))
        if issues is None:
            return False
        self.remarks.extend(self._remark(row.number, row.parsed.shown_key, issue) for issue in issues)
        self.outcomes.left_out[RECORD_REPEATED] += 1
        return True

    def _judge(self, row: Row, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        parsed, values = row.parsed, row.parsed.values
        # All that is wrong with a row is told at once; of one that could not be read nothing more is.
        if values:
            self._references.judge(parsed, known, self._missing)
            self._shared.judge(row)
        if parsed.refused is None and self._is_still(NUMBER_SHARED, row):
            parsed.refuse(NUMBER_SHARED, self._reader.told[self.sheet.key[0]], parsed.shown_key)
        if parsed.refused is not None:
            return
        if self._mergers is not None and (fault := self._mergers.add(values["former"], values["into"])):
            parsed.refuse(fault, self._reader.told["into"], values["into"])
            return
        if self._repeated.may_repeat:
            return
        if self._numbering is not None:
            if not self._keys.add(self.sheet.name, self._numbering.content(values)):
                parsed.refuse("ROW_REPEATED", self._reader.told[self.sheet.key[0]], parsed.shown_key)
            return
        key = self._record_key(values)
        if self._is_still("KEY_DUPLICATE", row) or not self._keys.add(self.sheet.name, key):
            first = self.sheet.key[0]
            parsed.refuse("KEY_DUPLICATE", self._reader.told[first], parsed.shown_key)

    def _record_key(self, values: Mapping[str, Any]) -> str:
        """What tells the row's record from others of the delivery."""
        return "\x1f".join(
            str(values.get(name) or (self._year if name.endswith(".year") else "")) for name in self.sheet.key
        )

    def _is_still(self, refusal: str, row: Row) -> bool:
        """Whether the row comes from a workbook of refused rows, there for a number that is another's, and has it still."""
        code, key = (self._text(row, at) for at in self._matched.refused) if self._matched.refused else ("", "")
        return refusal in code.split() and key == text_of(self._key(row))

    def _key(self, row: Row) -> str:
        """What a row is told apart by, as it was delivered."""
        places = [self._matched.places[name] for name in self.sheet.key if name in self._matched.places]
        return " / ".join(self._text(row, at) for at in places)

    @staticmethod
    def _text(row: Row, at: int) -> str:
        return text_of(row.cells[at]) or "" if at < len(row.cells) else ""

    def _remember(self, row: Row) -> None:
        parsed = row.parsed
        refused, issues = bool(parsed.refusals), (*parsed.refusals, *parsed.flagged)
        if refused:
            row.outcome.reach("refused")
            if self._rejects is not None:
                self._rejects.add(self._matched, row.number, row.cells, self._key(row), issues)
        else:
            self._whole.add(row.number, parsed.values, row.cells)
        for at, issue in enumerate(issues):
            if issue.code == COLUMN_MISSING:
                # Told once, for all rows.
                self._lacked.add(issue.column)
                continue
            self.remarks.append(self._remark(row.number, parsed.shown_key, issue, refused=at < len(parsed.refusals)))

    def remark(self, version: Version, code: str) -> Remark:
        """A remark on a version that was not taken."""
        number, refused = int(version.source.rpartition("!")[2]), code == END_NOT_UNDERSTOOD
        held = self._unread_ends.take(number, code) if refused else None
        if held is None:
            return self._remark(number, str(version.ends[0]), Trouble(code), refused=refused)
        row, issue = held
        if self._rejects is not None:
            self._rejects.add(self._matched, number, row.cells, self._key(row), [issue])
        return self._remark(number, row.parsed.shown_key, issue, refused=refused)

    def remark_sheet(self, code: str, key: str = "") -> None:
        """A remark on what the table has no row of, or on the whole of it: row 0."""
        self.remarks.append(self._remark(0, key, Trouble(code)))

    def _remark(self, number: int, key: str, issue: Trouble, *, refused: bool = False) -> Remark:
        table = self._matched.table
        return Remark(table.name, number, key, issue.column, issue.value[:SHOWN], issue.code, refused, table.file)
