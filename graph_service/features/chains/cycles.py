"""Ways through a network of parts that may go round in circles, each with its exact weight.

A walk that goes round circles is counted with the way that is left when the circles are taken off it, so that ways of distinct nodes are
finitely many, and their weights sum up to those of all walks, exactly (loop erasure).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction

import networkx as nx

from graph_service.errors import TooManyPaths
from graph_service.features.chains.chain import Amount, Node

EdgeWeights = Mapping[Node, Mapping[Node, Amount]]
"""From a node to others: what part of what is there goes there; none where it is not known."""
ONE = Fraction(1)
MAX_PATHS = 2_000
"""Ways over stakes from one operator that are followed."""


class Cycles:
    """Which nodes lie on circles, and how often on average what comes to one comes by it, with some nodes left out."""

    def __init__(self, edge_weights: EdgeWeights) -> None:
        self._edge_weights = edge_weights
        graph: nx.DiGraph[Node] = nx.DiGraph([(a, b) for a, some in edge_weights.items() for b in some])
        self._cycle_by_node: dict[Node, frozenset[Node]] = {}
        for found in nx.strongly_connected_components(graph):
            if len(found) > 1:
                self._cycle_by_node.update(dict.fromkeys(found, frozenset(found)))
        self._visits_cache: dict[tuple[Node, frozenset[Node]], Fraction | None] = {}

    def expected_visits(self, node: Node, excluded: Collection[Node] = ()) -> Fraction | None:
        """1 where no circle leads back to it; none where nothing ever leaves the circle: then it has no number."""
        circle = self._cycle_by_node.get(node)
        if circle is None:
            return ONE
        left = circle.difference(excluded)
        key = (node, left)
        if key not in self._visits_cache:
            self._visits_cache[key] = _expected_visits(self._edge_weights, node, sorted(left, key=str))
        return self._visits_cache[key]


def _expected_visits(edge_weights: EdgeWeights, node: Node, nodes: Iterable[Node]) -> Fraction | None:
    """The node's own entry of (1 - P)^-1 over these nodes, by elimination of all others; none where a part is not known."""
    inside = set(nodes)
    rest: dict[Node, dict[Node, Fraction]] = {a: {} for a in nodes}
    for a, row in rest.items():
        for b, part in edge_weights.get(a, {}).items():
            if b in inside:
                if part is None:
                    return None
                row[b] = part
    for gone in [one for one in rest if one != node]:
        row = rest.pop(gone)
        stays = ONE - row.pop(gone, Fraction(0))
        for other in rest.values():
            through = other.pop(gone, None)
            if through is None:
                continue
            if stays <= 0:
                return None
            for b, part in row.items():
                other[b] = other.get(b, Fraction(0)) + through * part / stays
    stays = ONE - rest[node].get(node, Fraction(0))
    return ONE / stays if stays > 0 else None


def path_weights(
    edge_weights: EdgeWeights,
    cycles: Cycles,
    start: Node,
    max_steps: int,
    is_target: Callable[[Node], bool] = lambda _: True,
) -> Iterable[tuple[tuple[Node, ...], Fraction | None]]:
    """Every way of distinct nodes from `start` with its weight; what comes back to the start is not counted. At most `max_steps` steps."""
    ways: list[tuple[tuple[Node, ...], Fraction | None]] = [((start,), ONE)]
    followed = 0
    while ways:
        followed += 1
        if followed > MAX_PATHS:
            raise TooManyPaths(most=MAX_PATHS)
        way, weight = ways.pop()
        if is_target(way[-1]):
            yield way, weight
        if len(way) > max_steps:
            continue
        for to, part in edge_weights.get(way[-1], {}).items():
            if to not in way:
                again = cycles.expected_visits(to, way)
                further = None if weight is None or part is None or again is None else weight * part * again
                ways.append(((*way, to), further))
