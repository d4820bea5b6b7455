"""benefitChains: every way of money between two ends, hop by hop."""

from __future__ import annotations

from typing import Any

import orjson

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.roots.chain_types import BREAK, CHAIN, CONNECTION, ENDS, EVIDENCE, HOP, declare
from graph_service.api.roots.nodes import Lookup
from graph_service.api.selection import Selected
from graph_service.api.types.building import Argument, Field
from graph_service.api.types.derived import told
from graph_service.codec import PREFIX
from graph_service.derive.amounts import show_yuan
from graph_service.errors import ArgumentInvalid, CursorInvalid
from graph_service.model import MODEL
from graph_service.services import chains
from graph_service.services.chains.asked import ChainPage, Place, directed
from graph_service.services.chains.chain import Chain, Node, shown

__all__ = ("ROOTS", "declare")
SUMMED = (
    "totalCount",
    "attributedTotal",
    "roundingDifference",
    "unknownCount",
    "lentTotal",
    "repaidTotal",
    "outstandingTotal",
)


def end_of(given: dict[str, Any], name: str) -> Node | str:
    """The end that an argument names: a node, or a kind. Raises `ArgumentInvalid`."""
    named = [(field, value) for field, value in given.items() if value is not None]
    if len(named) != 1:
        raise ArgumentInvalid(
            name=name,
            reason_zh=f"请只给出其一:{'、'.join([*ENDS, 'kind'][: len(ENDS) + (name == 'to')])}",
            reason_en=f"name exactly one of {', '.join([*ENDS, 'kind'][: len(ENDS) + (name == 'to')])}",
        )
    [(field, value)] = named
    return value if field == "kind" else (ENDS[field][0], value)


def _place(run: Run, cursor: str | None) -> Place:
    if cursor is None:
        return ()
    [_, told] = parts_of(cursor, (str, str))
    # With a key, what is not sealed is no cursor of ours.
    if run.store.codec.mark and not told.startswith(PREFIX):
        raise CursorInvalid(cursor=cursor[:80])
    try:
        pairs = orjson.loads(run.store.codec.opened(CONNECTION, told) or "")
        return tuple((str(label), str(key)) for label, key in pairs)
    except (TypeError, ValueError) as error:
        raise CursorInvalid(cursor=cursor[:80]) from error


def _cursor(run: Run, chain: Chain) -> tuple[str, str]:
    """Its nodes; sealed, as some may be hidden."""
    told = orjson.dumps(chain.place).decode()
    return CONNECTION, run.store.codec.sealed(CONNECTION, told) or ""


def chain_encoder(asked: Asked, nodes: Lookup, one: Selected) -> Encode:
    """Encodes pairs of a chain and what was found of its nodes."""

    def on_hop(one: Selected) -> Encode:
        if one.name == "node":
            place = nodes.select(one)
            return lambda pair: None if pair[0].hidden else pair[1][pair[0].label, (pair[0].key,)][place]
        if one.name in ("evidence", "dividends"):
            encode = asked.object("Evidence", one, lambda field: EVIDENCE[field.name])
            name = one.name
            return lambda pair: [encode(document) for document in getattr(pair[0], name)]
        show = HOP[one.name]
        return lambda pair: show(pair[0])

    def on_chain(one: Selected) -> Encode:
        if one.name == "hops":
            encode = asked.object("ChainHop", one, on_hop)
            return lambda pair: [encode((hop, pair[1])) for hop in pair[0].hops]
        if one.name == "breaks":
            encode = asked.object("ChainBreak", one, lambda field: BREAK[field.name])
            return lambda pair: [encode((pair[0], each)) for each in pair[0].breaks]
        show = CHAIN[one.name]
        return lambda pair: show(pair[0])

    return asked.object("BenefitChain", one, on_chain)


def told_of(page: ChainPage) -> dict[str, Any]:
    """Values of `SUMMED`."""
    sums = page.sums
    if sums is None:
        return {}
    total = shown(sums.attributed) or 0
    return {
        "totalCount": sums.count,
        "attributedTotal": show_yuan(total),
        "roundingDifference": show_yuan(sums.shown - total),
        "unknownCount": sums.unknown,
        "lentTotal": show_yuan(shown(sums.lent)),
        "repaidTotal": show_yuan(shown(sums.repaid)),
        "outstandingTotal": show_yuan(shown(sums.lent - sums.repaid)),
    }


def _chains(asked: Asked) -> Answer:
    window, nodes = asked.window(), Lookup(asked.compiler(), MODEL.unions["ChainNode"].labels)
    shape = ConnectionShape.of(asked.document, CONNECTION, asked.selected)
    encode = shape.encoder(lambda one: chain_encoder(asked, nodes, one))
    nodes.finish()
    counted = shape.wants(*SUMMED)

    def answer(run: Run) -> dict[str, Any]:
        viewing, after, to = run.viewing(), run.given("after"), run.given("to")
        start = end_of(run.given("from"), "from")
        assert isinstance(start, tuple)
        between = directed(start, end_of(to, "to") if to is not None else None, run.given("year"))
        page = ChainPage((), has_next=False)
        if shape.paged or counted:
            page = chains.page(
                run.store, viewing, between, first=window.size, after=_place(run, after), counted=counted
            )
        seen = (hop.node for chain in page.chains for hop in chain.hops if not hop.hidden)
        found = nodes.find_nodes(run, viewing, seen)
        cursors = [_cursor(run, chain) for chain in page.chains]
        rows = [(chain, found) for chain in page.chains]
        return encode(Page(rows, cursors, page.has_next, window, {**answered(viewing), **told_of(page)}))

    return answer


ROOTS = (
    Root(
        Field(
            "benefitChains",
            CONNECTION,
            told(
                "受益链条",
                "Every chain of money between two ends, in the order in which money passes: from one as far as money goes; to a household from wherever it comes; between two whichever comes first. With every voucher, what arrives, goes on and stays at each hop, and where and why it stops. At most three statements a page.",
            ),
            (
                Argument("from", "ChainStart!", "起点:One end."),
                Argument(
                    "to",
                    "ChainEnd",
                    "终点:The other end, or its kind; none = as far as money goes, for who holds shares or receives from wherever it comes.",
                ),
                Argument("year", "Int", "年度:The year of which dividends are told; all where none is named."),
                *TIMES,
                *PAGED,
            ),
        ),
        _chains,
    ),
)
