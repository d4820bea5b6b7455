"""Result of an import, as reported to its users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.validate.issue_list import IssueList
from graph_service.features.imports.validate.reported_issues import ReportedIssue
from graph_service.features.imports.validate.row_validation import TableValidator

WRITTEN_OUTCOMES = ("new", "changed", "resumed", "ended", "withdrawn")
ROW_OUTCOMES = ("rows", "new", "changed", "same", "resumed", "refused", "left_out")


@dataclass(slots=True)
class ImportReport:
    """The result of an import.

    `counts` by sheet, in rows, each row once: rows = new + changed + same + resumed (rows that a killed import had written) +
    refused + left_out. `left_out_rows` by sheet and reason. `records` by sheet, in nodes and relationships: new, changed, same,
    resumed, older, ended, withdrawn; and `flagged` cells. `left_out`: sheets, columns and rows that were not used, each with its
    reason.
    """

    sequence: int | None
    day: int
    counts: dict[str, dict[str, int]]
    left_out_rows: dict[str, dict[str, int]] = field(default_factory=dict)
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: IssueList[ReportedIssue] = field(default_factory=IssueList)
    left_out: IssueList[LeftOutPart] = field(default_factory=IssueList)
    changed: int = 0
    dry: bool = False
    findings: dict[str, int] = field(default_factory=dict)
    """Numbers of findings of the checks that are new or back (`found`), and that no longer hold (`gone`)."""
    lacking: bool = False
    """Whether a table with the name of a sheet could not be read as that sheet."""
    repeated: bool = False
    """Whether an earlier request under the same client key had made the import, so that no row was read."""

    @property
    def refused(self) -> int:
        """Return the number of refused rows."""
        return sum(counts.get("refused", 0) for counts in self.counts.values())

    @property
    def omitted_counts(self) -> Counter[str]:
        """Return the numbers of remarks and unused parts that are not kept, by code."""
        return self.remarks.omitted_counts + self.left_out.omitted_counts


def add_table_results(table: TableValidator, records: Counter[str], report: ImportReport) -> None:
    """Add the outcomes of a table's rows and records to the report."""
    outcomes, name = table.outcomes, table.sheet.name
    row_counts = Counter({"rows": outcomes.rows_read, "left_out": outcomes.left_out_counts.total()}) + outcomes.counts
    _add_counts(report.counts.setdefault(name, {"rows": 0}), {kind: row_counts[kind] for kind in ROW_OUTCOMES})
    _add_counts(report.left_out_rows.setdefault(name, {}), outcomes.left_out_counts)
    flagged_count = sum(not remark.refused for remark in table.reported_issues)
    table.reported_issues.sort(key=lambda remark: remark.row)
    _add_counts(report.records.setdefault(name, {}), {**records, "flagged": flagged_count})
    report.remarks.extend(table.reported_issues)
    # A table that feeds several sheets leaves out the same row of totals for each of them: it is reported once.
    reported_parts = set(report.left_out)
    report.left_out.omitted_counts.update(table.left_out.omitted_counts)
    report.left_out.extend(part for part in (*table.unused, *table.left_out) if part not in reported_parts)


def _add_counts(counts: dict[str, int], added: Mapping[str, int]) -> None:
    for kind, total in added.items():
        if total:
            counts[kind] = counts.get(kind, 0) + total


def count_changes(report: ImportReport) -> int:
    """Return the number of nodes and relationships that an import has made or changed."""
    return sum(records.get(name, 0) for records in report.records.values() for name in WRITTEN_OUTCOMES)
