"""Operators that a cadre or kin stand for: what they operate, own or carry out where the cadre has a duty, or with money that the cadre approved."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.services.conflicts.closing import Closing, relatives
from graph_service.services.conflicts.kinds import Conflict, Node, Opening, Way
from graph_service.services.conflicts.ties import ASSETS, Ties

LINKS = ("JOINED", "LEASES_TO", "BORROWED_FROM", "ENTRUSTS_TO")


def openings(ties: Ties) -> Iterator[Opening]:
    """One for each cadre, person, operator and what is between this and the cadre."""
    for number in sorted(ties.cadres):
        cadre = ("Cadre", number)
        closing = Closing(ties, cadre)
        for person, known_as, way in relatives(ties, cadre):
            for operator, evidence in sorted(ties.out("REPRESENTS", known_as).items()):
                reached = way.copy()
                reached.on(operator, "REPRESENTS", evidence, forward=True)
                name = f"{number}|{person[1]}|{operator[1]}"
                yield from _of_operator(ties, closing, cadre, operator, reached, name)


def _of_operator(
    ties: Ties, closing: Closing, cadre: Node, operator: Node, reached: Way, name: str
) -> Iterator[Opening]:
    at = len(reached.steps) - 1
    things: dict[Node, Way] = {}
    for tie in (*ASSETS, "IMPLEMENTS"):
        for thing, evidence in sorted(ties.out(tie, operator).items()):
            # An operator may both own and operate an asset: the asset is reached once.
            way = things.setdefault(thing, reached.copy())
            if len(way.steps) == at + 1:
                way.on(thing, tie, evidence, forward=True)
    for thing, way in sorted(things.items()):
        told, places = f"{name}|{thing[0]}|{thing[1]}", ties.codes([thing])
        by_duty, by_money = way.copy(), way.copy()
        on_duty = closing.by_place(by_duty, thing, "LOCATED_IN", at + 1)
        yield _opening("OPERATOR_OF_DUTY", told, places, by_duty, cadre, operator, closed=on_duty)
        came = (closing.by_project if thing[0] == "Project" else closing.by_asset)(by_money, thing, at + 1)
        yield _opening("APPROVED_OWN", told, places, by_money, cadre, operator, closed=came is not None, amount=came)
    if ties.into("INVESTED", operator) or ties.into("LENT", operator):
        way = reached.copy()
        came = closing.by_money(way, operator, at, "INVESTED", "LENT")
        yield _opening(
            "APPROVED_OWN",
            name,
            ties.operator_places(operator),
            way,
            cadre,
            operator,
            closed=came is not None,
            amount=came,
        )
    for household, way in _helped(ties, cadre, operator, reached, at):
        told = f"{name}|Household|{household[1]}"
        closed = ties.present(cadre)
        yield _opening(
            "OPERATOR_OF_DUTY", told, ties.codes([household]), way, cadre, operator, household, closed=closed
        )


def _helped(ties: Ties, cadre: Node, operator: Node, reached: Way, at: int) -> Iterator[tuple[Node, Way]]:
    """Households that the cadre helps and that are linked with the operator: by each link, and back to the cadre."""
    for household, help_ in sorted(ties.out("HELPS", cadre).items()):
        way = reached.copy()
        ends = []
        for link in LINKS:
            evidence = ties.out(link, household).get(operator)
            if evidence is not None:
                ends.append(way.on(household, link, evidence, forward=False, origin=at))
        for member in sorted(ties.into("MEMBER_OF", household)):
            evidence = ties.out("EMPLOYS", operator).get(member)
            if evidence is not None:
                there = way.on(member, "EMPLOYS", evidence, forward=True, origin=at)
                ends.append(way.on(household, "MEMBER_OF", forward=True, origin=there))
        for asset, shares in sorted(ties.out("HOLDS", household).items()):
            tie = next((one for one in ASSETS if asset in ties.out(one, operator)), None)
            if tie is not None:
                there = way.on(asset, tie, ties.out(tie, operator)[asset], forward=True, origin=at)
                ends.append(way.on(household, "HOLDS", shares, forward=False, origin=there))
        for end in ends:
            way.on(cadre, "HELPS", help_, forward=False, origin=end)
        if ends:
            yield household, way


def _opening(
    kind: str,
    name: str,
    places: frozenset[str],
    way: Way,
    cadre: Node,
    operator: Node,
    household: Node | None = None,
    *,
    closed: bool,
    amount: int | None = None,
) -> Opening:
    of = household[1] if household else None
    conflict = Conflict(tuple(way.steps), cadre[1], operator, of, amount or None) if closed else None
    return Opening(kind, name, places, conflict)
