"""Mergers of areas: none is merged into itself, nor round a circle of others, in one delivery or in several."""

from __future__ import annotations

from collections import defaultdict

from graph_service.declare import OPEN
from graph_service.store.graph import Store

MERGED_INTO_ITSELF, MERGER_CIRCLE = "MERGED_INTO_ITSELF", "MERGER_CIRCLE"


class Mergers:
    """The mergers that are known, and those that rows have told so far."""

    def __init__(self, store: Store) -> None:
        self._into: dict[str, set[str]] = defaultdict(set)
        for former, into in store.ask("areas/successors", open=OPEN):
            self._into[former].add(into)

    def add(self, former: str, into: str) -> str | None:
        """Take in a merger; return the code of why it cannot be, where it cannot."""
        if former == into:
            return MERGED_INTO_ITSELF
        if former in self._after(into):
            return MERGER_CIRCLE
        self._into[former].add(into)
        return None

    def _after(self, code: str) -> set[str]:
        """Return the areas that one has become part of, by way of others too."""
        found: set[str] = set()
        ahead = [code]
        while ahead:
            new = self._into.get(ahead.pop(), set()) - found
            found |= new
            ahead.extend(new)
        return found
