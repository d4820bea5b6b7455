"""Dividends: declared on an asset for a year (分红公告), and paid to the holders on the record date (发放登记)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph_service.core.change_request import (
    CURRENT_VERSION,
    EARLIEST_YEAR,
    LATEST_YEAR,
    ChangeRequest,
    build_change,
    invalid_change,
    require_plausible_days,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.errors import ChangeConflict
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
        stored_values = [self.amount, self.voucher, self.corrects]
        return ("PAID", "Distribution", self.label), [distribution, self.key, self.paid_on, LAST_DAY, *stored_values]


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
        return Dividend(stored_number, asset, year, amount, record_day, tuple(Payment(*row) for row in payments))
    return None


def announce_dividend(
    store: Store, request: ChangeRequest, number: str, asset: str, year: int, amount: int, record_day: int
) -> ChangeResult:
    """Declare a dividend in fen on an asset for a year, to the holders on the record date.

    Raises `ChangeInvalid` for an amount below the floor by a fen or more; `ChangeConflict` where another dividend has the number, or one
    is already declared for the year.
    """
    require_plausible_days(recordDate=record_day)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise invalid_change(
            "year", f"应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间", f"it lies between {EARLIEST_YEAR} and {LATEST_YEAR}"
        )
    if amount <= 0:
        raise invalid_change(
            "amount", f"应大于 0，现为 {format_yuan(amount)}", f"it is above 0, and not {format_yuan(amount)}"
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
                description = f"{existing.asset} {existing.year} {format_yuan(existing.amount)} {_format_day(existing.record_day)}"
                raise ChangeConflict(
                    reason_zh=f"分配编号 {number} 已用于：{description}",
                    reason_en=f"the number {number} is of another one: {description}",
                )
            return []
        for dividend in state.dividends:
            if dividend.year == year:
                description = f"{dividend.number},{format_yuan(dividend.amount)},{_format_day(dividend.record_day)}"
                raise ChangeConflict(
                    reason_zh=f"该资产 {year} 年已公告分红（{description}），本次 {format_yuan(amount)}",
                    reason_en=f"for {year} a dividend of the asset is declared already ({description}), and {format_yuan(amount)} is asked for",
                )
        floor = state.dividend_floor(record_day)
        # A shortfall of less than a fen is allowed: fractions of a fen are not paid.
        if floor is not None and floor - amount >= 1:
            min_amount = floor.__floor__()
            shortfall = min_amount - amount
            raise invalid_change(
                "amount",
                f"低于保底收益：保底 {format_yuan(min_amount)}，本次 {format_yuan(amount)}，少 {format_yuan(shortfall)}",
                f"below the floor: {format_yuan(min_amount)} at least, {format_yuan(amount)} asked for, {format_yuan(shortfall)} too little",
            )
        return [
            (("Distribution",), [number, year, amount, record_day]),
            (("YIELDED", "Asset", "Distribution"), [asset, number, FIRST_DAY, LAST_DAY]),
        ]

    content = [number, asset, year, amount, record_day]
    return apply_change(store, build_change("declareDividend", request, *content), build_rows)


def _format_day(day: int | None) -> str:
    return "-" if day is None else iso_day(day)


def parse_fen(field: str, value: object) -> int:
    """Return a requested amount in yuan, in fen. Raises `ChangeInvalid`."""
    text = str(value).strip()
    if not _AMOUNT_PATTERN.fullmatch(text):
        raise invalid_change(
            field,
            f"{text[:40]} 不是最多两位小数的金额（元）",
            f"{text[:40]} is not an amount in yuan with two decimals at most",
        )
    whole, _, part = text.removeprefix("-").partition(".")
    fen = int(whole) * 100 + int(part.ljust(2, "0"))
    return -fen if text.startswith("-") else fen
