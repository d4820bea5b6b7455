"""GraphQL types of benefit chains, and the encoders of their values."""

from __future__ import annotations

from graph_service.domain.amounts import format_fraction, format_yuan
from graph_service.domain.area_paths import is_area
from graph_service.domain.days import format_day
from graph_service.domain.model import MODEL
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
    "fundNo": ("Fund", "资金编号：Number of a fund."),
    "bankNo": ("Bank", "银行编号：Number of a bank."),
    "projectNo": ("Project", "项目编号：Number of a project."),
    "uscc": ("Operator", "经营主体统一社会信用代码：Unified social credit code of an enterprise or cooperative."),
    "assetNo": ("Asset", "资产编号：Number of an asset."),
    "cardNo": ("Household", "户编号：Card number of a household."),
    "personNo": ("Person", "人口编号：Number of a person."),
    "villageCode": ("Village", "村编码：Code of a village that holds shares or receives money."),
}
"""Fields that name an end → its label and description."""
AREA_ENDS = frozenset(
    label for label, _ in END_FIELDS.values() if label in MODEL.labels and is_area(MODEL.labels[label])
)
"""Labels of ends that are areas."""
END_KINDS = {
    "FUND": "资金：Funds.",
    "BANK": "银行：Banks.",
    "PROJECT": "项目：Projects.",
    "OPERATOR": "经营主体：Enterprises and cooperatives.",
    "ASSET": "资产：Assets.",
    "HOLDER": "受益对象：Final beneficiaries of the money.",
}
CHAIN_KINDS = {
    "GRANT": "给予：The money is granted and benefits its recipient.",
    "LOAN": "借出：The money was lent along the way; it must be repaid and is not a benefit.",
}


def add_types(types: TypeRegistry) -> None:
    """Add the types of the query."""
    add_code_list(types, BREAK_REASON)
    types.add_enum("ChainKind", "链条类别：Whether the money of a chain is granted or lent.", list(CHAIN_KINDS.items()))
    types.add_object(
        "Evidence",
        "凭据：Evidence of a hop: a voucher, a share certificate or another record.",
        [
            Field("kind", "String!", "类型：Relationship that the record documents."),
            Field(
                "number",
                "String",
                "凭证号或股权证号：Number of the voucher or certificate; null if it has none or its holder is hidden.",
            ),
            Field(
                "amount",
                Yuan | None,
                "金额：Amount of the record; negative for a correction or a repayment, null if not applicable.",
            ),
            Field("shares", Shares | None, "股数：Number of shares certified."),
            Field(
                "totalShares",
                Shares | None,
                "总股数：Total number of shares of the asset, as stated in the certificate.",
            ),
            Field(
                "on",
                Date | None,
                "日期：Date of the payment, or first day of the certificate or stake; null if unknown or hidden.",
            ),
            Field("corrects", "String", "更正凭证号：Number of the voucher that this voucher corrects."),
            Field("share", Rate | None, "持股比例：Stake in an operator."),
            Field("payee", "String", "收款人：Payee, if a fund paid for a measure."),
        ],
    )
    types.add_object(
        "ChainHop",
        "链条环节：A node of a chain, the relationship by which the chain reaches it, and the traced money that passes through it. `amountIn` + `cameBack` = `amountOn` + `stays`.",
        [
            Field("kind", "String!", "类型：Type of the node, given even if the node is hidden."),
            Field("node", "ChainNode", "节点：The node; null if hidden."),
            Field("hidden", "Boolean!", "是否隐藏：True if the node lies outside the granted areas."),
            Field("relationship", "String", "关系：Relationship from the previous node; null for the first node."),
            Field(
                "amount",
                Yuan | None,
                "金额：Sum of the vouchers from the previous node; for a loan, the amount owed; for an asset, the value formed.",
            ),
            Field(
                "lent", Yuan | None, "借出金额：For a loan, the part of the traced money that was lent over this hop."
            ),
            Field("repaid", Yuan | None, "已还金额：Part of `lent` that was repaid."),
            Field(
                "amountIn",
                Yuan | None,
                "到达金额：Part of the traced money that arrives over this hop; null if unknown.",
            ),
            Field(
                "cameBack",
                Yuan | None,
                "回流金额：Part of the traced money that returns to this node through cycles of transfers.",
            ),
            Field("amountOn", Yuan | None, "转出金额：Part of the traced money that leaves this node, over all paths."),
            Field(
                "stays",
                Yuan | None,
                "结余金额：Part of the traced money that remains at this node; negative if more left the node than it had.",
            ),
            Field(
                "part",
                "String",
                "所占份额：Share of the previous node that passes to this node, as an exact fraction such as 83/1000; null if not stated.",
            ),
            Field("evidence", "[Evidence!]!", "凭据：All vouchers and certificates of the hop.", size=5),
            Field(
                "dividends",
                "[Evidence!]!",
                "分红凭据：All dividend payments from the previous asset to this holder, in the requested year.",
                size=5,
            ),
        ],
    )
    types.add_object(
        "ChainBreak",
        "链条疑点：Point at which a chain stops or departs from the expected path, with the reason.",
        [
            Field("at", "Int!", "环节序号：Position of the hop in the chain, starting at 1."),
            Field("kind", "String!", "类型：Type of the node at that hop."),
            Field("expected", "[String!]!", "应有关系：Relationships of which one was expected at that node.", size=6),
            Field("reason", "ChainBreakReason!", "原因：Reason for the break."),
            Field(
                "amount",
                Yuan | None,
                "金额：Amount that left the node beyond what it had, or that has no recorded source; null for other reasons.",
            ),
        ],
    )
    types.add_object(
        "BenefitChain",
        "受益链条：A distinct sequence of nodes, in the order in which money passes through them.",
        [
            Field("hops", "[ChainHop!]!", "环节：Nodes of the chain, starting from the source of the money.", size=8),
            Field(
                "complete",
                "Boolean!",
                "是否完整：True if the chain reaches a beneficiary, a public asset or the requested end.",
            ),
            Field("kind", "ChainKind!", "类别：Whether the money is granted or was lent along the way."),
            Field(
                "attributed",
                Yuan | None,
                "归属金额：Amount that reaches the end of the chain as a benefit, rounded half to even; null if unknown, 0.00 for loans.",
            ),
            Field(
                "lent",
                Yuan | None,
                "借出金额：For a loan, the part of the traced money that was lent; null if unknown.",
            ),
            Field("repaid", Yuan | None, "已还金额：Part of `lent` that was repaid."),
            Field("outstanding", Yuan | None, "未还金额：Part of `lent` that has not been repaid."),
            Field(
                "attributedExact",
                "String",
                "归属金额（精确）：Exact value of `attributed` in fen, as an integer or a fraction: 410700 or 1000/3.",
            ),
            Field(
                "breaks",
                "[ChainBreak!]!",
                "疑点：Points at which the chain stops or departs from the expected path, with reasons.",
                size=2,
            ),
        ],
    )
    extra_fields = (
        Field(
            "attributedTotal",
            Yuan | None,
            "归属总额：Total that reaches the ends of all chains as a benefit, summed before rounding. Loans are excluded. Computed only if selected.",
        ),
        Field("lentTotal", Yuan | None, "借出总额：Total lent over all chains in which money was lent along the way."),
        Field("repaidTotal", Yuan | None, "已还总额：Part of `lentTotal` that was repaid."),
        Field("outstandingTotal", Yuan | None, "未还总额：Part of `lentTotal` that has not been repaid."),
        Field(
            "roundingDifference",
            Yuan | None,
            "舍入差额：Sum of the rounded amounts of the chains minus `attributedTotal`.",
        ),
        Field(
            "unknownCount", "Int!", "金额不明数：Number of chains for which the amount that reaches the end is unknown."
        ),
        *ANSWER_FIELDS,
    )
    doc = "受益链条：Chains of money, from its sources to its beneficiaries."
    add_connection(types, CONNECTION, "BenefitChainEdge", "BenefitChain!", doc, extra_fields=extra_fields)
    types.add_enum(
        "ChainEndKind", "链条端点类型：Types of nodes that can be the other end of a chain.", list(END_KINDS.items())
    )
    end_fields = [Field(name, "String", doc) for name, (_, doc) in END_FIELDS.items()]
    types.add_input("ChainStart", "起点：One end of the chains. Set exactly one field.", end_fields)
    kind_field = Field("kind", "ChainEndKind", "类型：All nodes of a type.")
    types.add_input("ChainEnd", "终点：The other end of the chains. Set exactly one field.", [*end_fields, kind_field])


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
