"""Steps that close a cycle: the cadre's duty for the area in which a node lies, or the cadre's approval of the money
that went there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from graph_service.core.question import Node
from graph_service.features.chains.paths import MAX_TRANSFERS
from graph_service.features.conflicts.models import ConflictEvidence, ConflictPath
from graph_service.features.conflicts.relationships import KIN_RELATIONSHIPS, RelationshipGraph

DUTY_RELATIONSHIPS = ("SERVES", "LEADS", "POSTED_TO")


def total_amount(evidence: Sequence[ConflictEvidence]) -> int:
    """Return the sum of the amounts of vouchers, in fen."""
    return sum(voucher.amount or 0 for voucher in evidence)


def has_inflow(evidence: Sequence[ConflictEvidence]) -> bool:
    """Return True where any money came; money that was taken back in whole did not."""
    return total_amount(evidence) > 0 or any(voucher.amount is None for voucher in evidence)


def relatives(graph: RelationshipGraph, cadre: Node) -> Iterator[tuple[Node, Node, ConflictPath]]:
    """Yield the cadre and the kin: (person tied to the cadre, the same person or another record with the same identity
    document, path to it)."""
    tied_people = {person for tie in KIN_RELATIONSHIPS for person in graph.incoming(tie, cadre)}
    for tie in KIN_RELATIONSHIPS:
        for person, evidence in sorted(graph.incoming(tie, cadre).items()):
            path = ConflictPath.starting_at(cadre)
            path.add_step(person, tie, evidence, is_forward=False)
            yield person, person, path
            for identical_person in sorted(graph.outgoing("IDENTITY", person)):
                if identical_person not in tied_people:
                    identity_path = path.copy()
                    identity_path.add_step(identical_person, "IDENTITY", is_forward=True)
                    yield person, identical_person, identity_path


class CadreAuthority:
    """Duties and approvals of a cadre."""

    def __init__(self, graph: RelationshipGraph, cadre: Node) -> None:
        self._graph, self._cadre = graph, cadre
        self._is_in_post = graph.is_in_post(cadre)
        self._approved = graph.outgoing("APPROVED", cadre)

    def add_location_steps(self, path: ConflictPath, node: Node, relationship: str, origin: int) -> bool:
        """Add the steps to a node's area and back to the cadre, where the cadre has a duty for that area. Return True
        where steps were added."""
        location = self._graph.location(node)
        if location is None or not self._is_in_post:
            return False
        duties = [
            (area, tie, evidence)
            for tie in DUTY_RELATIONSHIPS
            for area, evidence in sorted(self._graph.outgoing(tie, self._cadre).items())
            if location[1].startswith(area[1])
        ]
        if not duties:
            return False
        location_index = path.add_step(
            location, relationship, self._graph.outgoing(relationship, node)[location], is_forward=True, origin=origin
        )
        for area, tie, evidence in duties:
            area_index = (
                location_index
                if area[1] == location[1]
                else path.add_step(area, "PART_OF", is_forward=True, origin=location_index)
            )
            path.add_step(self._cadre, tie, evidence, is_forward=False, origin=area_index)
        return True

    def add_help_steps(self, path: ConflictPath, household: Node, origin: int) -> bool:
        """Add the step back to the cadre, where the cadre helps a household. Return True where it was added."""
        evidence = self._graph.outgoing("HELPS", self._cadre).get(household)
        if evidence is None or not self._is_in_post:
            return False
        path.add_step(self._cadre, "HELPS", evidence, is_forward=False, origin=origin)
        return True

    def add_approval_steps(self, path: ConflictPath, node: Node, origin: int) -> bool:
        """Add the step back to the cadre, where the cadre has approved a node. Return True where it was added."""
        evidence = self._approved.get(node)
        if evidence is None:
            return False
        path.add_step(self._cadre, "APPROVED", evidence, is_forward=False, origin=origin)
        return True

    def add_funding_steps(self, path: ConflictPath, node: Node, origin: int, *relationships: str) -> int | None:
        """Add the steps of money that came to a node from funds that the cadre has approved: the shortest path of
        transfers from each of these. Return the amount that came, in fen; None where none did."""
        amount = None
        for flow in relationships:
            for fund, evidence in sorted(self._graph.incoming(flow, node).items()):
                fund_paths = list(self._upstream_paths(fund))
                if fund_paths and has_inflow(evidence):
                    amount = (amount or 0) + total_amount(evidence)
                    fund_index = path.add_step(fund, flow, evidence, is_forward=False, origin=origin)
                    for funds in fund_paths:
                        self._add_transfer_steps(path, funds, fund_index)
        return amount

    def add_project_steps(self, path: ConflictPath, project: Node, origin: int) -> int | None:
        """Add the steps of the cadre's approvals of a project, or of the money allocated to it. Return that amount;
        None without an approval."""
        is_approved = self.add_approval_steps(path, project, origin)
        amount = self.add_funding_steps(path, project, origin, "ALLOCATED")
        if not is_approved:
            return amount
        return sum(total_amount(evidence) for evidence in self._graph.incoming("ALLOCATED", project).values())

    def add_asset_steps(self, path: ConflictPath, asset: Node, origin: int) -> int | None:
        """Add the same steps for the projects that formed an asset. Return the value that they formed; None without an approval."""
        formed_amount = None
        for project, evidence in sorted(self._graph.incoming("FORMED", asset).items()):
            project_path = path.copy()
            project_index = project_path.add_step(project, "FORMED", evidence, is_forward=False, origin=origin)
            if self.add_project_steps(project_path, project, project_index) is not None:
                path.steps = project_path.steps
                formed_amount = (formed_amount or 0) + total_amount(evidence)
        return formed_amount

    def _upstream_paths(self, fund: Node) -> Iterator[list[Node]]:
        """Yield the shortest path from a fund to each fund that the cadre has approved and whose money reaches it."""
        path_by_fund: dict[Node, list[Node]] = {fund: [fund]}
        frontier = [fund]
        for _ in range(MAX_TRANSFERS + 1):
            for target in frontier:
                if target in self._approved:
                    yield path_by_fund[target]
            next_frontier: list[Node] = []
            for target in frontier:
                for source in sorted(self._graph.incoming("TRANSFERRED", target)):
                    if source not in path_by_fund and has_inflow(self._graph.outgoing("TRANSFERRED", source)[target]):
                        path_by_fund[source] = [*path_by_fund[target], source]
                        next_frontier.append(source)
            frontier = next_frontier

    def _add_transfer_steps(self, path: ConflictPath, funds: list[Node], origin: int) -> None:
        for target, source in pairwise(funds):
            origin = path.add_step(
                source,
                "TRANSFERRED",
                self._graph.outgoing("TRANSFERRED", source)[target],
                is_forward=False,
                origin=origin,
            )
        path.add_step(self._cadre, "APPROVED", self._approved[funds[-1]], is_forward=False, origin=origin)
