"""benefitChains: from a fund to the holders of the day, hop by hop."""

from __future__ import annotations

from typing import Any

import strawberry

from graph_service.api.building import Argument, Field, Types
from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.root import ANSWERED, PAGED, TIMES, Asked, Root, answered
from graph_service.api.scalars import Date, Shares, Yuan, show_day, show_shares, show_yuan
from graph_service.api.selection import Selected
from graph_service.api.types import declare_connection, told
from graph_service.services import chains
from graph_service.services.chains import Chain, ChainPage


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
            Field("evidence", "[Evidence!]!", "凭据:Every voucher or certificate of the hop."),
        ],
    )
    types.add_object(
        "BenefitChain",
        "受益链条:One distinct sequence of nodes from a fund to whom it benefits.",
        [
            Field("hops", "[ChainHop!]!", "环节:From the fund on."),
            Field("complete", "Boolean!", "是否完整:Whether it reaches a holder."),
        ],
    )
    doc = "受益链条:Chains from a fund to whom it benefits."
    declare_connection(types, "BenefitChainConnection", "BenefitChainEdge", "BenefitChain!", doc, more=ANSWERED)
    number = strawberry.field(description="资金编号:Number of the fund.")
    start = type("ChainStart", (), {"__annotations__": {"fundNo": str}, "fundNo": number})
    types.add_input("ChainStart", strawberry.input(start, description="起点:Where chains begin."))


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


class Nodes:
    """Nodes of a page's chains: noted as selections while the encoder is made, looked up in one statement."""

    def __init__(self) -> None:
        self._selected: list[Selected] = []
        self._found: dict[tuple[str, str], list[Any]] = {}

    def encoder(self, one: Selected) -> Encode:
        place = len(self._selected)
        self._selected.append(one)
        return lambda hop: None if hop.hidden else self._found[hop.label, hop.key][place]

    def find(self, asked: Asked, viewing: Any, found: tuple[Chain, ...]) -> None:
        keys: dict[str, dict[str, None]] = {}
        for hop in (hop for chain in found for hop in chain.hops if not hop.hidden):
            keys.setdefault(hop.label, {})[hop.key] = None
        if not keys or not self._selected:
            return
        compiler = asked.compiler(viewing)
        text, encoders = compiler.nodes({label: list(some) for label, some in keys.items()}, self._selected)
        parameters = {**viewing.parameters(), **compiler.extra().parameters}
        for label, key, *values in asked.store.lookup(text, parameters, "chains/nodes"):
            self._found[label, key] = [encode(value) for encode, value in zip(encoders[label], values, strict=True)]


def _chains(asked: Asked) -> dict[str, Any]:
    viewing, size, after = asked.viewing(), asked.size(), asked.given("after")
    nodes = Nodes()

    def on_hop(one: Selected) -> Encode:
        if one.name == "node":
            return nodes.encoder(one)
        if one.name == "evidence":
            encode = asked.object("Evidence", one, lambda field: EVIDENCE[field.name])
            return lambda hop: [encode(document) for document in hop.evidence]
        return HOP[one.name]

    def on_chain(one: Selected) -> Encode:
        if one.name == "complete":
            return lambda _: True
        encode = asked.object("ChainHop", one, on_hop)
        return lambda chain: [encode(hop) for hop in chain.hops]

    shape = ConnectionShape.of(asked.document, "BenefitChainConnection", asked.selected)
    encode = shape.encoder(lambda one: asked.object("BenefitChain", one, on_chain))
    found = ChainPage((), 0, has_next=False)
    if shape.paged or shape.wants("totalCount"):
        start = parts_of(after, (int, str)) if after is not None else chains.START
        found = chains.from_fund(asked.store, viewing, asked.given("from")["fundNo"], first=size, after=start)
    nodes.find(asked, viewing, found.chains)
    cursors = [chain.cursor for chain in found.chains]
    extra = {"totalCount": found.total, **answered(viewing)}
    return encode(Page(found.chains, cursors, found.has_next, after is not None, extra))


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
