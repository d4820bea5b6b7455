"""Benefit chains: every way of money in its lawful order, with what arrives, goes on and stays at each hop, exactly.

`page` gives chains between two ends a page at a time: two statements at most, whatever the size; with the nodes' own properties three.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.services.chains import down, up
from graph_service.services.chains.asked import Asked, ChainPage, Place
from graph_service.services.chains.chain import Chain
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

__all__ = ("Asked", "Chain", "ChainPage", "every", "page")


def page(
    store: Store, viewing: Viewing, asked: Asked, *, first: int = 50, after: Place = (), counted: bool = False
) -> ChainPage:
    """A page of the chains after a place, in order of their nodes. Raises `NotFound`."""
    look = down.page if asked.downwards else up.page
    return look(store, viewing, asked, first=first, after=after, counted=counted)


def every(store: Store, viewing: Viewing, asked: Asked) -> Iterator[Chain]:
    """All of them, in the same order, in two statements; from a fund that benefits many they are many. Raises `NotFound`."""
    return down.every(store, viewing, asked)[1] if asked.downwards else iter(up.every(store, viewing, asked))
