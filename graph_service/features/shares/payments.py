"""Payments of a dividend (发放登记): those that are listed, or the rest of it divided by the shares of the record date."""

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
from graph_service.features.shares import holders as there
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
    """Of which dividend, under which voucher, on which day (YYYYMMDD); `payments`: whom, how much, or `rounding`: `amount` (none:
    all that is not paid yet) by shares."""

    number: str
    voucher: str
    paid_on: int
    payments: Sequence[Mapping[str, Any]] = ()
    rounding: Rounding | None = None
    amount: object = None


def record_payments(store: Store, request: ChangeRequest, order: PaymentOrder) -> ChangeResult:
    """Record payments. Raises `ChangeInvalid`: to one who did not hold on the record date, above what is declared;
    `ChangeForbidden`, `ChangeConflict`."""
    require_past_days(on=order.paid_on)
    if bool(order.payments) == (order.rounding is not None) or len(order.payments) > MAX_DECISION_ENTRIES:
        raise invalid_change(
            "payments",
            f"请给出 1 至 {MAX_DECISION_ENTRIES} 笔,或按股发放",
            f"give 1 to {MAX_DECISION_ENTRIES} of them, or pay by shares",
        )
    if order.amount is not None and order.rounding is None:
        raise invalid_change("amount", "仅用于按股发放", "that is for payments by shares")
    given = None if order.amount is None else parse_fen("byShares.amount", order.amount)
    said = [order.number, order.voucher, order.paid_on, list(order.payments), order.rounding, given]

    def rows() -> list[ChangeRow]:
        known = load_dividend(store, order.number)
        if known is None or known.asset is None:
            raise unknown_reference("distributionNo", order.number)
        try:
            asset = load_asset_state(store, request, known.asset)
        except ChangeInvalid as error:
            raise unknown_reference("distributionNo", order.number) from error
        if known.amount is None or known.record_day is None:
            raise invalid_change(
                "distributionNo",
                "应分金额或分配日期不详;请先更正",
                "its amount or its record date is not known: mend that first",
            )
        if order.rounding is None:
            made = _listed_payments(store, request, order, known, asset, known.record_day)
        else:
            made = _payments_by_shares(store, request, order, known, asset, known.record_day, given)
        fresh = _unrecorded_payments(store, known, made)
        _require_within_announced(known.amount, sum(one.amount for one in fresh), known.paid_amount)
        return sorted((one.row(known.number) for one in fresh), key=lambda row: row[0])

    return apply_change(store, build_change("recordPayments", request, *said), rows)


def _listed_payments(
    store: Store,
    request: ChangeRequest,
    order: PaymentOrder,
    dividend: Dividend,
    state: AssetShareState,
    record_day: int,
) -> list[Payment]:
    payees = [parse_holder_ref(one["payee"], f"payments[{at}].payee.") for at, one in enumerate(order.payments)]
    require_unique(payees)
    holders = load_holders_by_ref(store, request, payees, record_day)
    held = {(one.label, one.key) for one in state.certificates_on(record_day)}
    made = []
    for at, (one, holder) in enumerate(zip(order.payments, holders, strict=True)):
        where, corrects = f"payments[{at}].amount", one.get("corrects")
        payment = Payment(*holder.id, order.voucher, parse_fen(where, one["amount"]), corrects, order.paid_on)
        if corrects is not None:
            _require_correction(dividend, payment, f"payments[{at}].")
        elif payment.amount <= 0:
            told = format_yuan(payment.amount)
            raise invalid_change(
                where,
                f"应大于 0,现为 {told};负数须注明所更正的凭证(corrects)",
                f"it is above 0, and not {told}: what is negative names the voucher that it corrects (corrects)",
            )
        elif holder.id not in held:
            raise _not_a_holder_error(payees[at], state, record_day)
        made.append(payment)
    return made


def _not_a_holder_error(payee: HolderRef, state: AssetShareState, record_day: int) -> ChangeInvalid:
    day, holders = iso_day(record_day), len({(one.label, one.key) for one in state.certificates_on(record_day)})
    return invalid_change(
        payee.field_path,
        f"{payee.key} 在登记日 {day} 不持有 {state.number} 的股份(当日持有人 {holders} 户(人))",
        f"{payee.key} held no shares of {state.number} on the record date {day}, when {holders} did",
    )


def _require_correction(dividend: Dividend, payment: Payment, prefix: str) -> None:
    """Raises `ChangeInvalid` where a correction takes back more than its voucher paid, or corrects none."""
    mine = [one for one in dividend.payments if (one.label, one.key) == (payment.label, payment.key)]
    corrected = [one for one in mine if one.voucher == payment.corrects and one.amount > 0]
    if not corrected:
        raise invalid_change(
            f"{prefix}corrects",
            f"{payment.key} 没有凭证 {payment.corrects} 的发放记录",
            f"{payment.key} has no payment under the voucher {payment.corrects}",
        )
    others = [one for one in mine if one.corrects == payment.corrects and one.voucher != payment.voucher]
    left = corrected[0].amount + sum(one.amount for one in others)
    if not 0 < -payment.amount <= left:
        told, most = format_yuan(payment.amount), format_yuan(left)
        raise invalid_change(
            f"{prefix}amount",
            f"更正金额应为负,至多冲回 {most},现为 {told}",
            f"a correction is negative and takes back {most} at most, and not {told}",
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
    held, day = shares_by_holder(state.certificates_on(record_day)), iso_day(record_day)
    total, whole = resolve_total_shares(state, record_day, field="byShares"), sum(held.values())
    if whole != total:
        raise invalid_change(
            "byShares",
            f"登记日 {day} 股权不完整:总股数 {total},已登记 {whole}",
            f"on the record date {day} the shares are not whole: {total} in all, {whole} held",
        )
    people = there.load_holders_by_id(store, sorted(held), record_day)
    outside = sum(not one.lies_within(request.granted_areas) for one in people)
    if outside:
        raise ChangeForbidden(
            reason_zh=f"涉及授权区划以外的持有人 {outside} 户(人)",
            reason_en=f"{outside} of the holders lie outside of what is granted",
        )
    before = sum(one.amount for one in dividend.payments if one.voucher != order.voucher)
    amount = (dividend.amount or 0) - before if requested_amount is None else requested_amount
    if amount <= 0:
        raise invalid_change(
            "byShares.amount",
            f"没有可发放的金额:应分 {format_yuan(dividend.amount)},已发 {format_yuan(before)},本次 {format_yuan(amount)}",
            f"there is nothing to pay: {format_yuan(dividend.amount)} declared, {format_yuan(before)} paid before, {format_yuan(amount)} now",
        )
    # Also of what a policy leaves unpaid there is no more than is declared.
    _require_within_announced(dividend.amount or 0, amount, before)
    parts = divide(amount, held, order.rounding or Rounding.KEPT).parts
    return [Payment(*id_, order.voucher, part, None, order.paid_on) for id_, part in parts.items() if part]


def _unrecorded_payments(store: Store, dividend: Dividend, payments: Sequence[Payment]) -> list[Payment]:
    """Those that are not recorded. Raises `ChangeConflict` where the voucher has paid the payee otherwise, of this dividend or another."""
    before = {(one.label, one.key, one.voucher): one for one in dividend.payments}
    fresh = [one for one in payments if before.get((one.label, one.key, one.voucher)) != one]
    for one in fresh:
        found_before = before.get((one.label, one.key, one.voucher))
        if found_before is not None:
            raise _voucher_conflict(one, dividend.number, found_before.amount, found_before.paid_on)
    for label in sorted({one.label for one in fresh}):
        mine = {one.key: one for one in fresh if one.label == label}
        keys = [[None, key, one.voucher] for key, one in mine.items()]
        [[rows]] = store.query_text(
            upsert_statements(("PAID", "Distribution", label)).known, {"keys": keys, "open": OPEN_SEQUENCE}
        )
        for key, _, (number, _, on, _, amount, *_) in rows:
            raise _voucher_conflict(mine[key[1]], number, amount, on)
    return fresh


def _voucher_conflict(payment: Payment, number: str, amount: int, paid_on: int) -> ChangeConflict:
    was = f"{number} {format_yuan(amount)} {iso_day(paid_on)}"
    now = f"{format_yuan(payment.amount)} {iso_day(payment.paid_on)}"
    return ChangeConflict(
        reason_zh=f"凭证 {payment.voucher} 已向 {payment.key} 发放({was}),与本次({now})不同",
        reason_en=f"the voucher {payment.voucher} has paid {payment.key} already ({was}), otherwise than now ({now})",
    )


def _require_within_announced(announced: int, requested: int, paid_before: int) -> None:
    """Raises `ChangeInvalid` where more would be paid than is declared."""
    if requested > 0 and paid_before + requested > announced:
        figures = [format_yuan(one) for one in (announced, paid_before, requested, paid_before + requested - announced)]
        raise invalid_change(
            "payments",
            "超过应分金额:应分 {},已发 {},本次 {},超出 {}".format(*figures),
            "more than is declared: {} declared, {} paid before, {} asked for, {} too much".format(*figures),
        )
