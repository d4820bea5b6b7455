"""What has been planted: of each kind of trap the subjects, as `traps.json` tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graph_service.services.checks.catalogue import MONEY, checks

Subject = str | tuple[str, ...]


class Ledger:
    """Grows while a register is made.

    `checks`: code → keys. `coverage`: duty → reason → keys of villages or households. `measure_gaps`: reason → (household, cause).
    `guarantee_gaps`: answer → (household, guarantee). `pledges`: lack → areas. `money`: what does not add up → keys. `documents`: those
    of another length than an ID card's 18 → persons. `rejected`,
    `flagged`: (sheet, key as a remark shows it, code).
    """

    def __init__(self) -> None:
        self.checks: dict[str, set[Subject]] = {one.code: set() for one in checks() if one.group not in MONEY}
        self.coverage: dict[str, dict[str, set[Subject]]] = defaultdict(lambda: defaultdict(set))
        self.measure_gaps: dict[str, set[Subject]] = defaultdict(set)
        self.guarantee_gaps: dict[str, set[Subject]] = defaultdict(set)
        self.unlinked: set[Subject] = set()
        self.pledges: dict[str, set[Subject]] = defaultdict(set)
        self.money: dict[str, set[Subject]] = defaultdict(set)
        self.documents: dict[str, set[Subject]] = defaultdict(set)
        self.merged: set[Subject] = set()
        self.rejected: list[tuple[str, str, str]] = []
        self.flagged: set[tuple[str, str, str]] = set()

    def told(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """As JSON takes it, in an order that is always the same."""
        return {
            "arguments": dict(arguments),
            "counts": self._counts(),
            "checks": {code: {"count": len(keys), "subjects": sorted(keys)} for code, keys in self.checks.items()},
            "coverage": {duty: _sorted(reasons) for duty, reasons in sorted(self.coverage.items())},
            "measureGaps": _sorted(self.measure_gaps),
            "guaranteeGaps": _sorted(self.guarantee_gaps),
            "unlinkedHouseholds": sorted(self.unlinked),
            "unsignedPledges": _sorted(self.pledges),
            "money": _sorted(self.money),
            "documents": _sorted(self.documents),
            "mergedVillages": sorted(self.merged),
            "rejected": sorted(self.rejected),
            "flagged": sorted(self.flagged),
        }

    def _counts(self) -> dict[str, int]:
        """Of every kind of trap, how many are planted: by the names under which their subjects are told."""
        kinds: list[tuple[str, Mapping[str, Collection[Any]]]] = [
            ("checks", self.checks), *((f"coverage.{duty}", reasons) for duty, reasons in self.coverage.items()),
            ("measureGaps", self.measure_gaps), ("guaranteeGaps", self.guarantee_gaps), ("unsignedPledges", self.pledges),
            ("money", self.money), ("documents", self.documents),
        ]  # fmt: skip
        found = {f"{of}.{kind}": len(keys) for of, some in kinds for kind, keys in some.items()}
        whole = {"unlinkedHouseholds": self.unlinked, "mergedVillages": self.merged, "rejected": self.rejected}
        return dict(
            sorted({**found, **{of: len(keys) for of, keys in whole.items()}, "flagged": len(self.flagged)}.items())
        )


def _sorted(kinds: Mapping[str, Iterable[Subject]]) -> dict[str, list[Subject]]:
    return {kind: sorted(keys) for kind, keys in sorted(kinds.items())}
