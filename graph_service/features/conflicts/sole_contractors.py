"""Operators that carry out every project of a county."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.core.rules import rules_in_force
from graph_service.features.conflicts.authority import total_amount
from graph_service.features.conflicts.models import Conflict, ConflictCandidate, ConflictPath
from graph_service.features.conflicts.relationships import CountyProjects, RelationshipGraph

OPERATOR_LABELS = ("Enterprise", "Cooperative")
PERCENT = 100


def find_candidates(graph: RelationshipGraph, as_of: int) -> Iterator[ConflictCandidate]:
    """Yield the counties with as many projects as the rules of the day require (`sole-winners.csv`)."""
    for rule in rules_in_force("sole-winners", as_of):
        min_projects, max_unknown_percent = int(rule["least_projects"]), int(rule["most_untold_percent"])
        for code, county in sorted(graph.counties.items()):
            if county.project_count >= min_projects:
                conflict = (
                    _make_conflict(graph, county)
                    if _is_sole_contractor(county, min_projects, max_unknown_percent)
                    else None
                )
                yield ConflictCandidate("SOLE_WINNER", code, frozenset((code,)), conflict)


def _is_sole_contractor(county: CountyProjects, min_projects: int, max_unknown_percent: int) -> bool:
    """Return True where the operator carries out all projects with a recorded operator, these are enough, and few
    enough have none recorded."""
    known_count = county.project_count - county.unknown_operator_count
    has_few_unknown = county.unknown_operator_count * PERCENT <= max_unknown_percent * county.project_count
    return (
        has_few_unknown
        and county.operator[0] in OPERATOR_LABELS
        and len(county.sole_projects) == known_count >= min_projects
    )


def _make_conflict(graph: RelationshipGraph, county: CountyProjects) -> Conflict:
    """Return the conflict: the county's projects, each carried out by the operator, and the amount allocated to them."""
    operator, amount = county.operator, 0
    path = ConflictPath.starting_at(operator)
    for number in county.sole_projects:
        project = ("Project", number)
        path.add_step(project, "IMPLEMENTS", is_forward=True, origin=0)
        amount += sum(total_amount(evidence) for evidence in graph.incoming("ALLOCATED", project).values())
    return Conflict(tuple(path.steps), operator=operator, amount=amount or None)
