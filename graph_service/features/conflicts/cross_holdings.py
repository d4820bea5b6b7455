"""Stakes of operators in each other: cycles, stakes that exceed the whole, and the exact ultimate ownership of the
operators of a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import networkx as nx

from graph_service.core.question import Node
from graph_service.domain.amounts import MILLION
from graph_service.features.conflicts.models import (
    Conflict,
    ConflictCandidate,
    ConflictEvidence,
    ConflictPath,
    EffectiveShare,
)

Stakes = dict[tuple[Node, Node], list[ConflictEvidence]]
"""(holder, operator) → the stakes held, in millionths; None where unknown."""


def operator_sort_key(node: Node) -> tuple[str, str]:
    """Return the sort key of an operator: by its code, whatever its label."""
    return node[1], node[0]


def sorted_pairs(stakes: Stakes) -> list[tuple[Node, Node]]:
    """Return the pairs of holder and operator, by their codes."""
    return sorted(stakes, key=lambda pair: (operator_sort_key(pair[0]), operator_sort_key(pair[1])))


def combined_stake(stakes: Stakes, holder: Node, operator: Node) -> Fraction | None:
    """Return the part that a holder has of an operator; None where one of the stakes is unknown."""
    parts = [stake.stake_millionths for stake in stakes[holder, operator]]
    known_parts = [part for part in parts if part is not None]
    return Fraction(sum(known_parts), MILLION) if len(known_parts) == len(parts) else None


def holders_by_operator(stakes: Stakes) -> dict[Node, list[Node]]:
    """Return the holders of stakes in each operator, in order."""
    holders: dict[Node, list[Node]] = defaultdict(list)
    for holder, operator in sorted_pairs(stakes):
        holders[operator].append(holder)
    return dict(holders)


def find_cycles(stakes: Stakes) -> list[list[Node]]:
    """Return the cycles: operators from each of which a chain of stakes leads back to it; an operator with a stake in
    itself is a cycle."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    components = (sorted(component, key=operator_sort_key) for component in nx.strongly_connected_components(graph))
    cycles = (component for component in components if len(component) > 1 or (component[0], component[0]) in stakes)
    return sorted(cycles, key=lambda cycle: operator_sort_key(cycle[0]))


def overallocated_operators(stakes: Stakes) -> dict[Node, Fraction]:
    """Return the operators of which more than the whole is held, as far as known, with the part that is held."""
    held_parts = {
        operator: sum((combined_stake(stakes, holder, operator) or Fraction() for holder in holders), Fraction())
        for operator, holders in holders_by_operator(stakes).items()
    }
    return {operator: held_part for operator, held_part in held_parts.items() if held_part > 1}


def irregular_operators(stakes: Stakes) -> set[Node]:
    """Return the operators in cycles, and those of which more than the whole is held."""
    return {operator for cycle in find_cycles(stakes) for operator in cycle} | overallocated_operators(stakes).keys()


def effective_shares(stakes: Stakes, cycle: Sequence[Node]) -> tuple[tuple[EffectiveShare, ...], str | None]:
    """Return the ultimate owners of each operator of a cycle, or the reason why they cannot be determined.

    With S the stakes of members in each other and o the part of each that no operator holds, o_A · (I − S)⁻¹(A, B) is
    the part of B that belongs to the owners of A; a holder outside of the cycle stands for its own owners. For each B
    these parts sum to 1.
    """
    members = set(cycle)
    parts: dict[tuple[Node, Node], Fraction] = {}
    for holder, operator in stakes:
        if operator in members:
            part = combined_stake(stakes, holder, operator)
            if part is None:
                return (), "UNKNOWN_PART"
            parts[holder, operator] = part
    unheld_parts = {
        member: 1 - sum((part for (_, target), part in parts.items() if target == member), Fraction())
        for member in cycle
    }
    if any(part < 0 for part in unheld_parts.values()):
        return (), "OVER_WHOLE"
    # Ownership passes through the whole cycle: it belongs to nobody only where nobody else holds a part of any member.
    outside_holders = sorted({holder for holder, _ in parts} - members, key=operator_sort_key)
    if not outside_holders and not any(unheld_parts.values()):
        return (), "OWNS_ITSELF"
    matrix = [[(1 if a == b else Fraction()) - parts.get((a, b), Fraction()) for b in cycle] for a in cycle]
    inverse = _invert(matrix)
    if inverse is None:
        return (), "OWNS_ITSELF"
    weights = {(a, b): inverse[i][j] for i, a in enumerate(cycle) for j, b in enumerate(cycle)}
    shares = [EffectiveShare(a, b, unheld_parts[a] * weights[a, b]) for b in cycle for a in cycle if unheld_parts[a]]
    for b in cycle:
        for holder in outside_holders:
            part_held = sum((parts.get((holder, a), Fraction()) * weights[a, b] for a in cycle), Fraction())
            shares.append(EffectiveShare(holder, b, part_held, is_outside=True))
    return tuple(
        sorted(
            shares,
            key=lambda share: (operator_sort_key(share.operator), share.is_outside, operator_sort_key(share.holder)),
        )
    ), None


def _invert(matrix: Sequence[Sequence[Fraction | int]]) -> list[list[Fraction]] | None:
    """Return the exact inverse, by elimination; None where there is none."""
    size = len(matrix)
    rows = [
        [Fraction(entry) for entry in row] + [Fraction(row_index == column_index) for column_index in range(size)]
        for row_index, row in enumerate(matrix)
    ]
    for column in range(size):
        pivot = next((row_index for row_index in range(column, size) if rows[row_index][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [entry / rows[column][column] for entry in rows[column]]
        for row_index in range(size):
            if row_index != column and rows[row_index][column]:
                factor = rows[row_index][column]
                rows[row_index] = [
                    entry - factor * pivot_entry
                    for entry, pivot_entry in zip(rows[row_index], rows[column], strict=True)
                ]
    return [row[size:] for row in rows]


def find_candidates(stakes: Stakes, area_codes: Mapping[Node, frozenset[str]]) -> Iterator[ConflictCandidate]:
    """Yield the cycles, and a candidate for each group of operators that are tied by stakes and not in a cycle; and
    the operators in which others hold stakes."""
    graph: nx.DiGraph[Node] = nx.DiGraph(list(stakes))
    cycles = find_cycles(stakes)
    cyclic_operators = {operator for cycle in cycles for operator in cycle}
    for cycle in cycles:
        yield ConflictCandidate(
            "CIRCLE_OF_INVESTMENTS",
            _candidate_name(cycle),
            _area_codes(cycle, area_codes),
            _cycle_conflict(stakes, cycle),
        )
    for group in nx.weakly_connected_components(graph):
        if not cyclic_operators & group:
            yield ConflictCandidate(
                "CIRCLE_OF_INVESTMENTS",
                _candidate_name(sorted(group, key=operator_sort_key)),
                _area_codes(group, area_codes),
            )
    overallocated_parts = overallocated_operators(stakes)
    for operator, holders in holders_by_operator(stakes).items():
        conflict = _overallocation_conflict(stakes, operator, holders) if operator in overallocated_parts else None
        yield ConflictCandidate("STAKES_OVER_WHOLE", operator[1], area_codes.get(operator, frozenset()), conflict)


def _candidate_name(operators: Sequence[Node]) -> str:
    return operators[0][1]


def _area_codes(
    operators: Iterator[Node] | Sequence[Node] | set[Node], area_codes: Mapping[Node, frozenset[str]]
) -> frozenset[str]:
    return frozenset().union(*(area_codes.get(operator, frozenset()) for operator in operators))


def _cycle_conflict(stakes: Stakes, cycle: Sequence[Node]) -> Conflict:
    """Return the conflict of a cycle: each stake of a member in a member is a step; a member that is reached again has
    another step."""
    path, members = ConflictPath.starting_at(cycle[0]), set(cycle)
    index_by_operator, visited_pairs = {cycle[0]: 0}, set[tuple[Node, Node]]()

    def walk(node: Node) -> None:
        for holder, operator in sorted_pairs(stakes):
            if holder == node and operator in members and (holder, operator) not in visited_pairs:
                visited_pairs.add((holder, operator))
                evidence = stakes[holder, operator]
                index = path.add_step(operator, "INVESTS_IN", evidence, is_forward=True, origin=index_by_operator[node])
                if operator not in index_by_operator:
                    index_by_operator[operator] = index
                    walk(operator)

    walk(cycle[0])
    shares, fault = effective_shares(stakes, cycle)
    return Conflict(tuple(path.steps), operator=cycle[0], effective_shares=shares, fault=fault)


def _overallocation_conflict(stakes: Stakes, operator: Node, holders: Sequence[Node]) -> Conflict:
    path = ConflictPath.starting_at(operator)
    for holder in holders:
        path.add_step(holder, "INVESTS_IN", stakes[holder, operator], is_forward=False, origin=0)
    return Conflict(tuple(path.steps), operator=operator)
