"""Mutations on dividends: declared, and payments of them recorded."""

from __future__ import annotations

from typing import Any

from graph_service.api.planning import Run
from graph_service.api.roots.changing import Done, Mutation
from graph_service.api.roots.mutations import requested
from graph_service.api.roots.share_changes import ROUNDING
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.scalars import Date, Yuan
from graph_service.derive.amounts import show_yuan
from graph_service.derive.days import stored_day
from graph_service.services.imports.changes import Recorded
from graph_service.services.requests import number_of
from graph_service.services.shares.decisions import MOST
from graph_service.services.shares.dividends import declare as declare_dividend
from graph_service.services.shares.dividends import dividend, fen
from graph_service.services.shares.division import Rounding
from graph_service.services.shares.payments import Paying, pay


def _dividend(run: Run, recorded: Recorded, number: str, day: int, voucher: str = "") -> Done:
    found = dividend(run.store, number, recorded.sequence)
    mine = sum(one.amount for one in found.paid if one.voucher == voucher) if found else 0
    left = None if found is None or found.amount is None else found.amount - found.paid_out
    return Done(recorded, "Distribution", number, day, {"paid": show_yuan(mine), "remaining": show_yuan(left)})


def _declare(run: Run, given: dict[str, Any]) -> Done:
    number, on = number_of("distributionNo", given["distributionNo"]), stored_day(given["recordDate"])
    amount = fen("amount", given["amount"])
    request = requested(run, given)
    recorded = declare_dividend(run.store, request, number, given["assetNo"], given["year"], amount, on)
    return Done(recorded, "Distribution", number, on)


def _pay(run: Run, given: dict[str, Any]) -> Done:
    number, voucher = given["distributionNo"], number_of("voucher", given["voucher"])
    on, shares = stored_day(given["on"]), given.get("byShares") or {}
    rounding = Rounding(shares["rounding"]) if shares else None
    asked = Paying(number, voucher, on, tuple(given.get("payments") or ()), rounding, shares.get("amount"))
    return _dividend(run, pay(run.store, requested(run, given), asked), number, on, voucher)


PAID = (
    Field("paid", Yuan, "本凭证金额:The sum of the voucher's payments of the dividend."),
    Field("remaining", Yuan | None, "未发金额:What of the declared amount is not paid."),
)
MUTATIONS = (
    Mutation(
        "DeclareDividend",
        "分红公告:Declare a dividend on an asset for a year: one a year, not below the floor.",
        (
            Field("distributionNo", "String!", "分配编号:Its number, of no other one.", default=MUST),
            Field("assetNo", "String!", "资产编号:On which asset.", default=MUST),
            Field("year", "Int!", "年度:For which year.", default=MUST),
            Field("amount", Yuan, "应分金额:How much in all.", default=MUST),
            Field("recordDate", Date, "登记日:Its holders are entitled.", default=MUST),
        ),
        _declare,
        ("Distribution",),
        "distribution",
        "收益分配:The dividend.",
    ),
    Mutation(
        "RecordPayments",
        f"发放登记:Record payments of a dividend, those that are listed (at most {MOST:,}) or by shares: to who held on the record date, never more than is declared.",
        (
            Field("distributionNo", "String!", "分配编号:Of which dividend.", default=MUST),
            Field("voucher", "String!", "凭证号:Under which voucher.", default=MUST),
            Field("on", Date, "发放日期:On which day.", default=MUST),
            Field("payments", "[DividendPayment!]", "发放清单:Whom, how much."),
            Field("byShares", "PaymentByShares", "按股发放:Instead of a list."),
        ),
        _pay,
        ("Distribution",),
        "distribution",
        "收益分配:The dividend, on that day.",
        PAID,
    ),
)  # fmt: skip


def declare(types: Types) -> None:
    """Types of inputs and results."""
    types.add_input(
        "DividendPayment",
        "分红发放:A payment to one payee.",
        [
            Field("payee", "HolderRef!", "领取人:Who is paid: one who held on the record date.", default=MUST),
            Field("amount", Yuan, "金额:How much.", default=MUST),
            Field("corrects", "String", "更正凭证号:The voucher that a negative amount corrects."),
        ],
    )
    types.add_input(
        "PaymentByShares",
        "按股发放:To all who held on the record date, by their shares.",
        [
            ROUNDING,
            Field(
                "amount",
                Yuan | None,
                "金额:How much in all; else what other vouchers have not paid of the declared amount.",
            ),
        ],
    )
    for one in MUTATIONS:
        one.declare(types)


ROOTS = tuple(one.root() for one in MUTATIONS)
