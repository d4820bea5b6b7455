"""shareRegister: holders of an asset's shares on a day, their parts of the total, certificates and decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_service.domain.days import format_day
from graph_service.domain.model import MODEL
from graph_service.features.shares import register
from graph_service.features.shares.asset_state import ORDINARY, OTHER, PREFERRED
from graph_service.features.shares.division import format_percent
from graph_service.features.shares.register import RegisterTotals, ShareHolding
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.nodes import NodeLookup
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import add_connection, bilingual
from graph_service.graphql.types.scalars import Date, Shares, show_shares
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

CERTIFICATES_SIZE, DECISIONS_SIZE = 3, 20
REGISTER_FIELDS = (
    Field("totalShares", Shares | None, "总股数：Total number of shares, as stated by the asset or, if it states none, by the certificates in force on the query date if they agree; null if unknown."),
    Field("statedTotals", list[Shares], "所载总股数：Distinct totals stated by the asset and the certificates in force on the query date; several if they disagree."),
    Field("held", Shares | None, "已登记股数：Number of shares held; null if a certificate does not state its shares."),
    Field("heldPreferred", Shares | None, "优先股：Number of preferred shares held; null if a certificate does not state its shares."),
    Field("heldOrdinary", Shares | None, "普通股：Number of ordinary shares held; null if a certificate does not state its shares."),
    Field("heldOther", Shares | None, "类型不详：Number of shares held whose kind is unknown or another one; null if a certificate does not state its shares."),
    Field("unassigned", Shares | None, "未登记股数：Total number of shares minus the shares held; negative if more shares are held than exist, null if unknown."),
    Field("whole", "Boolean", "是否完整：True if the shares held are exactly the total; null if unknown."),
    Field("unknownCertificates", "Int!", "股数不详的股权证：Number of certificates that do not state their shares, which are unknown rather than 0."),
    Field("decisions", "[ShareDecisionNote!]!", "股权决定：Decisions on the asset's shares up to the query date, oldest first.", size=DECISIONS_SIZE),
)  # fmt: skip


def add_types(types: TypeRegistry) -> None:
    """Add the types of the question."""
    types.add_object(
        "SharePart",
        "份额：Share of the total, as an exact fraction in lowest terms and as a percentage.",
        [
            Field("numerator", "String!", "分子：Numerator of the exact fraction."),
            Field("denominator", "String!", "分母：Denominator of the exact fraction."),
            Field("percent", "String!", "百分比：Percentage, rounded once, half to even, to two decimals."),
        ],
    )
    types.add_object(
        "ShareCertificate",
        "股权证：A share certificate in force on the query date.",
        [
            Field("certificate", "String", "股权证号：Number of the certificate; null if its holder is hidden."),
            Field("kind", "ShareKind", "股份类型：Kind of the shares: preferred or ordinary."),
            Field("shares", Shares | None, "股数：Number of shares certified; null if not stated."),
            Field(
                "totalShares",
                Shares | None,
                "总股数：Total number of shares of the asset, as stated in the certificate.",
            ),
            Field("since", Date | None, "开始日期：First day of the certificate."),
            Field("until", Date | None, "结束日期：Last day of the certificate; null if it has no end."),
            Field("decision", "String", "股权决定编号：Number of the decision that issued the certificate."),
            Field("endedBy", "String", "退出决定编号：Number of the decision that ends the certificate."),
        ],
    )
    types.add_object(
        "ShareDecisionNote",
        "股权决定：A decision on the asset's shares, with the number of shares issued and ended.",
        [
            Field("decisionNo", "String!", "决定编号：Number of the decision."),
            Field("act", "ShareAct", "决定类型：Type of the decision."),
            Field("decidedOn", Date | None, "决定日期：Date of the decision."),
            Field("reason", "String", "决定事由：Reason for the decision."),
            Field("issued", Shares | None, "新增股数：Number of shares on the certificates issued; null if one of them does not state its shares."),
            Field("ended", Shares | None, "退出股数：Number of shares on the certificates ended; null if one of them does not state its shares."),
        ],
    )  # fmt: skip
    types.add_object(
        "ShareHolding",
        "持股情况：Shares of one holder on the query date.",
        [
            Field("kind", "String!", "类型：Type of the holder, given even if the holder is hidden."),
            Field("node", "Holder", "持有人：The holder; null if hidden."),
            Field("hidden", "Boolean!", "是否隐藏：True if the holder lies outside the granted areas."),
            Field("poor", "Boolean", "当日是否贫困：True if the household, or the household of the person, is poor on the query date; null for other holders or if hidden."),
            Field("shares", Shares | None, "股数：Number of shares held; null if a certificate does not state its shares."),
            Field("preferred", Shares | None, "优先股：Number of preferred shares held; null if a certificate does not state its shares."),
            Field("ordinary", Shares | None, "普通股：Number of ordinary shares held; null if a certificate does not state its shares."),
            Field("part", "SharePart", "份额：Share of the total; null if the number of shares held or the total is unknown."),
            Field("certificates", "[ShareCertificate!]!", "股权证：Certificates of the holder.", size=CERTIFICATES_SIZE),
        ],
    )  # fmt: skip
    doc = "股权登记：Holders of the shares of an asset on the query date, with totals."
    extra_fields = (*REGISTER_FIELDS, *ANSWER_FIELDS)
    add_connection(
        types, "ShareRegisterConnection", "ShareRegisterEdge", "ShareHolding!", doc, extra_fields=extra_fields
    )


CERTIFICATE_ENCODERS: dict[str, Encoder] = {
    "certificate": lambda certificate: certificate.number,
    "kind": lambda certificate: certificate.kind,
    "shares": lambda certificate: show_shares(certificate.shares),
    "totalShares": lambda certificate: show_shares(certificate.total),
    "since": lambda certificate: format_day(certificate.since),
    "until": lambda certificate: format_day(certificate.until),
    "decision": lambda certificate: certificate.decision,
    "endedBy": lambda certificate: certificate.ended_by,
}
DECISION_ENCODERS: dict[str, Encoder] = {
    "decisionNo": lambda decision: decision.number,
    "act": lambda decision: decision.act,
    "decidedOn": lambda decision: format_day(decision.decided_on),
    "reason": lambda decision: decision.reason,
    "issued": lambda decision: show_shares(decision.issued),
    "ended": lambda decision: show_shares(decision.ended),
}
PART_ENCODERS: dict[str, Encoder] = {
    "numerator": lambda part: str(part.numerator),
    "denominator": lambda part: str(part.denominator),
    "percent": format_percent,
}
HOLDING_ENCODERS: dict[str, Callable[[ShareHolding], Any]] = {
    "kind": lambda holding: holding.label,
    "hidden": lambda holding: holding.is_hidden,
    "poor": lambda holding: holding.is_poor,
    "shares": lambda holding: show_shares(holding.shares()),
    "preferred": lambda holding: show_shares(holding.shares(PREFERRED)),
    "ordinary": lambda holding: show_shares(holding.shares(ORDINARY)),
}


def _total_values(totals: RegisterTotals) -> dict[str, Any]:
    unassigned = totals.unassigned
    return {
        "totalCount": totals.holder_count,
        "totalShares": show_shares(totals.total),
        "statedTotals": [str(total) for total in totals.stated_totals],
        "held": show_shares(totals.held_sum.known_shares),
        "heldPreferred": show_shares(totals.by_kind[PREFERRED].known_shares),
        "heldOrdinary": show_shares(totals.by_kind[ORDINARY].known_shares),
        "heldOther": show_shares(totals.by_kind[OTHER].known_shares),
        "unassigned": show_shares(unassigned),
        "whole": None if unassigned is None else unassigned == 0,
        "unknownCertificates": totals.held_sum.unknown_count,
    }


def _plan_register(context: RootFieldContext) -> Resolver:
    window, nodes = context.window(), NodeLookup(context.compiler(), MODEL.unions["Holder"].labels)

    def on_holding(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            index = nodes.select(selected)
            return lambda row: None if row[0].is_hidden else row[2][row[0].label, (row[0].key,)][index]
        if selected.name == "certificates":
            encode = context.object_encoder(
                "ShareCertificate", selected, lambda field: CERTIFICATE_ENCODERS[field.name]
            )
            return lambda row: [encode(certificate) for certificate in row[0].certificates]
        if selected.name == "part":
            encode = context.object_encoder("SharePart", selected, lambda field: PART_ENCODERS[field.name])
            return lambda row: encode(row[1].share_of_total(row[0].shares()))
        encode_value = HOLDING_ENCODERS[selected.name]
        return lambda row: encode_value(row[0])

    shape = ConnectionSelection.from_field(context.operation, "ShareRegisterConnection", context.selected)
    decision_encoders = {
        selection.key: context.object_encoder(
            "ShareDecisionNote", selection, lambda field: DECISION_ENCODERS[field.name]
        )
        for selection in shape.fields
        if selection.name == "decisions"
    }
    encode = shape.encoder(lambda selection: context.object_encoder("ShareHolding", selection, on_holding))
    nodes.finish()

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after, asset = execution.query_scope(), execution.argument("after"), execution.argument("assetNo")
        totals = register.load_totals(execution.store, scope, asset)
        holdings: list[ShareHolding] = []
        has_next = False
        if shape.needs_rows:
            start = decode_cursor(after, (int, str)) if after is not None else register.START_CURSOR
            holdings, has_next = register.load_page(execution.store, scope, asset, first=window.size, after=start)
        nodes_by_id = nodes.find_nodes(
            execution, scope, ((holding.label, holding.key) for holding in holdings if not holding.is_hidden)
        )
        values = {**_total_values(totals), "decisions": totals.decisions, **answer_values(scope)}
        rows = [(holding, totals, nodes_by_id) for holding in holdings]
        connection = encode(Page(rows, [holding.cursor for holding in holdings], has_next, window, values))
        for key, encode_decision in decision_encoders.items():
            connection[key] = [encode_decision(decision) for decision in totals.decisions]
        return connection

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "shareRegister",
            "ShareRegisterConnection",
            bilingual(
                "股权登记",
                "Holders of the shares of an asset on the query date: preferred and ordinary shares, share of the total, certificates and decisions. Uses at most three statements per page.",
            ),
            (Argument("assetNo", "String!", "资产编号：Number of the asset."), *TIME_ARGUMENTS, *FORWARD_PAGING),
        ),
        _plan_register,
    ),
)
