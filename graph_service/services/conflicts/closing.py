"""What closes a cycle: the duty of a cadre for where something lies, or an approval of the money that went there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from graph_service.services.chains.ways import MOST_TRANSFERS
from graph_service.services.conflicts.kinds import Evidence, Node, Way
from graph_service.services.conflicts.ties import KIN, Ties

DUTIES = ("SERVES", "LEADS", "POSTED_TO")


def amounts(evidence: Sequence[Evidence]) -> int:
    """The sum of what vouchers say, in fen."""
    return sum(one.amount or 0 for one in evidence)


def came_in(evidence: Sequence[Evidence]) -> bool:
    """Whether any money came: what was taken back whole did not."""
    return amounts(evidence) > 0 or any(one.amount is None for one in evidence)


def relatives(ties: Ties, cadre: Node) -> Iterator[tuple[Node, Node, Way]]:
    """The cadre and the kin: (as they are tied to the cadre, as they are known besides by the same document, the way to there)."""
    own = {person for tie in KIN for person in ties.into(tie, cadre)}
    for tie in KIN:
        for person, evidence in sorted(ties.into(tie, cadre).items()):
            way = Way.at(cadre)
            way.on(person, tie, evidence, forward=False)
            yield person, person, way
            for other in sorted(ties.out("IDENTITY", person)):
                if other not in own:
                    further = way.copy()
                    further.on(other, "IDENTITY", forward=True)
                    yield person, other, further


class Closing:
    """What one cadre has a duty for, and has approved."""

    def __init__(self, ties: Ties, cadre: Node) -> None:
        self._ties, self._cadre = ties, cadre
        self._present = ties.present(cadre)
        self._approved = ties.out("APPROVED", cadre)

    def by_place(self, way: Way, node: Node, relationship: str, origin: int) -> bool:
        """Where a node lies in what the cadre has a duty for: the steps there, and back to the cadre."""
        place = self._ties.place(node)
        if place is None or not self._present:
            return False
        duties = [
            (area, tie, evidence)
            for tie in DUTIES
            for area, evidence in sorted(self._ties.out(tie, self._cadre).items())
            if place[1].startswith(area[1])
        ]
        if not duties:
            return False
        at = way.on(place, relationship, self._ties.out(relationship, node)[place], forward=True, origin=origin)
        for area, tie, evidence in duties:
            there = at if area[1] == place[1] else way.on(area, "PART_OF", forward=True, origin=at)
            way.on(self._cadre, tie, evidence, forward=False, origin=there)
        return True

    def by_help(self, way: Way, household: Node, origin: int) -> bool:
        """Where the cadre helps a household."""
        evidence = self._ties.out("HELPS", self._cadre).get(household)
        if evidence is None or not self._present:
            return False
        way.on(self._cadre, "HELPS", evidence, forward=False, origin=origin)
        return True

    def by_approval(self, way: Way, node: Node, origin: int) -> bool:
        """Where the cadre has approved a node."""
        evidence = self._approved.get(node)
        if evidence is None:
            return False
        way.on(self._cadre, "APPROVED", evidence, forward=False, origin=origin)
        return True

    def by_money(self, way: Way, node: Node, origin: int, *flows: str) -> int | None:
        """Where money of funds that the cadre has approved has come to a node: on the shortest way of transfers from each of these.
        How much came, in fen; none where none did."""
        came = None
        for flow in flows:
            for fund, evidence in sorted(self._ties.into(flow, node).items()):
                ways = list(self._upwards(fund))
                if ways and came_in(evidence):
                    came = (came or 0) + amounts(evidence)
                    at = way.on(fund, flow, evidence, forward=False, origin=origin)
                    for funds in ways:
                        self._transfers(way, funds, at)
        return came

    def by_project(self, way: Way, project: Node, origin: int) -> int | None:
        """Where the cadre has approved a project or the money that it got; how much that was."""
        approved = self.by_approval(way, project, origin)
        came = self.by_money(way, project, origin, "ALLOCATED")
        if not approved:
            return came
        return sum(amounts(evidence) for evidence in self._ties.into("ALLOCATED", project).values())

    def by_asset(self, way: Way, asset: Node, origin: int) -> int | None:
        """The same of the projects that formed an asset; what they formed."""
        formed = None
        for project, evidence in sorted(self._ties.into("FORMED", asset).items()):
            further = way.copy()
            at = further.on(project, "FORMED", evidence, forward=False, origin=origin)
            if self.by_project(further, project, at) is not None:
                way.steps = further.steps
                formed = (formed or 0) + amounts(evidence)
        return formed

    def _upwards(self, fund: Node) -> Iterator[list[Node]]:
        """From a fund to each that the cadre has approved and whose money reaches it, the shortest way."""
        came: dict[Node, list[Node]] = {fund: [fund]}
        edge = [fund]
        for _ in range(MOST_TRANSFERS + 1):
            for one in edge:
                if one in self._approved:
                    yield came[one]
            further: list[Node] = []
            for one in edge:
                for above in sorted(self._ties.into("TRANSFERRED", one)):
                    if above not in came and came_in(self._ties.out("TRANSFERRED", above)[one]):
                        came[above] = [*came[one], above]
                        further.append(above)
            edge = further

    def _transfers(self, way: Way, funds: list[Node], at: int) -> None:
        for below, above in pairwise(funds):
            at = way.on(above, "TRANSFERRED", self._ties.out("TRANSFERRED", above)[below], forward=False, origin=at)
        way.on(self._cadre, "APPROVED", self._approved[funds[-1]], forward=False, origin=at)
