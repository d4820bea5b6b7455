"""Households of cadres, kin, people on the payroll and village heads: shares that they hold, dividends that they draw, money granted to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graph_service.features.conflicts.authority import CadreAuthority, has_inflow, relatives, total_amount
from graph_service.features.conflicts.models import (
    Conflict,
    ConflictCandidate,
    ConflictEvidence,
    ConflictPath,
    Node,
)
from graph_service.features.conflicts.relationships import ASSET_RELATIONSHIPS, RelationshipGraph

ORDINARY = "ORDINARY"
"""Shares that every household of a village may have: to hold them is nothing amiss, to draw dividends of them may be."""
VILLAGE_CODE_LENGTH = 12


def find_candidates(graph: RelationshipGraph, village_posts: Collection[str]) -> Iterator[ConflictCandidate]:
    """`village_posts`: words of posts that village heads have."""
    for number in sorted(graph.cadres):
        cadre = ("Cadre", number)
        heads = is_village_head(graph, cadre, village_posts)
        for person, known_as, way in relatives(graph, cadre):
            for household, evidence in sorted(graph.outgoing("MEMBER_OF", known_as).items()):
                home = way.copy()
                home.add_step(household, "MEMBER_OF", evidence, is_forward=True)
                name = f"{number}|{person[1]}|{household[1]}"
                yield from _household_candidates(graph, cadre, household, home, name)
                if heads and cadre in graph.outgoing("SAME_AS", person):
                    yield _dividend_candidate(graph, "VILLAGE_HEAD_DIVIDENDS", name, household, home, number)
    for paid, entries in sorted(graph.payroll.items()):
        for household in sorted(graph.outgoing("MEMBER_OF", ("Person", paid))):
            yield _payroll_candidate(graph, paid, sorted(entries), household)


def is_village_head(graph: RelationshipGraph, cadre: Node, posts: Collection[str]) -> bool:
    """Whether a cadre who is present has a post that village heads have, or one in the leading group of a village."""
    if not graph.is_in_post(cadre):
        return False
    said = graph.post(cadre)
    leads = any(len(area[1]) == VILLAGE_CODE_LENGTH for area in graph.outgoing("LEADS", cadre))
    return leads or any(word in said for word in posts)


def _household_candidates(
    graph: RelationshipGraph, cadre: Node, household: Node, household_path: ConflictPath, name: str
) -> Iterator[ConflictCandidate]:
    closing, at = CadreAuthority(graph, cadre), len(household_path.steps) - 1
    for asset in sorted(_interest_assets(graph, household)):
        way = household_path.copy()
        there, drawn = _add_asset_steps(graph, way, household, asset, at)
        _add_operator_steps(graph, way, asset, there)
        closed = [
            closing.add_help_steps(way, household, at),
            closing.add_location_steps(way, household, "LIVES_IN", at),
            closing.add_location_steps(way, asset, "LOCATED_IN", there),
            closing.add_asset_steps(way, asset, there) is not None,
        ]
        conflict = Conflict(tuple(way.steps), cadre[1], None, household[1], drawn) if any(closed) else None
        places = graph.area_codes([household, asset])
        yield ConflictCandidate("HOLDER_IS_CADRE_OR_KIN", f"{name}|{asset[1]}", places, conflict)
    given = [member for member in sorted(graph.incoming("MEMBER_OF", household)) if graph.incoming("DISBURSED", member)]
    if given or graph.incoming("GRANTED", household):
        way = household_path.copy()
        came = _add_grant_steps(closing, way, household, at, given)
        conflict = Conflict(tuple(way.steps), cadre[1], None, household[1], came) if came is not None else None
        yield ConflictCandidate("APPROVED_OWN", name, graph.area_codes([household]), conflict)


def _add_grant_steps(
    authority: CadreAuthority, path: ConflictPath, household: Node, origin: int, members: list[Node]
) -> int | None:
    """Money that the cadre approved and that was granted to a household or given to its members, in fen; none where none was."""
    came = [authority.add_funding_steps(path, household, origin, "GRANTED")]
    for member in members:
        further = path.copy()
        # Through whom the household was reached is not passed twice.
        known = next((step for step, told in enumerate(path.steps) if told.node == member), None)
        there = further.add_step(member, "MEMBER_OF", is_forward=False, origin=origin) if known is None else known
        came.append(authority.add_funding_steps(further, member, there, "DISBURSED"))
        if came[-1] is not None:
            path.steps = further.steps
    told = [one for one in came if one is not None]
    return sum(told) if told else None


def _paid_distributions(
    graph: RelationshipGraph, household: Node, asset: Node
) -> list[tuple[Node, list[ConflictEvidence]]]:
    """Distributions of an asset that a household was paid."""
    paid = graph.incoming("PAID", household)
    return [
        (one, list(paid[one]))
        for one in sorted(graph.outgoing("YIELDED", asset))
        if one in paid and has_inflow(paid[one])
    ]


def _interest_assets(graph: RelationshipGraph, household: Node) -> set[Node]:
    """Those of which a household holds other than ordinary shares, or was paid dividends."""
    held = {
        asset
        for asset, shares in graph.outgoing("HOLDS", household).items()
        if any(one.detail != ORDINARY for one in shares)
    }
    paid = (one for one, evidence in graph.incoming("PAID", household).items() if has_inflow(evidence))
    return held | {asset for one in paid for asset in graph.incoming("YIELDED", one)}


def _add_asset_steps(
    graph: RelationshipGraph, path: ConflictPath, household: Node, asset: Node, origin: int
) -> tuple[int, int | None]:
    """Steps from a household to an asset, by its shares and its dividends; where the asset stands, and what was paid in fen."""
    shares = graph.outgoing("HOLDS", household).get(asset)
    there = None if shares is None else path.add_step(asset, "HOLDS", shares, is_forward=True, origin=origin)
    paid = None
    for distribution, evidence in _paid_distributions(graph, household, asset):
        one = path.add_step(distribution, "PAID", evidence, is_forward=False, origin=origin)
        paid = (paid or 0) + total_amount(evidence)
        if there is None:
            there = path.add_step(asset, "YIELDED", is_forward=False, origin=one)
    if there is None:
        raise LookupError("an asset that nothing leads to")
    return there, paid


def _add_operator_steps(graph: RelationshipGraph, path: ConflictPath, asset: Node, origin: int) -> None:
    for tie in ASSET_RELATIONSHIPS:
        for operator, evidence in sorted(graph.incoming(tie, asset).items()):
            path.add_step(operator, tie, evidence, is_forward=False, origin=origin)


def _dividend_candidate(
    graph: RelationshipGraph,
    kind: str,
    name: str,
    household: Node,
    household_path: ConflictPath,
    cadre: str | None = None,
) -> ConflictCandidate:
    """Whatever a household draws, whoever has approved it."""
    way, at = household_path.copy(), len(household_path.steps) - 1
    assets, paid = sorted(_interest_assets(graph, household)), None
    for asset in assets:
        there, drawn = _add_asset_steps(graph, way, household, asset, at)
        _add_operator_steps(graph, way, asset, there)
        paid = paid if drawn is None else (paid or 0) + drawn
    conflict = Conflict(tuple(way.steps), cadre, None, household[1], paid) if assets else None
    return ConflictCandidate(kind, name, graph.area_codes([household, *assets]), conflict)


def _payroll_candidate(graph: RelationshipGraph, person: str, entries: list[str], household: Node) -> ConflictCandidate:
    way = ConflictPath.starting_at(("OutsideRecord", entries[0]))
    at = way.add_step(("Person", person), "IDENTITY", is_forward=True)
    for entry in entries[1:]:
        way.add_step(("OutsideRecord", entry), "IDENTITY", is_forward=False, origin=at)
    way.add_step(
        household, "MEMBER_OF", graph.outgoing("MEMBER_OF", ("Person", person))[household], is_forward=True, origin=at
    )
    return _dividend_candidate(graph, "PAYROLL_DIVIDENDS", f"{person}|{household[1]}", household, way)
