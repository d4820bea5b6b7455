"""Payments of a dividend (发放登记): those that are listed, or the rest of it divided by the shares of the record date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.declare import OPEN
from graph_service.derive.amounts import show_yuan
from graph_service.derive.days import iso_day
from graph_service.errors import ChangeConflict, ChangeForbidden, ChangeInvalid
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.imports.versions import upsert
from graph_service.services.requests import Request, change, invalid, require_past, unknown
from graph_service.services.shares import holders as there
from graph_service.services.shares.decisions import MOST
from graph_service.services.shares.dividends import Dividend, Payment, dividend, fen
from graph_service.services.shares.division import Rounding, divide
from graph_service.services.shares.holders import Named, found, named, require_unique
from graph_service.services.shares.standing import Standing, holdings_by, standing, the_total
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Paying:
    """Of which dividend, under which voucher, on which day (YYYYMMDD); `payments`: whom, how much, or `rounding`: `amount` (none:
    all that is not paid yet) by shares."""

    number: str
    voucher: str
    on: int
    payments: Sequence[Mapping[str, Any]] = ()
    rounding: Rounding | None = None
    amount: object = None


def pay(store: Store, request: Request, asked: Paying) -> Recorded:
    """Record payments. Raises `ChangeInvalid`: to one who did not hold on the record date, above what is declared;
    `ChangeForbidden`, `ChangeConflict`."""
    require_past(on=asked.on)
    if bool(asked.payments) == (asked.rounding is not None) or len(asked.payments) > MOST:
        raise invalid("payments", f"请给出 1 至 {MOST} 笔,或按股发放", f"give 1 to {MOST} of them, or pay by shares")
    if asked.amount is not None and asked.rounding is None:
        raise invalid("amount", "仅用于按股发放", "that is for payments by shares")
    given = None if asked.amount is None else fen("byShares.amount", asked.amount)
    said = [asked.number, asked.voucher, asked.on, list(asked.payments), asked.rounding, given]

    def rows() -> list[Row]:
        known = dividend(store, asked.number)
        if known is None or known.asset is None:
            raise unknown("distributionNo", asked.number)
        try:
            asset = standing(store, request, known.asset)
        except ChangeInvalid as error:
            raise unknown("distributionNo", asked.number) from error
        if known.amount is None or known.record_day is None:
            raise invalid(
                "distributionNo",
                "应分金额或分配日期不详;请先更正",
                "its amount or its record date is not known: mend that first",
            )
        if asked.rounding is None:
            made = _listed(store, request, asked, known, asset, known.record_day)
        else:
            made = _by_shares(store, request, asked, known, asset, known.record_day, given)
        fresh = _not_yet(store, known, made)
        _require_declared(known.amount, sum(one.amount for one in fresh), known.paid_out)
        return sorted((one.row(known.number) for one in fresh), key=lambda row: row[0])

    return changed(store, change("recordPayments", request, *said), rows)


def _listed(
    store: Store, request: Request, asked: Paying, known: Dividend, asset: Standing, record_day: int
) -> list[Payment]:
    payees = [named(one["payee"], f"payments[{at}].payee.") for at, one in enumerate(asked.payments)]
    require_unique(payees)
    holders = found(store, request, payees, record_day)
    held = {(one.label, one.key) for one in asset.on(record_day)}
    made = []
    for at, (one, holder) in enumerate(zip(asked.payments, holders, strict=True)):
        where, corrects = f"payments[{at}].amount", one.get("corrects")
        payment = Payment(*holder.id, asked.voucher, fen(where, one["amount"]), corrects, asked.on)
        if corrects is not None:
            _require_correction(known, payment, f"payments[{at}].")
        elif payment.amount <= 0:
            told = show_yuan(payment.amount)
            raise invalid(
                where,
                f"应大于 0,现为 {told};负数须注明所更正的凭证(corrects)",
                f"it is above 0, and not {told}: what is negative names the voucher that it corrects (corrects)",
            )
        elif holder.id not in held:
            raise _no_holder(payees[at], asset, record_day)
        made.append(payment)
    return made


def _no_holder(payee: Named, asset: Standing, record_day: int) -> ChangeInvalid:
    day, holders = iso_day(record_day), len({(one.label, one.key) for one in asset.on(record_day)})
    return invalid(
        payee.where,
        f"{payee.key} 在登记日 {day} 不持有 {asset.number} 的股份(当日持有人 {holders} 户(人))",
        f"{payee.key} held no shares of {asset.number} on the record date {day}, when {holders} did",
    )


def _require_correction(known: Dividend, payment: Payment, within: str) -> None:
    """Raises `ChangeInvalid` where a correction takes back more than its voucher paid, or corrects none."""
    mine = [one for one in known.paid if (one.label, one.key) == (payment.label, payment.key)]
    corrected = [one for one in mine if one.voucher == payment.corrects and one.amount > 0]
    if not corrected:
        raise invalid(
            f"{within}corrects",
            f"{payment.key} 没有凭证 {payment.corrects} 的发放记录",
            f"{payment.key} has no payment under the voucher {payment.corrects}",
        )
    others = [one for one in mine if one.corrects == payment.corrects and one.voucher != payment.voucher]
    left = corrected[0].amount + sum(one.amount for one in others)
    if not 0 < -payment.amount <= left:
        told, most = show_yuan(payment.amount), show_yuan(left)
        raise invalid(
            f"{within}amount",
            f"更正金额应为负,至多冲回 {most},现为 {told}",
            f"a correction is negative and takes back {most} at most, and not {told}",
        )


def _by_shares(
    store: Store,
    request: Request,
    asked: Paying,
    known: Dividend,
    asset: Standing,
    record_day: int,
    given: int | None,
) -> list[Payment]:
    held, day = holdings_by(asset.on(record_day)), iso_day(record_day)
    total, whole = the_total(asset, record_day, field="byShares"), sum(held.values())
    if whole != total:
        raise invalid(
            "byShares",
            f"登记日 {day} 股权不完整:总股数 {total},已登记 {whole}",
            f"on the record date {day} the shares are not whole: {total} in all, {whole} held",
        )
    people = there.known(store, sorted(held), record_day)
    outside = sum(not one.lies_within(request.granted) for one in people)
    if outside:
        raise ChangeForbidden(
            reason_zh=f"涉及授权区划以外的持有人 {outside} 户(人)",
            reason_en=f"{outside} of the holders lie outside of what is granted",
        )
    before = sum(one.amount for one in known.paid if one.voucher != asked.voucher)
    amount = (known.amount or 0) - before if given is None else given
    if amount <= 0:
        raise invalid(
            "byShares.amount",
            f"没有可发放的金额:应分 {show_yuan(known.amount)},已发 {show_yuan(before)},本次 {show_yuan(amount)}",
            f"there is nothing to pay: {show_yuan(known.amount)} declared, {show_yuan(before)} paid before, {show_yuan(amount)} now",
        )
    # Also of what a policy leaves unpaid there is no more than is declared.
    _require_declared(known.amount or 0, amount, before)
    parts = divide(amount, held, asked.rounding or Rounding.KEPT).parts
    return [Payment(*id_, asked.voucher, part, None, asked.on) for id_, part in parts.items() if part]


def _not_yet(store: Store, known: Dividend, made: Sequence[Payment]) -> list[Payment]:
    """Those that are not recorded. Raises `ChangeConflict` where the voucher has paid the payee otherwise, of this dividend or another."""
    before = {(one.label, one.key, one.voucher): one for one in known.paid}
    fresh = [one for one in made if before.get((one.label, one.key, one.voucher)) != one]
    for one in fresh:
        found_before = before.get((one.label, one.key, one.voucher))
        if found_before is not None:
            raise _used(one, known.number, found_before.amount, found_before.on)
    for label in sorted({one.label for one in fresh}):
        mine = {one.key: one for one in fresh if one.label == label}
        keys = [[None, key, one.voucher] for key, one in mine.items()]
        [[rows]] = store.lookup(upsert(("PAID", "Distribution", label)).known, {"keys": keys, "open": OPEN})
        for key, _, (number, _, on, _, amount, *_) in rows:
            raise _used(mine[key[1]], number, amount, on)
    return fresh


def _used(one: Payment, number: str, amount: int, on: int) -> ChangeConflict:
    was = f"{number} {show_yuan(amount)} {iso_day(on)}"
    now = f"{show_yuan(one.amount)} {iso_day(one.on)}"
    return ChangeConflict(
        reason_zh=f"凭证 {one.voucher} 已向 {one.key} 发放({was}),与本次({now})不同",
        reason_en=f"the voucher {one.voucher} has paid {one.key} already ({was}), otherwise than now ({now})",
    )


def _require_declared(declared: int, asked: int, before: int) -> None:
    """Raises `ChangeInvalid` where more would be paid than is declared."""
    if asked > 0 and before + asked > declared:
        figures = [show_yuan(one) for one in (declared, before, asked, before + asked - declared)]
        raise invalid(
            "payments",
            "超过应分金额:应分 {},已发 {},本次 {},超出 {}".format(*figures),
            "more than is declared: {} declared, {} paid before, {} asked for, {} too much".format(*figures),
        )
