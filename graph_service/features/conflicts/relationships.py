"""The small graph in which conflicts are looked for: read in two statements, walked in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph_service.core.areas import covers_province
from graph_service.core.query_scope import QueryScope
from graph_service.features.conflicts.cross_holdings import Stakes, irregular_operators
from graph_service.features.conflicts.models import ConflictEvidence, Node
from graph_service.platform.store.graph import Store

SEED_STATEMENT, PATH_STATEMENT = "conflicts/beginnings", "conflicts/ways"
KIN_RELATIONSHIPS = ("SAME_AS", "KIN_OF")
ASSET_RELATIONSHIPS = ("OPERATES", "OWNS")
NO_EVIDENCE = ConflictEvidence()
EvidenceByNode = Mapping[Node, Sequence[ConflictEvidence]]
NO_NODES: EvidenceByNode = {}


@dataclass(frozen=True, slots=True)
class CountyProjects:
    """How many projects it has, of how many it is not told who carries them out, which ones the first who is told carries out alone."""

    project_count: int
    unknown_operator_count: int
    operator: Node
    sole_projects: tuple[str, ...]


class RelationshipGraph:
    """Ties by their type and one end. `in_scope`: cadres and operators that have to do with the area asked for; `stakes`: parts that operators hold of each other; `seats`: codes of where they are; `payroll`:
    person → entries of the payroll list."""

    def __init__(self) -> None:
        self._outgoing: dict[tuple[str, Node], dict[Node, list[ConflictEvidence]]] = defaultdict(dict)
        self._incoming: dict[tuple[str, Node], dict[Node, list[ConflictEvidence]]] = defaultdict(dict)
        self.cadres: set[str] = set()
        self.in_scope: set[Node] = set()
        self.counties: dict[str, CountyProjects] = {}
        self.payroll: dict[str, list[str]] = defaultdict(list)
        self.stakes: Stakes = {}
        self.seats: dict[Node, str] = {}

    def add(self, relationship: str, source: Node, target: Node, evidence: ConflictEvidence = NO_EVIDENCE) -> None:
        for ends, one, other in ((self._outgoing, source, target), (self._incoming, target, source)):
            told = ends[relationship, one].setdefault(other, [])
            if evidence != NO_EVIDENCE and evidence not in told:
                told.append(evidence)

    def outgoing(self, relationship: str, node: Node) -> EvidenceByNode:
        """Where ties of a type lead from a node, with their evidence."""
        return self._outgoing.get((relationship, node), NO_NODES)

    def incoming(self, relationship: str, node: Node) -> EvidenceByNode:
        """Where ties of a type that lead to a node come from, with their evidence."""
        return self._incoming.get((relationship, node), NO_NODES)

    def location(self, node: Node) -> Node | None:
        """Where it lies or lives."""
        tie = "LIVES_IN" if node[0] == "Household" else "LOCATED_IN"
        return next(iter(self.outgoing(tie, node)), None)

    def operator_area_codes(self, operator: Node) -> frozenset[str]:
        """Codes of where it lies, and of where lies what it operates, owns and carries out."""
        reached = [thing for tie in (*ASSET_RELATIONSHIPS, "IMPLEMENTS") for thing in self.outgoing(tie, operator)]
        seat = self.seats.get(operator)
        return self.area_codes([operator, *reached]) | ({seat} if seat else set())

    def area_codes(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Codes of where they lie."""
        return frozenset(place[1] for node in nodes if (place := self.location(node)) is not None)

    def is_in_post(self, cadre: Node) -> bool:
        """Whether a cadre has not left the post."""
        return bool(self.outgoing("POST", cadre))

    def post(self, cadre: Node) -> str:
        """The post of a cadre who has not left it; blank where it is not told."""
        return next((one[0].detail or "" for one in self.outgoing("POST", cadre).values()), "")


def seed_parameters(scope: QueryScope, counties: Sequence[str]) -> dict[str, Any]:
    """What the statement of beginnings takes."""
    first, beyond = (min(counties), max(counties) + "~") if counties else ("", "")
    spans = {"counties": list(counties), "first": first, "beyond": beyond, "everywhere": covers_province(scope.areas)}
    return {**scope.parameters(), **spans, "year": scope.year}


def load_relationships(store: Store, scope: QueryScope, counties: Sequence[str]) -> RelationshipGraph:
    """The ties from which conflicts of the areas asked for may be made; of projects those of these counties. Two statements."""
    ties = RelationshipGraph()
    for tie, a, a_key, b, b_key, facts in store.query(SEED_STATEMENT, **seed_parameters(scope, counties)):
        _add_seed(ties, tie, (a, a_key), (b, b_key), facts)
    asked = {**path_parameters(ties), "asOf": scope.as_of, "seq": scope.version}
    for tie, a, a_key, b, b_key, number, amount, shares, total, says, since in store.query(PATH_STATEMENT, **asked):
        _add_relationship(
            ties, tie, (a, a_key), (b, b_key), ConflictEvidence(number, amount, shares, total, None, says, since)
        )
    return ties


def _add_seed(graph: RelationshipGraph, relationship: str, source: Node, target: Node, facts: list[Any]) -> None:
    if relationship == "PROJECTS":
        projects, untold, numbers = facts
        graph.counties[source[1]] = CountyProjects(projects, untold, target, tuple(numbers))
    elif relationship == "INVESTS_IN":
        part, since, *seats = facts
        # A part of nothing ties nobody.
        if part != 0:
            graph.stakes.setdefault((source, target), []).append(ConflictEvidence(stake_millionths=part, day=since))
        graph.seats.update({node: seat for node, seat in zip((source, target), seats, strict=True) if seat})
    elif relationship == "PAYROLL":
        graph.payroll[target[1]].append(source[1])
        graph.add("MEMBER_OF", target, ("Household", facts[0]))
    elif relationship == "IDENTITY":
        graph.add(relationship, source, target)
        for household in facts:
            graph.add("MEMBER_OF", target, ("Household", household))
    else:
        says, since, there = facts
        graph.add(relationship, source, target, ConflictEvidence(detail=says, day=since))
        if relationship in KIN_RELATIONSHIPS:
            graph.cadres.add(target[1])
        if there:
            graph.in_scope.add(target)


def path_parameters(graph: RelationshipGraph) -> dict[str, list[str]]:
    """From whom ways lead on: of cadres those who, or whose kin, stand for an operator or are members of a household, one that has
    to do with the area; or who help a household there that an operator may be linked with."""
    operators = {operator[1] for operator in irregular_operators(graph.stakes)}
    households = {end[1] for person in graph.payroll for end in graph.outgoing("MEMBER_OF", ("Person", person))}
    cadres = set()
    for cadre in graph.cadres:
        people = {person for tie in KIN_RELATIONSHIPS for person in graph.incoming(tie, ("Cadre", cadre))}
        people |= {other for person in people for other in graph.outgoing("IDENTITY", person)}
        helps = ("Cadre", cadre) in graph.in_scope
        stood_for = {end for person in people for end in graph.outgoing("REPRESENTS", person)}
        represented = {end[1] for end in stood_for if helps or end in graph.in_scope}
        homes = {end[1] for person in people for end in graph.outgoing("MEMBER_OF", person)}
        if represented or homes:
            cadres.add(cadre)
            operators |= represented
            households |= homes
    projects = {number for county in graph.counties.values() for number in county.sole_projects}
    named = (("cadres", cadres), ("operators", operators), ("households", households), ("projects", projects))
    return {name: sorted(keys) for name, keys in named}


def _add_relationship(
    graph: RelationshipGraph, relationship: str, source: Node, target: Node, evidence: ConflictEvidence
) -> None:
    if relationship == "HELPS" and evidence.number:
        graph.add("LIVES_IN", target, ("Village", evidence.number))
    if relationship == "EMPLOYS" and evidence.number:
        graph.add("MEMBER_OF", target, ("Household", evidence.number))
    if relationship == "DISBURSED" and evidence.detail:
        graph.add("MEMBER_OF", target, ("Household", evidence.detail))
        evidence = replace(evidence, detail=None)
    plain = relationship in ("HELPS", "EMPLOYS")
    graph.add(
        relationship, source, target, ConflictEvidence(detail=evidence.detail, day=evidence.day) if plain else evidence
    )
