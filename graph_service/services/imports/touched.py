"""Where an import has changed what the checks look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from graph_service.services.areas import NOWHERE
from graph_service.services.imports.versions import Target
from graph_service.store.graph import Store

MOST = 20_000
"""With more than so many of them every county is looked at: to find out which it were would cost as much."""
LOOKED_AT = {
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
OWNERS = {"HouseholdYear": "Household", "PersonYear": "Person", "VillageYear": "Village", "Area": "Village"}
"""Whose the records are; of areas that were merged the villages count."""


def everywhere(store: Store) -> list[str]:
    """Codes of the counties of which there is anything, and `NOWHERE`."""
    return [NOWHERE, *(row[0] for row in store.ask("imports/counties"))]


class Touched:
    """Keys of changed nodes, by label; of changed relationships both ends."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._many = False

    def everywhere(self) -> None:
        """Whatever it is: every county is to be looked at."""
        self._many = True
        self._keys.clear()

    def add(self, target: Target, made: Iterable[Sequence[Any]]) -> None:
        """Ends of what this import has made of a target, and of what it replaced."""
        if self._many:
            return
        ends, made = target[1:] or target, list(made)
        for at, label in enumerate(OWNERS.get(end, end) for end in ends):
            if label in LOOKED_AT:
                self._keys[label].update(str(one[at]) for one in made)
        if sum(map(len, self._keys.values())) > MOST:
            self.everywhere()

    def counties(self, store: Store) -> list[str]:
        """Codes of the counties in which something has changed; `NOWHERE` where that lies in none."""
        if self._many:
            return everywhere(store)
        if not self._keys:
            return []
        given = {name: sorted(self._keys[label]) for label, name in LOOKED_AT.items()}
        return [row[0] for row in store.ask("imports/touched", **given)]
