"""fundReport: the report of a fund."""

from __future__ import annotations

from itertools import islice
from typing import Any

from graph_service.domain.amounts import format_yuan
from graph_service.features.chains import fund_report
from graph_service.features.chains.chain import round_to_fen
from graph_service.features.chains.fund_report import REPAYMENT, FundReport
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.scalars import Yuan
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

MAX_HOUSEHOLDS = 500
SPENDING_FIELDS = {
    "transferred": ("TRANSFERRED", "划转：Amount transferred to other funds."),
    "allocated": ("ALLOCATED", "拨付项目：Amount allocated to projects."),
    "granted": ("GRANTED", "发放到户：Amount granted directly to households."),
    "disbursed": ("DISBURSED", "发放到人到村：Amount disbursed directly to persons and to village collectives."),
    "invested": ("INVESTED", "投入经营主体：Amount invested in operators."),
    "lent": ("LENT", "贷出：Amount lent, before repayments."),
    "paidFor": ("PAYS", "列支措施：Amount of the measures that are paid for by this fund alone."),
}
"""Field → relationship."""


def add_types(types: TypeRegistry) -> None:
    """Add the types of the report."""
    types.add_object(
        "FundFlow",
        "资金收支：Money that a fund received or paid over one type of relationship.",
        [
            Field("relationship", "String!", "关系：Type of the relationship."),
            Field("incoming", "Boolean!", "是否流入：True if the fund received the money; false if it paid it."),
            Field("amount", Yuan, "金额：Sum of the vouchers, net of corrections."),
            Field("vouchers", "Int!", "凭证数：Number of vouchers."),
            Field("corrections", "Int!", "更正数：Number of vouchers that correct another voucher."),
            Field("ends", "Int!", "对方数：Number of counterparties."),
        ],
    )
    types.add_object(
        "FundArea",
        "资金惠及区划：Money of a fund that reaches an area.",
        [
            Field("code", "String", "区划代码：Code of the area; null for beneficiaries whose location is unknown."),
            Field("amount", Yuan, "金额：Amount that reaches the beneficiaries in the area."),
            Field("holders", "Int!", "受益对象数：Number of beneficiaries in the area."),
            Field("outstanding", Yuan, "未还金额：Amount lent to these beneficiaries that they have not repaid."),
        ],
    )
    types.add_object(
        "FundHousehold",
        "资金惠及户：Money of a fund that reaches a household.",
        [
            Field("cardNo", "String!", "户编号：Card number of the household."),
            Field("amount", Yuan, "金额：Amount that reaches the household as a benefit, over all paths."),
            Field("outstanding", Yuan, "未还金额：Amount lent to the household that it has not repaid."),
        ],
    )
    types.add_object(
        "FundRemainder",
        "结余资金：Money of a fund that remains at a node along the way, and the reason why it cannot be traced further.",
        [
            Field("kind", "String!", "类型：Type of the node."),
            Field(
                "key",
                "String",
                "编号：Number of the node; null if it lies outside the granted areas.",
            ),
            Field("reason", "ChainBreakReason!", "原因：Reason why the money cannot be traced further."),
            Field(
                "amount",
                Yuan | None,
                "金额：Amount that remains; null if unknown, negative if more left the node than it had.",
            ),
        ],
    )
    types.add_object(
        "FundReport",
        "资金报告：Report on the use of a fund.",
        [
            Field("fundNo", "String!", "资金编号：Number of the fund."),
            Field("budgeted", Yuan | None, "资金总额：Stated amount of the fund; null if not stated."),
            Field("arrived", Yuan, "到位金额：Amount received from other funds."),
            Field("passedOn", Yuan, "支出金额：Total amount that left the fund."),
            *(Field(name, Yuan, doc) for name, (_, doc) in SPENDING_FIELDS.items()),
            Field("returned", Yuan, "归还金额：Amount of its loans that was repaid."),
            Field(
                "stays",
                Yuan | None,
                "结余金额：Stated amount minus what left the fund plus what was repaid; negative if more left the fund than it had, null if the amount is not stated or `year` is set.",
            ),
            Field("byHop", "[FundFlow!]!", "分环节：Money received and paid, by type of relationship.", size=8),
            Field(
                "attributedTotal",
                Yuan,
                "归属总额：Total that reaches the ends of its chains as a benefit, summed before rounding. Loans are excluded.",
            ),
            Field(
                "roundingDifference",
                Yuan,
                "舍入差额：Sum of the rounded amounts of the chains minus `attributedTotal`.",
            ),
            Field("lentTotal", Yuan, "借出总额：Total lent to the ends of its chains, directly or along the way."),
            Field("repaidTotal", Yuan, "已还总额：Part of `lentTotal` that was repaid."),
            Field(
                "unknownCount",
                "Int!",
                "金额不明数：Number of chains for which the amount that reaches the end is unknown.",
            ),
            Field("byArea", "[FundArea!]!", "分区划：Money that reaches each area.", size=20),
            Field(
                "householdCount",
                "Int!",
                "惠及户数：Number of households reached within the granted areas.",
            ),
            Field(
                "byHousehold",
                "[FundHousehold!]!",
                "分户：Money that reaches each household, in order of card number.",
                size=50,
            ),
            Field(
                "untraced",
                "[FundRemainder!]!",
                "未追踪到的资金：Money that remains along the way, by node, with the reason.",
                size=20,
            ),
            *ANSWER_FIELDS,
        ],
    )


def _sum_encoder(*relationships: str, incoming: bool = False) -> Encoder:
    return lambda parent: format_yuan(parent[0].sum_flows(*relationships, incoming=incoming))


def _list_encoder(type_name: str, fields: dict[str, Encoder], rows: Any) -> Any:
    def make_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
        encode = context.object_encoder(type_name, selected, lambda field: fields[field.name])
        return lambda parent: [encode(row) for row in rows(parent)]

    return make_encoder


FLOW_ENCODERS: dict[str, Encoder] = {
    "relationship": lambda flow: flow.relationship,
    "incoming": lambda flow: flow.incoming,
    "amount": lambda flow: format_yuan(flow.amount),
    "vouchers": lambda flow: flow.vouchers,
    "corrections": lambda flow: flow.corrections,
    "ends": lambda flow: flow.ends,
}
AREA_ENCODERS: dict[str, Encoder] = {
    "code": lambda row: row[0],
    "amount": lambda row: format_yuan(round_to_fen(row[1])),
    "holders": lambda row: row[2],
    "outstanding": lambda row: format_yuan(round_to_fen(row[3])),
}
HOUSEHOLD_ENCODERS: dict[str, Encoder] = {
    "cardNo": lambda row: row[0],
    "amount": lambda row: format_yuan(round_to_fen(row[1])),
    "outstanding": lambda row: format_yuan(round_to_fen(row[2])),
}
REMAINDER_ENCODERS: dict[str, Encoder] = {
    "kind": lambda remainder: remainder.label,
    "key": lambda remainder: remainder.key,
    "reason": lambda remainder: remainder.reason,
    "amount": lambda remainder: format_yuan(round_to_fen(remainder.amount)),
}
LIST_ENCODERS = {
    "byHop": _list_encoder("FundFlow", FLOW_ENCODERS, lambda parent: parent[0].flows),
    "byArea": _list_encoder("FundArea", AREA_ENCODERS, lambda parent: parent[0].by_area),
    "byHousehold": _list_encoder("FundHousehold", HOUSEHOLD_ENCODERS, lambda parent: parent[1]),
    "untraced": _list_encoder("FundRemainder", REMAINDER_ENCODERS, lambda parent: parent[0].untraced),
}
PLAIN_ENCODERS: dict[str, Encoder] = {
    "budgeted": lambda parent: format_yuan(parent[0].budgeted),
    "arrived": _sum_encoder(fund_report.TRANSFER, incoming=True),
    "passedOn": _sum_encoder(),
    **{name: _sum_encoder(type_) for name, (type_, _) in SPENDING_FIELDS.items()},
    "returned": _sum_encoder(REPAYMENT, incoming=True),
    "stays": lambda parent: format_yuan(parent[0].stays),
    "attributedTotal": lambda parent: format_yuan(round_to_fen(parent[0].totals.attributed)),
    "roundingDifference": lambda parent: format_yuan(
        parent[0].totals.rounded - (round_to_fen(parent[0].totals.attributed) or 0)
    ),
    "lentTotal": lambda parent: format_yuan(round_to_fen(parent[0].totals.lent)),
    "repaidTotal": lambda parent: format_yuan(round_to_fen(parent[0].totals.repaid)),
    "unknownCount": lambda parent: parent[0].totals.unknown_count,
    "householdCount": lambda parent: len(parent[0].by_household),
}


def _plan_report(context: RootFieldContext) -> Resolver:
    def on_field(selected: SelectedField) -> Encoder:
        if selected.name in LIST_ENCODERS:
            encode: Encoder = LIST_ENCODERS[selected.name](context, selected)
            return encode
        if selected.name in PLAIN_ENCODERS:
            return PLAIN_ENCODERS[selected.name]
        name = selected.name
        return lambda parent: parent[2][name]

    encode = context.object_encoder("FundReport", context.selected, on_field)

    def answer(execution: Execution) -> Any:
        scope, fund = execution.query_scope(), execution.argument("fundNo")
        report: FundReport = fund_report.report(
            execution.store, scope, fund, year=execution.argument("year"), by=execution.argument("by") or "COUNTY"
        )
        after, first = (
            execution.argument("afterCardNo") or "",
            max(0, min(execution.argument("firstHouseholds") or 0, MAX_HOUSEHOLDS)),
        )
        households = list(islice((row for row in report.by_household if row[0] > after), first))
        return encode((report, households, {"fundNo": fund, **answer_values(scope)}))

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "fundReport",
            "FundReport",
            bilingual(
                "资金报告",
                "Report on the use of a fund: amounts budgeted, received, passed on by type of relationship, repaid and unspent; amounts that reach each area and household; and amounts that remain along the way, with reasons. Uses three statements.",
            ),
            (
                Argument("fundNo", "String!", "资金编号：Number of the fund."),
                Argument(
                    "year",
                    "Int",
                    "年度：Limits the money received and paid to one year; amounts that reach areas and households always cover all years.",
                ),
                Argument("by", "AreaLevel", "区划级别：Level of the areas in `byArea`; counties by default."),
                Argument(
                    "firstHouseholds",
                    "Int",
                    "户数：Number of households to return in `byHousehold`, at most 500; 0 by default.",
                ),
                Argument("afterCardNo", "String", "起始户编号：Card number after which `byHousehold` starts."),
                *TIME_ARGUMENTS,
            ),
        ),
        _plan_report,
    ),
)
