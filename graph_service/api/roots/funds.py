"""fundReport: what became of a fund."""

from __future__ import annotations

from itertools import islice
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import told
from graph_service.api.types.scalars import Yuan
from graph_service.derive.amounts import show_yuan
from graph_service.services import funds
from graph_service.services.chains.chain import shown
from graph_service.services.funds import RETURNED, FundReport

MOST_HOUSEHOLDS = 500
SPENT = {
    "transferred": ("TRANSFERRED", "划转:Passed on to other funds."),
    "allocated": ("ALLOCATED", "拨付项目:Given to projects."),
    "granted": ("GRANTED", "发放到户:Given straight to households."),
    "disbursed": ("DISBURSED", "发放到人到村:Given straight to persons, and to villages' collectives."),
    "invested": ("INVESTED", "投入经营主体:Put into operators."),
    "lent": ("LENT", "贷出:Lent, whatever was paid back."),
    "paidFor": ("PAYS", "列支措施:Amounts of measures that it alone pays for."),
}
"""Field → relationship."""


def declare(types: Types) -> None:
    """Types of the report."""
    types.add_object(
        "FundFlow",
        "资金收支:What came to a fund, or left it, by a relationship.",
        [
            Field("relationship", "String!", "关系:By which relationship."),
            Field("incoming", "Boolean!", "是否流入:Whether it came; else it left."),
            Field("amount", Yuan, "金额:The sum of its vouchers, corrections taken off."),
            Field("vouchers", "Int!", "凭证数:How many vouchers."),
            Field("corrections", "Int!", "更正数:How many of them correct others."),
            Field("ends", "Int!", "对方数:To, or from, how many."),
        ],
    )
    types.add_object(
        "FundArea",
        "资金惠及区划:What of a fund reaches an area.",
        [
            Field("code", "String", "区划代码:The area; null for those of whom no place is told."),
            Field("amount", Yuan, "金额:What reaches those who live there."),
            Field("holders", "Int!", "受益对象数:How many they are."),
            Field("outstanding", Yuan, "未还金额:What they owe of it."),
        ],
    )
    types.add_object(
        "FundHousehold",
        "资金惠及户:What of a fund reaches a household.",
        [
            Field("cardNo", "String!", "户编号:The household."),
            Field("amount", Yuan, "金额:What reaches it as a benefit, on all ways."),
            Field("outstanding", Yuan, "未还金额:What it owes of it."),
        ],
    )
    types.add_object(
        "FundRemainder",
        "滞留资金:What of a fund stays on its way, and why it cannot be followed further.",
        [
            Field("kind", "String!", "类型:Kind of the node where it stays."),
            Field("key", "String", "编号:Its number; null where the asker may not see it."),
            Field("reason", "ChainBreakReason!", "原因:Why."),
            Field(
                "amount",
                Yuan | None,
                "金额:How much, null where that is not known; negative where more went on than had come.",
            ),
        ],
    )
    types.add_object(
        "FundReport",
        "资金报告:What became of a fund.",
        [
            Field("fundNo", "String!", "资金编号:The fund."),
            Field("budgeted", Yuan | None, "资金总额:What the fund is said to be."),
            Field("arrived", Yuan, "到位金额:What came from other funds."),
            Field("passedOn", Yuan, "支出金额:What has left it in all."),
            *(Field(name, Yuan, doc) for name, (_, doc) in SPENT.items()),
            Field("returned", Yuan, "归还金额:What of its loans was paid back."),
            Field(
                "stays",
                Yuan | None,
                "结余金额:What of its amount has not left it, or came back; negative where more left it; null where only one year is asked for.",
            ),
            Field("byHop", "[FundFlow!]!", "分环节:By what it came and left.", size=8),
            Field(
                "attributedTotal",
                Yuan,
                "归属总额:What reaches the ends of its chains as a benefit, summed before it is rounded; loans are none.",
            ),
            Field(
                "roundingDifference",
                Yuan,
                "舍入差额:By how much the sum of the chains' amounts as they are shown differs from that.",
            ),
            Field("lentTotal", Yuan, "借出总额:What was lent to the ends of its chains, directly or on the way."),
            Field("repaidTotal", Yuan, "已还总额:What of that was paid back."),
            Field("unknownCount", "Int!", "金额不明数:Chains of which it is not known what reaches their ends."),
            Field("byArea", "[FundArea!]!", "分区划:What reaches each area.", size=20),
            Field(
                "householdCount", "Int!", "惠及户数:How many households it reaches, of those whom the asker may see."
            ),
            Field(
                "byHousehold",
                "[FundHousehold!]!",
                "分户:What reaches each household, in order of their numbers.",
                size=50,
            ),
            Field(
                "untraced", "[FundRemainder!]!", "未追踪到的资金:What stays on the way, node by node, and why.", size=20
            ),
            *ANSWERED,
        ],
    )


def _sum(*relationships: str, incoming: bool = False) -> Encode:
    return lambda found: show_yuan(found[0].summed(*relationships, incoming=incoming))


def _list(type_name: str, fields: dict[str, Encode], rows: Any) -> Any:
    def made(asked: Asked, one: Selected) -> Encode:
        encode = asked.object(type_name, one, lambda field: fields[field.name])
        return lambda found: [encode(row) for row in rows(found)]

    return made


FLOW: dict[str, Encode] = {
    "relationship": lambda one: one.relationship,
    "incoming": lambda one: one.incoming,
    "amount": lambda one: show_yuan(one.amount),
    "vouchers": lambda one: one.vouchers,
    "corrections": lambda one: one.corrections,
    "ends": lambda one: one.ends,
}
AREA: dict[str, Encode] = {
    "code": lambda row: row[0],
    "amount": lambda row: show_yuan(shown(row[1])),
    "holders": lambda row: row[2],
    "outstanding": lambda row: show_yuan(shown(row[3])),
}
HOUSEHOLD: dict[str, Encode] = {
    "cardNo": lambda row: row[0],
    "amount": lambda row: show_yuan(shown(row[1])),
    "outstanding": lambda row: show_yuan(shown(row[2])),
}
REMAINDER: dict[str, Encode] = {
    "kind": lambda one: one.label,
    "key": lambda one: one.key,
    "reason": lambda one: one.reason,
    "amount": lambda one: show_yuan(shown(one.amount)),
}
LISTS = {
    "byHop": _list("FundFlow", FLOW, lambda found: found[0].flows),
    "byArea": _list("FundArea", AREA, lambda found: found[0].by_area),
    "byHousehold": _list("FundHousehold", HOUSEHOLD, lambda found: found[1]),
    "untraced": _list("FundRemainder", REMAINDER, lambda found: found[0].untraced),
}
PLAIN: dict[str, Encode] = {
    "budgeted": lambda found: show_yuan(found[0].budgeted),
    "arrived": _sum(funds.ARRIVED, incoming=True),
    "passedOn": _sum(),
    **{name: _sum(type_) for name, (type_, _) in SPENT.items()},
    "returned": _sum(RETURNED, incoming=True),
    "stays": lambda found: show_yuan(found[0].stays),
    "attributedTotal": lambda found: show_yuan(shown(found[0].reached.attributed)),
    "roundingDifference": lambda found: show_yuan(found[0].reached.shown - (shown(found[0].reached.attributed) or 0)),
    "lentTotal": lambda found: show_yuan(shown(found[0].reached.lent)),
    "repaidTotal": lambda found: show_yuan(shown(found[0].reached.repaid)),
    "unknownCount": lambda found: found[0].reached.unknown,
    "householdCount": lambda found: len(found[0].by_household),
}


def _report(asked: Asked) -> Answer:
    def on_field(one: Selected) -> Encode:
        if one.name in LISTS:
            encode: Encode = LISTS[one.name](asked, one)
            return encode
        if one.name in PLAIN:
            return PLAIN[one.name]
        name = one.name
        return lambda found: found[2][name]

    encode = asked.object("FundReport", asked.selected, on_field)

    def answer(run: Run) -> Any:
        viewing, fund = run.viewing(), run.given("fundNo")
        found: FundReport = funds.report(
            run.store, viewing, fund, year=run.given("year"), by=run.given("by") or "COUNTY"
        )
        after, first = run.given("afterCardNo") or "", max(0, min(run.given("firstHouseholds") or 0, MOST_HOUSEHOLDS))
        some = list(islice((row for row in found.by_household if row[0] > after), first))
        return encode((found, some, {"fundNo": fund, **answered(viewing)}))

    return answer


ROOTS = (
    Root(
        Field(
            "fundReport",
            "FundReport",
            told(
                "资金报告",
                "What became of a fund: budgeted, arrived, passed on by what, returned, unspent; what reaches which areas and households; what stays on the way and why. Three statements.",
            ),
            (
                Argument("fundNo", "String!", "资金编号:Which fund."),
                Argument(
                    "year", "Int", "年度:Only what came and left in this year; what reaches whom is told of all years."
                ),
                Argument("by", "AreaLevel", "区划级别:Level of the areas; counties where none is named."),
                Argument(
                    "firstHouseholds",
                    "Int",
                    "户数:So many households are listed, at most 500; none where nothing is said.",
                ),
                Argument("afterCardNo", "String", "起始户编号:Households after this number."),
                *TIMES,
            ),
        ),
        _report,
    ),
)
