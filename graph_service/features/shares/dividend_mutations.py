"""Mutations on dividends: announcement, and recording of payments."""

from __future__ import annotations

from typing import Any

from graph_service.access.rights import Right
from graph_service.core.change_request import parse_new_number
from graph_service.core.recording.changes import ChangeResult
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import day_from_iso
from graph_service.features.shares.decisions import MAX_DECISION_ENTRIES
from graph_service.features.shares.dividends import announce_dividend, load_dividend, parse_fen
from graph_service.features.shares.division import Rounding
from graph_service.features.shares.payments import PaymentOrder, record_payments
from graph_service.features.shares.share_mutations import ROUNDING
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import Date, Yuan
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry


def _payment_outcome(
    execution: Execution, result: ChangeResult, number: str, day: int, voucher: str = ""
) -> MutationOutcome:
    dividend = load_dividend(execution.store, number, result.sequence)
    voucher_amount = (
        sum(payment.amount for payment in dividend.payments if payment.voucher == voucher) if dividend else 0
    )
    remaining = None if dividend is None or dividend.amount is None else dividend.amount - dividend.paid_amount
    return MutationOutcome(
        result,
        "Distribution",
        number,
        day,
        {"paid": format_yuan(voucher_amount), "remaining": format_yuan(remaining)},
    )


def _announce(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number, record_day = (
        parse_new_number("distributionNo", arguments["distributionNo"]),
        day_from_iso(arguments["recordDate"]),
    )
    amount = parse_fen("amount", arguments["amount"])
    request = change_request(execution, arguments, Right.CHANGE_SHARES)
    result = announce_dividend(
        execution.store, request, number, arguments["assetNo"], arguments["year"], amount, record_day
    )
    return MutationOutcome(result, "Distribution", number, record_day)


def _record(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number, voucher = arguments["distributionNo"], parse_new_number("voucher", arguments["voucher"])
    paid_on, by_shares = day_from_iso(arguments["on"]), arguments.get("byShares") or {}
    rounding = Rounding(by_shares["rounding"]) if by_shares else None
    order = PaymentOrder(
        number, voucher, paid_on, tuple(arguments.get("payments") or ()), rounding, by_shares.get("amount")
    )
    return _payment_outcome(
        execution,
        record_payments(execution.store, change_request(execution, arguments, Right.CHANGE_SHARES), order),
        number,
        paid_on,
        voucher,
    )


PAID_FIELDS = (
    Field("paid", Yuan, "本凭证金额：Sum of the payments of the dividend under this voucher."),
    Field("remaining", Yuan | None, "未发金额：Part of the announced amount that has not been paid."),
)
MUTATIONS = (
    Mutation(
        "AnnounceDividend",
        "分红公告：Announce a dividend on an asset for a year. Only one dividend per year is allowed, and its amount must not be below the floor.",
        (
            Field("distributionNo", "String!", "分配编号：Unique number of the dividend.", default=REQUIRED),
            Field("assetNo", "String!", "资产编号：Number of the asset.", default=REQUIRED),
            Field("year", "Int!", "年度：Year of the dividend.", default=REQUIRED),
            Field("amount", Yuan, "应分金额：Total amount of the dividend.", default=REQUIRED),
            Field("recordDate", Date, "登记日：Record date. Holders of shares on this day are entitled to the dividend.", default=REQUIRED),
        ),
        _announce,
        ("Distribution",),
        "distribution",
        "收益分配：The dividend.",
    ),
    Mutation(
        "RecordPayments",
        f"发放登记：Record payments of a dividend to holders on the record date, either from a list (at most {MAX_DECISION_ENTRIES:,} entries) or by shares. The payments never exceed the announced amount.",
        (
            Field("distributionNo", "String!", "分配编号：Number of the dividend.", default=REQUIRED),
            Field("voucher", "String!", "凭证号：Number of the voucher.", default=REQUIRED),
            Field("on", Date, "发放日期：Date of the payment.", default=REQUIRED),
            Field("payments", "[DividendPayment!]", "发放清单：Payees and amounts."),
            Field("byShares", "PaymentByShares", "按股发放：Payment by shares, instead of a list."),
        ),
        _record,
        ("Distribution",),
        "distribution",
        "收益分配：The dividend, as of `asOf`.",
        PAID_FIELDS,
    ),
)  # fmt: skip


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    types.add_input(
        "DividendPayment",
        "分红发放：A payment to one payee.",
        [
            Field(
                "payee", "HolderRef!", "领取人：Payee, who must have held shares on the record date.", default=REQUIRED
            ),
            Field("amount", Yuan, "金额：Amount of the payment; negative for a correction.", default=REQUIRED),
            Field("corrects", "String", "更正凭证号：Number of the voucher that a negative amount corrects."),
        ],
    )
    types.add_input(
        "PaymentByShares",
        "按股发放：Payment to all holders on the record date, in proportion to their shares.",
        [
            ROUNDING,
            Field(
                "amount",
                Yuan | None,
                "金额：Total amount to pay; by default, the announced amount minus what was paid under other vouchers.",
            ),
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
