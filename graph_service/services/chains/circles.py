"""Ways through a network of parts that may go round in circles, each with its exact weight.

A walk that goes round circles is counted with the way that is left when the circles are taken off it, so that ways of distinct nodes are
finitely many, and their weights sum up to those of all walks, exactly (loop erasure).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction

import networkx as nx

from graph_service.errors import TooManyWays
from graph_service.services.chains.chain import Amount, Node

Parts = Mapping[Node, Mapping[Node, Amount]]
"""From a node to others: what part of what is there goes there; none where it is not known."""
ONE = Fraction(1)
MOST_WAYS = 2_000
"""Ways over stakes from one operator that are followed."""


class Circles:
    """Which nodes lie on circles, and how often on average what comes to one comes by it, with some nodes left out."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        graph: nx.DiGraph[Node] = nx.DiGraph([(a, b) for a, some in parts.items() for b in some])
        self._of: dict[Node, frozenset[Node]] = {}
        for found in nx.strongly_connected_components(graph):
            if len(found) > 1:
                self._of.update(dict.fromkeys(found, frozenset(found)))
        self._known: dict[tuple[Node, frozenset[Node]], Fraction | None] = {}

    def visits(self, node: Node, without: Collection[Node] = ()) -> Fraction | None:
        """1 where no circle leads back to it; none where nothing ever leaves the circle: then it has no number."""
        circle = self._of.get(node)
        if circle is None:
            return ONE
        left = circle.difference(without)
        key = (node, left)
        if key not in self._known:
            self._known[key] = _visits(self._parts, node, sorted(left, key=str))
        return self._known[key]


def _visits(parts: Parts, node: Node, nodes: Iterable[Node]) -> Fraction | None:
    """The node's own entry of (1 - P)^-1 over these nodes, by elimination of all others; none where a part is not known."""
    inside = set(nodes)
    rest: dict[Node, dict[Node, Fraction]] = {a: {} for a in nodes}
    for a, row in rest.items():
        for b, part in parts.get(a, {}).items():
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


def weights(
    parts: Parts, circles: Circles, start: Node, most: int, wanted: Callable[[Node], bool] = lambda _: True
) -> Iterable[tuple[tuple[Node, ...], Fraction | None]]:
    """Every way of distinct nodes from `start` with its weight; what comes back to the start is not counted. At most `most` steps."""
    ways: list[tuple[tuple[Node, ...], Fraction | None]] = [((start,), ONE)]
    followed = 0
    while ways:
        followed += 1
        if followed > MOST_WAYS:
            raise TooManyWays(most=MOST_WAYS)
        way, weight = ways.pop()
        if wanted(way[-1]):
            yield way, weight
        if len(way) > most:
            continue
        for to, part in parts.get(way[-1], {}).items():
            if to not in way:
                again = circles.visits(to, way)
                further = None if weight is None or part is None or again is None else weight * part * again
                ways.append(((*way, to), further))
