"""Payments of a dividend (发放登记): listed payments, or the unpaid amount divided by the shares on the record date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import (
    ChangeRequest,
    build_change,
    invalid_change,
    require_past_days,
    unknown_reference,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.errors import ChangeConflict, ChangeForbidden, ChangeInvalid
from graph_service.features.shares import holders as share_holders
from graph_service.features.shares.asset_state import (
    AssetShareState,
    load_asset_state,
    resolve_total_shares,
    shares_by_holder,
)
from graph_service.features.shares.decisions import MAX_DECISION_ENTRIES
from graph_service.features.shares.dividends import Dividend, Payment, load_dividend, parse_fen
from graph_service.features.shares.division import Rounding, divide
from graph_service.features.shares.holders import HolderRef, load_holders_by_ref, parse_holder_ref, require_unique
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Order to pay: dividend, voucher, day (YYYYMMDD); either `payments` (payee and amount of each), or `rounding` to pay `amount` (None:
    all that is not paid yet) by shares."""

    number: str
    voucher: str
    paid_on: int
    payments: Sequence[Mapping[str, Any]] = ()
    rounding: Rounding | None = None
    amount: object = None


def record_payments(store: Store, request: ChangeRequest, order: PaymentOrder) -> ChangeResult:
    """Record payments. Raises `ChangeInvalid` for a payee who held no shares on the record date, or more than the declared amount;
    `ChangeForbidden`, `ChangeConflict`."""
    require_past_days(on=order.paid_on)
    if bool(order.payments) == (order.rounding is not None) or len(order.payments) > MAX_DECISION_ENTRIES:
        raise invalid_change(
            "payments",
            f"请给出 1 至 {MAX_DECISION_ENTRIES} 笔，或按股发放",
            f"give 1 to {MAX_DECISION_ENTRIES} of them, or pay by shares",
        )
    if order.amount is not None and order.rounding is None:
        raise invalid_change("amount", "仅用于按股发放", "that is for payments by shares")
    requested_amount = None if order.amount is None else parse_fen("byShares.amount", order.amount)
    content = [order.number, order.voucher, order.paid_on, list(order.payments), order.rounding, requested_amount]

    def build_rows() -> list[ChangeRow]:
        dividend = load_dividend(store, order.number)
        if dividend is None or dividend.asset is None:
            raise unknown_reference("distributionNo", order.number)
        try:
            state = load_asset_state(store, request, dividend.asset)
        except ChangeInvalid as error:
            raise unknown_reference("distributionNo", order.number) from error
        if dividend.amount is None or dividend.record_day is None:
            raise invalid_change(
                "distributionNo",
                "应分金额或分配日期不详；请先更正",
                "its amount or its record date is not known: mend that first",
            )
        if order.rounding is None:
            payments = _listed_payments(store, request, order, dividend, state, dividend.record_day)
        else:
            payments = _payments_by_shares(
                store, request, order, dividend, state, dividend.record_day, requested_amount
            )
        new_payments = _unrecorded_payments(store, dividend, payments)
        _require_within_announced(
            dividend.amount, sum(payment.amount for payment in new_payments), dividend.paid_amount
        )
        return sorted((payment.row(dividend.number) for payment in new_payments), key=lambda row: row[0])

    return apply_change(store, build_change("recordPayments", request, *content), build_rows)


def _listed_payments(
    store: Store,
    request: ChangeRequest,
    order: PaymentOrder,
    dividend: Dividend,
    state: AssetShareState,
    record_day: int,
) -> list[Payment]:
    payees = [
        parse_holder_ref(entry["payee"], f"payments[{index}].payee.") for index, entry in enumerate(order.payments)
    ]
    require_unique(payees)
    holders = load_holders_by_ref(store, request, payees, record_day)
    holder_ids = {(certificate.label, certificate.key) for certificate in state.certificates_on(record_day)}
    payments = []
    for index, (entry, holder) in enumerate(zip(order.payments, holders, strict=True)):
        field_path, corrects = f"payments[{index}].amount", entry.get("corrects")
        payment = Payment(*holder.id, order.voucher, parse_fen(field_path, entry["amount"]), corrects, order.paid_on)
        if corrects is not None:
            _require_correction(dividend, payment, f"payments[{index}].")
        elif payment.amount <= 0:
            amount = format_yuan(payment.amount)
            raise invalid_change(
                field_path,
                f"应大于 0，现为 {amount}；负数须注明所更正的凭证（corrects）",
                f"it is above 0, and not {amount}: what is negative names the voucher that it corrects (corrects)",
            )
        elif holder.id not in holder_ids:
            raise _not_a_holder_error(payees[index], state, record_day)
        payments.append(payment)
    return payments


def _not_a_holder_error(payee: HolderRef, state: AssetShareState, record_day: int) -> ChangeInvalid:
    day, holder_count = (
        iso_day(record_day),
        len({(certificate.label, certificate.key) for certificate in state.certificates_on(record_day)}),
    )
    return invalid_change(
        payee.field_path,
        f"{payee.key} 在登记日 {day} 不持有 {state.number} 的股份（当日持有人 {holder_count} 户（人））",
        f"{payee.key} held no shares of {state.number} on the record date {day}, when {holder_count} did",
    )


def _require_correction(dividend: Dividend, payment: Payment, prefix: str) -> None:
    """Raise `ChangeInvalid` where a correction takes back more than its voucher paid, or the voucher has no payment."""
    payee_payments = [
        previous for previous in dividend.payments if (previous.label, previous.key) == (payment.label, payment.key)
    ]
    corrected_payments = [
        previous for previous in payee_payments if previous.voucher == payment.corrects and previous.amount > 0
    ]
    if not corrected_payments:
        raise invalid_change(
            f"{prefix}corrects",
            f"{payment.key} 没有凭证 {payment.corrects} 的发放记录",
            f"{payment.key} has no payment under the voucher {payment.corrects}",
        )
    other_corrections = [
        previous
        for previous in payee_payments
        if previous.corrects == payment.corrects and previous.voucher != payment.voucher
    ]
    reversible_amount = corrected_payments[0].amount + sum(correction.amount for correction in other_corrections)
    if not 0 < -payment.amount <= reversible_amount:
        amount, max_amount = format_yuan(payment.amount), format_yuan(reversible_amount)
        raise invalid_change(
            f"{prefix}amount",
            f"更正金额应为负，至多冲回 {max_amount}，现为 {amount}",
            f"a correction is negative and takes back {max_amount} at most, and not {amount}",
        )


def _payments_by_shares(
    store: Store,
    request: ChangeRequest,
    order: PaymentOrder,
    dividend: Dividend,
    state: AssetShareState,
    record_day: int,
    requested_amount: int | None,
) -> list[Payment]:
    held_shares, day = shares_by_holder(state.certificates_on(record_day)), iso_day(record_day)
    total, held_total = resolve_total_shares(state, record_day, field="byShares"), sum(held_shares.values())
    if held_total != total:
        raise invalid_change(
            "byShares",
            f"登记日 {day} 股权不完整：总股数 {total}，已登记 {held_total}",
            f"on the record date {day} the shares are not whole: {total} in all, {held_total} held",
        )
    holders = share_holders.load_holders_by_id(store, sorted(held_shares), record_day)
    outside_count = sum(not holder.lies_within(request.granted_areas) for holder in holders)
    if outside_count:
        raise ChangeForbidden(
            reason_zh=f"涉及授权区划以外的持有人 {outside_count} 户（人）",
            reason_en=f"{outside_count} of the holders lie outside of what is granted",
        )
    paid_before = sum(payment.amount for payment in dividend.payments if payment.voucher != order.voucher)
    amount = (dividend.amount or 0) - paid_before if requested_amount is None else requested_amount
    if amount <= 0:
        raise invalid_change(
            "byShares.amount",
            f"没有可发放的金额：应分 {format_yuan(dividend.amount)}，已发 {format_yuan(paid_before)}，本次 {format_yuan(amount)}",
            f"there is nothing to pay: {format_yuan(dividend.amount)} declared, {format_yuan(paid_before)} paid before, {format_yuan(amount)} now",
        )
    # The whole amount is checked, including the part that a rounding policy leaves unpaid.
    _require_within_announced(dividend.amount or 0, amount, paid_before)
    parts = divide(amount, held_shares, order.rounding or Rounding.KEPT).parts
    return [Payment(*id_, order.voucher, part, None, order.paid_on) for id_, part in parts.items() if part]


def _unrecorded_payments(store: Store, dividend: Dividend, payments: Sequence[Payment]) -> list[Payment]:
    """Return the payments that are not recorded yet. Raises `ChangeConflict` where the voucher has a different payment to the payee, of
    this dividend or another."""
    recorded_payments = {(payment.label, payment.key, payment.voucher): payment for payment in dividend.payments}
    new_payments = [
        payment
        for payment in payments
        if recorded_payments.get((payment.label, payment.key, payment.voucher)) != payment
    ]
    for payment in new_payments:
        recorded_payment = recorded_payments.get((payment.label, payment.key, payment.voucher))
        if recorded_payment is not None:
            raise _voucher_conflict(payment, dividend.number, recorded_payment.amount, recorded_payment.paid_on)
    for label in sorted({payment.label for payment in new_payments}):
        payments_by_payee = {payment.key: payment for payment in new_payments if payment.label == label}
        keys = [[None, key, payment.voucher] for key, payment in payments_by_payee.items()]
        [[rows]] = store.query_text(
            upsert_statements(("PAID", "Distribution", label)).lookup, {"keys": keys, "open": OPEN_SEQUENCE}
        )
        for key, _, (number, _, paid_on, _, amount, *_) in rows:
            raise _voucher_conflict(payments_by_payee[key[1]], number, amount, paid_on)
    return new_payments


def _voucher_conflict(payment: Payment, number: str, amount: int, paid_on: int) -> ChangeConflict:
    recorded_text = f"{number} {format_yuan(amount)} {iso_day(paid_on)}"
    requested_text = f"{format_yuan(payment.amount)} {iso_day(payment.paid_on)}"
    return ChangeConflict(
        reason_zh=f"凭证 {payment.voucher} 已向 {payment.key} 发放（{recorded_text}），与本次（{requested_text}）不同",
        reason_en=f"the voucher {payment.voucher} has paid {payment.key} already ({recorded_text}), otherwise than now ({requested_text})",
    )


def _require_within_announced(announced: int, requested: int, paid_before: int) -> None:
    """Raise `ChangeInvalid` where more would be paid than is declared."""
    if requested > 0 and paid_before + requested > announced:
        figures = [
            format_yuan(amount) for amount in (announced, paid_before, requested, paid_before + requested - announced)
        ]
        raise invalid_change(
            "payments",
            "超过应分金额：应分 {}，已发 {}，本次 {}，超出 {}".format(*figures),
            "more than is declared: {} declared, {} paid before, {} asked for, {} too much".format(*figures),
        )
