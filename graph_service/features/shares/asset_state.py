"""How an asset and its shares stand, as known now: who holds what from when until when, and what was declared on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, invalid_change, unknown_reference
from graph_service.core.recording.changes import ChangeRow
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import LAST_DAY
from graph_service.errors import ChangeConflict, ChangeInvalid
from graph_service.platform.store.graph import Store

PREFERRED, ORDINARY, OTHER = "PREFERRED", "ORDINARY", "OTHER"
SHARE_KINDS = {PREFERRED: ("优先股", "preferred"), ORDINARY: ("普通股", "ordinary")}


@dataclass(frozen=True, slots=True)
class ShareCertificate:
    """A certificate: who holds (label, key) how many shares of how many, from when until when (YYYYMMDD), by which decisions."""

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
        stored = [self.number, self.kind, self.kind_text, self.shares, self.total, self.decision, self.ended_by]
        return ("HOLDS", self.label, "Asset"), [self.key, asset, self.since, self.until, *stored]


@dataclass(frozen=True, slots=True)
class DividendSummary:
    """A dividend on the asset: its number, year, amount in fen, record date, and how many payments of it there are."""

    number: str
    year: int | None
    amount: int | None
    record_day: int | None
    payments: int


@dataclass(frozen=True, slots=True)
class AssetShareState:
    """An asset, all its certificates that are known, and what was declared on it."""

    number: str
    area_code: str | None
    stated_total: int | None
    quantified_value: int | None
    floor_rate: int | None
    formations: tuple[tuple[int, int], ...]
    certificates: tuple[ShareCertificate, ...]
    dividends: tuple[DividendSummary, ...]

    def certificates_on(self, day: int) -> tuple[ShareCertificate, ...]:
        """Certificates that hold on a day."""
        return tuple(one for one in self.certificates if one.is_held_on(day))

    def stated_totals(self, day: int) -> tuple[int, ...]:
        """The totals of shares that are stated: the asset's own alone, else those of the certificates that hold on the day or begin
        later, else of all; none where nothing is stated, several where they differ."""
        if self.stated_total is not None:
            return (self.stated_total,)
        present = {one.total for one in self.certificates if one.until >= day} - {None}
        return tuple(sorted(one for one in present or {one.total for one in self.certificates} if one is not None))

    def dividend_floor(self, day: int) -> Fraction | None:
        """The least dividend of a year, in fen, exact: the quantified value, else what had been formed by the day, times the floor of
        the return. None where there is no floor, or of what is not known."""
        worth = self.quantified_value
        if worth is None and self.formations:
            worth = sum(amount for amount, since in self.formations if since <= day)
        return None if worth is None or self.floor_rate is None else Fraction(worth * self.floor_rate, 1_000_000)


def load_asset_state(store: Store, request: ChangeRequest, asset: str) -> AssetShareState:
    """How an asset stands. Raises `ChangeInvalid` for one that is not there, or not the asker's."""
    for number, place, total, quantified, floor_rate, formed, holdings, declared in store.query(
        "shares/standing", asset=asset, seq=CURRENT_VERSION
    ):
        # One of which nobody has told where it lies is everybody's who may see everything.
        if (place or "").startswith(request.granted_areas):
            return AssetShareState(
                number,
                place,
                total,
                quantified,
                floor_rate,
                tuple((one[0], one[1]) for one in formed),
                tuple(ShareCertificate(*one) for one in holdings),
                tuple(DividendSummary(*one) for one in declared),
            )
    raise unknown_reference("assetNo", asset)


def resolve_total_shares(
    state: AssetShareState, day: int, requested: int | None = None, field: str = "totalShares"
) -> int:
    """The asset's total of shares; `requested`: by who asks, where nothing states it. Raises `ChangeInvalid`, `ChangeConflict`."""
    stated = state.stated_totals(day)
    if len(stated) > 1:
        told = ", ".join(map(str, stated))
        raise invalid_change(
            "assetNo",
            f"股权证所载总股数不一致:{told};请先更正",
            f"certificates state several totals: {told}; mend that first",
        )
    if not stated and requested is None:
        raise invalid_change(field, "总股数不详,请给出", "the total of shares is not known: give it")
    if stated and requested not in (None, *stated):
        raise ChangeConflict(
            reason_zh=f"总股数已载为 {stated[0]},现给出 {requested}",
            reason_en=f"the total of shares is stated as {stated[0]}, and given as {requested}",
        )
    return stated[0] if stated else int(requested or 0)


def max_shares_held(state: AssetShareState, since: int) -> tuple[int, int]:
    """The most shares held on any day from one on, and the first such day. Raises `ChangeInvalid` where a certificate tells none."""
    steps: dict[int, int] = {since: 0}
    for one in state.certificates:
        if one.until < since:
            continue
        shares = require_shares(one)
        begins = max(one.since, since)
        steps[begins] = steps.get(begins, 0) + shares
        if one.until < LAST_DAY:
            # Days are compared only: what follows the last one comes after it, and before the next.
            steps[one.until + 1] = steps.get(one.until + 1, 0) - shares
    most, first, held = 0, since, 0
    for day in sorted(steps):
        held += steps[day]
        if held > most:
            most, first = held, day
    return most, first


def require_shares(certificate: ShareCertificate, field: str = "assetNo") -> int:
    """Raises `ChangeInvalid` where a certificate does not tell its shares: unknown is not nothing."""
    if certificate.shares is None:
        raise invalid_change(
            field,
            f"股权证 {certificate.number} 的股数不详;请先更正",
            f"the certificate {certificate.number} states no shares: mend that first",
        )
    return certificate.shares


def shares_by_holder(certificates: Iterable[ShareCertificate]) -> Mapping[tuple[str, str], int]:
    """Shares of each holder (label, key). Raises `ChangeInvalid` where some are unknown."""
    found: dict[tuple[str, str], int] = {}
    for one in certificates:
        found[one.label, one.key] = found.get((one.label, one.key), 0) + require_shares(one)
    return found


def require_no_payments(state: AssetShareState, since: int) -> None:
    """Raises `ChangeInvalid` where a dividend has been paid by the shares of a record date that the change would alter."""
    for one in state.dividends:
        if one.payments and one.record_day is not None and one.record_day >= since:
            day = iso_day(one.record_day)
            raise invalid_change(
                "since",
                f"分配 {one.number}(登记日 {day})已按原股权发放 {one.payments} 笔;请给出其后的日期",
                f"the dividend {one.number} of the record date {day} has {one.payments} payments by the shares as they are: give a later day",
            )


def parse_whole_number(field: str, value: Any, minimum: int = 1) -> int:
    """A number of shares as it is asked for. Raises `ChangeInvalid`."""
    text = str(value).strip()
    if not (text.isascii() and text.lstrip("-").isdigit()) or not minimum <= int(text) < 2**53:
        raise _invalid_number(field, text, f"不小于 {minimum} 的整数", f"a whole number of {minimum} or more")
    return int(text)


def _invalid_number(field: str, text: str, zh: str, en: str) -> ChangeInvalid:
    return invalid_change(field, f"{text[:40]} 不是{zh}", f"{text[:40]} is not {en}")
