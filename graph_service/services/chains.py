"""Benefit chains: from a fund to the holders of the day, hop by hop, every voucher named.

Two statements a page, whatever the fund's size: the paths as far as the assets (few), then the page's holders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx

from graph_service.errors import NotFound
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

START = (-1, "")
MOST_TRANSFERS = 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document: voucher or certificate, its amount in fen or its shares, its day (YYYYMMDD)."""

    number: str | None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A node (label and key) and, except for the first, how the chain came to it: relationship, sum of its evidence.

    One whom the asker may not see is hidden: it has no key.
    """

    label: str
    key: str
    relationship: str = ""
    amount: int | None = None
    evidence: tuple[Evidence, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """One distinct sequence of nodes from the fund to a holder."""

    hops: tuple[Hop, ...]
    cursor: tuple[int, str]


@dataclass(frozen=True, slots=True)
class ChainPage:
    chains: tuple[Chain, ...]
    total: int
    has_next: bool


def from_fund(
    store: Store, viewing: Viewing, fund: str, *, first: int = 50, after: Sequence[int | str] = START
) -> ChainPage:
    """A page of the complete chains of a fund, in order of their nodes. Raises `NotFound`."""
    times = {"asOf": viewing.as_of, "seq": viewing.sequence}
    visible = None if viewing.sees_all else [list(r) for r in viewing.scope]
    rows = store.ask("chains/fund_paths", fund=fund, areas=visible, **times)
    if not rows:
        raise NotFound(what_zh="资金", what_en="fund", key=fund)
    paths = sorted(_paths(fund, rows), key=lambda path: ([(hop.label, hop.key) for hop in path.hops], path.asset))
    wanted = [[position, path.asset] for position, path in enumerate(paths) if position >= int(after[0])]
    held = store.ask(
        "chains/asset_holders",
        assets=wanted,
        areas=visible,
        after=list(after),
        limit=first + 1,
        **times,
    )
    chains = tuple(
        Chain((*paths[position].hops, _holding(kind, key, certificates, hidden=hidden)), (position, key))
        for position, key, kind, certificates, hidden in held[:first]
    )
    return ChainPage(chains, sum(path.holders for path in paths), len(held) > first)


def _holding(kind: str, key: str, certificates: list[list[object]], *, hidden: bool) -> Hop:
    evidence = tuple(
        Evidence(
            None if hidden else str(number),
            shares=_whole(shares),
            total_shares=_whole(total),
            on=None if hidden else _whole(since),
        )
        for number, _kind, shares, total, since in sorted(certificates, key=str)
    )
    return Hop(kind, "" if hidden else key, "HOLDS", evidence=evidence, hidden=hidden)


def _whole(stored: object) -> int | None:
    """A count as stored; what is unknown stays unknown."""
    return None if stored is None else int(str(stored))


@dataclass(frozen=True, slots=True)
class Path:
    """Hops from a fund to an asset, its number, how many hold shares of it on the day."""

    hops: tuple[Hop, ...]
    asset: str
    holders: int


def _paths(fund: str, rows: list[list[Any]]) -> Iterator[Path]:
    """Every way on which the fund's money reaches an asset."""
    funds: nx.DiGraph[str] = nx.DiGraph()
    funds.add_node(fund)
    evidence: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    formed: dict[str, tuple[bool, list[list[Any]]]] = {}
    projects: dict[str, set[str]] = defaultdict(set)
    for source, transfers, allocations in rows:
        for to, voucher, amount, on in transfers:
            funds.add_edge(source, to)
            evidence[source, to].append(Evidence(voucher, amount, on=on))
        for project, voucher, amount, on, hidden, assets in allocations:
            projects[source].add(project)
            formed[project] = (hidden, assets)
            evidence[source, project].append(Evidence(voucher, amount, on=on))
    # Reached through a loop the same fund would stand twice in a chain: a chain is a sequence of distinct nodes.
    for reached in funds:
        ways = [[fund]] if reached == fund else nx.all_simple_paths(funds, fund, reached, cutoff=MOST_TRANSFERS)
        for way in ways:
            hops = [Hop("Fund", fund)]
            hops.extend(_paid("Fund", to, "TRANSFERRED", evidence[a, to]) for a, to in pairwise(way))
            for project in projects[reached]:
                hidden, assets = formed[project]
                paid = _paid("Project", project, "ALLOCATED", evidence[reached, project], hidden=hidden)
                for asset, amount, holdings, unseen in assets:
                    last = Hop("Asset", "" if unseen else str(asset), "FORMED", _whole(amount), hidden=unseen)
                    yield Path((*hops, paid, last), str(asset), int(str(holdings)))


def _paid(label: str, key: str, relationship: str, evidence: list[Evidence], *, hidden: bool = False) -> Hop:
    """A hop with the sum of its vouchers; one that is hidden tells its total only."""
    total = sum(e.amount or 0 for e in evidence)
    return Hop(label, "" if hidden else key, relationship, total, () if hidden else tuple(evidence), hidden)
