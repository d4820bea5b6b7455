"""shareRegister: who holds shares of an asset on a day, which part of the whole, by which certificates and decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.roots.nodes import Lookup
from graph_service.api.selection import Selected
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import declare_connection, told
from graph_service.api.types.scalars import Date, Shares, show_shares
from graph_service.derive.days import show_day
from graph_service.model import MODEL
from graph_service.services.shares import register
from graph_service.services.shares.division import percent
from graph_service.services.shares.register import Held, Totals
from graph_service.services.shares.standing import ORDINARY, OTHER, PREFERRED

FEW, DECISIONS = 3, 20
TOLD = (
    Field("totalShares", Shares | None, "总股数:As the asset states it, else as its certificates of the day do where they agree; null where it is not known."),
    Field("statedTotals", list[Shares], "所载总股数:Every total that the asset or a certificate of the day states, each once; several: they do not agree."),
    Field("held", Shares | None, "已登记股数:Shares that are held; null where a certificate does not tell its own."),
    Field("heldPreferred", Shares | None, "优先股:Preferred ones of them."),
    Field("heldOrdinary", Shares | None, "普通股:Ordinary ones of them."),
    Field("heldOther", Shares | None, "类型不详:Those of which the kind is not known, or another one."),
    Field("unassigned", Shares | None, "未登记股数:What of the total nobody holds; negative where more is held than there is; null where that is not known."),
    Field("whole", "Boolean", "是否完整:Whether all that there is is held, and no more; null where that is not known."),
    Field("unknownCertificates", "Int!", "股数不详的股权证:How many certificates do not tell their shares: unknown is not nothing."),
    Field("decisions", "[ShareDecisionNote!]!", "股权决定:Decisions on the asset's shares until the day, the first one first.", size=DECISIONS),
)  # fmt: skip


def declare(types: Types) -> None:
    """Types of the question."""
    types.add_object(
        "SharePart",
        "份额:A part of the whole, exact: a fraction in lowest terms; and as it is shown.",
        [
            Field("numerator", "String!", "分子:Exact."),
            Field("denominator", "String!", "分母:Exact."),
            Field("percent", "String!", "百分比:Of a hundred, rounded once to two decimals, half to even."),
        ],
    )
    types.add_object(
        "ShareCertificate",
        "股权证:A certificate of the day.",
        [
            Field("certificate", "String", "股权证号:Its number; null where its holder is hidden."),
            Field("kind", "ShareKind", "股份类型:Preferred or ordinary."),
            Field("shares", Shares | None, "股数:Shares that it certifies; null where it does not tell."),
            Field("totalShares", Shares | None, "总股数:Of how many, as it states."),
            Field("since", Date | None, "开始日期:Its first day."),
            Field("until", Date | None, "结束日期:Its last day; null while it is open."),
            Field("decision", "String", "股权决定编号:The decision that issued it."),
            Field("endedBy", "String", "退出决定编号:The decision that ends it."),
        ],
    )
    types.add_object(
        "ShareDecisionNote",
        "股权决定:A decision on the asset's shares, and how many it moved.",
        [
            Field("decisionNo", "String!", "决定编号:Its number."),
            Field("act", "ShareAct", "决定类型:What it does."),
            Field("decidedOn", Date | None, "决定日期:Its day."),
            Field("reason", "String", "决定事由:Why."),
            Field("issued", Shares | None, "新增股数:Shares of the certificates that it issued; null where one does not tell."),
            Field("ended", Shares | None, "退出股数:Shares of the certificates that it ended; null where one does not tell."),
        ],
    )  # fmt: skip
    types.add_object(
        "ShareHolding",
        "持股情况:What one holder has on the day.",
        [
            Field("kind", "String!", "类型:Kind of the holder, also where it is hidden."),
            Field("node", "Holder", "持有人:The holder; null where it is hidden."),
            Field("hidden", "Boolean!", "是否隐藏:Whether it lies outside of what the asker may see."),
            Field("poor", "Boolean", "当日是否贫困:Of a household, of a person by the household; null for others, and where hidden."),
            Field("shares", Shares | None, "股数:All that it holds; null where a certificate does not tell its own."),
            Field("preferred", Shares | None, "优先股:Preferred ones of them."),
            Field("ordinary", Shares | None, "普通股:Ordinary ones of them."),
            Field("part", "SharePart", "份额:Which part of the total that is; null where one of both is not known."),
            Field("certificates", "[ShareCertificate!]!", "股权证:The evidence.", size=FEW),
        ],
    )  # fmt: skip
    doc = "股权登记:Who holds shares of an asset on a day, and what they come to."
    more = (*TOLD, *ANSWERED)
    declare_connection(types, "ShareRegisterConnection", "ShareRegisterEdge", "ShareHolding!", doc, more=more)


CERTIFICATE: dict[str, Encode] = {
    "certificate": lambda one: one.number,
    "kind": lambda one: one.kind,
    "shares": lambda one: show_shares(one.shares),
    "totalShares": lambda one: show_shares(one.total),
    "since": lambda one: show_day(one.since),
    "until": lambda one: show_day(one.until),
    "decision": lambda one: one.decision,
    "endedBy": lambda one: one.ended_by,
}
DECISION: dict[str, Encode] = {
    "decisionNo": lambda one: one.number,
    "act": lambda one: one.act,
    "decidedOn": lambda one: show_day(one.decided_on),
    "reason": lambda one: one.reason,
    "issued": lambda one: show_shares(one.issued),
    "ended": lambda one: show_shares(one.ended),
}
PART: dict[str, Encode] = {
    "numerator": lambda part: str(part.numerator),
    "denominator": lambda part: str(part.denominator),
    "percent": percent,
}
HOLDING: dict[str, Callable[[Held], Any]] = {
    "kind": lambda one: one.label,
    "hidden": lambda one: one.hidden,
    "poor": lambda one: one.poor,
    "shares": lambda one: show_shares(one.shares()),
    "preferred": lambda one: show_shares(one.shares(PREFERRED)),
    "ordinary": lambda one: show_shares(one.shares(ORDINARY)),
}


def _figures(found: Totals) -> dict[str, Any]:
    left = found.unassigned
    return {
        "totalCount": found.holders,
        "totalShares": show_shares(found.total),
        "statedTotals": [str(one) for one in found.stated],
        "held": show_shares(found.held.known),
        "heldPreferred": show_shares(found.by_kind[PREFERRED].known),
        "heldOrdinary": show_shares(found.by_kind[ORDINARY].known),
        "heldOther": show_shares(found.by_kind[OTHER].known),
        "unassigned": show_shares(left),
        "whole": None if left is None else left == 0,
        "unknownCertificates": found.held.untold,
    }


def _register(asked: Asked) -> Answer:
    window, nodes = asked.window(), Lookup(asked.compiler(), MODEL.unions["Holder"].labels)

    def on_holding(one: Selected) -> Encode:
        if one.name == "node":
            place = nodes.select(one)
            return lambda row: None if row[0].hidden else row[2][row[0].label, (row[0].key,)][place]
        if one.name == "certificates":
            encode = asked.object("ShareCertificate", one, lambda field: CERTIFICATE[field.name])
            return lambda row: [encode(document) for document in row[0].certificates]
        if one.name == "part":
            encode = asked.object("SharePart", one, lambda field: PART[field.name])
            return lambda row: encode(row[1].part(row[0].shares()))
        show = HOLDING[one.name]
        return lambda row: show(row[0])

    shape = ConnectionShape.of(asked.document, "ShareRegisterConnection", asked.selected)
    notes = {
        one.key: asked.object("ShareDecisionNote", one, lambda field: DECISION[field.name])
        for one in shape.fields
        if one.name == "decisions"
    }
    encode = shape.encoder(lambda one: asked.object("ShareHolding", one, on_holding))
    nodes.finish()

    def answer(run: Run) -> dict[str, Any]:
        viewing, after, asset = run.viewing(), run.given("after"), run.given("assetNo")
        totals = register.totals(run.store, viewing, asset)
        held: list[Held] = []
        more = False
        if shape.paged:
            start = parts_of(after, (int, str)) if after is not None else register.START
            held, more = register.page(run.store, viewing, asset, first=window.size, after=start)
        found = nodes.find_nodes(run, viewing, ((one.label, one.key) for one in held if not one.hidden))
        told_ = {**_figures(totals), "decisions": totals.decisions, **answered(viewing)}
        rows = [(one, totals, found) for one in held]
        shown = encode(Page(rows, [one.cursor for one in held], more, window, told_))
        for key, note in notes.items():
            shown[key] = [note(one) for one in totals.decisions]
        return shown

    return answer


ROOTS = (
    Root(
        Field(
            "shareRegister",
            "ShareRegisterConnection",
            told(
                "股权登记",
                "Who holds shares of an asset on a day, preferred and ordinary, which part of the whole, with certificates and decisions; at most three statements a page.",
            ),
            (Argument("assetNo", "String!", "资产编号:Number of the asset."), *TIMES, *PAGED),
        ),
        _register,
    ),
)
