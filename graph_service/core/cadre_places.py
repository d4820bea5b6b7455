"""Cadres whom the author of a change may not read: they are answered as if they did not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph_service.core.areas import NO_AREA
from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, is_readable
from graph_service.platform.store.graph import Store, in_batches

BATCH_SIZE = 1_000
"""Number of cadres looked up in one statement."""


def unreadable_cadres(store: Store, request: ChangeRequest, cadre_nos: Iterable[str]) -> frozenset[str]:
    """Return those of some cadres who are tied to areas, and to none that the requester may read.

    A cadre who is tied to no area is not among them: nobody of a county could assign a new one otherwise. Nor is a cadre who leads an area
    above a readable one or is posted there, or whose department lies in a readable one. Villages that the department helps do not count:
    the requester can make any department help in a village.
    """
    if is_readable(request, NO_AREA):
        return frozenset()
    return frozenset(
        cadre_no
        for batch in in_batches(sorted(set(cadre_nos)), BATCH_SIZE)
        for cadre_no, places, offices in store.query("imports/cadre_places", cadres=batch, seq=CURRENT_VERSION)
        if places
        and not any(is_readable(request, code) or _lies_above(code, request.read_areas) for code in places)
        and not any(is_readable(request, code) for code in offices)
    )


def _lies_above(code: str, areas: Sequence[str]) -> bool:
    return any(area.startswith(code) for area in areas)
