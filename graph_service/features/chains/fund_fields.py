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
    "transferred": ("TRANSFERRED", "划转：Passed on to other funds."),
    "allocated": ("ALLOCATED", "拨付项目：Given to projects."),
    "granted": ("GRANTED", "发放到户：Given straight to households."),
    "disbursed": ("DISBURSED", "发放到人到村：Given straight to persons, and to villages' collectives."),
    "invested": ("INVESTED", "投入经营主体：Put into operators."),
    "lent": ("LENT", "贷出：Lent, whatever was paid back."),
    "paidFor": ("PAYS", "列支措施：Amounts of measures that it alone pays for."),
}
"""Field → relationship."""


def add_types(types: TypeRegistry) -> None:
    """Add the types of the report."""
    types.add_object(
        "FundFlow",
        "资金收支：What came to a fund, or left it, by a relationship.",
        [
            Field("relationship", "String!", "关系：By which relationship."),
            Field("incoming", "Boolean!", "是否流入：Whether it came; else it left."),
            Field("amount", Yuan, "金额：The sum of its vouchers, corrections taken off."),
            Field("vouchers", "Int!", "凭证数：How many vouchers."),
            Field("corrections", "Int!", "更正数：How many of them correct others."),
            Field("ends", "Int!", "对方数：To, or from, how many."),
        ],
    )
    types.add_object(
        "FundArea",
        "资金惠及区划：What of a fund reaches an area.",
        [
            Field("code", "String", "区划代码：The area; null for those of whom no place is told."),
            Field("amount", Yuan, "金额：What reaches those who live there."),
            Field("holders", "Int!", "受益对象数：How many they are."),
            Field("outstanding", Yuan, "未还金额：What they owe of it."),
        ],
    )
    types.add_object(
        "FundHousehold",
        "资金惠及户：What of a fund reaches a household.",
        [
            Field("cardNo", "String!", "户编号：The household."),
            Field("amount", Yuan, "金额：What reaches it as a benefit, on all ways."),
            Field("outstanding", Yuan, "未还金额：What it owes of it."),
        ],
    )
    types.add_object(
        "FundRemainder",
        "滞留资金：What of a fund stays on its way, and why it cannot be followed further.",
        [
            Field("kind", "String!", "类型：Kind of the node where it stays."),
            Field("key", "String", "编号：Its number; null where the asker may not see it."),
            Field("reason", "ChainBreakReason!", "原因：Why."),
            Field(
                "amount",
                Yuan | None,
                "金额：How much, null where that is not known; negative where more went on than had come.",
            ),
        ],
    )
    types.add_object(
        "FundReport",
        "资金报告：What became of a fund.",
        [
            Field("fundNo", "String!", "资金编号：The fund."),
            Field("budgeted", Yuan | None, "资金总额：What the fund is said to be."),
            Field("arrived", Yuan, "到位金额：What came from other funds."),
            Field("passedOn", Yuan, "支出金额：What has left it in all."),
            *(Field(name, Yuan, doc) for name, (_, doc) in SPENDING_FIELDS.items()),
            Field("returned", Yuan, "归还金额：What of its loans was paid back."),
            Field(
                "stays",
                Yuan | None,
                "结余金额：What of its amount has not left it, or came back; negative where more left it; null where only one year is asked for.",
            ),
            Field("byHop", "[FundFlow!]!", "分环节：By what it came and left.", size=8),
            Field(
                "attributedTotal",
                Yuan,
                "归属总额：What reaches the ends of its chains as a benefit, summed before it is rounded; loans are none.",
            ),
            Field(
                "roundingDifference",
                Yuan,
                "舍入差额：By how much the sum of the chains' amounts as they are shown differs from that.",
            ),
            Field("lentTotal", Yuan, "借出总额：What was lent to the ends of its chains, directly or on the way."),
            Field("repaidTotal", Yuan, "已还总额：What of that was paid back."),
            Field("unknownCount", "Int!", "金额不明数：Chains of which it is not known what reaches their ends."),
            Field("byArea", "[FundArea!]!", "分区划：What reaches each area.", size=20),
            Field(
                "householdCount", "Int!", "惠及户数：How many households it reaches, of those whom the asker may see."
            ),
            Field(
                "byHousehold",
                "[FundHousehold!]!",
                "分户：What reaches each household, in order of their numbers.",
                size=50,
            ),
            Field(
                "untraced",
                "[FundRemainder!]!",
                "未追踪到的资金：What stays on the way, node by node, and why.",
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
                "What became of a fund: budgeted, arrived, passed on by what, returned, unspent; what reaches which areas and households; what stays on the way and why. Three statements.",
            ),
            (
                Argument("fundNo", "String!", "资金编号：Which fund."),
                Argument(
                    "year", "Int", "年度：Only what came and left in this year; what reaches whom is told of all years."
                ),
                Argument("by", "AreaLevel", "区划级别：Level of the areas; counties where none is named."),
                Argument(
                    "firstHouseholds",
                    "Int",
                    "户数：So many households are listed, at most 500; none where nothing is said.",
                ),
                Argument("afterCardNo", "String", "起始户编号：Households after this number."),
                *TIME_ARGUMENTS,
            ),
        ),
        _plan_report,
    ),
)
