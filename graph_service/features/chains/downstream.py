"""Chains from a node, as far as money goes or to all nodes of a kind: one statement reads the network of the money,
another the ends of a page."""

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
"""Limit above the number of ends in a province; one engine reserves room for as many as are requested."""
HELD_KIND, SUM_KINDS = "HELD", ("GIVEN", "OWED", "PAID_FOR")


def load_page(
    store: Store, scope: QueryScope, query: ChainQuery, *, first: int, after: SortKey = (), with_totals: bool = False
) -> ChainPage:
    """Return a page of the chains after a cursor. Raises `NotFound`."""
    network, query = _load_network(store, scope, query)
    all_paths = list(_find_paths(network, query)) if with_totals else []
    # The totals have already required all paths; the first page takes its paths from them.
    paths = all_paths if with_totals and not after else _find_paths(network, query, after)
    page_paths = _take_page_paths(paths, query, first, after)
    beneficiary_rows = _BeneficiaryRows(store, scope, query, page_paths, all_paths, after, first + 1)
    builder, chains = ChainBuilder(network), list[Chain]()
    for index, path in enumerate(page_paths):
        is_resumed = _is_resumed(path, after)
        path_chains = builder.build_chains(
            path, beneficiary_rows.held_facts(index), beneficiary_rows.rows(index), is_resumed=is_resumed
        )
        chains += (chain for chain in path_chains if query.end != "HOLDER" or chain.is_complete)
    totals = (
        sum(
            (
                builder.sum_chains(path, beneficiary_rows.sum_rows(path), only_complete=query.end == "HOLDER")
                for path in all_paths
            ),
            ChainTotals(),
        )
        if with_totals
        else None
    )
    return ChainPage(tuple(chains[:first]), len(chains) > first, totals)


def load_chains(store: Store, scope: QueryScope, query: ChainQuery) -> tuple[MoneyNetwork, Iterator[Chain]]:
    """Return the network, and all chains through it, in two statements. Raises `NotFound`."""
    network, query = _load_network(store, scope, query)
    paths = list(_find_paths(network, query))
    beneficiary_rows, builder = _BeneficiaryRows(store, scope, query, paths, (), (), MAX_ENDS), ChainBuilder(network)
    chains = (
        chain
        for index, path in enumerate(paths)
        for chain in builder.build_chains(
            path, beneficiary_rows.held_facts(index), beneficiary_rows.rows(index), is_resumed=False
        )
        if query.end != "HOLDER" or chain.is_complete
    )
    return network, chains


def _load_network(store: Store, scope: QueryScope, query: ChainQuery) -> tuple[MoneyNetwork, ChainQuery]:
    """Return the network of the money from the start, and the query with the start's own label."""
    assert isinstance(query.start, tuple)
    # The money in an asset is computed from its sources.
    statement = "chains/above" if query.start[0] == "Asset" else "chains/below"
    network = MoneyNetwork.from_rows(
        store.query(statement, **seed_parameters([query.start]), **scope_parameters(scope))
    )
    return network, replace(query, start=resolve_node(network, query.start))


def _find_paths(network: MoneyNetwork, query: ChainQuery, after: SortKey = ()) -> Iterator[MoneyPath]:
    kind = query.end if isinstance(query.end, str) else None
    assert isinstance(query.start, tuple)
    is_end = partial(_has_label, ENDPOINT_KINDS[kind], query.start) if kind and kind != "HOLDER" else None
    paths = PathFinder(network, is_end=is_end, after=after).find_paths(query.start)
    return (path for path in paths if path.beneficiary_kind) if kind == "HOLDER" else paths


def _has_label(labels: tuple[str, ...], start: Node, node: Node) -> bool:
    return node[0] in labels and node != start


def _is_resumed(path: MoneyPath, after: SortKey) -> bool:
    """Return True where some ends of a path precede the cursor."""
    sort_key, size = path.sort_key, len(path.sort_key)
    if not path.beneficiary_kind or len(after) <= size or sort_key != after[:size]:
        return False
    return BENEFICIARY_LABELS[path.beneficiary_kind] in ("", after[size][0])


def _take_page_paths(paths: Iterable[MoneyPath], query: ChainQuery, first: int, after: SortKey) -> list[MoneyPath]:
    """Return enough paths for a page's chains and one more; only paths that certainly have a chain are counted."""
    page_paths, certain_count = [], 0
    for path in paths:
        page_paths.append(path)
        has_end = path.beneficiary_kind and query.end != "HOLDER"
        certain_count += not _is_resumed(path, after) and (has_end or not path.beneficiary_kind)
        if certain_count > first:
            break
    return page_paths


def _group(position: int, group: tuple[str, str, str]) -> dict[str, Any]:
    """Return a group of ends, as the statement takes it."""
    kind, label, key = group
    return {"position": position, "kind": kind, "label": label, "key": key}


class _BeneficiaryRows:
    """Rows of the ends of a page's paths, and sums of the ends of all paths, read in one statement at most."""

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
            _group(index, (path.beneficiary_kind, *path.hops[-1].node))
            for index, path in enumerate(page_paths)
            if path.beneficiary_kind
        ]
        counted_groups = dict.fromkeys(
            (path.beneficiary_kind, *path.hops[-1].node) for path in all_paths if path.beneficiary_kind
        )
        self._group_numbers = {group: len(page_paths) + index for index, group in enumerate(counted_groups)}
        self._sum_facts: dict[int, Any] = {}
        self._rows: dict[int, list[list[Any]]] = {}
        if not groups and not counted_groups:
            return
        cursor_rest = after[len(page_paths[0].sort_key) :] if page_paths and _is_resumed(page_paths[0], after) else ()
        cursor_keys = [*cursor_rest[0], *(key for _, key in cursor_rest[1:])] if cursor_rest else []
        cursor = [0, *cursor_keys, ""][:4] if cursor_keys else [-1, "", "", ""]
        rows = store.query(
            "chains/ends",
            groups=groups,
            counted=[_group(number, group) for group, number in self._group_numbers.items()],
            year=query.year,
            after=cursor,
            limit=limit,
            **scope_parameters(scope),
        )
        for index, kind, key, recipient, facts in rows:
            if kind == HELD_KIND:
                self._sum_facts[index] = facts
            elif kind in SUM_KINDS:
                self._sum_facts.setdefault(index, []).append(facts)
            else:
                self._rows.setdefault(index, []).append([kind, key, recipient, facts])

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
