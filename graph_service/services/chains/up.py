"""Chains to a node: from another one, from all of a kind, or from wherever its money comes. What feeds a household or an asset is little:
it is looked at as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph_service.services.chains import leaves
from graph_service.services.chains.asked import (
    HOLDERS,
    KINDS,
    OPERATOR,
    Asked,
    ChainPage,
    Place,
    found,
    not_there,
    seeds,
    visible,
)
from graph_service.services.chains.chain import LOAN, Chain, Node
from graph_service.services.chains.leaves import Leaves, Sum
from graph_service.services.chains.network import LOANS, OPERATORS, POTS, Network
from graph_service.services.chains.way import Part
from graph_service.services.chains.ways import GRANTED, HOLDS, PAYS, TO_PERSON, TO_VILLAGE, Ways
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

Rows = list[list[Any]]


def page(
    store: Store, viewing: Viewing, asked: Asked, *, first: int, after: Place = (), counted: bool = False
) -> ChainPage:
    """A page of the chains after a place. Raises `NotFound`."""
    chains = every(store, viewing, asked)
    sums = sum((leaves.of(one) for one in chains), Sum()) if counted else None
    rest = [one for one in chains if one.place > after]
    return ChainPage(tuple(rest[:first]), len(rest) > first, sums)


def every(store: Store, viewing: Viewing, asked: Asked) -> list[Chain]:
    """All chains, in two statements. Raises `NotFound`."""
    return sorted(_all(store, viewing, asked), key=lambda one: one.place)


def _all(store: Store, viewing: Viewing, asked: Asked) -> Iterator[Chain]:
    start, end = asked.start, asked.end
    assert isinstance(end, tuple)
    received: Rows = []
    if end[0] in (*HOLDERS, OPERATOR, *OPERATORS):
        label, key = end
        received = store.ask("chains/received", label=label, key=key, year=asked.year, **visible(viewing))
        # One whom the asker may not see is, to the asker, not there.
        if not received or received[0][2][0]:
            raise not_there(end)
    wanted = [(kind, no) for kind, no, _ in received if kind in (*POTS, "Asset")]
    wanted += [("Fund", fund) for kind, _, facts in received if kind == "Measure" for fund, _ in facts[1]]
    wanted += [("Fund", fund) for kind, _, facts in received if kind == "Person" for fund, _ in facts]
    nodes = [*wanted, *(() if end[0] in HOLDERS else (end,)), *((start,) if isinstance(start, tuple) else ())]
    network = Network.of(store.ask("chains/above", **seeds(nodes), **visible(viewing)) if nodes else [])
    if isinstance(start, tuple):
        start = found(network, start)
    if end[0] in HOLDERS:
        yield from _received(network, start, end, received)
    else:
        end = found(network, end)
        yield from _reached(network, start, end)
        yield from _received(network, start, end, received)


def _reached(network: Network, start: Node | str | None, end: Node) -> Iterator[Chain]:
    """Chains to a node of the network."""
    reaching = _reaching(network, {end}) | set(_given_back(network, end))
    beyond = set(network.operators) if end[0] in OPERATORS else set()
    ways = Ways(network, through=(reaching | beyond).__contains__, until=lambda node: node == end)
    last = Leaves(network)
    for node, part in _starts(network, start, reaching):
        for way in ways.start(node, part):
            if len(way.place) > 1:
                yield from last.chains(way, None, (), resumed=False)


def _received(network: Network, start: Node | str | None, end: Node, received: Rows) -> Iterator[Chain]:
    """Chains to whom money reaches, from rows of `chains/received`."""
    giving = _giving(received, end)
    held = {key: [facts[0], True] for kind, key, facts in received if kind == "Asset"}
    reaching = _reaching(network, {node for node, _ in giving})
    ways, last = Ways(network, through=reaching.__contains__), Leaves(network)
    for node, part in _starts(network, start, reaching):
        for way in ways.start(node, part):
            rows = giving.get((way.hops[-1].node, way.leaves))
            if rows:
                yield from last.chains(way, held.get(way.hops[-1].key), rows, resumed=True)


def _given_back(network: Network, end: Node) -> Iterator[Node]:
    """Those whose money was taken back from the end, and from where theirs came: that is a chain too."""
    if end[0] == "Asset":
        return
    for source in network.sources(end):
        if network.has(source):
            yield from _reaching(network, {source})


def _giving(received: Rows, end: Node) -> dict[tuple[Node, str], Rows]:
    """What a holder gets, as rows of ends, by from where and how."""
    hidden, (label, holder) = False, end
    found: dict[tuple[Node, str], Rows] = {}
    for kind, key, facts in received:
        if kind == "Asset":
            found[(kind, key), HOLDS] = [[label, holder, "", [hidden, *facts[1:]]]]
        elif kind in POTS:
            given = {"Person": TO_PERSON, "Village": TO_VILLAGE}.get(label, GRANTED)
            for leaves_, loan in ((given, False), (LOAN, True)):
                if vouchers := [one for one in facts if (one[0] in LOANS) == loan]:
                    found[(kind, key), leaves_] = [[label, holder, "", [hidden, vouchers]]]
        elif kind == "Person":
            for fund, vouchers in facts:
                rows = found.setdefault((("Fund", fund), TO_PERSON), [])
                rows.append(["Person", key, holder, [hidden, vouchers]])
        elif kind == "Measure":
            amount, funds, recipients = facts
            known = amount if len(funds) == 1 and recipients == 1 else None
            for fund, payment in funds:
                found.setdefault((("Fund", fund), PAYS), []).append([label, key, holder, [hidden, known, payment]])
    return found


def _reaching(network: Network, targets: set[Node]) -> set[Node]:
    """The targets and all from which money may come to them."""
    found, new = set(targets), list(targets)
    while new:
        node = new.pop()
        for source in network.feeders(node) if network.has(node) else ():
            if source not in found:
                found.add(source)
                new.append(source)
    return found


def _starts(network: Network, start: Node | str | None, reaching: set[Node]) -> Iterator[tuple[Node, Part]]:
    """From where, and which part of what is there."""
    if isinstance(start, tuple):
        yield start, Part.HAS
        return
    for node in sorted(one for one in reaching if network.has(one)):
        label, _key = node
        if label in POTS:
            pot = network.pots[node]
            if start is None or label in KINDS[start]:
                if pot.own > 0 or not pot.base:
                    yield node, Part.OWN
                if pot.unsourced:
                    yield node, Part.UNSOURCED
        elif start is not None:
            if label in KINDS[start]:
                yield node, Part.HAS
        elif not network.feeders(node):
            yield node, Part.OWN
    # Into a circle that passes on all that it has nothing comes from outside: it is gone through from one of its own.
    pots = [node for node in reaching if node in network.pots]
    whole = {node for node in pots if (pot := network.pots[node]).own > 0 or pot.unsourced or not pot.base}
    fed = _downstream(network, whole)
    for node in sorted(pots):
        if node not in fed and (start is None or node[0] in KINDS[start]):
            fed |= _downstream(network, {node})
            yield node, Part.HAS


def _downstream(network: Network, pots: set[Node]) -> set[Node]:
    """Funds and banks, and those to which money comes from them."""
    found, new = set(pots), list(pots)
    while new:
        for to in network.targets.get(new.pop(), ()):
            if to in network.pots and to not in found:
                found.add(to)
                new.append(to)
    return found
