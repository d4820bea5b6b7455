"""shareRegister (股权登记): holders of an asset's shares on a day, their parts, totals, and the decisions until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graph_service.access.masking import excerpt
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Node,
    Question,
    QuestionArguments,
    QuestionResults,
    ResultColumn,
    ResultPage,
    ResultTotals,
)
from graph_service.domain.metamodel import PropertyKind
from graph_service.errors import CursorInvalid, RecordNotFound
from graph_service.features.shares.asset_state import ORDINARY, OTHER, PREFERRED, SHARE_KINDS
from graph_service.features.shares.division import format_percent
from graph_service.platform.store.graph import Store

FIRST_POSITION = (0, "")
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

    total_shares: int | None
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
    def preferred_sum(self) -> ShareSum:
        return self.by_kind[PREFERRED]

    @property
    def ordinary_sum(self) -> ShareSum:
        return self.by_kind[ORDINARY]

    @property
    def other_sum(self) -> ShareSum:
        return self.by_kind[OTHER]

    @property
    def unassigned(self) -> int | None:
        """Return the part of the total that nobody holds, negative where more is held. None where total or held sum is unknown."""
        held_shares = self.held_sum.known_shares
        return None if self.total_shares is None or held_shares is None else self.total_shares - held_shares

    @property
    def is_whole(self) -> bool | None:
        """Tell whether exactly the total is held; None where that is unknown."""
        return None if self.unassigned is None else self.unassigned == 0


@dataclass(frozen=True, slots=True)
class SharePart:
    """Part of a whole, as an exact fraction and as a percentage."""

    fraction: Fraction

    @property
    def percent(self) -> str:
        return format_percent(self.fraction)


@dataclass(frozen=True, slots=True)
class ShareHolding:
    """Certificates of one holder, of the shares that `register` adds up; the key of a hidden holder is empty. `hidden_order`, `position`: the
    holder's place in the order of the register."""

    label: str
    key: str
    is_hidden: bool
    is_poor: bool | None
    certificates: tuple[RegisterCertificate, ...]
    register: RegisterTotals
    hidden_order: int
    position: str

    @property
    def node(self) -> Node | None:
        return None if self.is_hidden else (self.label, self.key)

    @property
    def shares(self) -> int | None:
        """Return the number of shares; None where a certificate does not state its shares."""
        return self._shares_of(None)

    @property
    def preferred(self) -> int | None:
        return self._shares_of((PREFERRED,))

    @property
    def ordinary(self) -> int | None:
        return self._shares_of((ORDINARY,))

    @property
    def part(self) -> SharePart | None:
        """Return the part of the total; None where the number of shares or the total is unknown, or the total is 0."""
        shares, total = self.shares, self.register.total_shares
        return None if shares is None or not total else SharePart(Fraction(shares, total))

    def _shares_of(self, kinds: Sequence[str] | None) -> int | None:
        share_counts = [
            certificate.shares for certificate in self.certificates if kinds is None or certificate.kind in kinds
        ]
        return None if None in share_counts else sum(count or 0 for count in share_counts)


def load_totals(store: Store, scope: QueryScope, asset: str) -> RegisterTotals:
    """Return the totals of an asset's register on a day. Raises `RecordNotFound` for an asset that is missing or not visible to the caller."""
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
    raise RecordNotFound(what_zh="资产", what_en="asset", key=asset)


@dataclass(frozen=True, slots=True)
class ShareRegister:
    """The register of an asset's shares on a day."""

    store: Store
    scope: QueryScope
    asset: str
    register_totals: RegisterTotals

    def page(self, first: int, after: Sequence[Any] | None) -> ResultPage:
        """Return the holders after a position, in order of their keys. Raises `CursorInvalid`.

        Holders hidden from the caller come last. Their position counts the hidden holders so far: a cursor reveals no key that the page
        does not.
        """
        hidden_order, position = after or FIRST_POSITION
        if hidden_order not in (0, 1) or (
            hidden_order and not (position.isascii() and position.isdigit() and len(position) < 10)
        ):
            raise CursorInvalid(cursor=excerpt(position, 80))
        hidden_count = int(position) if hidden_order else 0
        rows = self.store.query(
            "shares/share_register",
            asset=self.asset,
            scope=self.scope.granted_ranges,
            asOf=self.scope.as_of,
            seq=self.scope.version,
            after=[hidden_order, "" if hidden_order else position],
            skip=hidden_count,
            limit=first + 1,
        )
        holdings: list[ShareHolding] = []
        for is_hidden, key, label, is_poor, certificate_rows in rows[:first]:
            sorted_rows = _sort_certificates(certificate_rows)
            if is_hidden:
                hidden_count += 1
                certificates = tuple(
                    RegisterCertificate(None, row[1], row[2], row[3], *[None] * 4) for row in sorted_rows
                )
                holdings.append(
                    ShareHolding(label, "", True, None, certificates, self.register_totals, 1, str(hidden_count))
                )
            else:
                certificates = tuple(RegisterCertificate(*row) for row in sorted_rows)
                holdings.append(ShareHolding(label, key, False, is_poor, certificates, self.register_totals, 0, key))
        return ResultPage(holdings, len(rows) > first)

    def totals(self) -> ResultTotals:
        return ResultTotals(self.register_totals.holder_count, self.register_totals.holder_count, self.register_totals)


def _load_register(store: Store, scope: QueryScope, arguments: QuestionArguments) -> QuestionResults:
    asset = arguments["assetNo"]
    return ShareRegister(store, scope, asset, load_totals(store, scope, asset))


def _decision_summary(row: list[Any], issued: dict[str, int | None], ended: dict[str, int | None]) -> DecisionSummary:
    number, act, decided_on, reason = row
    return DecisionSummary(number, act, decided_on, reason, issued.get(number, 0), ended.get(number, 0))


def _sort_certificates(certificates: list[list[Any]]) -> list[list[Any]]:
    return sorted(certificates, key=lambda row: (str(row[0]), str(row[4])))


def _shares_column(name: str, zh: str, doc: str, source: str = "") -> ResultColumn:
    return ResultColumn(name, zh, doc, PropertyKind.SHARES, source=source)


UNSTATED = "null if a certificate does not state its shares."
CERTIFICATE_COLUMNS = (
    ResultColumn("certificate", "股权证号", "Number of the certificate; null if its holder is hidden.", source="number"),
    ResultColumn("kind", "股份类型", "Kind of the shares: preferred or ordinary.", PropertyKind.ENUM, enum="ShareKind"),
    _shares_column("shares", "股数", "Number of shares certified; null if not stated."),
    _shares_column("totalShares", "总股数", "Total number of shares of the asset, as stated in the certificate.", "total"),
    ResultColumn("since", "开始日期", "First day of the certificate.", PropertyKind.DATE),
    ResultColumn("until", "结束日期", "Last day of the certificate; null if it has no end.", PropertyKind.DATE),
    ResultColumn("decision", "股权决定编号", "Number of the decision that issued the certificate."),
    ResultColumn("endedBy", "退出决定编号", "Number of the decision that ends the certificate.", source="ended_by"),
)  # fmt: skip
DECISION_COLUMNS = (
    ResultColumn("decisionNo", "决定编号", "Number of the decision.", source="number", required=True),
    ResultColumn("act", "决定类型", "Type of the decision.", PropertyKind.ENUM, enum="ShareAct"),
    ResultColumn("decidedOn", "决定日期", "Date of the decision.", PropertyKind.DATE, source="decided_on"),
    ResultColumn("reason", "决定事由", "Reason for the decision."),
    _shares_column("issued", "新增股数", "Number of shares on the certificates issued; null if one of them does not state its shares."),
    _shares_column("ended", "退出股数", "Number of shares on the certificates ended; null if one of them does not state its shares."),
)  # fmt: skip
PART_COLUMNS = (
    ResultColumn("numerator", "分子", "Numerator of the exact fraction.", source="fraction.numerator", required=True, convert=str),
    ResultColumn("denominator", "分母", "Denominator of the exact fraction.", source="fraction.denominator", required=True, convert=str),
    ResultColumn("percent", "百分比", "Percentage, rounded once, half to even, to two decimals.", required=True),
)  # fmt: skip
SHARE_REGISTER = Question(
    "shareRegister",
    "ShareHolding",
    "股权登记",
    "Holders of the shares of an asset on the query date: preferred and ordinary shares, share of the total, certificates and decisions. "
    "Uses at most three statements per page.",
    "",
    (("hidden_order", int), ("position", str)),
    (
        ResultColumn("kind", "类型", "Type of the holder, given even if the holder is hidden.", source="label", required=True),
        ResultColumn("node", "持有人", "The holder; null if hidden.", node="Holder"),
        ResultColumn("hidden", "是否隐藏", "True if the holder lies outside the granted areas.", PropertyKind.FLAG, source="is_hidden", required=True),
        ResultColumn(
            "poor", "当日是否贫困",
            "True if the household, or the household of the person, is poor on the query date; null for other holders "
            "or if hidden.",
            PropertyKind.FLAG, source="is_poor",
        ),
        _shares_column("shares", "股数", f"Number of shares held; {UNSTATED}"),
        _shares_column("preferred", "优先股", f"Number of preferred shares held; {UNSTATED}"),
        _shares_column("ordinary", "普通股", f"Number of ordinary shares held; {UNSTATED}"),
        ResultColumn(
            "part", "份额", "Share of the total; null if the number of shares held or the total is unknown.", fields=PART_COLUMNS,
            source="part", type_name="SharePart",
            type_doc=("份额", "Share of the total, as an exact fraction in lowest terms and as a percentage."),
        ),
        ResultColumn(
            "certificates", "股权证", "Certificates of the holder.", parts=CERTIFICATE_COLUMNS, type_name="ShareCertificate",
            type_doc=("股权证", "A share certificate in force on the query date."), required=True, size=3,
        ),
    ),
    filters=(Filter("assetNo", "资产编号", "Number of the asset.", PropertyKind.TEXT, required=True),),
    figures=(
        _shares_column(
            "totalShares", "总股数",
            "Total number of shares, as stated by the asset or, if it states none, by the certificates in force on the "
            "query date if they agree; null if unknown.",
            "total_shares",
        ),
        ResultColumn(
            "statedTotals", "所载总股数",
            "Distinct totals stated by the asset and the certificates in force on the query date; several if they "
            "disagree.",
            PropertyKind.SHARES, source="stated_totals", many=True,
        ),
        _shares_column("held", "已登记股数", f"Number of shares held; {UNSTATED}", "held_sum.known_shares"),
        _shares_column("heldPreferred", "优先股", f"Number of preferred shares held; {UNSTATED}", "preferred_sum.known_shares"),
        _shares_column("heldOrdinary", "普通股", f"Number of ordinary shares held; {UNSTATED}", "ordinary_sum.known_shares"),
        _shares_column(
            "heldOther", "类型不详", f"Number of shares held whose kind is unknown or another one; {UNSTATED}", "other_sum.known_shares",
        ),
        _shares_column(
            "unassigned", "未登记股数",
            "Total number of shares minus the shares held; negative if more shares are held than exist, null if "
            "unknown.",
        ),
        ResultColumn(
            "whole", "是否完整", "True if the shares held are exactly the total; null if unknown.", PropertyKind.FLAG, source="is_whole",
        ),
        ResultColumn(
            "unknownCertificates", "股数不详的股权证",
            "Number of certificates that do not state their shares, which are unknown rather than 0.",
            PropertyKind.INTEGER, source="held_sum.unknown_count", required=True,
        ),
        ResultColumn(
            "decisions", "股权决定", "Decisions on the asset's shares up to the query date, oldest first.", parts=DECISION_COLUMNS,
            type_name="ShareDecisionNote",
            type_doc=("股权决定", "A decision on the asset's shares, with the number of shares issued and ended."), required=True, size=20,
        ),
    ),
    takes_area=False,
    compute=_load_register,
    eligible=None,
    row_doc="Shares of one holder on the query date.",
)  # fmt: skip
