"""Ledger of planted traps: the subjects of each kind of trap, as `traps.json` lists them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graph_service.features.checks.catalogue import ALL_MONEY_GROUPS, all_checks

SubjectKey = str | tuple[str, ...]


class TrapLedger:
    """Ledger of the planted traps, filled while a register is generated.

    `checks`: code → keys. `coverage`: duty → reason → keys of villages or households. `measure_gaps`: reason → (household, cause).
    `guarantee_gaps`: answer → (household, guarantee). `pledges`: lack → areas. `money`: defect → keys. `long_documents`: length other than an ID
    card's 18 → persons. `rejected`, `flagged`: (sheet, key as a remark shows it, code).
    """

    def __init__(self) -> None:
        self.checks: dict[str, set[SubjectKey]] = {
            check.code: set() for check in all_checks() if check.group not in ALL_MONEY_GROUPS
        }
        self.coverage: dict[str, dict[str, set[SubjectKey]]] = defaultdict(lambda: defaultdict(set))
        self.measure_gaps: dict[str, set[SubjectKey]] = defaultdict(set)
        self.guarantee_gaps: dict[str, set[SubjectKey]] = defaultdict(set)
        self.unlinked_households: set[SubjectKey] = set()
        self.pledges: dict[str, set[SubjectKey]] = defaultdict(set)
        self.money: dict[str, set[SubjectKey]] = defaultdict(set)
        self.long_documents: dict[str, set[SubjectKey]] = defaultdict(set)
        self.merged_villages: set[SubjectKey] = set()
        self.rejected: list[tuple[str, str, str]] = []
        self.flagged: set[tuple[str, str, str]] = set()

    def as_dict(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return the ledger for JSON, in a fixed order."""
        return {
            "arguments": dict(arguments),
            "counts": self._counts(),
            "checks": {code: {"count": len(keys), "subjects": sorted(keys)} for code, keys in self.checks.items()},
            "coverage": {duty: _sorted(reasons) for duty, reasons in sorted(self.coverage.items())},
            "measureGaps": _sorted(self.measure_gaps),
            "guaranteeGaps": _sorted(self.guarantee_gaps),
            "unlinkedHouseholds": sorted(self.unlinked_households),
            "unsignedPledges": _sorted(self.pledges),
            "money": _sorted(self.money),
            "documents": _sorted(self.long_documents),
            "mergedVillages": sorted(self.merged_villages),
            "rejected": sorted(self.rejected),
            "flagged": sorted(self.flagged),
        }

    def _counts(self) -> dict[str, int]:
        """Return the number of planted traps of each kind, by the names under which their subjects are listed."""
        kinds: list[tuple[str, Mapping[str, Collection[Any]]]] = [
            ("checks", self.checks), *((f"coverage.{duty}", reasons) for duty, reasons in self.coverage.items()),
            ("measureGaps", self.measure_gaps), ("guaranteeGaps", self.guarantee_gaps), ("unsignedPledges", self.pledges),
            ("money", self.money), ("documents", self.long_documents),
        ]  # fmt: skip
        counts = {f"{group}.{kind}": len(keys) for group, keys_by_kind in kinds for kind, keys in keys_by_kind.items()}
        ungrouped = {
            "unlinkedHouseholds": self.unlinked_households,
            "mergedVillages": self.merged_villages,
            "rejected": self.rejected,
        }
        return dict(
            sorted(
                {
                    **counts,
                    **{group: len(keys) for group, keys in ungrouped.items()},
                    "flagged": len(self.flagged),
                }.items()
            )
        )


def _sorted(kinds: Mapping[str, Iterable[SubjectKey]]) -> dict[str, list[SubjectKey]]:
    return {kind: sorted(keys) for kind, keys in sorted(kinds.items())}
