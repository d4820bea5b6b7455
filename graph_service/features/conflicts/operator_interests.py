"""Operators that a cadre or kin represent: assets and projects that they operate, own or carry out where the cadre has
a duty, or with money that the cadre approved."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.core.question import Node
from graph_service.features.conflicts.authority import CadreAuthority, relatives
from graph_service.features.conflicts.models import Conflict, ConflictCandidate, ConflictPath
from graph_service.features.conflicts.relationships import ASSET_RELATIONSHIPS, RelationshipGraph

LINK_RELATIONSHIPS = ("JOINED", "LEASES_TO", "BORROWED_FROM", "ENTRUSTS_TO")


def find_candidates(graph: RelationshipGraph) -> Iterator[ConflictCandidate]:
    """Yield a candidate for each cadre, person and operator, and each asset, project, funding or household that ties
    the operator to the cadre."""
    for number in sorted(graph.cadres):
        cadre = ("Cadre", number)
        authority = CadreAuthority(graph, cadre)
        for person, identity, path in relatives(graph, cadre):
            for operator, evidence in sorted(graph.outgoing("REPRESENTS", identity).items()):
                operator_path = path.copy()
                operator_path.add_step(operator, "REPRESENTS", evidence, is_forward=True)
                name = f"{number}|{person[1]}|{operator[1]}"
                yield from _operator_candidates(graph, authority, cadre, operator, operator_path, name)


def _operator_candidates(
    graph: RelationshipGraph,
    authority: CadreAuthority,
    cadre: Node,
    operator: Node,
    operator_path: ConflictPath,
    name: str,
) -> Iterator[ConflictCandidate]:
    operator_index = len(operator_path.steps) - 1
    path_by_target: dict[Node, ConflictPath] = {}
    for tie in (*ASSET_RELATIONSHIPS, "IMPLEMENTS"):
        for target, evidence in sorted(graph.outgoing(tie, operator).items()):
            # An operator may both own and operate an asset: the asset is reached once.
            path = path_by_target.setdefault(target, operator_path.copy())
            if len(path.steps) == operator_index + 1:
                path.add_step(target, tie, evidence, is_forward=True)
    for target, path in sorted(path_by_target.items()):
        candidate_name, area_codes = f"{name}|{target[0]}|{target[1]}", graph.area_codes([target])
        duty_path, money_path = path.copy(), path.copy()
        is_on_duty = authority.add_location_steps(duty_path, target, "LOCATED_IN", operator_index + 1)
        yield _make_candidate(
            "OPERATOR_OF_DUTY", candidate_name, area_codes, duty_path, cadre, operator, is_conflict=is_on_duty
        )
        amount = (authority.add_project_steps if target[0] == "Project" else authority.add_asset_steps)(
            money_path, target, operator_index + 1
        )
        yield _make_candidate(
            "APPROVED_OWN",
            candidate_name,
            area_codes,
            money_path,
            cadre,
            operator,
            is_conflict=amount is not None,
            amount=amount,
        )
    if graph.incoming("INVESTED", operator) or graph.incoming("LENT", operator):
        path = operator_path.copy()
        amount = authority.add_funding_steps(path, operator, operator_index, "INVESTED", "LENT")
        yield _make_candidate(
            "APPROVED_OWN",
            name,
            graph.operator_area_codes(operator),
            path,
            cadre,
            operator,
            is_conflict=amount is not None,
            amount=amount,
        )
    for household, path in _helped_households(graph, cadre, operator, operator_path, operator_index):
        candidate_name = f"{name}|Household|{household[1]}"
        is_in_post = graph.is_in_post(cadre)
        yield _make_candidate(
            "OPERATOR_OF_DUTY",
            candidate_name,
            graph.area_codes([household]),
            path,
            cadre,
            operator,
            household,
            is_conflict=is_in_post,
        )


def _helped_households(
    graph: RelationshipGraph, cadre: Node, operator: Node, operator_path: ConflictPath, origin: int
) -> Iterator[tuple[Node, ConflictPath]]:
    """Yield the households that the cadre helps and that are linked with the operator, each with the path over every
    link and back to the cadre."""
    for household, help_evidence in sorted(graph.outgoing("HELPS", cadre).items()):
        path = operator_path.copy()
        household_indices = []
        for relationship in LINK_RELATIONSHIPS:
            evidence = graph.outgoing(relationship, household).get(operator)
            if evidence is not None:
                household_indices.append(
                    path.add_step(household, relationship, evidence, is_forward=False, origin=origin)
                )
        for member in sorted(graph.incoming("MEMBER_OF", household)):
            evidence = graph.outgoing("EMPLOYS", operator).get(member)
            if evidence is not None:
                link_index = path.add_step(member, "EMPLOYS", evidence, is_forward=True, origin=origin)
                household_indices.append(path.add_step(household, "MEMBER_OF", is_forward=True, origin=link_index))
        for asset, shares in sorted(graph.outgoing("HOLDS", household).items()):
            tie = next(
                (
                    asset_relationship
                    for asset_relationship in ASSET_RELATIONSHIPS
                    if asset in graph.outgoing(asset_relationship, operator)
                ),
                None,
            )
            if tie is not None:
                link_index = path.add_step(
                    asset, tie, graph.outgoing(tie, operator)[asset], is_forward=True, origin=origin
                )
                household_indices.append(path.add_step(household, "HOLDS", shares, is_forward=False, origin=link_index))
        for household_index in household_indices:
            path.add_step(cadre, "HELPS", help_evidence, is_forward=False, origin=household_index)
        if household_indices:
            yield household, path


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
    household_key = household[1] if household else None
    conflict = Conflict(tuple(path.steps), cadre[1], operator, household_key, amount or None) if is_conflict else None
    return ConflictCandidate(kind, name, area_codes, conflict)
