"""benefitChains: from a fund to the holders of the day, hop by hop."""

from __future__ import annotations

from typing import Any

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.roots.nodes import Key, Lookup
from graph_service.api.selection import Selected
from graph_service.api.types.building import MUST, Argument, Field, Types
from graph_service.api.types.derived import declare_connection, told
from graph_service.api.types.scalars import Date, Shares, Yuan, show_shares
from graph_service.derive.amounts import show_yuan
from graph_service.derive.days import show_day
from graph_service.model import MODEL
from graph_service.services import chains
from graph_service.services.chains import ChainPage
from graph_service.services.viewing import Viewing


def declare(types: Types) -> None:
    """Types of the question."""
    types.add_object(
        "Evidence",
        "凭据:A document that shows a hop: a voucher or a certificate of shares.",
        [
            Field("number", "String", "凭证号或股权证号:Its number; null where its holder is hidden."),
            Field("amount", Yuan | None, "金额:Money that it moved."),
            Field("shares", Shares | None, "股数:Shares that it certifies."),
            Field("totalShares", Shares | None, "总股数:Of how many, as it states."),
            Field("on", Date | None, "日期:Its day."),
        ],
    )
    types.add_object(
        "ChainHop",
        "链条环节:A node of a chain and how the chain came to it.",
        [
            Field("kind", "String!", "类型:Kind of the node, also where it is hidden."),
            Field("node", "ChainNode", "节点:The node; null where it is hidden."),
            Field("hidden", "Boolean!", "是否隐藏:Whether it lies outside of what the asker may see."),
            Field("relationship", "String", "关系:Relationship from the node before; null at the first."),
            Field(
                "amount",
                Yuan | None,
                "金额:Sum that came over this hop from the node before, by its vouchers; for an asset the value formed.",
            ),
            Field("evidence", "[Evidence!]!", "凭据:Every voucher or certificate of the hop.", size=5),
        ],
    )
    types.add_object(
        "BenefitChain",
        "受益链条:One distinct sequence of nodes from a fund to whom it benefits.",
        [
            Field("hops", "[ChainHop!]!", "环节:From the fund on.", size=8),
            Field("complete", "Boolean!", "是否完整:Whether it reaches a holder."),
        ],
    )
    doc = "受益链条:Chains from a fund to whom it benefits."
    declare_connection(types, "BenefitChainConnection", "BenefitChainEdge", "BenefitChain!", doc, more=ANSWERED)
    number = Field("fundNo", "String!", "资金编号:Number of the fund.", default=MUST)
    types.add_input("ChainStart", "起点:Where chains begin.", [number])


EVIDENCE: dict[str, Encode] = {
    "number": lambda one: one.number,
    "amount": lambda one: show_yuan(one.amount),
    "shares": lambda one: show_shares(one.shares),
    "totalShares": lambda one: show_shares(one.total_shares),
    "on": lambda one: show_day(one.on),
}
HOP: dict[str, Encode] = {
    "kind": lambda hop: hop.label,
    "hidden": lambda hop: hop.hidden,
    "relationship": lambda hop: hop.relationship or None,
    "amount": lambda hop: show_yuan(hop.amount),
}


Found = dict[tuple[str, Key], list[Any]]
"""What is selected of the page's nodes, by label and key."""


def _found(lookup: Lookup, run: Run, viewing: Viewing, page: ChainPage) -> Found:
    keys: dict[str, dict[Key, None]] = {}
    for hop in (hop for chain in page.chains for hop in chain.hops if not hop.hidden):
        keys.setdefault(hop.label, {})[hop.key,] = None
    return lookup.find(run, viewing, {label: list(some) for label, some in keys.items()})


def _chains(asked: Asked) -> Answer:
    window, nodes = asked.window(), Lookup(asked.compiler(), MODEL.unions["ChainNode"].labels)

    def on_hop(one: Selected) -> Encode:
        if one.name == "node":
            place = nodes.select(one)
            return lambda pair: None if pair[0].hidden else pair[1][pair[0].label, (pair[0].key,)][place]
        if one.name == "evidence":
            encode = asked.object("Evidence", one, lambda field: EVIDENCE[field.name])
            return lambda pair: [encode(document) for document in pair[0].evidence]
        show = HOP[one.name]
        return lambda pair: show(pair[0])

    def on_chain(one: Selected) -> Encode:
        if one.name == "complete":
            return lambda _: True
        encode = asked.object("ChainHop", one, on_hop)
        return lambda pair: [encode((hop, pair[1])) for hop in pair[0].hops]

    shape = ConnectionShape.of(asked.document, "BenefitChainConnection", asked.selected)
    encode = shape.encoder(lambda one: asked.object("BenefitChain", one, on_chain))
    nodes.finish()

    def answer(run: Run) -> dict[str, Any]:
        viewing, after = run.viewing(), run.given("after")
        page = ChainPage((), 0, has_next=False)
        if shape.paged or shape.wants("totalCount"):
            start = parts_of(after, (int, str)) if after is not None else chains.START
            page = chains.from_fund(run.store, viewing, run.given("from")["fundNo"], first=window.size, after=start)
        found = _found(nodes, run, viewing, page)
        cursors = [chain.cursor for chain in page.chains]
        told = {"totalCount": page.total, **answered(viewing)}
        return encode(Page([(chain, found) for chain in page.chains], cursors, page.has_next, window, told))

    return answer


ROOTS = (
    Root(
        Field(
            "benefitChains",
            "BenefitChainConnection",
            told(
                "受益链条",
                "Every complete chain of a fund to the holders of the day, with its vouchers; at most three statements a page.",
            ),
            (Argument("from", "ChainStart!", "起点:Where they begin."), *TIMES, *PAGED),
        ),
        _chains,
    ),
)
