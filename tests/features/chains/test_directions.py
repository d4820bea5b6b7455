"""A chain is the same whoever asks: from the fund down, or from whom the money reaches back."""

from __future__ import annotations

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import iter_chains
from graph_service.features.chains.chain import Chain, Node
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store

EACH = 4
"""Of so many ends one is asked."""


def place(chain: Chain) -> tuple[bool, tuple[Node, ...]]:
    return chain.is_unsourced, tuple(hop.sort_key for hop in chain.hops)


def test_hops_do_not_depend_on_who_asks(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, None)
    funds = [fund for [fund] in store.query_text("MATCH (f:Fund) RETURN f.fund_no", {}, "funds")]
    down = {place(one): one for fund in funds for one in iter_chains(store, viewing, build_query(("Fund", fund)))}
    ends = sorted({chain.hops[-1].node for chain in down.values() if chain.is_complete})
    compared, stays = 0, 0
    for end in ends[::EACH]:
        for chain in iter_chains(store, viewing, build_query(end)):
            other = down.get(place(chain))
            if other is None:
                # What left a fund beyond what it had has no source: from the fund it is a break of its own money.
                assert chain.is_unsourced or chain.hops[0].label != "Fund"
                continue
            assert chain == other
            compared += 1
            stays += any(hop.retained for hop in chain.hops[:-1])
    assert compared > 100
    assert stays > 10
