"""Chains are the same in both directions: from the fund down, and from the receiver of the money back to the fund."""

from __future__ import annotations

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import iter_chains
from graph_service.features.chains.chain import Chain, Node
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store

STEP = 4
"""Every fourth end is compared."""


def chain_id(chain: Chain) -> tuple[bool, tuple[Node, ...]]:
    return chain.is_unsourced, tuple(hop.sort_key for hop in chain.hops)


def test_hops_do_not_depend_on_who_asks(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, None)
    funds = [fund for [fund] in store.query_text("MATCH (f:Fund) RETURN f.fund_no", {}, "funds")]
    chains_by_id = {
        chain_id(chain): chain for fund in funds for chain in iter_chains(store, viewing, build_query(("Fund", fund)))
    }
    ends = sorted({chain.hops[-1].node for chain in chains_by_id.values() if chain.is_complete})
    compared, with_retained = 0, 0
    for end in ends[::STEP]:
        for chain in iter_chains(store, viewing, build_query(end)):
            downward_chain = chains_by_id.get(chain_id(chain))
            if downward_chain is None:
                # Money that left a fund beyond its means has no source: seen from the fund it is a break in the chain of its own money.
                assert chain.is_unsourced or chain.hops[0].label != "Fund"
                continue
            assert chain == downward_chain
            compared += 1
            with_retained += any(hop.retained for hop in chain.hops[:-1])
    assert compared > 100
    assert with_retained > 10
