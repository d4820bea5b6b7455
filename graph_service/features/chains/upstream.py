"""Chains to a node: from another one, from all of a kind, or from wherever its money comes. What feeds a household or an asset is little:
it is looked at as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import beneficiaries
from graph_service.features.chains.beneficiaries import ChainBuilder, ChainTotals
from graph_service.features.chains.chain import LENT, Chain, Node
from graph_service.features.chains.money_path import FundingPortion
from graph_service.features.chains.network import FUNDING_LABELS, LOAN_RELATIONSHIPS, OPERATOR_LABELS, MoneyNetwork
from graph_service.features.chains.paths import (
    GRANTED,
    HOLDS,
    PAYS,
    TO_PERSON,
    TO_VILLAGE,
    PathFinder,
)
from graph_service.features.chains.query import (
    ANY_OPERATOR,
    ENDPOINT_KINDS,
    HOLDER_LABELS,
    ChainPage,
    ChainQuery,
    SortKey,
    not_found_error,
    resolve_node,
    scope_parameters,
    seed_parameters,
)
from graph_service.platform.store.graph import Store

Rows = list[list[Any]]


def load_page(
    store: Store, scope: QueryScope, query: ChainQuery, *, first: int, after: SortKey = (), with_totals: bool = False
) -> ChainPage:
    """A page of the chains after a place. Raises `NotFound`."""
    chains = load_chains(store, scope, query)
    sums = sum((beneficiaries.chain_totals(one) for one in chains), ChainTotals()) if with_totals else None
    rest = [one for one in chains if one.sort_key > after]
    return ChainPage(tuple(rest[:first]), len(rest) > first, sums)


def load_chains(store: Store, scope: QueryScope, query: ChainQuery) -> list[Chain]:
    """All chains, in two statements. Raises `NotFound`."""
    return sorted(_iter_chains(store, scope, query), key=lambda one: one.sort_key)


def _iter_chains(store: Store, scope: QueryScope, query: ChainQuery) -> Iterator[Chain]:
    start, end = query.start, query.end
    assert isinstance(end, tuple)
    received: Rows = []
    if end[0] in (*HOLDER_LABELS, ANY_OPERATOR, *OPERATOR_LABELS):
        label, key = end
        received = store.query("chains/received", label=label, key=key, year=query.year, **scope_parameters(scope))
        # One whom the asker may not see is, to the asker, not there.
        if not received or received[0][2][0]:
            raise not_found_error(end)
    wanted = [(kind, no) for kind, no, _ in received if kind in (*FUNDING_LABELS, "Asset")]
    wanted += [("Fund", fund) for kind, _, facts in received if kind == "Measure" for fund, _ in facts[1]]
    wanted += [("Fund", fund) for kind, _, facts in received if kind == "Person" for fund, _ in facts]
    nodes = [*wanted, *(() if end[0] in HOLDER_LABELS else (end,)), *((start,) if isinstance(start, tuple) else ())]
    network = MoneyNetwork.from_rows(
        store.query("chains/above", **seed_parameters(nodes), **scope_parameters(scope)) if nodes else []
    )
    if isinstance(start, tuple):
        start = resolve_node(network, start)
    if end[0] in HOLDER_LABELS:
        yield from _chains_to_holder(network, start, end, received)
    else:
        end = resolve_node(network, end)
        yield from _chains_to_node(network, start, end)
        yield from _chains_to_holder(network, start, end, received)


def _chains_to_node(network: MoneyNetwork, start: Node | str | None, end: Node) -> Iterator[Chain]:
    """Chains to a node of the network."""
    reaching = _upstream_nodes(network, {end}) | set(_refunding_nodes(network, end))
    beyond = set(network.operators) if end[0] in OPERATOR_LABELS else set()
    ways = PathFinder(network, is_allowed=(reaching | beyond).__contains__, is_end=lambda node: node == end)
    last = ChainBuilder(network)
    for node, part in _start_nodes(network, start, reaching):
        for way in ways.find_paths(node, part):
            if len(way.sort_key) > 1:
                yield from last.build_chains(way, None, (), is_resumed=False)


def _chains_to_holder(
    network: MoneyNetwork, start: Node | str | None, end: Node, received_rows: Rows
) -> Iterator[Chain]:
    """Chains to whom money reaches, from rows of `chains/received`."""
    giving = _beneficiary_rows(received_rows, end)
    held = {key: [facts[0], True] for kind, key, facts in received_rows if kind == "Asset"}
    reaching = _upstream_nodes(network, {node for node, _ in giving})
    ways, last = PathFinder(network, is_allowed=reaching.__contains__), ChainBuilder(network)
    for node, part in _start_nodes(network, start, reaching):
        for way in ways.find_paths(node, part):
            rows = giving.get((way.hops[-1].node, way.beneficiary_kind))
            if rows:
                yield from last.build_chains(way, held.get(way.hops[-1].key), rows, is_resumed=True)


def _refunding_nodes(network: MoneyNetwork, end: Node) -> Iterator[Node]:
    """Those whose money was taken back from the end, and from where theirs came: that is a chain too."""
    if end[0] == "Asset":
        return
    for source in network.sources(end):
        if network.has_node(source):
            yield from _upstream_nodes(network, {source})


def _beneficiary_rows(received_rows: Rows, end: Node) -> dict[tuple[Node, str], Rows]:
    """What a holder gets, as rows of ends, by from where and how."""
    hidden, (label, holder) = False, end
    found: dict[tuple[Node, str], Rows] = {}
    for kind, key, facts in received_rows:
        if kind == "Asset":
            found[(kind, key), HOLDS] = [[label, holder, "", [hidden, *facts[1:]]]]
        elif kind in FUNDING_LABELS:
            given = {"Person": TO_PERSON, "Village": TO_VILLAGE}.get(label, GRANTED)
            for leaves_, loan in ((given, False), (LENT, True)):
                if vouchers := [one for one in facts if (one[0] in LOAN_RELATIONSHIPS) == loan]:
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


def _upstream_nodes(network: MoneyNetwork, targets: set[Node]) -> set[Node]:
    """The targets and all from which money may come to them."""
    found, new = set(targets), list(targets)
    while new:
        node = new.pop()
        for source in network.upstream_nodes(node) if network.has_node(node) else ():
            if source not in found:
                found.add(source)
                new.append(source)
    return found


def _start_nodes(
    network: MoneyNetwork, start: Node | str | None, upstream_nodes: set[Node]
) -> Iterator[tuple[Node, FundingPortion]]:
    """From where, and which part of what is there."""
    if isinstance(start, tuple):
        yield start, FundingPortion.HAS
        return
    for node in sorted(one for one in upstream_nodes if network.has_node(one)):
        label, _key = node
        if label in FUNDING_LABELS:
            pot = network.funding_nodes[node]
            if start is None or label in ENDPOINT_KINDS[start]:
                if pot.own_funds > 0 or not pot.available:
                    yield node, FundingPortion.OWN
                if pot.unsourced:
                    yield node, FundingPortion.UNSOURCED
        elif start is not None:
            if label in ENDPOINT_KINDS[start]:
                yield node, FundingPortion.HAS
        elif not network.upstream_nodes(node):
            yield node, FundingPortion.OWN
    # Into a circle that passes on all that it has nothing comes from outside: it is gone through from one of its own.
    pots = [node for node in upstream_nodes if node in network.funding_nodes]
    whole = {
        node
        for node in pots
        if (pot := network.funding_nodes[node]).own_funds > 0 or pot.unsourced or not pot.available
    }
    fed = _downstream_funding_nodes(network, whole)
    for node in sorted(pots):
        if node not in fed and (start is None or node[0] in ENDPOINT_KINDS[start]):
            fed |= _downstream_funding_nodes(network, {node})
            yield node, FundingPortion.HAS


def _downstream_funding_nodes(network: MoneyNetwork, funding_nodes: set[Node]) -> set[Node]:
    """Funds and banks, and those to which money comes from them."""
    found, new = set(funding_nodes), list(funding_nodes)
    while new:
        for to in network.targets.get(new.pop(), ()):
            if to in network.funding_nodes and to not in found:
                found.add(to)
                new.append(to)
    return found
