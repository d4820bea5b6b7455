"""Validation of the rows of one table: accepted versions, refused rows, flagged cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.row_parsing import RowIssue, RowParser
from graph_service.core.recording.record_versions import RecordVersion
from graph_service.core.recording.row_outcomes import RowOutcomes
from graph_service.core.recording.version_writer import END_NOT_UNDERSTOOD
from graph_service.domain.model import MODEL
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.features.imports.read.derived_values import available_columns, derive_values
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.missing_columns import COLUMN_MISSING, missing_columns, usable_headers
from graph_service.features.imports.read.table_issues import TableIssues
from graph_service.features.imports.validate.area_mergers import AreaMergers
from graph_service.features.imports.validate.cell_masks import CellMasks
from graph_service.features.imports.validate.delivery_years import LatestYears
from graph_service.features.imports.validate.issue_list import IssueList
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.name_lookup import NameLookup
from graph_service.features.imports.validate.record_numbering import RecordNumbering
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.features.imports.validate.repeated_records import RECORD_REPEATED, RepeatedRecords
from graph_service.features.imports.validate.reported_issues import ReportedIssue
from graph_service.features.imports.validate.row_names import RowNameResolver
from graph_service.features.imports.validate.row_reading import RecordReader, RecordRow, chunk_rows
from graph_service.features.imports.validate.row_references import RowReferences
from graph_service.features.imports.validate.row_versions import VersionBatch, VersionBuilder
from graph_service.features.imports.validate.shared_numbers import NUMBER_SHARED, SharedNumbers
from graph_service.features.imports.validate.unread_ends import UnreadEnds
from graph_service.features.imports.validate.write_plans import plan_write
from graph_service.platform.store.graph import Store

DERIVED_FROM_NAMES = ("行政村", "贫困户", "关系人")
"""Sheets whose rows have values that are derived from a number in whose place a name may stand."""


class TableValidator:
    """The rows of one matched table, in batches. `has_composed_numbers`: whether a mapping composes numbers of other cells
    somewhere in the delivery. `reported_issues`, `left_out` and `outcomes` grow as rows are read; refused rows go to
    `rejected_rows`."""

    def __init__(
        self,
        matched: MatchedTable,
        store: Store,
        keys: KeyIndex,
        year: int,
        latest_years: LatestYears,
        rejected_rows: RejectedRowCollector | None = None,
        *,
        is_complete: bool = False,
        has_composed_numbers: bool = False,
        numbering: RecordNumbering | None = None,
        name_lookup: NameLookup | None = None,
    ) -> None:
        self._name_resolver = RowNameResolver(matched, name_lookup) if name_lookup else None
        if rejected_rows is not None and self._name_resolver is not None and self._name_resolver.columns:
            rejected_rows.areas.update(self._name_resolver.areas)
        self._matched, self._keys = matched, keys
        self._year, self._numbering, self._rejected_rows = matched.year or year, numbering, rejected_rows
        self.sheet, self.unused = matched.sheet, matched.unused
        name_columns = self._name_resolver.columns if self._name_resolver else ()
        self._reader = RowParser(
            MODEL,
            self.sheet,
            matched.positions,
            matched.header_texts,
            store.codec,
            matched.units,
            name_columns,
            matched.year,
        )
        available = available_columns(MODEL, matched.positions)
        plans = [plan_write(self.sheet, write, available, is_complete=is_complete) for write in self.sheet.writes]
        current_year = (
            latest_years.latest_year(self.sheet.name, year)
            if any(n.endswith(".year") for n in self.sheet.key)
            else year
        )
        self._missing_columns, self._reported_headers = (
            set(missing_columns(self.sheet.name, matched.positions)),
            set[str](),
        )
        self._mergers = AreaMergers(store) if self.sheet.name == "区划调整" else None
        self._table_issues = TableIssues(matched, self._reader.header_texts)
        self._repeated_records = RepeatedRecords(matched, self._reader.header_texts, keys)
        self._shared_numbers = SharedNumbers(
            matched, self._reader.header_texts, keys, store, has_composed_numbers=has_composed_numbers
        )
        self.reported_issues: IssueList[ReportedIssue] = IssueList()
        self.outcomes = RowOutcomes()
        self._references = RowReferences(self.sheet, plans, self._reader.header_texts, keys, store)
        self._unread_ends = UnreadEnds(self._reader.header_texts)
        self._masks = CellMasks(matched, self._reader.header_texts)
        self._records = RecordReader(
            matched, self._reader, self.outcomes, self._masks, latest_years.years_of_sheet(self.sheet.name)
        )
        self._versions = VersionBuilder(
            matched, plans, available, keys, latest_years, year=self._year, current_year=current_year, is_complete=is_complete,
            names=(self._name_resolver, name_lookup) if self._name_resolver and name_lookup else None,
        )  # fmt: skip

    @property
    def left_out(self) -> IssueList[LeftOutPart]:
        """Return the rows and columns of the table that were left out."""
        return self._records.left_out

    def batches(self, size: int) -> Iterator[VersionBatch]:
        """Yield the versions of the rows, at most `size` rows at a time; to be called once, because counts and remarks grow."""
        for chunk in chunk_rows(self._records, size):
            yield self._validate_chunk(chunk)
        self._report_columns()

    def _report_columns(self) -> None:
        """Report the columns that are missing, and the issues that concern all rows together."""
        for name in sorted(self._missing_columns):
            header = self._reader.header_texts[name]
            if header in self._reported_headers:
                issue = RowIssue(COLUMN_MISSING, header, usable_headers(self.sheet.name, name))
                self.reported_issues.append(self._reported_issue(0, "", issue, refused=True))
        self.reported_issues.extend(
            self._reported_issue(number, key, issue) for number, key, issue in self._table_issues.issues()
        )
        self.left_out.extend(self._table_issues.columns_to_verify())

    def _validate_chunk(self, chunk: list[RecordRow]) -> VersionBatch:
        if self._numbering is not None:
            # Names are not looked up yet: only the values in the file tell two records apart.
            self._numbering.assign_numbers(self._matched, [(row.cells, row.parsed) for row in chunk])
        known_keys = {
            labels: self._references.find_known(labels, values)
            for labels, values in self._references.referenced_values(chunk).items()
        }
        self._shared_numbers.load_names(chunk)
        batch, refused_outcome = VersionBatch(row_count=len(chunk)), None
        for row in self._resolve_names(chunk, known_keys):
            self._check(row, known_keys)
            if self._is_repeated(row):
                continue
            if not batch.outcomes or batch.outcomes[-1] is not row.outcome:
                batch.outcomes.append(row.outcome)
            # The issues of a row with several names are reported once.
            if row.parsed.main_refusal is None or refused_outcome is not row.outcome:
                self._collect_issues(row)
            if row.parsed.main_refusal is None:
                self._versions.add(batch, row, known_keys)
                self._unread_ends.add(row)
            else:
                refused_outcome = row.outcome
        return batch

    def _resolve_names(
        self, chunk: list[RecordRow], known_keys: dict[tuple[str, ...], dict[str, str]]
    ) -> Iterator[RecordRow]:
        """Yield the rows with numbers in place of names; a row with several names becomes several rows with one outcome."""
        if self._name_resolver is None or not self._name_resolver.columns:
            yield from chunk
            return
        parsed_rows = [row.parsed for row in chunk]
        names = self._name_resolver.find_names(
            [(row.cells, row.parsed) for row in chunk],
            [list(self._references.references_of_row(parsed_row)) for parsed_row in parsed_rows],
            known_keys,
        )
        if not names:
            yield from chunk
            return
        headers = self._reader.header_texts
        resolved_rows = self._name_resolver.resolve(parsed_rows, names, headers, self._references.find_known)
        has_derived_values = self.sheet.name in DERIVED_FROM_NAMES
        rows = [
            RecordRow(
                row.number,
                row.cells,
                derive_values(self.sheet, parsed_row, headers, self._reader.codec)
                if row_index in resolved_rows and has_derived_values
                else parsed_row,
                row.outcome,
            )
            for row_index, row in enumerate(chunk)
            for parsed_row in resolved_rows.get(row_index, [row.parsed])
        ]
        for labels, values in self._references.referenced_values(rows).items():
            if missing := values - known_keys.setdefault(labels, {}).keys():
                known_keys[labels] |= self._references.find_known(labels, missing)
        yield from rows

    def _is_repeated(self, row: RecordRow) -> bool:
        """Return True where a row repeats the record of an earlier row and a mapping allows this; differences are reported."""
        issues = self._repeated_records.differences(row, self._record_key(row.parsed.values))
        if issues is None:
            return False
        self.reported_issues.extend(self._reported_issue(row.number, row.parsed.key_text, issue) for issue in issues)
        self.outcomes.left_out_counts[RECORD_REPEATED] += 1
        return True

    def _check(self, row: RecordRow, known_keys: dict[tuple[str, ...], dict[str, str]]) -> None:
        parsed, values = row.parsed, row.parsed.values
        # All issues of a row are reported at once; a row that could not be read has no further ones.
        if values:
            self._references.check(parsed, known_keys, self._missing_columns)
            self._shared_numbers.check(row)
        if parsed.main_refusal is None and self._is_still_refused(NUMBER_SHARED, row):
            parsed.refuse(NUMBER_SHARED, self._reader.header_texts[self.sheet.key[0]], parsed.key_text)
        if parsed.main_refusal is not None:
            return
        if self._mergers is not None and (fault := self._mergers.add(values["former"], values["into"])):
            parsed.refuse(fault, self._reader.header_texts["into"], values["into"])
            return
        if self._repeated_records.may_repeat:
            return
        if self._numbering is not None:
            if not self._keys.add(self.sheet.name, self._numbering.content_hash(values)):
                parsed.refuse("ROW_REPEATED", self._reader.header_texts[self.sheet.key[0]], parsed.key_text)
            return
        key = self._record_key(values)
        if self._is_still_refused("KEY_DUPLICATE", row) or not self._keys.add(self.sheet.name, key):
            first_key = self.sheet.key[0]
            parsed.refuse("KEY_DUPLICATE", self._reader.header_texts[first_key], parsed.key_text)

    def _record_key(self, values: Mapping[str, Any]) -> str:
        """Return the text that identifies the row's record in the delivery."""
        return "\x1f".join(
            str(values.get(name) or (self._year if name.endswith(".year") else "")) for name in self.sheet.key
        )

    def _is_still_refused(self, refusal_code: str, row: RecordRow) -> bool:
        """Return True where the row comes from a workbook of refused rows, was refused with this code, and still has the same
        number."""
        code, key = (
            (self._cell_text_at(row, position) for position in self._matched.reason_positions)
            if self._matched.reason_positions
            else ("", "")
        )
        return refusal_code in code.split() and key == cell_text(self._shown_key(row))

    def _shown_key(self, row: RecordRow) -> str:
        """Return the key of a row, as it was delivered."""
        positions = [self._matched.positions[name] for name in self.sheet.key if name in self._matched.positions]
        return " / ".join(self._cell_text_at(row, position) for position in positions)

    @staticmethod
    def _cell_text_at(row: RecordRow, position: int) -> str:
        return cell_text(row.cells[position]) or "" if position < len(row.cells) else ""

    def _collect_issues(self, row: RecordRow) -> None:
        parsed = row.parsed
        is_refused, issues = bool(parsed.refusals), (*parsed.refusals, *parsed.flags)
        if is_refused:
            row.outcome.record("refused")
            if self._rejected_rows is not None:
                self._rejected_rows.add(
                    self._matched, row.number, row.cells, self._shown_key(row), parsed.refusals, parsed.flags
                )
        else:
            self._table_issues.add(row.number, parsed.values, row.cells)
        for index, issue in enumerate(issues):
            if issue.code == COLUMN_MISSING:
                # Reported once, for all rows.
                self._reported_headers.add(issue.column)
                continue
            self.reported_issues.append(
                self._reported_issue(row.number, parsed.key_text, issue, refused=index < len(parsed.refusals))
            )

    def version_issue(self, version: RecordVersion, code: str) -> ReportedIssue:
        """Return a remark on a version that was not written."""
        number, is_refused = int(version.source.rpartition("!")[2]), code == END_NOT_UNDERSTOOD
        unread_end = self._unread_ends.pop(number, code) if is_refused else None
        if unread_end is None:
            return self._reported_issue(number, version.record.first_key, RowIssue(code), refused=is_refused)
        row, issue = unread_end
        if self._rejected_rows is not None:
            self._rejected_rows.add(self._matched, number, row.cells, self._shown_key(row), [issue])
        return self._reported_issue(number, row.parsed.key_text, issue, refused=is_refused)

    def report_table_issue(self, code: str, key: str = "") -> None:
        """Add a remark on a record that no row of the table has, or on the table as a whole: row 0."""
        self.reported_issues.append(self._reported_issue(0, key, RowIssue(code)))

    def _reported_issue(self, row_number: int, key: str, issue: RowIssue, *, refused: bool = False) -> ReportedIssue:
        """Return an issue as it is reported: nothing behind this has the values of people. The workbook of refused rows has the cells."""
        table = self._matched.table
        return ReportedIssue(
            table.name,
            row_number,
            self._masks.mask_key(key),
            mask_numbers(issue.column),
            self._masks.mask_cell(issue.column, issue.value),
            issue.code,
            refused,
            table.file,
        )
