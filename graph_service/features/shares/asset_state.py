"""State of an asset and its shares, as known now: certificates with their holders and days, and announced dividends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from graph_service.access.masking import excerpt
from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, unchangeable
from graph_service.core.recording.changes import ChangeRow, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import LAST_DAY
from graph_service.domain.records import Target
from graph_service.platform.store.graph import Store

PREFERRED, ORDINARY, OTHER = "PREFERRED", "ORDINARY", "OTHER"
SHARE_KINDS = {PREFERRED: ("优先股", "preferred"), ORDINARY: ("普通股", "ordinary")}


@dataclass(frozen=True, slots=True)
class ShareCertificate:
    """A certificate: holder (label, key), shares, total, first and last day (YYYYMMDD), the decisions that issued and ended it."""

    label: str
    key: str
    number: str
    kind: str | None
    kind_text: str | None
    shares: int | None
    total: int | None
    decision: str | None
    ended_by: str | None
    since: int
    until: int = LAST_DAY

    def is_held_on(self, day: int) -> bool:
        return self.since <= day <= self.until

    def with_end(self, until: int, decision: str) -> ShareCertificate:
        return replace(self, until=until, ended_by=decision)

    def row(self, asset: str) -> ChangeRow:
        return relationship_row(
            Target("HOLDS", self.label, "Asset"),
            self.key,
            asset,
            since=self.since,
            until=self.until,
            certificate=self.number,
            kind=self.kind,
            kind_text=self.kind_text,
            shares=self.shares,
            total_shares=self.total,
            decision=self.decision,
            ended_by=self.ended_by,
        )


@dataclass(frozen=True, slots=True)
class DividendSummary:
    """A dividend on the asset: number, year, amount in fen, record date, and number of payments."""

    number: str
    year: int | None
    amount: int | None
    record_date: int | None
    payments: int


@dataclass(frozen=True, slots=True)
class AssetShareState:
    """An asset, all its known certificates, and the dividends announced on it."""

    number: str
    area_code: str | None
    stated_total: int | None
    quantified_value: int | None
    floor_rate: int | None
    formations: tuple[tuple[int, int], ...]
    certificates: tuple[ShareCertificate, ...]
    dividends: tuple[DividendSummary, ...]

    def certificates_on(self, day: int) -> tuple[ShareCertificate, ...]:
        """Return the certificates in force on a day."""
        return tuple(certificate for certificate in self.certificates if certificate.is_held_on(day))

    def stated_totals(self, day: int) -> tuple[int, ...]:
        """Return the stated totals of shares: the asset's own alone, else those of the certificates in force on the day or later, else of
        all certificates; empty where nothing is stated, several where they differ."""
        if self.stated_total is not None:
            return (self.stated_total,)
        totals = {certificate.total for certificate in self.certificates if certificate.until >= day} - {None}
        return tuple(
            sorted(
                total
                for total in totals or {certificate.total for certificate in self.certificates}
                if total is not None
            )
        )

    def dividend_floor(self, day: int) -> Fraction | None:
        """Return the least dividend of a year, in fen, exact: the quantified value, else the amount formed by the day, times the floor
        rate. None where there is no floor, or the value is unknown."""
        value = self.quantified_value
        if value is None and self.formations:
            value = sum(amount for amount, since in self.formations if since <= day)
        return None if value is None or self.floor_rate is None else Fraction(value * self.floor_rate, 1_000_000)


def load_asset_state(
    store: Store, request: ChangeRequest, asset: str, reference: tuple[str, str] | None = None
) -> AssetShareState:
    """Return the state of an asset. `reference`: field and key by which the request names it, otherwise `assetNo`. Raises `ChangeInvalid` for
    an asset that is missing or not visible to the caller, `ChangeForbidden` for one that the caller may not change."""
    located_in: str | None = None
    for (
        number,
        area_code,
        stated_total,
        quantified_value,
        floor_rate,
        formations,
        certificates,
        dividends,
    ) in store.query("shares/asset_state", asset=asset, seq=CURRENT_VERSION):
        # An asset without a recorded area belongs to callers who may see everything.
        located_in = area_code or ""
        if located_in.startswith(request.granted_areas):
            return AssetShareState(
                number,
                area_code,
                stated_total,
                quantified_value,
                floor_rate,
                tuple((formation[0], formation[1]) for formation in formations),
                tuple(ShareCertificate(**certificate) for certificate in certificates),
                tuple(DividendSummary(**dividend) for dividend in dividends),
            )
    raise unchangeable(request, located_in, *(reference or ("assetNo", asset)))


def resolve_total_shares(
    state: AssetShareState,
    day: int,
    requested: int | None = None,
    field: str = "totalShares",
    asset_field: str = "assetNo",
) -> int:
    """Return the asset's total of shares; `requested`: the caller's, where none is stated. `field`, `asset_field`: fields of the request
    that are wrong where no total, or several, are stated. Raises `ChangeInvalid`, `ChangeConflict`."""
    stated_totals = state.stated_totals(day)
    if len(stated_totals) > 1:
        totals = ", ".join(map(str, stated_totals))
        raise invalid_change(
            RefusalCode.RECORD_NEEDS_CORRECTION,
            asset_field,
            f"股权证所载总股数不一致：{totals}。请先更正股权证。",
            f"The certificates state different totals: {totals}. Correct the certificates first.",
        )
    if not stated_totals and requested is None:
        raise invalid_change(
            RefusalCode.TOTAL_UNKNOWN,
            field,
            "该资产的总股数不详。请在配股时给出总股数（totalShares）。",
            "The total of shares of the asset is unknown. Give totalShares when shares are issued.",
        )
    if stated_totals and requested not in (None, *stated_totals):
        raise conflicting_change(
            RefusalCode.RECORDED_OTHERWISE,
            f"总股数已登记为 {stated_totals[0]}，本次给出 {requested}。请核对。",
            f"The total of shares is recorded as {stated_totals[0]}, and given as {requested}. Check it.",
        )
    return stated_totals[0] if stated_totals else int(requested or 0)


def max_shares_held(state: AssetShareState, since: int) -> tuple[int, int]:
    """Return the most shares held on any day from `since` on, and the first such day. Raises `ChangeInvalid` where a certificate does not
    state its shares."""
    changes_by_day: dict[int, int] = {since: 0}
    for certificate in state.certificates:
        if certificate.until < since:
            continue
        shares = require_shares(certificate)
        first_day = max(certificate.since, since)
        changes_by_day[first_day] = changes_by_day.get(first_day, 0) + shares
        if certificate.until < LAST_DAY:
            # Days are only compared: until + 1, a date or not, sorts after `until` and not after the next day.
            changes_by_day[certificate.until + 1] = changes_by_day.get(certificate.until + 1, 0) - shares
    max_held, max_day, held_shares = 0, since, 0
    for day in sorted(changes_by_day):
        held_shares += changes_by_day[day]
        if held_shares > max_held:
            max_held, max_day = held_shares, day
    return max_held, max_day


def require_shares(certificate: ShareCertificate, field: str = "assetNo") -> int:
    """Return the shares of a certificate. Raises `ChangeInvalid` where it does not state them: unknown is not 0."""
    if certificate.shares is None:
        raise invalid_change(
            RefusalCode.RECORD_NEEDS_CORRECTION,
            field,
            f"股权证 {certificate.number} 的股数不详。请先更正股权证。",
            f"The certificate {certificate.number} does not state its shares. Correct the certificate first.",
        )
    return certificate.shares


def shares_by_holder(certificates: Iterable[ShareCertificate], field: str) -> Mapping[tuple[str, str], int]:
    """Return the shares of each holder (label, key). Raises `ChangeInvalid`, with the `field` of the request, where some are unknown."""
    shares: dict[tuple[str, str], int] = {}
    for certificate in certificates:
        shares[certificate.label, certificate.key] = shares.get(
            (certificate.label, certificate.key), 0
        ) + require_shares(certificate, field)
    return shares


def require_no_payments(state: AssetShareState, since: int) -> None:
    """Raise `ChangeInvalid` where a dividend was paid by the shares of a record date that the change would alter."""
    for dividend in state.dividends:
        if dividend.payments and dividend.record_date is not None and dividend.record_date >= since:
            day = iso_day(dividend.record_date)
            raise invalid_change(
                RefusalCode.DIVIDEND_ALREADY_PAID,
                "since",
                f"分红 {dividend.number}（登记日 {day}）已按原股权发放 {dividend.payments} 笔。请填写登记日以后的日期。",
                f"The dividend {dividend.number} (record date {day}) has {dividend.payments} payments by the present shares. Give a day after the record date.",
            )


def parse_whole_number(field: str, value: Any, minimum: int = 1) -> int:
    """Return a requested number of shares. Raises `ChangeInvalid`."""
    text = str(value).strip()
    if not (text.isascii() and text.lstrip("-").isdigit()) or not minimum <= int(text) < 2**53:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            field,
            f"{excerpt(text)} 不是不小于 {minimum} 且不超过 16 位的整数。请更正。",
            f"{excerpt(text)} is not a whole number of {minimum} or more, with at most 16 digits. Correct it.",
        )
    return int(text)
