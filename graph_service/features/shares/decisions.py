"""Decisions on shares: one recorded decision, and the certificates that it makes and ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    invalid_change,
    require_past_days,
    require_plausible_days,
    require_text,
)
from graph_service.core.recording.changes import Change, ChangeRow
from graph_service.core.recording.import_lifecycle import CHANGE_PURPOSE
from graph_service.domain.days import format_day, iso_day
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.errors import ChangeConflict
from graph_service.features.shares.asset_state import AssetShareState, ShareCertificate
from graph_service.features.shares.holders import ShareHolder
from graph_service.platform.store.graph import Store

MAX_DECISION_ENTRIES = 10_000
"""As many certificates as one decision makes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is asked for: its number, the asset, the day on which it was taken, the first day from which it counts, why."""

    number: str
    asset: str
    decided_on: int
    since: int
    reason: str | None = None

    def validate(self) -> None:
        """What cannot be is refused before anything is looked at. Raises `ChangeInvalid`."""
        require_past_days(decidedOn=self.decided_on)
        require_plausible_days(since=self.since)
        if self.reason is not None:
            require_text("reason", self.reason)

    def build_change(self, kind: str, request: ChangeRequest, *content: object) -> Change:
        said = [self.number, self.asset, self.decided_on, self.since, self.reason]
        return build_change(kind, request, *said, *content)

    def rows(self, act: str, share_certificates: Iterable[ShareCertificate]) -> list[ChangeRow]:
        """The decision and its certificates, those of each kind of holder together: they are written so."""
        certificates = [one.row(self.asset) for one in share_certificates]
        return [
            (("ShareDecision",), [self.number, act, None, self.decided_on, self.reason]),
            (("DECIDED_ON", "ShareDecision", "Asset"), [self.number, self.asset, FIRST_DAY, LAST_DAY]),
            *sorted(certificates, key=lambda row: row[0]),
        ]


def is_already_recorded(store: Store, decision: Decision, change: Change) -> bool:
    """Whether the very same was recorded under another key. Raises `ChangeConflict` where another decision has the number."""
    for row in store.query("shares/decision", decision=decision.number, seq=CURRENT_VERSION):
        digest = hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()
        if row[5] != f"{CHANGE_PURPOSE}:{digest}":
            raise ChangeConflict(
                reason_zh=f"决定编号 {decision.number} 已用于另一决定",
                reason_en=f"another decision has the number {decision.number}",
            )
        return True
    return False


def require_open(certificate: ShareCertificate, since: int, field: str) -> None:
    """Raises `ChangeInvalid`, `ChangeConflict` where a certificate cannot end on the day before and go on in others."""
    if certificate.until != LAST_DAY:
        day = iso_day(certificate.until)
        raise ChangeConflict(
            reason_zh=f"股权证 {certificate.number} 已定于 {day} 终止",
            reason_en=f"the certificate {certificate.number} ends on {day} already",
        )
    if certificate.since >= since:
        begun = format_day(certificate.since) or "-"
        raise invalid_change(
            field if certificate.since > since else "since",
            f"股权证 {certificate.number} 自 {begun} 起持有;请给出其后的日期",
            f"the certificate {certificate.number} begins on {begun}: give a later day",
        )


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """What a decision came to: shares of the certificates that it issued and ended, and those of them that the collective keeps."""

    issued: int
    ended: int
    kept: int = 0


def load_decision_effect(store: Store, number: str, sequence: int) -> DecisionEffect:
    """What a decision came to, as a data version has it."""
    for *_, issued, ended in store.query("shares/decision", decision=number, seq=sequence):
        collective = sum(shares or 0 for label, _, shares in issued if label not in ("Household", "Person"))
        return DecisionEffect(sum(one[2] or 0 for one in issued), sum(one[2] or 0 for one in ended), collective)
    return DecisionEffect(0, 0)


@dataclass(frozen=True, slots=True)
class Grant:
    """Shares that a holder is to have; `certificate`: its number, where one is given; `field`: the part of the request that does."""

    holder: ShareHolder
    kind: str
    shares: int
    certificate: str | None = None
    field: str = "decisionNo"


def issue_certificates(
    state: AssetShareState, decision: Decision, grants: Sequence[Grant], total: int | None
) -> Iterator[ShareCertificate]:
    """The certificates of what is granted; without a number of its own one is called by the decision and its place, in order of
    holders. Raises `ChangeInvalid` for a number that is in use."""
    used, taken = {one.number for one in state.certificates}, set[str]()
    ordered = sorted(grants, key=lambda one: (one.holder.key, one.kind))
    width = max(3, len(str(len(ordered))))
    for at, one in enumerate(ordered, 1):
        number = one.certificate or f"{decision.number}-{at:0{width}d}"
        if number in used:
            raise invalid_change(one.field, f"股权证号 {number} 已使用", f"the certificate number {number} is in use")
        if number in taken:
            raise invalid_change(
                one.field, f"股权证号 {number} 重复", f"the certificate number {number} is there twice"
            )
        taken.add(number)
        holder = one.holder
        yield ShareCertificate(
            holder.label, holder.key, number, one.kind, None, one.shares, total, decision.number, None, decision.since
        )
