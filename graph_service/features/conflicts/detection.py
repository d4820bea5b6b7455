"""Conflicts of interest that lie in an area on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.core.areas import codes_of_level, lies_in
from graph_service.core.query_scope import QueryScope
from graph_service.core.rules import rules_in_force
from graph_service.features.conflicts import cross_holdings, household_interests, operator_interests, sole_contractors
from graph_service.features.conflicts.models import CONFLICT_KIND, ConflictCandidate
from graph_service.features.conflicts.relationships import RelationshipGraph, load_relationships
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class DetectedConflicts:
    """Conflicts in order of kind, area and name; `eligible_count`: number of candidates, whether they are conflicts or not."""

    conflicts: tuple[ConflictCandidate, ...]
    eligible_count: int


def find_conflicts(store: Store, scope: QueryScope, kinds: Sequence[str] | None = None) -> DetectedConflicts:
    """Return the conflicts of these kinds, or of all where None is given. Two statements, once for an area, a day and
    a data version."""
    scope = scope.with_merged_areas(store)
    key = (__name__, scope.areas, scope.as_of, scope.version)
    requested_kinds = set(kinds) if kinds is not None else {member.name for member in CONFLICT_KIND.members}
    candidates = [
        candidate
        for candidate in store.get_or_compute(key, lambda: _compute_candidates(store, scope))
        if candidate.kind in requested_kinds
    ]
    conflicts = sorted(
        (candidate for candidate in candidates if candidate.conflict is not None),
        key=lambda candidate: (candidate.kind_order, candidate.area_code, candidate.name),
    )
    return DetectedConflicts(tuple(conflicts), len(candidates))


def _compute_candidates(store: Store, scope: QueryScope) -> tuple[ConflictCandidate, ...]:
    counties = [code for code in codes_of_level("COUNTY") if lies_in(code, scope.areas)]
    graph = load_relationships(store, scope, counties)
    return tuple(
        located_candidate
        for candidate in _find_candidates(graph, scope.as_of)
        if (located_candidate := candidate.within(scope.areas)) is not None
    )


def _find_candidates(graph: RelationshipGraph, as_of: int) -> list[ConflictCandidate]:
    posts = [rule["post"] for rule in rules_in_force("village-posts", as_of)]
    area_codes_by_operator = {
        operator: graph.operator_area_codes(operator) for pair in graph.stakes for operator in pair
    }
    return [
        *operator_interests.find_candidates(graph),
        *household_interests.find_candidates(graph, posts),
        *sole_contractors.find_candidates(graph, as_of),
        *cross_holdings.find_candidates(graph.stakes, area_codes_by_operator),
    ]
