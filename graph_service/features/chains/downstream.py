"""Chains from a node, as far as money goes or to all nodes of a kind: what it flows through in one statement, the ends of a page in
another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains.beneficiaries import ChainBuilder, ChainTotals
from graph_service.features.chains.chain import Chain, Node
from graph_service.features.chains.money_path import MoneyPath
from graph_service.features.chains.network import MoneyNetwork
from graph_service.features.chains.paths import BENEFICIARY_LABELS, PathFinder
from graph_service.features.chains.query import (
    ENDPOINT_KINDS,
    ChainPage,
    ChainQuery,
    SortKey,
    resolve_node,
    scope_parameters,
    seed_parameters,
)
from graph_service.platform.store.graph import Store

MAX_ENDS = 5_000_000
"""More ends than a province has; one engine sets aside room for as many as are asked for."""
HELD_KIND, SUM_KINDS = "HELD", ("GIVEN", "OWED", "PAID_FOR")


def load_page(
    store: Store, scope: QueryScope, query: ChainQuery, *, first: int, after: SortKey = (), with_totals: bool = False
) -> ChainPage:
    """A page of the chains after a place. Raises `NotFound`."""
    network, query = _load_network(store, scope, query)
    every = list(_find_paths(network, query)) if with_totals else []
    # What is counted has been gone through already; a page from the beginning is the beginning of it.
    ways = every if with_totals and not after else _find_paths(network, query, after)
    some = _take_page_paths(ways, query, first, after)
    ends = _BeneficiaryRows(store, scope, query, some, every, after, first + 1)
    leaves, chains = ChainBuilder(network), list[Chain]()
    for at, way in enumerate(some):
        resumed = _is_resumed(way, after)
        some_more = leaves.build_chains(way, ends.held_facts(at), ends.rows(at), is_resumed=resumed)
        chains += (one for one in some_more if query.end != "HOLDER" or one.is_complete)
    sums = (
        sum(
            (leaves.sum_chains(way, ends.sum_rows(way), only_complete=query.end == "HOLDER") for way in every),
            ChainTotals(),
        )
        if with_totals
        else None
    )
    return ChainPage(tuple(chains[:first]), len(chains) > first, sums)


def load_chains(store: Store, scope: QueryScope, query: ChainQuery) -> tuple[MoneyNetwork, Iterator[Chain]]:
    """All chains, in two statements, and the network that they go through. Raises `NotFound`."""
    network, query = _load_network(store, scope, query)
    ways = list(_find_paths(network, query))
    ends, leaves = _BeneficiaryRows(store, scope, query, ways, (), (), MAX_ENDS), ChainBuilder(network)
    chains = (
        one
        for at, way in enumerate(ways)
        for one in leaves.build_chains(way, ends.held_facts(at), ends.rows(at), is_resumed=False)
        if query.end != "HOLDER" or one.is_complete
    )
    return network, chains


def _load_network(store: Store, scope: QueryScope, query: ChainQuery) -> tuple[MoneyNetwork, ChainQuery]:
    """What money flows through from the start, and the question with the start's own label."""
    assert isinstance(query.start, tuple)
    # What is in an asset is told by what feeds it.
    statement = "chains/above" if query.start[0] == "Asset" else "chains/below"
    network = MoneyNetwork.from_rows(
        store.query(statement, **seed_parameters([query.start]), **scope_parameters(scope))
    )
    return network, replace(query, start=resolve_node(network, query.start))


def _find_paths(network: MoneyNetwork, query: ChainQuery, after: SortKey = ()) -> Iterator[MoneyPath]:
    kind = query.end if isinstance(query.end, str) else None
    assert isinstance(query.start, tuple)
    until = partial(_has_label, ENDPOINT_KINDS[kind], query.start) if kind and kind != "HOLDER" else None
    ways = PathFinder(network, is_end=until, after=after).find_paths(query.start)
    return (way for way in ways if way.beneficiary_kind) if kind == "HOLDER" else ways


def _has_label(labels: tuple[str, ...], start: Node, node: Node) -> bool:
    return node[0] in labels and node != start


def _is_resumed(path: MoneyPath, after: SortKey) -> bool:
    """Whether some of a way's ends lie before the place."""
    place, size = path.sort_key, len(path.sort_key)
    if not path.beneficiary_kind or len(after) <= size or place != after[:size]:
        return False
    return BENEFICIARY_LABELS[path.beneficiary_kind] in ("", after[size][0])


def _take_page_paths(paths: Iterable[MoneyPath], query: ChainQuery, first: int, after: SortKey) -> list[MoneyPath]:
    """So many ways that they have a page's chains and one more: those that have one at least are counted."""
    some, sure = [], 0
    for way in paths:
        some.append(way)
        certain = way.beneficiary_kind and query.end != "HOLDER"
        sure += not _is_resumed(way, after) and (certain or not way.beneficiary_kind)
        if sure > first:
            break
    return some


class _BeneficiaryRows:
    """The ends of a page's ways, and of all ways how many there are and what they have, in one statement at most."""

    def __init__(
        self,
        store: Store,
        scope: QueryScope,
        query: ChainQuery,
        page_paths: Sequence[MoneyPath],
        all_paths: Sequence[MoneyPath],
        after: SortKey,
        limit: int,
    ) -> None:
        groups = [
            [at, way.beneficiary_kind, *way.hops[-1].node] for at, way in enumerate(page_paths) if way.beneficiary_kind
        ]
        kinds = dict.fromkeys((way.beneficiary_kind, *way.hops[-1].node) for way in all_paths if way.beneficiary_kind)
        self._group_numbers = {one: len(page_paths) + at for at, one in enumerate(kinds)}
        self._sum_facts: dict[int, Any] = {}
        self._rows: dict[int, list[list[Any]]] = {}
        if not groups and not kinds:
            return
        beyond = after[len(page_paths[0].sort_key) :] if page_paths and _is_resumed(page_paths[0], after) else ()
        rest = [*beyond[0], *(key for _, key in beyond[1:])] if beyond else []
        place = [0, *rest, ""][:4] if rest else [-1, "", "", ""]
        rows = store.query(
            "chains/ends",
            groups=groups,
            counted=[[number, *one] for one, number in self._group_numbers.items()],
            year=query.year,
            after=place,
            limit=limit,
            **scope_parameters(scope),
        )
        for at, kind, key, recipient, facts in rows:
            if kind == HELD_KIND:
                self._sum_facts[at] = facts
            elif kind in SUM_KINDS:
                self._sum_facts.setdefault(at, []).append(facts)
            else:
                self._rows.setdefault(at, []).append([kind, key, recipient, facts])

    def held_facts(self, index: int) -> Any:
        return self._sum_facts.get(index)

    def rows(self, index: int) -> list[list[Any]]:
        return self._rows.get(index, [])

    def sum_rows(self, path: MoneyPath) -> Any:
        return (
            self._sum_facts.get(self._group_numbers[path.beneficiary_kind, *path.hops[-1].node], ())
            if path.beneficiary_kind
            else ()
        )
