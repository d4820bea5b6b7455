"""The register of an asset's shares on a day (股权登记): holders with their parts, what it comes to, the decisions until then."""

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
"""Before the first holder."""


@dataclass(frozen=True, slots=True)
class RegisterCertificate:
    """A certificate of the day; days as YYYYMMDD. Of a holder who is hidden it tells kind and shares alone."""

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
    """What one holder has; who is hidden has no key."""

    label: str
    key: str
    is_hidden: bool
    is_poor: bool | None
    certificates: tuple[RegisterCertificate, ...]
    cursor: tuple[int, str]

    def shares(self, kind: str | None = None) -> int | None:
        """Of a kind, else of all; none where a certificate of it does not tell its own."""
        found = [one.shares for one in self.certificates if kind is None or one.kind == kind]
        return None if None in found else sum(one or 0 for one in found)


@dataclass(frozen=True, slots=True)
class ShareSum:
    """Shares of some certificates, and how many of these do not tell theirs."""

    shares: int = 0
    unknown_count: int = 0

    @property
    def known_shares(self) -> int | None:
        """The sum, none where it is not known."""
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
    """What a register comes to: the total of shares, none where it is not known; each total that is stated; sums by kind."""

    total: int | None
    stated_totals: tuple[int, ...]
    by_kind: dict[str, ShareSum]
    holder_count: int
    decisions: tuple[DecisionSummary, ...]

    @property
    def held_sum(self) -> ShareSum:
        found = ShareSum()
        for one in self.by_kind.values():
            found = found.plus(one)
        return found

    @property
    def unassigned(self) -> int | None:
        """What of the total nobody holds; below nothing where more is held. None where one of both is not known."""
        held = self.held_sum.known_shares
        return None if self.total is None or held is None else self.total - held

    def share_of_total(self, shares: int | None) -> Fraction | None:
        """The part of the whole that so many shares are."""
        return None if shares is None or not self.total else Fraction(shares, self.total)


def load_totals(store: Store, scope: QueryScope, asset: str) -> RegisterTotals:
    """What the register of an asset comes to on a day. Raises `NotFound` for one that is not there, or not the asker's."""
    rows = store.query(
        "shares/share_register.count", asset=asset, scope=scope.granted_ranges, asOf=scope.as_of, seq=scope.version
    )
    for _, own, on_certificates, held, holders, decisions, issued, ended in rows:
        stated = tuple(sorted({*on_certificates, *([] if own is None else [own])}))
        # The asset's own sheet speaks for it; certificates do where it is blank and they agree.
        total = own if own is not None else stated[0] if len(stated) == 1 else None
        by_kind: dict[str, ShareSum] = {PREFERRED: ShareSum(), ORDINARY: ShareSum(), OTHER: ShareSum()}
        for kind, certificates, told, shares in held:
            name = kind if kind in SHARE_KINDS else OTHER
            by_kind[name] = by_kind[name].plus(ShareSum(shares, certificates - told))
        gave, took = (
            {decision: None if told < certificates else shares for decision, certificates, told, shares in some}
            for some in (issued, ended)
        )
        told_of = tuple(_decision_summary(one, gave, took) for one in decisions)
        return RegisterTotals(total, stated, by_kind, holders, told_of)
    raise NotFound(what_zh="资产", what_en="asset", key=asset)


def load_page(
    store: Store, scope: QueryScope, asset: str, *, first: int, after: Sequence[int | str] = START_CURSOR
) -> tuple[list[ShareHolding], bool]:
    """Holders after a place in the register, in order of their keys, and whether more follow. Whom the asker may not see comes last,
    and its place is how many of these came before: a cursor tells no key that the page does not."""
    hidden, place = int(after[0]), str(after[1])
    if hidden not in (0, 1) or (hidden and not (place.isascii() and place.isdigit() and len(place) < 10)):
        raise CursorInvalid(cursor=place[:80])
    skip = int(place) if hidden else 0
    rows = store.query(
        "shares/share_register",
        asset=asset,
        scope=scope.granted_ranges,
        asOf=scope.as_of,
        seq=scope.version,
        after=[hidden, "" if hidden else place],
        skip=skip,
        limit=first + 1,
    )
    found: list[ShareHolding] = []
    for unseen, key, label, poor, certificates in rows[:first]:
        if unseen:
            skip += 1
            shown = tuple(
                RegisterCertificate(None, one[1], one[2], one[3], *[None] * 4)
                for one in _sort_certificates(certificates)
            )
            found.append(ShareHolding(label, "", True, None, shown, (1, str(skip))))
        else:
            shown = tuple(RegisterCertificate(*one) for one in _sort_certificates(certificates))
            found.append(ShareHolding(label, key, False, poor, shown, (0, key)))
    return found, len(rows) > first


def _decision_summary(row: list[Any], issued: dict[str, int | None], ended: dict[str, int | None]) -> DecisionSummary:
    number, act, decided_on, reason = row
    return DecisionSummary(number, act, decided_on, reason, issued.get(number, 0), ended.get(number, 0))


def _sort_certificates(certificates: list[list[Any]]) -> list[list[Any]]:
    return sorted(certificates, key=lambda one: (str(one[0]), str(one[4])))
