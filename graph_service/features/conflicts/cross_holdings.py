"""Parts that operators hold of each other: circles, parts of more than the whole, and to whom an operator of a circle belongs, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import networkx as nx

from graph_service.features.conflicts.models import (
    Conflict,
    ConflictCandidate,
    ConflictEvidence,
    ConflictPath,
    EffectiveShare,
    Node,
)

Stakes = dict[tuple[Node, Node], list[ConflictEvidence]]
"""(holder, operator) → the parts held, in millionths; unknown where it is none."""
MILLION = 1_000_000


def operator_sort_key(node: Node) -> tuple[str, str]:
    """Operators are in order of their codes, whatever they are."""
    return node[1], node[0]


def sorted_pairs(stakes: Stakes) -> list[tuple[Node, Node]]:
    """Who holds a part of whom, by their codes."""
    return sorted(stakes, key=lambda pair: (operator_sort_key(pair[0]), operator_sort_key(pair[1])))


def combined_stake(stakes: Stakes, holder: Node, operator: Node) -> Fraction | None:
    """What part one has of another; none where one of the parts is not known."""
    parts = [one.stake_millionths for one in stakes[holder, operator]]
    known = [part for part in parts if part is not None]
    return Fraction(sum(known), MILLION) if len(known) == len(parts) else None


def holders_by_operator(stakes: Stakes) -> dict[Node, list[Node]]:
    """Who holds parts of each, in order."""
    found: dict[Node, list[Node]] = defaultdict(list)
    for holder, operator in sorted_pairs(stakes):
        found[operator].append(holder)
    return dict(found)


def find_cycles(stakes: Stakes) -> list[list[Node]]:
    """Operators from any of which a chain of parts leads back to it, circle by circle; one that holds a part of itself is one."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    found = (sorted(some, key=operator_sort_key) for some in nx.strongly_connected_components(graph))
    circular = (some for some in found if len(some) > 1 or (some[0], some[0]) in stakes)
    return sorted(circular, key=lambda some: operator_sort_key(some[0]))


def overallocated_operators(stakes: Stakes) -> dict[Node, Fraction]:
    """Operators of which more than the whole is held, as far as it is known, and how much."""
    told = {
        operator: sum((combined_stake(stakes, holder, operator) or Fraction() for holder in holders), Fraction())
        for operator, holders in holders_by_operator(stakes).items()
    }
    return {operator: parts for operator, parts in told.items() if parts > 1}


def irregular_operators(stakes: Stakes) -> set[Node]:
    """Those in circles, and those of which more than the whole is held."""
    return {one for circle in find_cycles(stakes) for one in circle} | overallocated_operators(stakes).keys()


def effective_shares(stakes: Stakes, cycle: Sequence[Node]) -> tuple[tuple[EffectiveShare, ...], str | None]:
    """To whom each operator of a circle belongs in the end, or why that cannot be said.

    With S the parts that members hold of each other and o what of each no operator holds, o_A · (I − S)⁻¹(A, B) is what of B belongs to
    those who own A; a holder that is no member stands for whoever owns it. Of each B this sums to 1.
    """
    inside = set(cycle)
    parts: dict[tuple[Node, Node], Fraction] = {}
    for holder, operator in stakes:
        if operator in inside:
            part = combined_stake(stakes, holder, operator)
            if part is None:
                return (), "UNKNOWN_PART"
            parts[holder, operator] = part
    own = {one: 1 - sum((p for (_, to), p in parts.items() if to == one), Fraction()) for one in cycle}
    if any(part < 0 for part in own.values()):
        return (), "OVER_WHOLE"
    # All of a circle goes through all of it: it belongs to nobody only where nobody else holds a part of any member.
    outside = sorted({holder for holder, _ in parts} - inside, key=operator_sort_key)
    if not outside and not any(own.values()):
        return (), "OWNS_ITSELF"
    rows = [[(1 if a == b else Fraction()) - parts.get((a, b), Fraction()) for b in cycle] for a in cycle]
    inverse = _invert(rows)
    if inverse is None:
        return (), "OWNS_ITSELF"
    through = {(a, b): inverse[i][j] for i, a in enumerate(cycle) for j, b in enumerate(cycle)}
    found = [EffectiveShare(a, b, own[a] * through[a, b]) for b in cycle for a in cycle if own[a]]
    for b in cycle:
        for holder in outside:
            whole = sum((parts.get((holder, a), Fraction()) * through[a, b] for a in cycle), Fraction())
            found.append(EffectiveShare(holder, b, whole, is_outside=True))
    return tuple(
        sorted(found, key=lambda one: (operator_sort_key(one.operator), one.is_outside, operator_sort_key(one.holder)))
    ), None


def _invert(matrix: Sequence[Sequence[Fraction | int]]) -> list[list[Fraction]] | None:
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


def find_candidates(stakes: Stakes, area_codes: Mapping[Node, frozenset[str]]) -> Iterator[ConflictCandidate]:
    """Circles, and of the operators that are tied by parts and in no circle a group each; operators of which others hold parts."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    found = find_cycles(stakes)
    in_circles = {one for circle in found for one in circle}
    for circle in found:
        yield ConflictCandidate(
            "CIRCLE_OF_INVESTMENTS",
            _candidate_name(circle),
            _area_codes(circle, area_codes),
            _cycle_conflict(stakes, circle),
        )
    for group in nx.weakly_connected_components(graph):
        if not in_circles & group:
            yield ConflictCandidate(
                "CIRCLE_OF_INVESTMENTS",
                _candidate_name(sorted(group, key=operator_sort_key)),
                _area_codes(group, area_codes),
            )
    too_much = overallocated_operators(stakes)
    for operator, holders in holders_by_operator(stakes).items():
        conflict = _overallocation_conflict(stakes, operator, holders) if operator in too_much else None
        yield ConflictCandidate("STAKES_OVER_WHOLE", operator[1], area_codes.get(operator, frozenset()), conflict)


def _candidate_name(operators: Sequence[Node]) -> str:
    return operators[0][1]


def _area_codes(
    operators: Iterator[Node] | Sequence[Node] | set[Node], area_codes: Mapping[Node, frozenset[str]]
) -> frozenset[str]:
    return frozenset().union(*(area_codes.get(one, frozenset()) for one in operators))


def _cycle_conflict(stakes: Stakes, cycle: Sequence[Node]) -> Conflict:
    """Every part that a member holds of a member is a step; what is reached again stands there again."""
    way, inside = ConflictPath.starting_at(cycle[0]), set(cycle)
    stands, walked = {cycle[0]: 0}, set[tuple[Node, Node]]()

    def walk(node: Node) -> None:
        for holder, operator in sorted_pairs(stakes):
            if holder == node and operator in inside and (holder, operator) not in walked:
                walked.add((holder, operator))
                parts = stakes[holder, operator]
                at = way.add_step(operator, "INVESTS_IN", parts, is_forward=True, origin=stands[node])
                if operator not in stands:
                    stands[operator] = at
                    walk(operator)

    walk(cycle[0])
    shares, fault = effective_shares(stakes, cycle)
    return Conflict(tuple(way.steps), operator=cycle[0], effective_shares=shares, fault=fault)


def _overallocation_conflict(stakes: Stakes, operator: Node, holders: Sequence[Node]) -> Conflict:
    way = ConflictPath.starting_at(operator)
    for holder in holders:
        way.add_step(holder, "INVESTS_IN", stakes[holder, operator], is_forward=False, origin=0)
    return Conflict(tuple(way.steps), operator=operator)
