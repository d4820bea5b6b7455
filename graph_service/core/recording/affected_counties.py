"""Counties in which an import has changed data that the checks read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph_service.core.areas import NO_AREA
from graph_service.domain.records import Target
from graph_service.platform.store.graph import Store

MAX_TRACKED_KEYS = 20_000
"""Number of keys above which every county is checked: finding the affected counties would cost as much."""
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
"""Labels of nodes in the areas of the checks, with their parameter of the statement that finds their counties."""
OWNER_BY_LABEL = {"HouseholdYear": "Household", "PersonYear": "Person", "VillageYear": "Village", "Area": "Village"}
"""Owners of records, by label; of areas that were merged the villages count."""


def all_counties(store: Store) -> list[str]:
    """Return the codes of the counties that have any data, and `NO_AREA`."""
    return [NO_AREA, *(row[0] for row in store.query("imports/counties"))]


class AffectedCounties:
    """Keys of changed nodes, by label; of changed relationships both ends."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._is_all = False

    def mark_all(self) -> None:
        """Mark every county to be checked."""
        self._is_all = True
        self._keys.clear()

    def add(self, target: Target, record_keys: Iterable[tuple[str, ...]]) -> None:
        """Add the keys (`Record.keys`) of the records that this import has written for a target, and of those that it replaced."""
        if self._is_all:
            return
        for keys in record_keys:
            for label, key in zip(target.labels, keys, strict=True):
                owner = OWNER_BY_LABEL.get(label, label)
                if owner in PARAMETER_BY_LABEL:
                    self._keys[owner].add(key)
        if sum(map(len, self._keys.values())) > MAX_TRACKED_KEYS:
            self.mark_all()

    def counties(self, store: Store) -> list[str]:
        """Return the codes of the counties in which something has changed; `NO_AREA` where that lies in none."""
        if self._is_all:
            return all_counties(store)
        if not self._keys:
            return []
        keys_by_parameter = {name: sorted(self._keys[label]) for label, name in PARAMETER_BY_LABEL.items()}
        return [row[0] for row in store.query("imports/touched", **keys_by_parameter)]
