"""Mergers of areas: no area is merged into itself, directly or through a circle of others, in one delivery or in several."""

from __future__ import annotations

from collections import defaultdict

from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.platform.store.graph import Store

MERGED_INTO_ITSELF, MERGER_CIRCLE = "MERGED_INTO_ITSELF", "MERGER_CIRCLE"


class AreaMergers:
    """The recorded mergers, and those of the rows read so far."""

    def __init__(self, store: Store) -> None:
        self._successors: dict[str, set[str]] = defaultdict(set)
        for predecessor, successor in store.query("areas/successors", open=OPEN_SEQUENCE):
            self._successors[predecessor].add(successor)

    def add(self, predecessor: str, successor: str) -> str | None:
        """Add a merger; where it is impossible, return the code of the reason."""
        if predecessor == successor:
            return MERGED_INTO_ITSELF
        if predecessor in self._all_successors(successor):
            return MERGER_CIRCLE
        self._successors[predecessor].add(successor)
        return None

    def _all_successors(self, code: str) -> set[str]:
        """Return the areas into which an area was merged, directly or through others."""
        successors: set[str] = set()
        pending = [code]
        while pending:
            new_codes = self._successors.get(pending.pop(), set()) - successors
            successors |= new_codes
            pending.extend(new_codes)
        return successors
