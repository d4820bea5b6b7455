"""Operators that a cadre or kin stand for: what they operate, own or carry out where the cadre has a duty, or with money that the cadre approved."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.features.conflicts.authority import CadreAuthority, relatives
from graph_service.features.conflicts.models import Conflict, ConflictCandidate, ConflictPath, Node
from graph_service.features.conflicts.relationships import ASSET_RELATIONSHIPS, RelationshipGraph

LINK_RELATIONSHIPS = ("JOINED", "LEASES_TO", "BORROWED_FROM", "ENTRUSTS_TO")


def find_candidates(graph: RelationshipGraph) -> Iterator[ConflictCandidate]:
    """One for each cadre, person, operator and what is between this and the cadre."""
    for number in sorted(graph.cadres):
        cadre = ("Cadre", number)
        closing = CadreAuthority(graph, cadre)
        for person, known_as, way in relatives(graph, cadre):
            for operator, evidence in sorted(graph.outgoing("REPRESENTS", known_as).items()):
                reached = way.copy()
                reached.add_step(operator, "REPRESENTS", evidence, is_forward=True)
                name = f"{number}|{person[1]}|{operator[1]}"
                yield from _operator_candidates(graph, closing, cadre, operator, reached, name)


def _operator_candidates(
    graph: RelationshipGraph,
    authority: CadreAuthority,
    cadre: Node,
    operator: Node,
    operator_path: ConflictPath,
    name: str,
) -> Iterator[ConflictCandidate]:
    at = len(operator_path.steps) - 1
    things: dict[Node, ConflictPath] = {}
    for tie in (*ASSET_RELATIONSHIPS, "IMPLEMENTS"):
        for thing, evidence in sorted(graph.outgoing(tie, operator).items()):
            # An operator may both own and operate an asset: the asset is reached once.
            way = things.setdefault(thing, operator_path.copy())
            if len(way.steps) == at + 1:
                way.add_step(thing, tie, evidence, is_forward=True)
    for thing, way in sorted(things.items()):
        told, places = f"{name}|{thing[0]}|{thing[1]}", graph.area_codes([thing])
        by_duty, by_money = way.copy(), way.copy()
        on_duty = authority.add_location_steps(by_duty, thing, "LOCATED_IN", at + 1)
        yield _make_candidate("OPERATOR_OF_DUTY", told, places, by_duty, cadre, operator, is_conflict=on_duty)
        came = (authority.add_project_steps if thing[0] == "Project" else authority.add_asset_steps)(
            by_money, thing, at + 1
        )
        yield _make_candidate(
            "APPROVED_OWN", told, places, by_money, cadre, operator, is_conflict=came is not None, amount=came
        )
    if graph.incoming("INVESTED", operator) or graph.incoming("LENT", operator):
        way = operator_path.copy()
        came = authority.add_funding_steps(way, operator, at, "INVESTED", "LENT")
        yield _make_candidate(
            "APPROVED_OWN",
            name,
            graph.operator_area_codes(operator),
            way,
            cadre,
            operator,
            is_conflict=came is not None,
            amount=came,
        )
    for household, way in _helped_households(graph, cadre, operator, operator_path, at):
        told = f"{name}|Household|{household[1]}"
        closed = graph.is_in_post(cadre)
        yield _make_candidate(
            "OPERATOR_OF_DUTY", told, graph.area_codes([household]), way, cadre, operator, household, is_conflict=closed
        )


def _helped_households(
    graph: RelationshipGraph, cadre: Node, operator: Node, operator_path: ConflictPath, origin: int
) -> Iterator[tuple[Node, ConflictPath]]:
    """Households that the cadre helps and that are linked with the operator: by each link, and back to the cadre."""
    for household, help_ in sorted(graph.outgoing("HELPS", cadre).items()):
        way = operator_path.copy()
        ends = []
        for link in LINK_RELATIONSHIPS:
            evidence = graph.outgoing(link, household).get(operator)
            if evidence is not None:
                ends.append(way.add_step(household, link, evidence, is_forward=False, origin=origin))
        for member in sorted(graph.incoming("MEMBER_OF", household)):
            evidence = graph.outgoing("EMPLOYS", operator).get(member)
            if evidence is not None:
                there = way.add_step(member, "EMPLOYS", evidence, is_forward=True, origin=origin)
                ends.append(way.add_step(household, "MEMBER_OF", is_forward=True, origin=there))
        for asset, shares in sorted(graph.outgoing("HOLDS", household).items()):
            tie = next((one for one in ASSET_RELATIONSHIPS if asset in graph.outgoing(one, operator)), None)
            if tie is not None:
                there = way.add_step(asset, tie, graph.outgoing(tie, operator)[asset], is_forward=True, origin=origin)
                ends.append(way.add_step(household, "HOLDS", shares, is_forward=False, origin=there))
        for end in ends:
            way.add_step(cadre, "HELPS", help_, is_forward=False, origin=end)
        if ends:
            yield household, way


def _make_candidate(
    kind: str,
    name: str,
    area_codes: frozenset[str],
    path: ConflictPath,
    cadre: Node,
    operator: Node,
    household: Node | None = None,
    *,
    is_conflict: bool,
    amount: int | None = None,
) -> ConflictCandidate:
    of = household[1] if household else None
    conflict = Conflict(tuple(path.steps), cadre[1], operator, of, amount or None) if is_conflict else None
    return ConflictCandidate(kind, name, area_codes, conflict)
