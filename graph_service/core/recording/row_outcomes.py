"""Outcomes of the rows of a delivery: exactly one each of new, changed, same, resumed, refused, left out (docs/reference/files.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

OUTCOME_RANKS = ("same", "older", "resumed", "changed", "new", "refused")
"""Possible outcomes of a row; of the records made from it, the one whose outcome stands last here counts."""


@dataclass(slots=True)
class RowOutcome:
    """The outcome of a row; `same` where nothing of it was written."""

    rank: int = 0

    def record(self, outcome: str) -> None:
        """Record the outcome of a record of the row."""
        self.rank = max(self.rank, OUTCOME_RANKS.index(outcome))


@dataclass(slots=True)
class RowOutcomes:
    """The rows of one table: the number read, the outcomes of those that are records, the reasons why others were left out."""

    rows_read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    left_out_counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count rows whose records are written. A row for which a later collection has newer values is left out."""
        for outcome in outcomes:
            if OUTCOME_RANKS[outcome.rank] == "older":
                self.left_out_counts["OLDER_DELIVERY"] += 1
            else:
                self.counts[OUTCOME_RANKS[outcome.rank]] += 1
