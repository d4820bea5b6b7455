"""Dividends: announced on an asset for a year (分红公告), and paid to the holders on the record date (发放登记)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph_service.access.masking import excerpt
from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_plausible_days,
    require_plausible_year,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change, node_row, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import iso_day
from graph_service.domain.records import Target
from graph_service.features.shares.asset_state import load_asset_state
from graph_service.platform.store.graph import Store

_AMOUNT_PATTERN = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment: payee (label, key), voucher, amount in fen, the voucher that it corrects, day."""

    label: str
    key: str
    voucher: str
    amount: int
    corrects: str | None
    paid_on: int

    def row(self, distribution: str) -> ChangeRow:
        return relationship_row(
            Target("PAID", "Distribution", self.label),
            distribution,
            self.key,
            since=self.paid_on,
            amount=self.amount,
            voucher=self.voucher,
            corrects=self.corrects,
        )


@dataclass(frozen=True, slots=True)
class Dividend:
    """A recorded dividend: asset, year, amount in fen, record date, and payments."""

    number: str
    asset: str | None
    year: int | None
    amount: int | None
    record_day: int | None
    payments: tuple[Payment, ...] = ()

    @property
    def paid_amount(self) -> int:
        return sum(payment.amount or 0 for payment in self.payments)


def load_dividend(store: Store, number: str, sequence: int = CURRENT_VERSION) -> Dividend | None:
    """Return a recorded dividend, or None where there is none."""
    for stored_number, asset, year, amount, record_day, payments in store.query(
        "shares/distribution", distribution=number, seq=sequence
    ):
        return Dividend(
            stored_number, asset, year, amount, record_day, tuple(Payment(**payment) for payment in payments)
        )
    return None


def announce_dividend(
    store: Store, request: ChangeRequest, number: str, asset: str, year: int, amount: int, record_day: int
) -> ChangeResult:
    """Announce a dividend in fen on an asset for a year, to the holders on the record date.

    Raises `ChangeInvalid` for an amount below the floor by a fen or more; `ChangeConflict` where another dividend has the number, or one
    is already announced for the year.
    """
    require_plausible_days(recordDate=record_day)
    require_plausible_year("year", year)
    if amount <= 0:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            "amount",
            f"分红金额应大于 0，现为 {format_yuan(amount)}。请更正。",
            f"The amount must be above 0, and is {format_yuan(amount)}. Correct it.",
        )

    def build_rows() -> list[ChangeRow]:
        state = load_asset_state(store, request, asset)
        existing = load_dividend(store, number)
        if existing is not None:
            if (existing.asset, existing.year, existing.amount, existing.record_day) != (
                asset,
                year,
                amount,
                record_day,
            ):
                # Nothing of it is told: it may be of an asset that the requester may not read.
                raise conflicting_change(
                    RefusalCode.NUMBER_IN_USE,
                    f"分配编号 {number} 已用于另一项分红。请换一个编号。",
                    f"The number {number} belongs to another dividend. Use another number.",
                )
            return []
        for dividend in state.dividends:
            if dividend.year == year:
                description = f"{dividend.number} {format_yuan(dividend.amount)} {_format_day(dividend.record_date)}"
                raise conflicting_change(
                    RefusalCode.ALREADY_ANNOUNCED,
                    f"该资产 {year} 年已公告分红（{description}），本次 {format_yuan(amount)}。请核对资产和年度。",
                    f"The asset already has a dividend for {year} ({description}), and {format_yuan(amount)} is requested. Check the asset and the year.",
                )
        floor = state.dividend_floor(record_day)
        # A shortfall of less than a fen is allowed: fractions of a fen are not paid.
        if floor is not None and floor - amount >= 1:
            min_amount = floor.__floor__()
            shortfall = min_amount - amount
            raise invalid_change(
                RefusalCode.AMOUNT_BELOW_FLOOR,
                "amount",
                f"低于保底收益：保底 {format_yuan(min_amount)}，本次 {format_yuan(amount)}，少 {format_yuan(shortfall)}。请提高金额。",
                f"The dividend is below the floor: at least {format_yuan(min_amount)}, requested {format_yuan(amount)}, {format_yuan(shortfall)} too little. Raise the amount.",
            )
        return [
            node_row("Distribution", number, year=year, amount=amount, record_date=record_day),
            relationship_row(Target("YIELDED", "Asset", "Distribution"), asset, number),
        ]

    content = [number, asset, year, amount, record_day]
    return apply_change(store, build_change("announceDividend", request, *content), build_rows)


def _format_day(day: int | None) -> str:
    return "-" if day is None else iso_day(day)


def parse_fen(field: str, value: object) -> int:
    """Return a requested amount in yuan, in fen. Raises `ChangeInvalid`."""
    text = str(value).strip()
    if not _AMOUNT_PATTERN.fullmatch(text):
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            field,
            f"{excerpt(text)} 不是整数最多 13 位、小数最多两位的金额（元）。请更正。",
            f"{excerpt(text)} is not an amount in yuan of at most 13 digits and two decimals. Correct it.",
        )
    whole, _, part = text.removeprefix("-").partition(".")
    fen = int(whole) * 100 + int(part.ljust(2, "0"))
    return -fen if text.startswith("-") else fen
