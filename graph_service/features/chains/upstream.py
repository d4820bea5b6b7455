"""Chains to a node: from another node, from all nodes of a kind, or from every source of its money. The sources of a
household or an asset are few: they are read as a whole."""

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
    """Return a page of the chains after a cursor. Raises `NotFound`."""
    chains = load_chains(store, scope, query)
    totals = sum((beneficiaries.chain_totals(chain) for chain in chains), ChainTotals()) if with_totals else None
    later_chains = [chain for chain in chains if chain.sort_key > after]
    return ChainPage(tuple(later_chains[:first]), len(later_chains) > first, totals)


def load_chains(store: Store, scope: QueryScope, query: ChainQuery) -> list[Chain]:
    """Return all chains in order, in two statements. Raises `NotFound`."""
    return sorted(_iter_chains(store, scope, query), key=lambda chain: chain.sort_key)


def _iter_chains(store: Store, scope: QueryScope, query: ChainQuery) -> Iterator[Chain]:
    start, end = query.start, query.end
    assert isinstance(end, tuple)
    received_rows: Rows = []
    if end[0] in (*HOLDER_LABELS, ANY_OPERATOR, *OPERATOR_LABELS):
        label, key = end
        received_rows = store.query("chains/received", label=label, key=key, year=query.year, **scope_parameters(scope))
        # A node that the asker may not see is reported as not found.
        if not received_rows or received_rows[0][2][0]:
            raise not_found_error(end)
    source_nodes = [(kind, number) for kind, number, _ in received_rows if kind in (*FUNDING_LABELS, "Asset")]
    source_nodes += [("Fund", fund) for kind, _, facts in received_rows if kind == "Measure" for fund, _ in facts[1]]
    source_nodes += [("Fund", fund) for kind, _, facts in received_rows if kind == "Person" for fund, _ in facts]
    nodes = [
        *source_nodes,
        *(() if end[0] in HOLDER_LABELS else (end,)),
        *((start,) if isinstance(start, tuple) else ()),
    ]
    network = MoneyNetwork.from_rows(
        store.query("chains/above", **seed_parameters(nodes), **scope_parameters(scope)) if nodes else []
    )
    if isinstance(start, tuple):
        start = resolve_node(network, start)
    if end[0] in HOLDER_LABELS:
        yield from _chains_to_holder(network, start, end, received_rows)
    else:
        end = resolve_node(network, end)
        yield from _chains_to_node(network, start, end)
        yield from _chains_to_holder(network, start, end, received_rows)


def _chains_to_node(network: MoneyNetwork, start: Node | str | None, end: Node) -> Iterator[Chain]:
    """Yield the chains to a node of the network."""
    upstream_nodes = _upstream_nodes(network, {end}) | set(_refunding_nodes(network, end))
    operators = set(network.operators) if end[0] in OPERATOR_LABELS else set()
    finder = PathFinder(network, is_allowed=(upstream_nodes | operators).__contains__, is_end=lambda node: node == end)
    builder = ChainBuilder(network)
    for node, portion in _start_nodes(network, start, upstream_nodes):
        for path in finder.find_paths(node, portion):
            if len(path.sort_key) > 1:
                yield from builder.build_chains(path, None, (), is_resumed=False)


def _chains_to_holder(
    network: MoneyNetwork, start: Node | str | None, end: Node, received_rows: Rows
) -> Iterator[Chain]:
    """Yield the chains to a holder, from rows of `chains/received`."""
    rows_by_source = _beneficiary_rows(received_rows, end)
    held_facts_by_asset = {key: [facts[0], True] for kind, key, facts in received_rows if kind == "Asset"}
    upstream_nodes = _upstream_nodes(network, {node for node, _ in rows_by_source})
    finder, builder = PathFinder(network, is_allowed=upstream_nodes.__contains__), ChainBuilder(network)
    for node, portion in _start_nodes(network, start, upstream_nodes):
        for path in finder.find_paths(node, portion):
            rows = rows_by_source.get((path.hops[-1].node, path.beneficiary_kind))
            if rows:
                yield from builder.build_chains(path, held_facts_by_asset.get(path.hops[-1].key), rows, is_resumed=True)


def _refunding_nodes(network: MoneyNetwork, end: Node) -> Iterator[Node]:
    """Yield the nodes whose money was taken back from the end, and the nodes upstream of them: chains of such money
    are included."""
    if end[0] == "Asset":
        return
    for source in network.sources(end):
        if network.has_node(source):
            yield from _upstream_nodes(network, {source})


def _beneficiary_rows(received_rows: Rows, end: Node) -> dict[tuple[Node, str], Rows]:
    """Return the rows of ends of a holder, by source node and kind of beneficiary."""
    is_hidden, (label, holder) = False, end
    rows_by_source: dict[tuple[Node, str], Rows] = {}
    for kind, key, facts in received_rows:
        if kind == "Asset":
            rows_by_source[(kind, key), HOLDS] = [[label, holder, "", [is_hidden, *facts[1:]]]]
        elif kind in FUNDING_LABELS:
            grant_kind = {"Person": TO_PERSON, "Village": TO_VILLAGE}.get(label, GRANTED)
            for beneficiary_kind, is_loan in ((grant_kind, False), (LENT, True)):
                if vouchers := [voucher for voucher in facts if (voucher[0] in LOAN_RELATIONSHIPS) == is_loan]:
                    rows_by_source[(kind, key), beneficiary_kind] = [[label, holder, "", [is_hidden, vouchers]]]
        elif kind == "Person":
            for fund, vouchers in facts:
                rows = rows_by_source.setdefault((("Fund", fund), TO_PERSON), [])
                rows.append(["Person", key, holder, [is_hidden, vouchers]])
        elif kind == "Measure":
            amount, funds, recipients = facts
            known_amount = amount if len(funds) == 1 and recipients == 1 else None
            for fund, payment in funds:
                rows_by_source.setdefault((("Fund", fund), PAYS), []).append(
                    [label, key, holder, [is_hidden, known_amount, payment]]
                )
    return rows_by_source


def _upstream_nodes(network: MoneyNetwork, targets: set[Node]) -> set[Node]:
    """Return the targets, and all nodes from which money may come to them."""
    nodes, pending = set(targets), list(targets)
    while pending:
        node = pending.pop()
        for source in network.upstream_nodes(node) if network.has_node(node) else ():
            if source not in nodes:
                nodes.add(source)
                pending.append(source)
    return nodes


def _start_nodes(
    network: MoneyNetwork, start: Node | str | None, upstream_nodes: set[Node]
) -> Iterator[tuple[Node, FundingPortion]]:
    """Yield the nodes from which chains start, each with the portion of its money that is followed."""
    if isinstance(start, tuple):
        yield start, FundingPortion.HAS
        return
    for node in sorted(candidate for candidate in upstream_nodes if network.has_node(candidate)):
        label, _key = node
        if label in FUNDING_LABELS:
            funding_node = network.funding_nodes[node]
            if start is None or label in ENDPOINT_KINDS[start]:
                if funding_node.own_funds > 0 or not funding_node.available:
                    yield node, FundingPortion.OWN
                if funding_node.unsourced:
                    yield node, FundingPortion.UNSOURCED
        elif start is not None:
            if label in ENDPOINT_KINDS[start]:
                yield node, FundingPortion.HAS
        elif not network.upstream_nodes(node):
            yield node, FundingPortion.OWN
    # A cycle that passes on all its money has no source outside: its chains start at one of its own nodes.
    funding_nodes = [node for node in upstream_nodes if node in network.funding_nodes]
    source_nodes = {
        node
        for node in funding_nodes
        if (funding_node := network.funding_nodes[node]).own_funds > 0
        or funding_node.unsourced
        or not funding_node.available
    }
    reached_nodes = _downstream_funding_nodes(network, source_nodes)
    for node in sorted(funding_nodes):
        if node not in reached_nodes and (start is None or node[0] in ENDPOINT_KINDS[start]):
            reached_nodes |= _downstream_funding_nodes(network, {node})
            yield node, FundingPortion.HAS


def _downstream_funding_nodes(network: MoneyNetwork, funding_nodes: set[Node]) -> set[Node]:
    """Return the given funds and banks, and those to which money comes from them."""
    nodes, pending = set(funding_nodes), list(funding_nodes)
    while pending:
        for target in network.targets.get(pending.pop(), ()):
            if target in network.funding_nodes and target not in nodes:
                nodes.add(target)
                pending.append(target)
    return nodes
