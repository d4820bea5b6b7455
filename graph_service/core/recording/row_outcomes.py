"""What came of each row of a delivery: exactly one of new, changed, same, resumed, refused, left out (docs/files.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

OUTCOME_RANKS = ("same", "older", "resumed", "changed", "new", "refused")
"""What a row may come to; of the records that it makes the one that stands last here counts."""


@dataclass(slots=True)
class RowOutcome:
    """What came of one row; `same` where nothing of it was written."""

    rank: int = 0

    def record(self, outcome: str) -> None:
        """Note what came of a record of the row."""
        self.rank = max(self.rank, OUTCOME_RANKS.index(outcome))


@dataclass(slots=True)
class RowOutcomes:
    """The rows of one table: how many were read, what came of those that are records, why others were left out."""

    rows_read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    left_out_counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count rows whose records are written. A row of which a later collection knows better is left out."""
        for outcome in outcomes:
            if OUTCOME_RANKS[outcome.rank] == "older":
                self.left_out_counts["OLDER_DELIVERY"] += 1
            else:
                self.counts[OUTCOME_RANKS[outcome.rank]] += 1
