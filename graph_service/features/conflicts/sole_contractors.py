"""One operator that carries out every project of a county."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.core.rules import rules_in_force
from graph_service.features.conflicts.authority import total_amount
from graph_service.features.conflicts.models import Conflict, ConflictCandidate, ConflictPath
from graph_service.features.conflicts.relationships import CountyProjects, RelationshipGraph

OPERATOR_LABELS = ("Enterprise", "Cooperative")
PERCENT = 100


def find_candidates(graph: RelationshipGraph, as_of: int) -> Iterator[ConflictCandidate]:
    """Counties that have as many projects as the rules of the day ask (`sole-winners.csv`)."""
    for rule in rules_in_force("sole-winners", as_of):
        least, untold = int(rule["least_projects"]), int(rule["most_untold_percent"])
        for code, county in sorted(graph.counties.items()):
            if county.project_count >= least:
                conflict = _make_conflict(graph, county) if _is_sole_contractor(county, least, untold) else None
                yield ConflictCandidate("SOLE_WINNER", code, frozenset((code,)), conflict)


def _is_sole_contractor(county: CountyProjects, min_projects: int, max_unknown_percent: int) -> bool:
    """What is not told of too many projects is not taken to be this operator's."""
    told = county.project_count - county.unknown_operator_count
    known = county.unknown_operator_count * PERCENT <= max_unknown_percent * county.project_count
    return known and county.operator[0] in OPERATOR_LABELS and len(county.sole_projects) == told >= min_projects


def _make_conflict(graph: RelationshipGraph, county: CountyProjects) -> Conflict:
    """The county's projects, each carried out by the operator; what they were given."""
    operator, amount = county.operator, 0
    way = ConflictPath.starting_at(operator)
    for number in county.sole_projects:
        project = ("Project", number)
        way.add_step(project, "IMPLEMENTS", is_forward=True, origin=0)
        amount += sum(total_amount(evidence) for evidence in graph.incoming("ALLOCATED", project).values())
    return Conflict(tuple(way.steps), operator=operator, amount=amount or None)
