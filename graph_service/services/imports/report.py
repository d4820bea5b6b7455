"""What an import did, as its users are told it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_service.services.imports.issue_list import IssueList
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.remarks import Remark
from graph_service.services.imports.rows import SheetRows

MADE = ("new", "changed", "resumed", "ended", "withdrawn")
ROWS = ("rows", "new", "changed", "same", "resumed", "refused", "left_out")


@dataclass(slots=True)
class Report:
    """What an import did.

    `counts` by sheet, in rows, each row once: rows = new + changed + same + resumed (what a killed import had written) + refused
    + left_out. `left_out_rows` by sheet and reason. `records` by sheet, in nodes and relationships: new, changed, same, resumed,
    older, ended, withdrawn; and `flagged` cells. `left_out`: sheets, columns and rows that were not used, each with its reason.
    """

    sequence: int | None
    day: int
    counts: dict[str, dict[str, int]]
    left_out_rows: dict[str, dict[str, int]] = field(default_factory=dict)
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: IssueList[Remark] = field(default_factory=IssueList)
    left_out: IssueList[LeftOut] = field(default_factory=IssueList)
    changed: int = 0
    dry: bool = False
    findings: dict[str, int] = field(default_factory=dict)
    """How many findings of the checks are new or back (`found`), how many are there no more (`gone`)."""
    lacking: bool = False
    """Whether a table that is called like a sheet could not be read as it."""

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(counts.get("refused", 0) for counts in self.counts.values())

    @property
    def beyond(self) -> Counter[str]:
        """What more there is to tell than is kept, by code."""
        return self.remarks.beyond + self.left_out.beyond


def add_table(rows: SheetRows, records: Counter[str], report: Report) -> None:
    """Add what came of a table's rows and records to the report."""
    outcomes, name = rows.outcomes, rows.sheet.name
    counted = Counter({"rows": outcomes.read, "left_out": outcomes.left_out.total()}) + outcomes.counted
    _add(report.counts.setdefault(name, {"rows": 0}), {kind: counted[kind] for kind in ROWS})
    _add(report.left_out_rows.setdefault(name, {}), outcomes.left_out)
    flagged = sum(not remark.refused for remark in rows.remarks)
    rows.remarks.sort(key=lambda remark: remark.row)
    _add(report.records.setdefault(name, {}), {**records, "flagged": flagged})
    report.remarks.extend(rows.remarks)
    # A table that feeds several sheets leaves out the same row of totals for each of them: it is told once.
    told = set(report.left_out)
    report.left_out.beyond.update(rows.left_out.beyond)
    report.left_out.extend(part for part in (*rows.unused, *rows.left_out) if part not in told)


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for kind, total in more.items():
        if total:
            counts[kind] = counts.get(kind, 0) + total


def count_changes(report: Report) -> int:
    """Return how many nodes and relationships an import has made or changed."""
    return sum(records.get(name, 0) for records in report.records.values() for name in MADE)
