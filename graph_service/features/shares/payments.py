"""Payments of a dividend (发放登记): listed payments, or the unpaid amount divided by the shares on the record date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graph_service.core.change_request import ChangeRequest, build_change, require_item_count, require_past_days
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.core.recording.record_versions import record_key, upsert_statements
from graph_service.core.refusals import RefusalCode, choice_code, conflicting_change, invalid_change, unknown_reference
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.records import RelationshipRecord, Target
from graph_service.errors import ChangeConflict, ChangeInvalid
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
from graph_service.features.shares.holders import (
    HolderRef,
    load_holders_by_ref,
    parse_holder_ref,
    require_granted,
    require_unique,
)
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
    """Record payments. Raises `ChangeInvalid` for a payee who held no shares on the record date, or more than the announced amount;
    `ChangeForbidden`, `ChangeConflict`."""
    require_past_days(on=order.paid_on)
    if bool(order.payments) == (order.rounding is not None):
        raise invalid_change(
            choice_code(len(order.payments)),
            "payments",
            f"请给出 1 至 {MAX_DECISION_ENTRIES} 笔发放（payments），或按股发放（byShares），二者择一。",
            f"Give either payments, 1 to {MAX_DECISION_ENTRIES} of them, or byShares.",
        )
    if order.payments:
        require_item_count("payments", len(order.payments), MAX_DECISION_ENTRIES)
    requested_amount = None if order.amount is None else parse_fen("byShares.amount", order.amount)
    content = [order.number, order.voucher, order.paid_on, list(order.payments), order.rounding, requested_amount]

    def build_rows() -> list[ChangeRow]:
        dividend = load_dividend(store, order.number)
        if dividend is None or dividend.asset is None:
            raise unknown_reference("distributionNo", order.number)
        state = load_asset_state(store, request, dividend.asset, ("distributionNo", order.number))
        if dividend.amount is None or dividend.record_day is None:
            raise invalid_change(
                RefusalCode.RECORD_NEEDS_CORRECTION,
                "distributionNo",
                "该分红的应分金额或登记日不详。请先更正登记。",
                "The amount or the record date of the dividend is unknown. Correct the record first.",
            )
        if order.rounding is None:
            payments = _listed_payments(store, request, order, dividend, state, dividend.record_day)
        else:
            payments = _payments_by_shares(
                store, request, order, dividend, state, dividend.record_day, requested_amount
            )
        new_payments = _unrecorded_payments(store, dividend, payments)
        _require_within_announced(
            "payments", dividend.amount, sum(payment.amount for payment in new_payments), dividend.paid_amount
        )
        return sorted((payment.row(dividend.number) for payment in new_payments), key=attrgetter("target"))

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
                RefusalCode.OUT_OF_RANGE,
                field_path,
                f"发放金额应大于 0，现为 {amount}。如系冲回，请注明所更正的凭证（corrects）。",
                f"The amount must be above 0, and is {amount}. To take a payment back, name the voucher that it corrects (corrects).",
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
        RefusalCode.NOT_A_HOLDER,
        payee.field_path,
        f"{payee.key} 在登记日 {day} 不持有 {state.number} 的股份（当日持有人 {holder_count} 户（人））。请核对领取人。",
        f"{payee.key} held no shares of {state.number} on the record date {day}, when there were {holder_count} holders. Check the payee.",
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
            RefusalCode.RECORD_UNKNOWN,
            f"{prefix}corrects",
            f"{payment.key} 没有凭证 {payment.corrects} 的发放记录。请核对凭证号。",
            f"{payment.key} has no payment under the voucher {payment.corrects}. Check the voucher.",
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
            RefusalCode.OUT_OF_RANGE,
            f"{prefix}amount",
            f"更正金额应为负数，至多冲回 {max_amount}，现为 {amount}。请更正金额。",
            f"A correction is negative and takes back at most {max_amount}, and this is {amount}. Correct the amount.",
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
    day = iso_day(record_day)
    held_shares = shares_by_holder(state.certificates_on(record_day), field="distributionNo")
    total = resolve_total_shares(state, record_day, field="byShares", asset_field="distributionNo")
    held_total = sum(held_shares.values())
    if held_total != total:
        raise invalid_change(
            RefusalCode.RECORD_NEEDS_CORRECTION,
            "byShares",
            f"登记日 {day} 已登记股数与总股数不符：总股数 {total}，已登记 {held_total}。请先更正股权登记。",
            f"The shares held on the record date {day} are not the total: {total} in all, {held_total} held. Correct the certificates first.",
        )
    if not held_total:
        raise invalid_change(
            RefusalCode.SHARES_INSUFFICIENT,
            "byShares",
            f"登记日 {day} 无人持股，无法按股发放。请先登记股权，或逐笔发放（payments）。",
            f"Nobody held shares on the record date {day}, so there is nothing to divide by. Register the shares, or list the payments.",
        )
    holders = share_holders.load_holders_by_id(store, sorted(held_shares), record_day)
    require_granted(request, holders)
    paid_before = sum(payment.amount for payment in dividend.payments if payment.voucher != order.voucher)
    amount = (dividend.amount or 0) - paid_before if requested_amount is None else requested_amount
    if amount <= 0:
        raise invalid_change(
            RefusalCode.AMOUNT_EXCEEDS_DIVIDEND if requested_amount is None else RefusalCode.OUT_OF_RANGE,
            "byShares.amount",
            f"没有可发放的金额：应分 {format_yuan(dividend.amount)}，已发 {format_yuan(paid_before)}，本次 {format_yuan(amount)}。请核对。",
            f"There is nothing to pay: {format_yuan(dividend.amount)} announced, {format_yuan(paid_before)} already paid, {format_yuan(amount)} now. Check the amounts.",
        )
    # The whole amount is checked, including the part that a rounding policy leaves unpaid.
    _require_within_announced("byShares.amount", dividend.amount or 0, amount, paid_before)
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
            raise _voucher_conflict(payment, recorded_payment)
    for label in sorted({payment.label for payment in new_payments}):
        payments_by_payee = {payment.key: payment for payment in new_payments if payment.label == label}
        target = Target("PAID", "Distribution", label)
        keys = [record_key(target, payment.row(dividend.number).record) for payment in payments_by_payee.values()]
        statements = upsert_statements(target)
        [[rows]] = store.query_text(
            statements.lookup, {"keys": [key.to_parameters() for key in keys], "open": OPEN_SEQUENCE}
        )
        for _, record in map(statements.stored_version, rows):
            if isinstance(record, RelationshipRecord):
                raise _voucher_used_error(payments_by_payee[record.end])
    return new_payments


def _voucher_conflict(payment: Payment, recorded: Payment) -> ChangeConflict:
    recorded_text = f"{format_yuan(recorded.amount)} {iso_day(recorded.paid_on)}"
    requested_text = f"{format_yuan(payment.amount)} {iso_day(payment.paid_on)}"
    return conflicting_change(
        RefusalCode.RECORDED_OTHERWISE,
        f"凭证 {payment.voucher} 已向 {payment.key} 发放（{recorded_text}），与本次（{requested_text}）不同。请核对，或换一个凭证号。",
        f"The voucher {payment.voucher} already paid {payment.key} ({recorded_text}), and this differs ({requested_text}). Check it, or use another voucher.",
    )


def _voucher_used_error(payment: Payment) -> ChangeConflict:
    """Return the error for a voucher of another dividend. Nothing of that is told: the requester may not be allowed to read it."""
    return conflicting_change(
        RefusalCode.RECORDED_OTHERWISE,
        f"凭证 {payment.voucher} 已用于向 {payment.key} 发放另一项分红。请核对，或换一个凭证号。",
        f"The voucher {payment.voucher} already paid {payment.key} of another dividend. Check it, or use another voucher.",
    )


def _require_within_announced(field: str, announced: int, requested: int, paid_before: int) -> None:
    """Raise `ChangeInvalid` where more would be paid than is announced."""
    if requested > 0 and paid_before + requested > announced:
        figures = [
            format_yuan(amount) for amount in (announced, paid_before, requested, paid_before + requested - announced)
        ]
        raise invalid_change(
            RefusalCode.AMOUNT_EXCEEDS_DIVIDEND,
            field,
            "超过应分金额：应分 {}，已发 {}，本次 {}，超出 {}。请减少本次金额。".format(*figures),
            "More than the dividend: {} announced, {} already paid, {} requested, {} too much. Reduce the amount.".format(
                *figures
            ),
        )
