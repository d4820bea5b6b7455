"""Chains from a node, as far as money goes or to all nodes of a kind: what it flows through in one statement, the ends of a page in
another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from graph_service.services.chains.asked import KINDS, Asked, ChainPage, Place, found, seeds, visible
from graph_service.services.chains.chain import Chain, Node
from graph_service.services.chains.leaves import Leaves, Sum
from graph_service.services.chains.network import Network
from graph_service.services.chains.way import Way
from graph_service.services.chains.ways import LEAVES, Ways
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

ALL = 5_000_000
"""More ends than a province has; one engine sets aside room for as many as are asked for."""
HELD, SUMS = "HELD", ("GIVEN", "OWED", "PAID_FOR")


def page(
    store: Store, viewing: Viewing, asked: Asked, *, first: int, after: Place = (), counted: bool = False
) -> ChainPage:
    """A page of the chains after a place. Raises `NotFound`."""
    network, asked = _looked(store, viewing, asked)
    every = list(_ways(network, asked)) if counted else []
    # What is counted has been gone through already; a page from the beginning is the beginning of it.
    ways = every if counted and not after else _ways(network, asked, after)
    some = _enough(ways, asked, first, after)
    ends = _Ends(store, viewing, asked, some, every, after, first + 1)
    leaves, chains = Leaves(network), list[Chain]()
    for at, way in enumerate(some):
        resumed = _resumed(way, after)
        some_more = leaves.chains(way, ends.held(at), ends.leaves(at), resumed=resumed)
        chains += (one for one in some_more if asked.end != "HOLDER" or one.complete)
    sums = (
        sum((leaves.total(way, ends.sums(way), complete=asked.end == "HOLDER") for way in every), Sum())
        if counted
        else None
    )
    return ChainPage(tuple(chains[:first]), len(chains) > first, sums)


def every(store: Store, viewing: Viewing, asked: Asked) -> tuple[Network, Iterator[Chain]]:
    """All chains, in two statements, and the network that they go through. Raises `NotFound`."""
    network, asked = _looked(store, viewing, asked)
    ways = list(_ways(network, asked))
    ends, leaves = _Ends(store, viewing, asked, ways, (), (), ALL), Leaves(network)
    chains = (
        one
        for at, way in enumerate(ways)
        for one in leaves.chains(way, ends.held(at), ends.leaves(at), resumed=False)
        if asked.end != "HOLDER" or one.complete
    )
    return network, chains


def _looked(store: Store, viewing: Viewing, asked: Asked) -> tuple[Network, Asked]:
    """What money flows through from the start, and the question with the start's own label."""
    assert isinstance(asked.start, tuple)
    # What is in an asset is told by what feeds it.
    statement = "chains/above" if asked.start[0] == "Asset" else "chains/below"
    network = Network.of(store.ask(statement, **seeds([asked.start]), **visible(viewing)))
    return network, replace(asked, start=found(network, asked.start))


def _ways(network: Network, asked: Asked, after: Place = ()) -> Iterator[Way]:
    kind = asked.end if isinstance(asked.end, str) else None
    assert isinstance(asked.start, tuple)
    until = partial(_of_kind, KINDS[kind], asked.start) if kind and kind != "HOLDER" else None
    ways = Ways(network, until=until, after=after).start(asked.start)
    return (way for way in ways if way.leaves) if kind == "HOLDER" else ways


def _of_kind(labels: tuple[str, ...], start: Node, node: Node) -> bool:
    return node[0] in labels and node != start


def _resumed(way: Way, after: Place) -> bool:
    """Whether some of a way's ends lie before the place."""
    place, size = way.place, len(way.place)
    if not way.leaves or len(after) <= size or place != after[:size]:
        return False
    return LEAVES[way.leaves] in ("", after[size][0])


def _enough(ways: Iterable[Way], asked: Asked, first: int, after: Place) -> list[Way]:
    """So many ways that they have a page's chains and one more: those that have one at least are counted."""
    some, sure = [], 0
    for way in ways:
        some.append(way)
        certain = way.leaves and asked.end != "HOLDER"
        sure += not _resumed(way, after) and (certain or not way.leaves)
        if sure > first:
            break
    return some


class _Ends:
    """The ends of a page's ways, and of all ways how many there are and what they have, in one statement at most."""

    def __init__(
        self,
        store: Store,
        viewing: Viewing,
        asked: Asked,
        some: Sequence[Way],
        every: Sequence[Way],
        after: Place,
        limit: int,
    ) -> None:
        groups = [[at, way.leaves, *way.hops[-1].node] for at, way in enumerate(some) if way.leaves]
        kinds = dict.fromkeys((way.leaves, *way.hops[-1].node) for way in every if way.leaves)
        self._numbers = {one: len(some) + at for at, one in enumerate(kinds)}
        self._sums: dict[int, Any] = {}
        self._leaves: dict[int, list[list[Any]]] = {}
        if not groups and not kinds:
            return
        beyond = after[len(some[0].place) :] if some and _resumed(some[0], after) else ()
        rest = [*beyond[0], *(key for _, key in beyond[1:])] if beyond else []
        place = [0, *rest, ""][:4] if rest else [-1, "", "", ""]
        rows = store.ask(
            "chains/ends",
            groups=groups,
            counted=[[number, *one] for one, number in self._numbers.items()],
            year=asked.year,
            after=place,
            limit=limit,
            **visible(viewing),
        )
        for at, kind, key, recipient, facts in rows:
            if kind == HELD:
                self._sums[at] = facts
            elif kind in SUMS:
                self._sums.setdefault(at, []).append(facts)
            else:
                self._leaves.setdefault(at, []).append([kind, key, recipient, facts])

    def held(self, at: int) -> Any:
        return self._sums.get(at)

    def leaves(self, at: int) -> list[list[Any]]:
        return self._leaves.get(at, [])

    def sums(self, way: Way) -> Any:
        return self._sums.get(self._numbers[way.leaves, *way.hops[-1].node], ()) if way.leaves else ()
