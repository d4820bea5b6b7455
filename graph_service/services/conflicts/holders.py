"""Households of cadres, kin, people on the payroll and village heads: shares that they hold, dividends that they draw, money granted to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graph_service.services.conflicts.closing import Closing, amounts, came_in, relatives
from graph_service.services.conflicts.kinds import Conflict, Evidence, Node, Opening, Way
from graph_service.services.conflicts.ties import ASSETS, Ties

ORDINARY = "ORDINARY"
"""Shares that every household of a village may have: to hold them is nothing amiss, to draw dividends of them may be."""
VILLAGE_DIGITS = 12


def openings(ties: Ties, village_posts: Collection[str]) -> Iterator[Opening]:
    """`village_posts`: words of posts that village heads have."""
    for number in sorted(ties.cadres):
        cadre = ("Cadre", number)
        heads = heads_a_village(ties, cadre, village_posts)
        for person, known_as, way in relatives(ties, cadre):
            for household, evidence in sorted(ties.out("MEMBER_OF", known_as).items()):
                home = way.copy()
                home.on(household, "MEMBER_OF", evidence, forward=True)
                name = f"{number}|{person[1]}|{household[1]}"
                yield from _of_household(ties, cadre, household, home, name)
                if heads and cadre in ties.out("SAME_AS", person):
                    yield _drawing(ties, "VILLAGE_HEAD_DIVIDENDS", name, household, home, number)
    for paid, entries in sorted(ties.payroll.items()):
        for household in sorted(ties.out("MEMBER_OF", ("Person", paid))):
            yield _on_payroll(ties, paid, sorted(entries), household)


def heads_a_village(ties: Ties, cadre: Node, posts: Collection[str]) -> bool:
    """Whether a cadre who is present has a post that village heads have, or one in the leading group of a village."""
    if not ties.present(cadre):
        return False
    said = ties.post(cadre)
    leads = any(len(area[1]) == VILLAGE_DIGITS for area in ties.out("LEADS", cadre))
    return leads or any(word in said for word in posts)


def _of_household(ties: Ties, cadre: Node, household: Node, home: Way, name: str) -> Iterator[Opening]:
    closing, at = Closing(ties, cadre), len(home.steps) - 1
    for asset in sorted(_assets(ties, household)):
        way = home.copy()
        there, drawn = _drawn(ties, way, household, asset, at)
        _operators(ties, way, asset, there)
        closed = [
            closing.by_help(way, household, at),
            closing.by_place(way, household, "LIVES_IN", at),
            closing.by_place(way, asset, "LOCATED_IN", there),
            closing.by_asset(way, asset, there) is not None,
        ]
        conflict = Conflict(tuple(way.steps), cadre[1], None, household[1], drawn) if any(closed) else None
        places = ties.codes([household, asset])
        yield Opening("HOLDER_IS_CADRE_OR_KIN", f"{name}|{asset[1]}", places, conflict)
    given = [member for member in sorted(ties.into("MEMBER_OF", household)) if ties.into("DISBURSED", member)]
    if given or ties.into("GRANTED", household):
        way = home.copy()
        came = _given(closing, way, household, at, given)
        conflict = Conflict(tuple(way.steps), cadre[1], None, household[1], came) if came is not None else None
        yield Opening("APPROVED_OWN", name, ties.codes([household]), conflict)


def _given(closing: Closing, way: Way, household: Node, at: int, members: list[Node]) -> int | None:
    """Money that the cadre approved and that was granted to a household or given to its members, in fen; none where none was."""
    came = [closing.by_money(way, household, at, "GRANTED")]
    for member in members:
        further = way.copy()
        # Through whom the household was reached is not passed twice.
        known = next((step for step, told in enumerate(way.steps) if told.node == member), None)
        there = further.on(member, "MEMBER_OF", forward=False, origin=at) if known is None else known
        came.append(closing.by_money(further, member, there, "DISBURSED"))
        if came[-1] is not None:
            way.steps = further.steps
    told = [one for one in came if one is not None]
    return sum(told) if told else None


def _dividends(ties: Ties, household: Node, asset: Node) -> list[tuple[Node, list[Evidence]]]:
    """Distributions of an asset that a household was paid."""
    paid = ties.into("PAID", household)
    return [(one, list(paid[one])) for one in sorted(ties.out("YIELDED", asset)) if one in paid and came_in(paid[one])]


def _assets(ties: Ties, household: Node) -> set[Node]:
    """Those of which a household holds other than ordinary shares, or was paid dividends."""
    held = {
        asset for asset, shares in ties.out("HOLDS", household).items() if any(one.says != ORDINARY for one in shares)
    }
    paid = (one for one, evidence in ties.into("PAID", household).items() if came_in(evidence))
    return held | {asset for one in paid for asset in ties.into("YIELDED", one)}


def _drawn(ties: Ties, way: Way, household: Node, asset: Node, at: int) -> tuple[int, int | None]:
    """Steps from a household to an asset, by its shares and its dividends; where the asset stands, and what was paid in fen."""
    shares = ties.out("HOLDS", household).get(asset)
    there = None if shares is None else way.on(asset, "HOLDS", shares, forward=True, origin=at)
    paid = None
    for distribution, evidence in _dividends(ties, household, asset):
        one = way.on(distribution, "PAID", evidence, forward=False, origin=at)
        paid = (paid or 0) + amounts(evidence)
        if there is None:
            there = way.on(asset, "YIELDED", forward=False, origin=one)
    if there is None:
        raise LookupError("an asset that nothing leads to")
    return there, paid


def _operators(ties: Ties, way: Way, asset: Node, origin: int) -> None:
    for tie in ASSETS:
        for operator, evidence in sorted(ties.into(tie, asset).items()):
            way.on(operator, tie, evidence, forward=False, origin=origin)


def _drawing(ties: Ties, kind: str, name: str, household: Node, home: Way, cadre: str | None = None) -> Opening:
    """Whatever a household draws, whoever has approved it."""
    way, at = home.copy(), len(home.steps) - 1
    assets, paid = sorted(_assets(ties, household)), None
    for asset in assets:
        there, drawn = _drawn(ties, way, household, asset, at)
        _operators(ties, way, asset, there)
        paid = paid if drawn is None else (paid or 0) + drawn
    conflict = Conflict(tuple(way.steps), cadre, None, household[1], paid) if assets else None
    return Opening(kind, name, ties.codes([household, *assets]), conflict)


def _on_payroll(ties: Ties, person: str, entries: list[str], household: Node) -> Opening:
    way = Way.at(("OutsideRecord", entries[0]))
    at = way.on(("Person", person), "IDENTITY", forward=True)
    for entry in entries[1:]:
        way.on(("OutsideRecord", entry), "IDENTITY", forward=False, origin=at)
    way.on(household, "MEMBER_OF", ties.out("MEMBER_OF", ("Person", person))[household], forward=True, origin=at)
    return _drawing(ties, "PAYROLL_DIVIDENDS", f"{person}|{household[1]}", household, way)
