"""GraphQL types of benefit chains, and the encoders of their values."""

from __future__ import annotations

from graph_service.domain.amounts import format_fraction, format_yuan
from graph_service.domain.days import format_day
from graph_service.features.chains.breaks import BREAK_REASON
from graph_service.features.chains.chain import Amount, round_to_fen
from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import ANSWER_FIELDS
from graph_service.graphql.types.derived import add_code_list, add_connection
from graph_service.graphql.types.scalars import (
    Date,
    Rate,
    Shares,
    Yuan,
    show_shares,
)
from graph_service.graphql.types.type_registry import Field, TypeRegistry

CONNECTION = "BenefitChainConnection"
END_FIELDS = {
    "fundNo": ("Fund", "资金编号：A fund."),
    "bankNo": ("Bank", "银行编号：A bank."),
    "projectNo": ("Project", "项目编号：A project."),
    "uscc": ("Operator", "经营主体统一社会信用代码：An enterprise or a cooperative."),
    "assetNo": ("Asset", "资产编号：An asset."),
    "cardNo": ("Household", "户编号：A household."),
    "personNo": ("Person", "人口编号：A person."),
    "villageCode": ("Village", "村编码：A village, as a holder of shares."),
}
"""Fields that name an end → its label and description."""
END_KINDS = {
    "FUND": "资金：Funds.",
    "BANK": "银行：Banks.",
    "PROJECT": "项目：Projects.",
    "OPERATOR": "经营主体：Enterprises and cooperatives.",
    "ASSET": "资产：Assets.",
    "HOLDER": "受益对象：Whoever money reaches in the end.",
}
CHAIN_KINDS = {
    "GRANT": "给予：It is given, and benefits whom it reaches.",
    "LOAN": "借出：It was lent on the way: it is owed, and no benefit.",
}


def add_types(types: TypeRegistry) -> None:
    """Add the types of the query."""
    add_code_list(types, BREAK_REASON)
    types.add_enum("ChainKind", "链条类别：Whether money is given or lent.", list(CHAIN_KINDS.items()))
    types.add_object(
        "Evidence",
        "凭据：A document that shows a hop: a voucher or a certificate of shares.",
        [
            Field("kind", "String!", "类型：The relationship that it shows."),
            Field("number", "String", "凭证号或股权证号：Its number; null where its holder is hidden, or it has none."),
            Field("amount", Yuan | None, "金额：Money that it moved; negative where it corrects or pays back."),
            Field("shares", Shares | None, "股数：Shares that it certifies."),
            Field("totalShares", Shares | None, "总股数：Of how many, as it states."),
            Field("on", Date | None, "日期：Its day."),
            Field("corrects", "String", "更正凭证号：The voucher that it corrects."),
            Field("share", Rate | None, "持股比例：Part of an operator that it gives."),
            Field("payee", "String", "收款人：Who was paid, where a fund paid for a measure."),
        ],
    )
    types.add_object(
        "ChainHop",
        "链条环节：A node of a chain, how the chain came to it, and what of the money that is followed passes it. What arrives and comes back is what goes on and stays.",
        [
            Field("kind", "String!", "类型：Kind of the node, also where it is hidden."),
            Field("node", "ChainNode", "节点：The node; null where it is hidden."),
            Field("hidden", "Boolean!", "是否隐藏：Whether it lies outside of what the asker may see."),
            Field("relationship", "String", "关系：Relationship from the node before; null at the first."),
            Field(
                "amount",
                Yuan | None,
                "金额：Sum that came over this hop from the node before, by its vouchers; of a loan what is owed; for an asset the value formed.",
            ),
            Field(
                "lent", Yuan | None, "借出金额：Of a loan what was lent over this hop of the money that is followed."
            ),
            Field("repaid", Yuan | None, "已还金额：What of that was paid back."),
            Field(
                "amountIn",
                Yuan | None,
                "到达金额：What of the money that is followed arrives over this hop; null where that is not known.",
            ),
            Field("cameBack", Yuan | None, "回流金额：What of it comes back here round circles of transfers."),
            Field("amountOn", Yuan | None, "转出金额：What of it goes on, on whatever way."),
            Field("stays", Yuan | None, "滞留金额：What of it stays here; negative where more went on than there was."),
            Field(
                "part",
                "String",
                "所占份额：Which part of the node before this one has, exactly, as a fraction: 83/1000.",
            ),
            Field("evidence", "[Evidence!]!", "凭据：Every voucher or certificate of the hop.", size=5),
            Field(
                "dividends",
                "[Evidence!]!",
                "分红凭据：Every payment of dividends of the asset before to this holder, of the year asked for.",
                size=5,
            ),
        ],
    )
    types.add_object(
        "ChainBreak",
        "链条中断：Why a chain stops, or should have gone otherwise.",
        [
            Field("at", "Int!", "环节序号：At which hop, from 1."),
            Field("kind", "String!", "类型：Kind of the node there."),
            Field("expected", "[String!]!", "应有关系：Relationships of which one was expected.", size=6),
            Field("reason", "ChainBreakReason!", "原因：Why."),
            Field(
                "amount",
                Yuan | None,
                "金额：How much it is about, where more left the node than was there, or the money has no source.",
            ),
        ],
    )
    types.add_object(
        "BenefitChain",
        "受益链条：One distinct sequence of nodes, in the order in which money passes them.",
        [
            Field("hops", "[ChainHop!]!", "环节：From where the money comes.", size=8),
            Field(
                "complete",
                "Boolean!",
                "是否完整：Whether it reaches whom it is for, what is for all, or what was asked for.",
            ),
            Field("kind", "ChainKind!", "类别：Whether its money is given, or was lent on the way."),
            Field(
                "attributed",
                Yuan | None,
                "归属金额：What reaches its end as a benefit, rounded half to even; null where that is not known; 0.00 of loans.",
            ),
            Field(
                "lent",
                Yuan | None,
                "借出金额：Of a loan what was lent of the money that is followed; null where that is not known.",
            ),
            Field("repaid", Yuan | None, "已还金额：What of that was paid back."),
            Field("outstanding", Yuan | None, "未还金额：What of that is still owed."),
            Field(
                "attributedExact",
                "String",
                "归属金额（精确）：The same in fen, exactly, as a fraction: 410700 or 1000/3.",
            ),
            Field("breaks", "[ChainBreak!]!", "中断：Why it stops, or should have gone otherwise.", size=2),
        ],
    )
    extra_fields = (
        Field(
            "attributedTotal",
            Yuan | None,
            "归属总额：What reaches the ends of all chains as a benefit, summed before it is rounded; loans are none; counted only when asked for.",
        ),
        Field("lentTotal", Yuan | None, "借出总额：What was lent, over all chains whose money was lent on the way."),
        Field("repaidTotal", Yuan | None, "已还总额：What of that was paid back."),
        Field("outstandingTotal", Yuan | None, "未还总额：What of that is still owed."),
        Field(
            "roundingDifference",
            Yuan | None,
            "舍入差额：By how much the sum of the chains' amounts as they are shown differs from that.",
        ),
        Field("unknownCount", "Int!", "金额不明数：Chains of which it is not known what reaches their ends."),
        *ANSWER_FIELDS,
    )
    doc = "受益链条：Chains of money, from where it comes to whom it benefits."
    add_connection(types, CONNECTION, "BenefitChainEdge", "BenefitChain!", doc, extra_fields=extra_fields)
    types.add_enum("ChainEndKind", "链条端点类型：Kinds of the other end.", list(END_KINDS.items()))
    end_fields = [Field(name, "String", doc) for name, (_, doc) in END_FIELDS.items()]
    types.add_input("ChainStart", "起点：One end: exactly one of these.", end_fields)
    kind_field = Field("kind", "ChainEndKind", "类型：All of a kind.")
    types.add_input("ChainEnd", "终点：The other end: exactly one of these.", [*end_fields, kind_field])


def _show_exact(amount: Amount) -> str | None:
    return None if amount is None else str(amount)


EVIDENCE_ENCODERS: dict[str, Encoder] = {
    "kind": lambda document: document.kind,
    "number": lambda document: document.number,
    "amount": lambda document: format_yuan(document.amount),
    "shares": lambda document: show_shares(document.shares),
    "totalShares": lambda document: show_shares(document.total_shares),
    "on": lambda document: format_day(document.day),
    "corrects": lambda document: document.corrects,
    "share": lambda document: format_fraction(document.stake),
    "payee": lambda document: document.payee,
}
HOP_ENCODERS: dict[str, Encoder] = {
    "kind": lambda hop: hop.label,
    "hidden": lambda hop: hop.is_hidden,
    "relationship": lambda hop: hop.relationship or None,
    "amount": lambda hop: format_yuan(hop.amount),
    "amountIn": lambda hop: format_yuan(round_to_fen(hop.inflow)),
    "cameBack": lambda hop: format_yuan(round_to_fen(hop.recirculated)),
    "amountOn": lambda hop: format_yuan(round_to_fen(hop.outflow)),
    "stays": lambda hop: format_yuan(round_to_fen(hop.retained)),
    "part": lambda hop: _show_exact(hop.part),
    "lent": lambda hop: format_yuan(round_to_fen(hop.lent)),
    "repaid": lambda hop: format_yuan(round_to_fen(hop.repaid)),
}
CHAIN_ENCODERS: dict[str, Encoder] = {
    "complete": lambda chain: chain.is_complete,
    "kind": lambda chain: "LOAN" if chain.is_loan else "GRANT",
    "lent": lambda chain: format_yuan(round_to_fen(chain.lent)),
    "repaid": lambda chain: format_yuan(round_to_fen(chain.repaid)),
    "outstanding": lambda chain: format_yuan(round_to_fen(chain.outstanding)),
    "attributed": lambda chain: format_yuan(round_to_fen(chain.attributed)),
    "attributedExact": lambda chain: _show_exact(chain.attributed),
}
BREAK_ENCODERS: dict[str, Encoder] = {
    "at": lambda pair: pair[1].hop_index + 1,
    "kind": lambda pair: pair[0].hops[pair[1].hop_index].label,
    "expected": lambda pair: list(pair[1].expected),
    "reason": lambda pair: pair[1].reason,
    "amount": lambda pair: format_yuan(round_to_fen(pair[1].amount)),
}
