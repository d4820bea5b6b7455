"""Register of an asset's shares on a day (股权登记): holders with their parts, totals, and the decisions until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.errors import CursorInvalid, NotFound
from graph_service.features.shares.asset_state import ORDINARY, OTHER, PREFERRED, SHARE_KINDS
from graph_service.platform.store.graph import Store

START_CURSOR = (0, "")
"""Position before the first holder."""


@dataclass(frozen=True, slots=True)
class RegisterCertificate:
    """Certificate in force on the day; days as YYYYMMDD. For a hidden holder only kind, shares and total are set."""

    number: str | None
    kind: str | None
    shares: int | None
    total: int | None
    since: int | None
    until: int | None
    decision: str | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class ShareHolding:
    """Certificates of one holder; the key of a hidden holder is empty."""

    label: str
    key: str
    is_hidden: bool
    is_poor: bool | None
    certificates: tuple[RegisterCertificate, ...]
    cursor: tuple[int, str]

    def shares(self, kind: str | None = None) -> int | None:
        """Return the shares of a kind, or of all kinds; None where a certificate does not state its shares."""
        share_counts = [
            certificate.shares for certificate in self.certificates if kind is None or certificate.kind == kind
        ]
        return None if None in share_counts else sum(count or 0 for count in share_counts)


@dataclass(frozen=True, slots=True)
class ShareSum:
    """Sum of the shares of some certificates, and the number of certificates that do not state theirs."""

    shares: int = 0
    unknown_count: int = 0

    @property
    def known_shares(self) -> int | None:
        """Return the sum, or None where a certificate does not state its shares."""
        return None if self.unknown_count else self.shares

    def plus(self, other: ShareSum) -> ShareSum:
        return ShareSum(self.shares + other.shares, self.unknown_count + other.unknown_count)


@dataclass(frozen=True, slots=True)
class DecisionSummary:
    """A decision, its day (YYYYMMDD), and the shares of the certificates that it issued and ended."""

    number: str
    act: str | None
    decided_on: int | None
    reason: str | None
    issued: int | None
    ended: int | None


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """Totals of a register: the total of shares, None where unknown; each stated total; sums by kind; holders and decisions."""

    total: int | None
    stated_totals: tuple[int, ...]
    by_kind: dict[str, ShareSum]
    holder_count: int
    decisions: tuple[DecisionSummary, ...]

    @property
    def held_sum(self) -> ShareSum:
        total = ShareSum()
        for kind_sum in self.by_kind.values():
            total = total.plus(kind_sum)
        return total

    @property
    def unassigned(self) -> int | None:
        """Return the part of the total that nobody holds, negative where more is held. None where total or held sum is unknown."""
        held_shares = self.held_sum.known_shares
        return None if self.total is None or held_shares is None else self.total - held_shares

    def share_of_total(self, shares: int | None) -> Fraction | None:
        """Return shares as a fraction of the total; None where either is unknown, or the total is 0."""
        return None if shares is None or not self.total else Fraction(shares, self.total)


def load_totals(store: Store, scope: QueryScope, asset: str) -> RegisterTotals:
    """Return the totals of an asset's register on a day. Raises `NotFound` for an asset that is missing or not visible to the caller."""
    totals_rows = store.query(
        "shares/share_register.count", asset=asset, scope=scope.granted_ranges, asOf=scope.as_of, seq=scope.version
    )
    for (
        _,
        own_total,
        certificate_totals,
        kind_rows,
        holder_count,
        decision_rows,
        issued_rows,
        ended_rows,
    ) in totals_rows:
        stated_totals = tuple(sorted({*certificate_totals, *([] if own_total is None else [own_total])}))
        # The asset's own sheet comes first; the certificates count where it is blank and they agree.
        total = own_total if own_total is not None else stated_totals[0] if len(stated_totals) == 1 else None
        by_kind: dict[str, ShareSum] = {PREFERRED: ShareSum(), ORDINARY: ShareSum(), OTHER: ShareSum()}
        for kind, certificate_count, known_count, shares in kind_rows:
            known_kind = kind if kind in SHARE_KINDS else OTHER
            by_kind[known_kind] = by_kind[known_kind].plus(ShareSum(shares, certificate_count - known_count))
        issued_shares, ended_shares = (
            {
                decision: None if known_count < certificate_count else shares
                for decision, certificate_count, known_count, shares in rows
            }
            for rows in (issued_rows, ended_rows)
        )
        decisions = tuple(_decision_summary(row, issued_shares, ended_shares) for row in decision_rows)
        return RegisterTotals(total, stated_totals, by_kind, holder_count, decisions)
    raise NotFound(what_zh="资产", what_en="asset", key=asset)


def load_page(
    store: Store, scope: QueryScope, asset: str, *, first: int, after: Sequence[int | str] = START_CURSOR
) -> tuple[list[ShareHolding], bool]:
    """Return the holders after a cursor, in order of their keys, and True where more follow. Raises `CursorInvalid`.

    Holders hidden from the caller come last. Their cursor counts the hidden holders so far: a cursor reveals no key that the page does not.
    """
    hidden_flag, position = int(after[0]), str(after[1])
    if hidden_flag not in (0, 1) or (
        hidden_flag and not (position.isascii() and position.isdigit() and len(position) < 10)
    ):
        raise CursorInvalid(cursor=position[:80])
    skip = int(position) if hidden_flag else 0
    rows = store.query(
        "shares/share_register",
        asset=asset,
        scope=scope.granted_ranges,
        asOf=scope.as_of,
        seq=scope.version,
        after=[hidden_flag, "" if hidden_flag else position],
        skip=skip,
        limit=first + 1,
    )
    holdings: list[ShareHolding] = []
    for is_hidden, key, label, is_poor, certificate_rows in rows[:first]:
        if is_hidden:
            skip += 1
            certificates = tuple(
                RegisterCertificate(None, row[1], row[2], row[3], *[None] * 4)
                for row in _sort_certificates(certificate_rows)
            )
            holdings.append(ShareHolding(label, "", True, None, certificates, (1, str(skip))))
        else:
            certificates = tuple(RegisterCertificate(*row) for row in _sort_certificates(certificate_rows))
            holdings.append(ShareHolding(label, key, False, is_poor, certificates, (0, key)))
    return holdings, len(rows) > first


def _decision_summary(row: list[Any], issued: dict[str, int | None], ended: dict[str, int | None]) -> DecisionSummary:
    number, act, decided_on, reason = row
    return DecisionSummary(number, act, decided_on, reason, issued.get(number, 0), ended.get(number, 0))


def _sort_certificates(certificates: list[list[Any]]) -> list[list[Any]]:
    return sorted(certificates, key=lambda row: (str(row[0]), str(row[4])))
