"""Graph of the relationships in which conflicts are searched: read in two statements, walked in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph_service.core.areas import covers_province
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Node
from graph_service.features.conflicts.cross_holdings import Stakes, irregular_operators
from graph_service.features.conflicts.models import ConflictEvidence
from graph_service.platform.store.graph import Store

SEED_STATEMENT, PATH_STATEMENT = "conflicts/beginnings", "conflicts/ways"
KIN_RELATIONSHIPS = ("SAME_AS", "KIN_OF")
ASSET_RELATIONSHIPS = ("OPERATES", "OWNS")
NO_EVIDENCE = ConflictEvidence()
EvidenceByNode = Mapping[Node, Sequence[ConflictEvidence]]
NO_NODES: EvidenceByNode = {}


@dataclass(frozen=True, slots=True)
class CountyProjects:
    """Projects of a county: their number, the number without a recorded operator, the first recorded operator, the
    projects that it carries out alone."""

    project_count: int
    unknown_operator_count: int
    operator: Node
    sole_projects: tuple[str, ...]


class RelationshipGraph:
    """Ties by relationship and one end. `in_scope`: cadres and operators related to the requested area; `stakes`:
    stakes of operators in each other; `seats`: area codes of operators; `payroll`: person → entries of the payroll
    list."""

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
        for index, node, neighbour in ((self._outgoing, source, target), (self._incoming, target, source)):
            documents = index[relationship, node].setdefault(neighbour, [])
            if evidence != NO_EVIDENCE and evidence not in documents:
                documents.append(evidence)

    def outgoing(self, relationship: str, node: Node) -> EvidenceByNode:
        """Return the targets of a node's ties of a type, with their evidence."""
        return self._outgoing.get((relationship, node), NO_NODES)

    def incoming(self, relationship: str, node: Node) -> EvidenceByNode:
        """Return the sources of the ties of a type that lead to a node, with their evidence."""
        return self._incoming.get((relationship, node), NO_NODES)

    def location(self, node: Node) -> Node | None:
        """Return the area in which a node lies or lives."""
        tie = "LIVES_IN" if node[0] == "Household" else "LOCATED_IN"
        return next(iter(self.outgoing(tie, node)), None)

    def operator_area_codes(self, operator: Node) -> frozenset[str]:
        """Return the area codes of an operator, and of what it operates, owns and carries out."""
        targets = [target for tie in (*ASSET_RELATIONSHIPS, "IMPLEMENTS") for target in self.outgoing(tie, operator)]
        seat = self.seats.get(operator)
        return self.area_codes([operator, *targets]) | ({seat} if seat else set())

    def area_codes(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Return the codes of the areas in which nodes lie."""
        return frozenset(location[1] for node in nodes if (location := self.location(node)) is not None)

    def is_in_post(self, cadre: Node) -> bool:
        """Return True where a cadre has not left the post."""
        return bool(self.outgoing("POST", cadre))

    def post(self, cadre: Node) -> str:
        """Return the post of a cadre who has not left it; empty where it is not recorded."""
        return next((documents[0].detail or "" for documents in self.outgoing("POST", cadre).values()), "")


def seed_parameters(scope: QueryScope, counties: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of the seed statement."""
    first_code, end_code = (min(counties), max(counties) + "~") if counties else ("", "")
    county_parameters = {
        "counties": list(counties),
        "first": first_code,
        "beyond": end_code,
        "everywhere": covers_province(scope.areas),
    }
    return {**scope.parameters(), **county_parameters, "year": scope.year}


def load_relationships(store: Store, scope: QueryScope, counties: Sequence[str]) -> RelationshipGraph:
    """Return the ties of which conflicts of the requested areas may consist; of projects, those of these counties. Two
    statements."""
    graph = RelationshipGraph()
    for relationship, source_label, source_key, target_label, target_key, facts in store.query(
        SEED_STATEMENT, **seed_parameters(scope, counties)
    ):
        _add_seed(graph, relationship, (source_label, source_key), (target_label, target_key), facts)
    parameters = {**path_parameters(graph), "asOf": scope.as_of, "seq": scope.version}
    for (
        relationship,
        source_label,
        source_key,
        target_label,
        target_key,
        number,
        amount,
        shares,
        total,
        detail,
        day,
    ) in store.query(PATH_STATEMENT, **parameters):
        _add_relationship(
            graph,
            relationship,
            (source_label, source_key),
            (target_label, target_key),
            ConflictEvidence(number, amount, shares, total, None, detail, day),
        )
    return graph


def _add_seed(graph: RelationshipGraph, relationship: str, source: Node, target: Node, facts: list[Any]) -> None:
    if relationship == "PROJECTS":
        project_count, unknown_count, numbers = facts
        graph.counties[source[1]] = CountyProjects(project_count, unknown_count, target, tuple(numbers))
    elif relationship == "INVESTS_IN":
        stake, day, *seats = facts
        # A stake of zero is no tie.
        if stake != 0:
            graph.stakes.setdefault((source, target), []).append(ConflictEvidence(stake_millionths=stake, day=day))
        graph.seats.update({node: seat for node, seat in zip((source, target), seats, strict=True) if seat})
    elif relationship == "PAYROLL":
        graph.payroll[target[1]].append(source[1])
        graph.add("MEMBER_OF", target, ("Household", facts[0]))
    elif relationship == "IDENTITY":
        graph.add(relationship, source, target)
        for household in facts:
            graph.add("MEMBER_OF", target, ("Household", household))
    else:
        detail, day, is_in_scope = facts
        graph.add(relationship, source, target, ConflictEvidence(detail=detail, day=day))
        if relationship in KIN_RELATIONSHIPS:
            graph.cadres.add(target[1])
        if is_in_scope:
            graph.in_scope.add(target)


def path_parameters(graph: RelationshipGraph) -> dict[str, list[str]]:
    """Return the nodes from which paths lead on. Cadres: those who, or whose kin, belong to a household or represent
    an operator, if the operator is related to the area, or if the cadre helps a household there with which an operator
    may be linked."""
    operators = {operator[1] for operator in irregular_operators(graph.stakes)}
    households = {node[1] for person in graph.payroll for node in graph.outgoing("MEMBER_OF", ("Person", person))}
    cadres = set()
    for cadre in graph.cadres:
        people = {person for tie in KIN_RELATIONSHIPS for person in graph.incoming(tie, ("Cadre", cadre))}
        people |= {identical_person for person in people for identical_person in graph.outgoing("IDENTITY", person)}
        is_in_scope = ("Cadre", cadre) in graph.in_scope
        represented_operators = {node for person in people for node in graph.outgoing("REPRESENTS", person)}
        operator_codes = {node[1] for node in represented_operators if is_in_scope or node in graph.in_scope}
        household_keys = {node[1] for person in people for node in graph.outgoing("MEMBER_OF", person)}
        if operator_codes or household_keys:
            cadres.add(cadre)
            operators |= operator_codes
            households |= household_keys
    projects = {number for county in graph.counties.values() for number in county.sole_projects}
    key_sets = (("cadres", cadres), ("operators", operators), ("households", households), ("projects", projects))
    return {name: sorted(keys) for name, keys in key_sets}


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
    is_plain = relationship in ("HELPS", "EMPLOYS")
    graph.add(
        relationship,
        source,
        target,
        ConflictEvidence(detail=evidence.detail, day=evidence.day) if is_plain else evidence,
    )
