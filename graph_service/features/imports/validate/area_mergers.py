"""Mergers of areas: none is merged into itself, nor round a circle of others, in one delivery or in several."""

from __future__ import annotations

from collections import defaultdict

from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.platform.store.graph import Store

MERGED_INTO_ITSELF, MERGER_CIRCLE = "MERGED_INTO_ITSELF", "MERGER_CIRCLE"


class AreaMergers:
    """The mergers that are known, and those that rows have told so far."""

    def __init__(self, store: Store) -> None:
        self._successors: dict[str, set[str]] = defaultdict(set)
        for former, into in store.query("areas/successors", open=OPEN_SEQUENCE):
            self._successors[former].add(into)

    def add(self, predecessor: str, successor: str) -> str | None:
        """Take in a merger; return the code of why it cannot be, where it cannot."""
        if predecessor == successor:
            return MERGED_INTO_ITSELF
        if predecessor in self._all_successors(successor):
            return MERGER_CIRCLE
        self._successors[predecessor].add(successor)
        return None

    def _all_successors(self, code: str) -> set[str]:
        """Return the areas that one has become part of, by way of others too."""
        found: set[str] = set()
        ahead = [code]
        while ahead:
            new = self._successors.get(ahead.pop(), set()) - found
            found |= new
            ahead.extend(new)
        return found
