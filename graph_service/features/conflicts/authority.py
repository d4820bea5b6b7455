"""What closes a cycle: the duty of a cadre for where something lies, or an approval of the money that went there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from graph_service.features.chains.paths import MAX_TRANSFERS
from graph_service.features.conflicts.models import ConflictEvidence, ConflictPath, Node
from graph_service.features.conflicts.relationships import KIN_RELATIONSHIPS, RelationshipGraph

DUTY_RELATIONSHIPS = ("SERVES", "LEADS", "POSTED_TO")


def total_amount(evidence: Sequence[ConflictEvidence]) -> int:
    """The sum of what vouchers say, in fen."""
    return sum(one.amount or 0 for one in evidence)


def has_inflow(evidence: Sequence[ConflictEvidence]) -> bool:
    """Whether any money came: what was taken back whole did not."""
    return total_amount(evidence) > 0 or any(one.amount is None for one in evidence)


def relatives(graph: RelationshipGraph, cadre: Node) -> Iterator[tuple[Node, Node, ConflictPath]]:
    """The cadre and the kin: (as they are tied to the cadre, as they are known besides by the same document, the way to there)."""
    own = {person for tie in KIN_RELATIONSHIPS for person in graph.incoming(tie, cadre)}
    for tie in KIN_RELATIONSHIPS:
        for person, evidence in sorted(graph.incoming(tie, cadre).items()):
            way = ConflictPath.starting_at(cadre)
            way.add_step(person, tie, evidence, is_forward=False)
            yield person, person, way
            for other in sorted(graph.outgoing("IDENTITY", person)):
                if other not in own:
                    further = way.copy()
                    further.add_step(other, "IDENTITY", is_forward=True)
                    yield person, other, further


class CadreAuthority:
    """What one cadre has a duty for, and has approved."""

    def __init__(self, graph: RelationshipGraph, cadre: Node) -> None:
        self._graph, self._cadre = graph, cadre
        self._is_in_post = graph.is_in_post(cadre)
        self._approved = graph.outgoing("APPROVED", cadre)

    def add_location_steps(self, path: ConflictPath, node: Node, relationship: str, origin: int) -> bool:
        """Where a node lies in what the cadre has a duty for: the steps there, and back to the cadre."""
        place = self._graph.location(node)
        if place is None or not self._is_in_post:
            return False
        duties = [
            (area, tie, evidence)
            for tie in DUTY_RELATIONSHIPS
            for area, evidence in sorted(self._graph.outgoing(tie, self._cadre).items())
            if place[1].startswith(area[1])
        ]
        if not duties:
            return False
        at = path.add_step(
            place, relationship, self._graph.outgoing(relationship, node)[place], is_forward=True, origin=origin
        )
        for area, tie, evidence in duties:
            there = at if area[1] == place[1] else path.add_step(area, "PART_OF", is_forward=True, origin=at)
            path.add_step(self._cadre, tie, evidence, is_forward=False, origin=there)
        return True

    def add_help_steps(self, path: ConflictPath, household: Node, origin: int) -> bool:
        """Where the cadre helps a household."""
        evidence = self._graph.outgoing("HELPS", self._cadre).get(household)
        if evidence is None or not self._is_in_post:
            return False
        path.add_step(self._cadre, "HELPS", evidence, is_forward=False, origin=origin)
        return True

    def add_approval_steps(self, path: ConflictPath, node: Node, origin: int) -> bool:
        """Where the cadre has approved a node."""
        evidence = self._approved.get(node)
        if evidence is None:
            return False
        path.add_step(self._cadre, "APPROVED", evidence, is_forward=False, origin=origin)
        return True

    def add_funding_steps(self, path: ConflictPath, node: Node, origin: int, *relationships: str) -> int | None:
        """Where money of funds that the cadre has approved has come to a node: on the shortest way of transfers from each of these.
        How much came, in fen; none where none did."""
        came = None
        for flow in relationships:
            for fund, evidence in sorted(self._graph.incoming(flow, node).items()):
                ways = list(self._upstream_paths(fund))
                if ways and has_inflow(evidence):
                    came = (came or 0) + total_amount(evidence)
                    at = path.add_step(fund, flow, evidence, is_forward=False, origin=origin)
                    for funds in ways:
                        self._add_transfer_steps(path, funds, at)
        return came

    def add_project_steps(self, path: ConflictPath, project: Node, origin: int) -> int | None:
        """Where the cadre has approved a project or the money that it got; how much that was."""
        approved = self.add_approval_steps(path, project, origin)
        came = self.add_funding_steps(path, project, origin, "ALLOCATED")
        if not approved:
            return came
        return sum(total_amount(evidence) for evidence in self._graph.incoming("ALLOCATED", project).values())

    def add_asset_steps(self, path: ConflictPath, asset: Node, origin: int) -> int | None:
        """The same of the projects that formed an asset; what they formed."""
        formed = None
        for project, evidence in sorted(self._graph.incoming("FORMED", asset).items()):
            further = path.copy()
            at = further.add_step(project, "FORMED", evidence, is_forward=False, origin=origin)
            if self.add_project_steps(further, project, at) is not None:
                path.steps = further.steps
                formed = (formed or 0) + total_amount(evidence)
        return formed

    def _upstream_paths(self, fund: Node) -> Iterator[list[Node]]:
        """From a fund to each that the cadre has approved and whose money reaches it, the shortest way."""
        came: dict[Node, list[Node]] = {fund: [fund]}
        edge = [fund]
        for _ in range(MAX_TRANSFERS + 1):
            for one in edge:
                if one in self._approved:
                    yield came[one]
            further: list[Node] = []
            for one in edge:
                for above in sorted(self._graph.incoming("TRANSFERRED", one)):
                    if above not in came and has_inflow(self._graph.outgoing("TRANSFERRED", above)[one]):
                        came[above] = [*came[one], above]
                        further.append(above)
            edge = further

    def _add_transfer_steps(self, path: ConflictPath, funds: list[Node], origin: int) -> None:
        for below, above in pairwise(funds):
            origin = path.add_step(
                above, "TRANSFERRED", self._graph.outgoing("TRANSFERRED", above)[below], is_forward=False, origin=origin
            )
        path.add_step(self._cadre, "APPROVED", self._approved[funds[-1]], is_forward=False, origin=origin)
