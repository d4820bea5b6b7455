"""Households of cadres, kin, people on the payroll and village heads: shares that they hold, dividends paid to them,
money granted to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graph_service.core.question import Node
from graph_service.features.conflicts.authority import CadreAuthority, has_inflow, relatives, total_amount
from graph_service.features.conflicts.models import (
    Conflict,
    ConflictCandidate,
    ConflictEvidence,
    ConflictPath,
)
from graph_service.features.conflicts.relationships import ASSET_RELATIONSHIPS, RelationshipGraph

ORDINARY = "ORDINARY"
"""Kind of shares that every household of a village may have: holding them is no conflict, drawing dividends of them may be."""
VILLAGE_CODE_LENGTH = 12


def find_candidates(graph: RelationshipGraph, village_posts: Collection[str]) -> Iterator[ConflictCandidate]:
    """Yield the candidates of households. `village_posts`: words in the posts of village heads."""
    for number in sorted(graph.cadres):
        cadre = ("Cadre", number)
        is_head = is_village_head(graph, cadre, village_posts)
        for person, identity, path in relatives(graph, cadre):
            for household, evidence in sorted(graph.outgoing("MEMBER_OF", identity).items()):
                household_path = path.copy()
                household_path.add_step(household, "MEMBER_OF", evidence, is_forward=True)
                name = f"{number}|{person[1]}|{household[1]}"
                yield from _household_candidates(graph, cadre, household, household_path, name)
                if is_head and cadre in graph.outgoing("SAME_AS", person):
                    yield _dividend_candidate(graph, "VILLAGE_HEAD_DIVIDENDS", name, household, household_path, number)
    for person_key, entries in sorted(graph.payroll.items()):
        for household in sorted(graph.outgoing("MEMBER_OF", ("Person", person_key))):
            yield _payroll_candidate(graph, person_key, sorted(entries), household)


def is_village_head(graph: RelationshipGraph, cadre: Node, posts: Collection[str]) -> bool:
    """Return True where a cadre in post has the post of a village head, or one in the leading group of a village."""
    if not graph.is_in_post(cadre):
        return False
    post = graph.post(cadre)
    is_leader = any(len(area[1]) == VILLAGE_CODE_LENGTH for area in graph.outgoing("LEADS", cadre))
    return is_leader or any(word in post for word in posts)


def _household_candidates(
    graph: RelationshipGraph, cadre: Node, household: Node, household_path: ConflictPath, name: str
) -> Iterator[ConflictCandidate]:
    authority, household_index = CadreAuthority(graph, cadre), len(household_path.steps) - 1
    for asset in sorted(_interest_assets(graph, household)):
        path = household_path.copy()
        asset_index, dividends = _add_asset_steps(graph, path, household, asset, household_index)
        _add_operator_steps(graph, path, asset, asset_index)
        closings = [
            authority.add_help_steps(path, household, household_index),
            authority.add_location_steps(path, household, "LIVES_IN", household_index),
            authority.add_location_steps(path, asset, "LOCATED_IN", asset_index),
            authority.add_asset_steps(path, asset, asset_index) is not None,
        ]
        conflict = Conflict(tuple(path.steps), cadre[1], None, household[1], dividends) if any(closings) else None
        area_codes = graph.area_codes([household, asset])
        yield ConflictCandidate("HOLDER_IS_CADRE_OR_KIN", f"{name}|{asset[1]}", area_codes, conflict)
    paid_members = [
        member for member in sorted(graph.incoming("MEMBER_OF", household)) if graph.incoming("DISBURSED", member)
    ]
    if paid_members or graph.incoming("GRANTED", household):
        path = household_path.copy()
        amount = _add_grant_steps(authority, path, household, household_index, paid_members)
        conflict = Conflict(tuple(path.steps), cadre[1], None, household[1], amount) if amount is not None else None
        yield ConflictCandidate("APPROVED_OWN", name, graph.area_codes([household]), conflict)


def _add_grant_steps(
    authority: CadreAuthority, path: ConflictPath, household: Node, origin: int, members: list[Node]
) -> int | None:
    """Add the steps of money that the cadre approved and that was granted to a household or given to its members.
    Return its amount in fen; None where there was none."""
    amounts = [authority.add_funding_steps(path, household, origin, "GRANTED")]
    for member in members:
        member_path = path.copy()
        # A member through whom the household was reached is not added again.
        known_index = next((index for index, step in enumerate(path.steps) if step.node == member), None)
        member_index = (
            member_path.add_step(member, "MEMBER_OF", is_forward=False, origin=origin)
            if known_index is None
            else known_index
        )
        amounts.append(authority.add_funding_steps(member_path, member, member_index, "DISBURSED"))
        if amounts[-1] is not None:
            path.steps = member_path.steps
    known_amounts = [amount for amount in amounts if amount is not None]
    return sum(known_amounts) if known_amounts else None


def _paid_distributions(
    graph: RelationshipGraph, household: Node, asset: Node
) -> list[tuple[Node, list[ConflictEvidence]]]:
    """Return the distributions of an asset that were paid to a household, with their evidence."""
    payments = graph.incoming("PAID", household)
    return [
        (distribution, list(payments[distribution]))
        for distribution in sorted(graph.outgoing("YIELDED", asset))
        if distribution in payments and has_inflow(payments[distribution])
    ]


def _interest_assets(graph: RelationshipGraph, household: Node) -> set[Node]:
    """Return the assets of which a household holds other than ordinary shares, or was paid dividends."""
    held_assets = {
        asset
        for asset, shares in graph.outgoing("HOLDS", household).items()
        if any(share.detail != ORDINARY for share in shares)
    }
    distributions = (
        distribution for distribution, evidence in graph.incoming("PAID", household).items() if has_inflow(evidence)
    )
    return held_assets | {asset for distribution in distributions for asset in graph.incoming("YIELDED", distribution)}


def _add_asset_steps(
    graph: RelationshipGraph, path: ConflictPath, household: Node, asset: Node, origin: int
) -> tuple[int, int | None]:
    """Add the steps from a household to an asset, by its shares and its dividends. Return the index of the asset's
    step, and the amount paid in fen."""
    shares = graph.outgoing("HOLDS", household).get(asset)
    asset_index = None if shares is None else path.add_step(asset, "HOLDS", shares, is_forward=True, origin=origin)
    amount = None
    for distribution, evidence in _paid_distributions(graph, household, asset):
        distribution_index = path.add_step(distribution, "PAID", evidence, is_forward=False, origin=origin)
        amount = (amount or 0) + total_amount(evidence)
        if asset_index is None:
            asset_index = path.add_step(asset, "YIELDED", is_forward=False, origin=distribution_index)
    if asset_index is None:
        raise LookupError("an asset that nothing leads to")
    return asset_index, amount


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
    """Return the candidate for all dividends of a household, whoever has approved it."""
    path, household_index = household_path.copy(), len(household_path.steps) - 1
    assets, amount = sorted(_interest_assets(graph, household)), None
    for asset in assets:
        asset_index, dividends = _add_asset_steps(graph, path, household, asset, household_index)
        _add_operator_steps(graph, path, asset, asset_index)
        amount = amount if dividends is None else (amount or 0) + dividends
    conflict = Conflict(tuple(path.steps), cadre, None, household[1], amount) if assets else None
    return ConflictCandidate(kind, name, graph.area_codes([household, *assets]), conflict)


def _payroll_candidate(graph: RelationshipGraph, person: str, entries: list[str], household: Node) -> ConflictCandidate:
    path = ConflictPath.starting_at(("OutsideRecord", entries[0]))
    person_index = path.add_step(("Person", person), "IDENTITY", is_forward=True)
    for entry in entries[1:]:
        path.add_step(("OutsideRecord", entry), "IDENTITY", is_forward=False, origin=person_index)
    path.add_step(
        household,
        "MEMBER_OF",
        graph.outgoing("MEMBER_OF", ("Person", person))[household],
        is_forward=True,
        origin=person_index,
    )
    return _dividend_candidate(graph, "PAYROLL_DIVIDENDS", f"{person}|{household[1]}", household, path)
