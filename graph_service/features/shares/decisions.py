"""Decisions on shares: a recorded decision, and the certificates that it issues and ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import orjson

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_note,
    require_past_days,
    require_plausible_days,
)
from graph_service.core.recording.changes import Change, ChangeRow, node_row, relationship_row
from graph_service.core.recording.import_lifecycle import CHANGE_PURPOSE
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change
from graph_service.domain.days import format_day, iso_day
from graph_service.domain.metamodel import LAST_DAY
from graph_service.domain.records import Target
from graph_service.features.shares.asset_state import AssetShareState, ShareCertificate
from graph_service.features.shares.holders import ShareHolder
from graph_service.platform.store.graph import Store

MAX_DECISION_ENTRIES = 10_000
"""Maximum number of certificates issued by one decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A requested decision: number, asset, day on which it was taken, first day from which it counts, reason."""

    number: str
    asset: str
    decided_on: int
    since: int
    reason: str | None = None

    def validate(self) -> None:
        """Check days and reason before any lookup. Raises `ChangeInvalid`."""
        require_past_days(decidedOn=self.decided_on)
        require_plausible_days(since=self.since)
        if self.reason is not None:
            require_note("reason", self.reason)

    def build_change(self, kind: str, request: ChangeRequest, *content: object) -> Change:
        decision_content = [self.number, self.asset, self.decided_on, self.since, self.reason]
        return build_change(kind, request, *decision_content, *content)

    def rows(self, act: str, share_certificates: Iterable[ShareCertificate]) -> list[ChangeRow]:
        """Return the rows of the decision and its certificates, the certificates grouped by kind of holder, as they are written."""
        certificate_rows = [certificate.row(self.asset) for certificate in share_certificates]
        return [
            node_row("ShareDecision", self.number, act=act, decided_on=self.decided_on, reason=self.reason),
            relationship_row(Target("DECIDED_ON", "ShareDecision", "Asset"), self.number, self.asset),
            *sorted(certificate_rows, key=attrgetter("target")),
        ]


def is_already_recorded(store: Store, decision: Decision, change: Change) -> bool:
    """Return True where the same change was recorded under another key. Raises `ChangeConflict` where another decision has the number."""
    for row in store.query("shares/decision", decision=decision.number, seq=CURRENT_VERSION):
        digest = hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()
        if row[5] != f"{CHANGE_PURPOSE}:{digest}":
            raise conflicting_change(
                RefusalCode.NUMBER_IN_USE,
                f"决定编号 {decision.number} 已用于另一决定。请换一个编号。",
                f"The number {decision.number} belongs to another decision. Use another number.",
            )
        return True
    return False


def require_open(certificate: ShareCertificate, since: int, field: str) -> None:
    """Raise `ChangeInvalid` or `ChangeConflict` where a certificate cannot end on the day before `since` and be replaced by others."""
    if certificate.until != LAST_DAY:
        day = iso_day(certificate.until)
        raise conflicting_change(
            RefusalCode.ALREADY_ENDED,
            f"股权证 {certificate.number} 已定于 {day} 终止。请核对股权证号。",
            f"The end of the certificate {certificate.number} is already recorded, {day}. Check the certificate.",
        )
    if certificate.since >= since:
        first_day = format_day(certificate.since) or "-"
        raise invalid_change(
            RefusalCode.DAY_TOO_EARLY,
            field if certificate.since > since else "since",
            f"股权证 {certificate.number} 自 {first_day} 起持有。请填写其后的日期。",
            f"The certificate {certificate.number} begins on {first_day}. Give a later day.",
        )


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """Effect of a decision: shares of the certificates that it issued and ended, and those of them that the collective keeps."""

    issued: int
    ended: int
    kept: int = 0


def load_decision_effect(store: Store, number: str, sequence: int) -> DecisionEffect:
    """Return the effect of a decision in a data version."""
    for *_, issued, ended in store.query("shares/decision", decision=number, seq=sequence):
        kept = [certificate for certificate in issued if certificate["holder_label"] not in ("Household", "Person")]
        return DecisionEffect(*(sum(row["shares"] or 0 for row in rows) for rows in (issued, ended, kept)))
    return DecisionEffect(0, 0)


@dataclass(frozen=True, slots=True)
class Grant:
    """Shares to be issued to a holder; `certificate`: its number, where one is given; `field`: the field of the request that gives it."""

    holder: ShareHolder
    kind: str
    shares: int
    certificate: str | None = None
    field: str = "decisionNo"


def issue_certificates(
    state: AssetShareState, decision: Decision, grants: Sequence[Grant], total: int | None
) -> Iterator[ShareCertificate]:
    """Yield the certificates of the grants, in order of holders; without a given number a certificate is numbered by the decision and its
    position. Raises `ChangeInvalid` for a number that is in use."""
    existing_numbers, new_numbers = {certificate.number for certificate in state.certificates}, set[str]()
    sorted_grants = sorted(grants, key=lambda grant: (grant.holder.key, grant.kind))
    width = max(3, len(str(len(sorted_grants))))
    for position, grant in enumerate(sorted_grants, 1):
        number = grant.certificate or f"{decision.number}-{position:0{width}d}"
        if number in existing_numbers:
            raise invalid_change(
                RefusalCode.NUMBER_IN_USE,
                grant.field,
                f"股权证号 {number} 已使用。请换一个编号。",
                f"The certificate number {number} is in use. Use another number.",
            )
        if number in new_numbers:
            raise invalid_change(
                RefusalCode.LISTED_TWICE,
                grant.field,
                f"股权证号 {number} 重复。请换一个编号。",
                f"The certificate number {number} is given twice. Use another number.",
            )
        new_numbers.add(number)
        holder = grant.holder
        yield ShareCertificate(
            holder.label,
            holder.key,
            number,
            grant.kind,
            None,
            grant.shares,
            total,
            decision.number,
            None,
            decision.since,
        )
