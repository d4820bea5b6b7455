"""Parts that operators hold of each other: circles, parts of more than the whole, and to whom an operator of a circle belongs, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import networkx as nx

from graph_service.services.conflicts.kinds import Conflict, Effective, Evidence, Node, Opening, Way

Stakes = dict[tuple[Node, Node], list[Evidence]]
"""(holder, operator) → the parts held, in millionths; unknown where it is none."""
WHOLE = 1_000_000


def code(node: Node) -> tuple[str, str]:
    """Operators are in order of their codes, whatever they are."""
    return node[1], node[0]


def in_order(stakes: Stakes) -> list[tuple[Node, Node]]:
    """Who holds a part of whom, by their codes."""
    return sorted(stakes, key=lambda pair: (code(pair[0]), code(pair[1])))


def held(stakes: Stakes, holder: Node, operator: Node) -> Fraction | None:
    """What part one has of another; none where one of the parts is not known."""
    parts = [one.part for one in stakes[holder, operator]]
    known = [part for part in parts if part is not None]
    return Fraction(sum(known), WHOLE) if len(known) == len(parts) else None


def by_operator(stakes: Stakes) -> dict[Node, list[Node]]:
    """Who holds parts of each, in order."""
    found: dict[Node, list[Node]] = defaultdict(list)
    for holder, operator in in_order(stakes):
        found[operator].append(holder)
    return dict(found)


def circles(stakes: Stakes) -> list[list[Node]]:
    """Operators from any of which a chain of parts leads back to it, circle by circle; one that holds a part of itself is one."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    found = (sorted(some, key=code) for some in nx.strongly_connected_components(graph))
    circular = (some for some in found if len(some) > 1 or (some[0], some[0]) in stakes)
    return sorted(circular, key=lambda some: code(some[0]))


def over_whole(stakes: Stakes) -> dict[Node, Fraction]:
    """Operators of which more than the whole is held, as far as it is known, and how much."""
    told = {
        operator: sum((held(stakes, holder, operator) or Fraction() for holder in holders), Fraction())
        for operator, holders in by_operator(stakes).items()
    }
    return {operator: parts for operator, parts in told.items() if parts > 1}


def operators_amiss(stakes: Stakes) -> set[Node]:
    """Those in circles, and those of which more than the whole is held."""
    return {one for circle in circles(stakes) for one in circle} | over_whole(stakes).keys()


def effective(stakes: Stakes, circle: Sequence[Node]) -> tuple[tuple[Effective, ...], str | None]:
    """To whom each operator of a circle belongs in the end, or why that cannot be said.

    With S the parts that members hold of each other and o what of each no operator holds, o_A · (I − S)⁻¹(A, B) is what of B belongs to
    those who own A; a holder that is no member stands for whoever owns it. Of each B this sums to 1.
    """
    inside = set(circle)
    parts: dict[tuple[Node, Node], Fraction] = {}
    for holder, operator in stakes:
        if operator in inside:
            part = held(stakes, holder, operator)
            if part is None:
                return (), "UNKNOWN_PART"
            parts[holder, operator] = part
    own = {one: 1 - sum((p for (_, to), p in parts.items() if to == one), Fraction()) for one in circle}
    if any(part < 0 for part in own.values()):
        return (), "OVER_WHOLE"
    # All of a circle goes through all of it: it belongs to nobody only where nobody else holds a part of any member.
    outside = sorted({holder for holder, _ in parts} - inside, key=code)
    if not outside and not any(own.values()):
        return (), "OWNS_ITSELF"
    rows = [[(1 if a == b else Fraction()) - parts.get((a, b), Fraction()) for b in circle] for a in circle]
    inverse = _inverse(rows)
    if inverse is None:
        return (), "OWNS_ITSELF"
    through = {(a, b): inverse[i][j] for i, a in enumerate(circle) for j, b in enumerate(circle)}
    found = [Effective(a, b, own[a] * through[a, b]) for b in circle for a in circle if own[a]]
    for b in circle:
        for holder in outside:
            whole = sum((parts.get((holder, a), Fraction()) * through[a, b] for a in circle), Fraction())
            found.append(Effective(holder, b, whole, outside=True))
    return tuple(sorted(found, key=lambda one: (code(one.operator), one.outside, code(one.holder)))), None


def _inverse(matrix: Sequence[Sequence[Fraction | int]]) -> list[list[Fraction]] | None:
    """By elimination, exact; none where there is none."""
    size = len(matrix)
    rows = [[Fraction(x) for x in row] + [Fraction(i == j) for j in range(size)] for i, row in enumerate(matrix)]
    for at in range(size):
        pivot = next((i for i in range(at, size) if rows[i][at]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [x / rows[at][at] for x in rows[at]]
        for i in range(size):
            if i != at and rows[i][at]:
                factor = rows[i][at]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[at], strict=True)]
    return [row[size:] for row in rows]


def openings(stakes: Stakes, places: Mapping[Node, frozenset[str]]) -> Iterator[Opening]:
    """Circles, and of the operators that are tied by parts and in no circle a group each; operators of which others hold parts."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    found = circles(stakes)
    in_circles = {one for circle in found for one in circle}
    for circle in found:
        yield Opening("CIRCLE_OF_INVESTMENTS", _name(circle), _places(circle, places), _circle(stakes, circle))
    for group in nx.weakly_connected_components(graph):
        if not in_circles & group:
            yield Opening("CIRCLE_OF_INVESTMENTS", _name(sorted(group, key=code)), _places(group, places))
    too_much = over_whole(stakes)
    for operator, holders in by_operator(stakes).items():
        conflict = _over(stakes, operator, holders) if operator in too_much else None
        yield Opening("STAKES_OVER_WHOLE", operator[1], places.get(operator, frozenset()), conflict)


def _name(operators: Sequence[Node]) -> str:
    return operators[0][1]


def _places(some: Iterator[Node] | Sequence[Node] | set[Node], places: Mapping[Node, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(places.get(one, frozenset()) for one in some))


def _circle(stakes: Stakes, circle: Sequence[Node]) -> Conflict:
    """Every part that a member holds of a member is a step; what is reached again stands there again."""
    way, inside = Way.at(circle[0]), set(circle)
    stands, walked = {circle[0]: 0}, set[tuple[Node, Node]]()

    def walk(one: Node) -> None:
        for holder, operator in in_order(stakes):
            if holder == one and operator in inside and (holder, operator) not in walked:
                walked.add((holder, operator))
                parts = stakes[holder, operator]
                at = way.on(operator, "INVESTS_IN", parts, forward=True, origin=stands[one])
                if operator not in stands:
                    stands[operator] = at
                    walk(operator)

    walk(circle[0])
    shares, fault = effective(stakes, circle)
    return Conflict(tuple(way.steps), operator=circle[0], effective=shares, fault=fault)


def _over(stakes: Stakes, operator: Node, holders: Sequence[Node]) -> Conflict:
    way = Way.at(operator)
    for holder in holders:
        way.on(holder, "INVESTS_IN", stakes[holder, operator], forward=False, origin=0)
    return Conflict(tuple(way.steps), operator=operator)
