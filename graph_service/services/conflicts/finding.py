"""conflictsOfInterest: the conflicts that lie in an area on a day, page by page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph_service.services.areas import DIGITS, tree
from graph_service.services.conflicts import holders, operated, stakes, winners
from graph_service.services.conflicts.kinds import KIND, Opening
from graph_service.services.conflicts.ties import Ties, read
from graph_service.services.rules import in_force
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

NAME = "conflictsOfInterest"
START = (-1, "", "")
"""A place before all conflicts."""
Place = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Conflicts in order of kind, area and name; of how many that could have been (`eligible`)."""

    conflicts: tuple[Opening, ...]
    eligible: int

    def page(self, first: int, after: Sequence[int | str]) -> tuple[Sequence[Opening], bool]:
        """So many after a place, and whether there are more."""
        at = bisect_right(self.conflicts, tuple(after), key=lambda one: one.key)
        return self.conflicts[at : at + first], at + first < len(self.conflicts)


def found(store: Store, viewing: Viewing, kinds: Sequence[str] | None = None) -> Found:
    """The conflicts of these kinds, of all where none is named. Two statements, once for an area, a day and a data version."""
    viewing = viewing.with_merged(store)
    key = (NAME, viewing.areas, viewing.as_of, viewing.sequence)
    asked = set(kinds) if kinds is not None else {member.name for member in KIND.members}
    openings = [one for one in store.kept(key, lambda: _worked_out(store, viewing)) if one.kind in asked]
    conflicts = sorted((one for one in openings if one.conflict is not None), key=lambda one: one.key)
    return Found(tuple(conflicts), len(openings))


def _worked_out(store: Store, viewing: Viewing) -> tuple[Opening, ...]:
    counties = [one for one in _counties() if any(low <= one < high for low, high in viewing.areas)]
    ties = read(store, viewing, counties)
    return tuple(there for one in _openings(ties, viewing.as_of) if (there := one.within(viewing.areas)) is not None)


def _openings(ties: Ties, as_of: int) -> list[Opening]:
    posts = [rule["post"] for rule in in_force("village-posts", as_of)]
    places = {operator: ties.operator_places(operator) for pair in ties.stakes for operator in pair}
    return [
        *operated.openings(ties),
        *holders.openings(ties, posts),
        *winners.openings(ties, as_of),
        *stakes.openings(ties.stakes, places),
    ]


@cache
def _counties() -> tuple[str, ...]:
    return tuple(sorted(code for code in tree() if len(code) == DIGITS["COUNTY"]))
