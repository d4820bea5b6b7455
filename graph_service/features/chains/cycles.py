"""Paths through a weighted network that may contain cycles, each with its exact weight.

A walk through cycles is counted with the path that remains when the cycles are removed, so that the paths of distinct
nodes are finitely many, and their weights sum up to those of all walks, exactly (loop erasure).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction

import networkx as nx

from graph_service.errors import TooManyPaths
from graph_service.features.chains.chain import Amount, Node

EdgeWeights = Mapping[Node, Mapping[Node, Amount]]
"""Part of a node's amount that goes to each target, by source node; None where unknown."""
ONE = Fraction(1)
MAX_PATHS = 2_000
"""Limit of followed paths over stakes from one operator."""


class Cycles:
    """Nodes that lie on cycles, and how often on average an amount that arrives at a node passes it, with some nodes left out."""

    def __init__(self, edge_weights: EdgeWeights) -> None:
        self._edge_weights = edge_weights
        graph: nx.DiGraph[Node] = nx.DiGraph(
            [(source, target) for source, targets in edge_weights.items() for target in targets]
        )
        self._cycle_by_node: dict[Node, frozenset[Node]] = {}
        for component in nx.strongly_connected_components(graph):
            if len(component) > 1:
                self._cycle_by_node.update(dict.fromkeys(component, frozenset(component)))
        self._visits_cache: dict[tuple[Node, frozenset[Node]], Fraction | None] = {}

    def expected_visits(self, node: Node, excluded: Collection[Node] = ()) -> Fraction | None:
        """Return 1 where no cycle leads back to the node; None where nothing ever leaves the cycle, so that there is
        no finite number."""
        cycle = self._cycle_by_node.get(node)
        if cycle is None:
            return ONE
        remaining_nodes = cycle.difference(excluded)
        key = (node, remaining_nodes)
        if key not in self._visits_cache:
            self._visits_cache[key] = _expected_visits(self._edge_weights, node, sorted(remaining_nodes, key=str))
        return self._visits_cache[key]


def _expected_visits(edge_weights: EdgeWeights, node: Node, nodes: Iterable[Node]) -> Fraction | None:
    """Return the node's own entry of (1 - P)^-1 over these nodes, by elimination of all others; None where a part is unknown."""
    included_nodes = set(nodes)
    rows: dict[Node, dict[Node, Fraction]] = {source: {} for source in nodes}
    for source, row in rows.items():
        for target, part in edge_weights.get(source, {}).items():
            if target in included_nodes:
                if part is None:
                    return None
                row[target] = part
    for eliminated_node in [source for source in rows if source != node]:
        row = rows.pop(eliminated_node)
        exit_part = ONE - row.pop(eliminated_node, Fraction(0))
        for other_row in rows.values():
            factor = other_row.pop(eliminated_node, None)
            if factor is None:
                continue
            if exit_part <= 0:
                return None
            for target, part in row.items():
                other_row[target] = other_row.get(target, Fraction(0)) + factor * part / exit_part
    exit_part = ONE - rows[node].get(node, Fraction(0))
    return ONE / exit_part if exit_part > 0 else None


def path_weights(
    edge_weights: EdgeWeights,
    cycles: Cycles,
    start: Node,
    max_steps: int,
    is_target: Callable[[Node], bool] = lambda _: True,
) -> Iterable[tuple[tuple[Node, ...], Fraction | None]]:
    """Yield every path of distinct nodes from `start` with its weight; returns to the start are not counted. At most
    `max_steps` steps."""
    pending_paths: list[tuple[tuple[Node, ...], Fraction | None]] = [((start,), ONE)]
    path_count = 0
    while pending_paths:
        path_count += 1
        if path_count > MAX_PATHS:
            raise TooManyPaths(most=MAX_PATHS)
        path, weight = pending_paths.pop()
        if is_target(path[-1]):
            yield path, weight
        if len(path) > max_steps:
            continue
        for target, part in edge_weights.get(path[-1], {}).items():
            if target not in path:
                visits = cycles.expected_visits(target, path)
                target_weight = None if weight is None or part is None or visits is None else weight * part * visits
                pending_paths.append(((*path, target), target_weight))
