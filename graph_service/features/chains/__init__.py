"""Benefit chains: every path of money in its lawful order, with the exact amounts that arrive, go on and stay at each
hop.

`load_page` returns chains between two ends a page at a time: two statements at most, whatever the size; three with the
nodes' own properties.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import downstream, upstream
from graph_service.features.chains.chain import Chain
from graph_service.features.chains.query import ChainPage, ChainQuery, SortKey
from graph_service.platform.store.graph import Store

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
__all__ = ("Chain", "ChainPage", "ChainQuery", "iter_chains", "load_page")


def load_page(
    store: Store,
    scope: QueryScope,
    query: ChainQuery,
    *,
    first: int = 50,
    after: SortKey = (),
    with_totals: bool = False,
) -> ChainPage:
    """Return a page of the chains after a cursor, in order of their nodes. Raises `NotFound`."""
    load = downstream.load_page if query.is_downstream else upstream.load_page
    return load(store, scope, query, first=first, after=after, with_totals=with_totals)


def iter_chains(store: Store, scope: QueryScope, query: ChainQuery) -> Iterator[Chain]:
    """Return an iterator over all chains, in the same order, in two statements; a fund that benefits many holders has
    many. Raises `NotFound`."""
    return (
        downstream.load_chains(store, scope, query)[1]
        if query.is_downstream
        else iter(upstream.load_chains(store, scope, query))
    )
