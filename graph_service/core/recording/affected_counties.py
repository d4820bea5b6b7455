"""Where an import has changed what the checks look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from graph_service.core.areas import NO_AREA
from graph_service.core.recording.record_versions import Target
from graph_service.platform.store.graph import Store

MAX_TRACKED_KEYS = 20_000
"""With more than so many of them every county is looked at: to find out which it were would cost as much."""
PARAMETER_BY_LABEL = {
    "Household": "households",
    "Person": "persons",
    "Village": "villages",
    "Measure": "measures",
    "OutsideRecord": "records",
    "Fund": "funds",
    "Project": "projects",
    "Asset": "assets",
    "Distribution": "distributions",
}
"""Labels whose nodes lie where the checks look, and how the statement that finds their counties takes them."""
OWNER_BY_LABEL = {"HouseholdYear": "Household", "PersonYear": "Person", "VillageYear": "Village", "Area": "Village"}
"""Whose the records are; of areas that were merged the villages count."""


def all_counties(store: Store) -> list[str]:
    """Codes of the counties of which there is anything, and `NOWHERE`."""
    return [NO_AREA, *(row[0] for row in store.query("imports/counties"))]


class AffectedCounties:
    """Keys of changed nodes, by label; of changed relationships both ends."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._is_all = False

    def mark_all(self) -> None:
        """Whatever it is: every county is to be looked at."""
        self._is_all = True
        self._keys.clear()

    def add(self, target: Target, rows: Iterable[Sequence[Any]]) -> None:
        """Ends of what this import has made of a target, and of what it replaced."""
        if self._is_all:
            return
        ends, rows = target[1:] or target, list(rows)
        for at, label in enumerate(OWNER_BY_LABEL.get(end, end) for end in ends):
            if label in PARAMETER_BY_LABEL:
                self._keys[label].update(str(one[at]) for one in rows)
        if sum(map(len, self._keys.values())) > MAX_TRACKED_KEYS:
            self.mark_all()

    def counties(self, store: Store) -> list[str]:
        """Codes of the counties in which something has changed; `NOWHERE` where that lies in none."""
        if self._is_all:
            return all_counties(store)
        if not self._keys:
            return []
        given = {name: sorted(self._keys[label]) for label, name in PARAMETER_BY_LABEL.items()}
        return [row[0] for row in store.query("imports/touched", **given)]
