"""Decisions on shares: one recorded decision, and the certificates that it makes and ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from graph_service.declare import FIRST_DAY, LAST_DAY
from graph_service.derive.days import iso_day, show_day
from graph_service.errors import ChangeConflict
from graph_service.services.imports.changes import Change, Row
from graph_service.services.imports.sequences import CHANGE
from graph_service.services.requests import NOW, Request, change, invalid, require_dated, require_past, require_said
from graph_service.services.shares.holders import Holder
from graph_service.services.shares.standing import Holding, Standing
from graph_service.store.graph import Store

MOST = 10_000
"""As many certificates as one decision makes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is asked for: its number, the asset, the day on which it was taken, the first day from which it counts, why."""

    number: str
    asset: str
    decided_on: int
    since: int
    reason: str | None = None

    def checked(self) -> None:
        """What cannot be is refused before anything is looked at. Raises `ChangeInvalid`."""
        require_past(decidedOn=self.decided_on)
        require_dated(since=self.since)
        if self.reason is not None:
            require_said("reason", self.reason)

    def change(self, kind: str, request: Request, *content: object) -> Change:
        said = [self.number, self.asset, self.decided_on, self.since, self.reason]
        return change(kind, request, *said, *content)

    def rows(self, act: str, holdings: Iterable[Holding]) -> list[Row]:
        """The decision and its certificates, those of each kind of holder together: they are written so."""
        certificates = [one.row(self.asset) for one in holdings]
        return [
            (("ShareDecision",), [self.number, act, None, self.decided_on, self.reason]),
            (("DECIDED_ON", "ShareDecision", "Asset"), [self.number, self.asset, FIRST_DAY, LAST_DAY]),
            *sorted(certificates, key=lambda row: row[0]),
        ]


def made_already(store: Store, decision: Decision, change: Change) -> bool:
    """Whether the very same was recorded under another key. Raises `ChangeConflict` where another decision has the number."""
    for row in store.ask("shares/decision", decision=decision.number, seq=NOW):
        digest = hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()
        if row[5] != f"{CHANGE}:{digest}":
            raise ChangeConflict(
                reason_zh=f"决定编号 {decision.number} 已用于另一决定",
                reason_en=f"another decision has the number {decision.number}",
            )
        return True
    return False


def require_open(one: Holding, since: int, field: str) -> None:
    """Raises `ChangeInvalid`, `ChangeConflict` where a certificate cannot end on the day before and go on in others."""
    if one.until != LAST_DAY:
        day = iso_day(one.until)
        raise ChangeConflict(
            reason_zh=f"股权证 {one.certificate} 已定于 {day} 终止",
            reason_en=f"the certificate {one.certificate} ends on {day} already",
        )
    if one.since >= since:
        begun = show_day(one.since) or "-"
        raise invalid(
            field if one.since > since else "since",
            f"股权证 {one.certificate} 自 {begun} 起持有;请给出其后的日期",
            f"the certificate {one.certificate} begins on {begun}: give a later day",
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """What a decision came to: shares of the certificates that it issued and ended, and those of them that the collective keeps."""

    issued: int
    ended: int
    kept: int = 0


def moved(store: Store, number: str, sequence: int) -> Moved:
    """What a decision came to, as a data version has it."""
    for *_, issued, ended in store.ask("shares/decision", decision=number, seq=sequence):
        collective = sum(shares or 0 for label, _, shares in issued if label not in ("Household", "Person"))
        return Moved(sum(one[2] or 0 for one in issued), sum(one[2] or 0 for one in ended), collective)
    return Moved(0, 0)


@dataclass(frozen=True, slots=True)
class Grant:
    """Shares that a holder is to have; `certificate`: its number, where one is given; `field`: the part of the request that does."""

    holder: Holder
    kind: str
    shares: int
    certificate: str | None = None
    field: str = "decisionNo"


def certified(known: Standing, decision: Decision, grants: Sequence[Grant], total: int | None) -> Iterator[Holding]:
    """The certificates of what is granted; without a number of its own one is called by the decision and its place, in order of
    holders. Raises `ChangeInvalid` for a number that is in use."""
    used, taken = {one.certificate for one in known.holdings}, set[str]()
    ordered = sorted(grants, key=lambda one: (one.holder.key, one.kind))
    width = max(3, len(str(len(ordered))))
    for at, one in enumerate(ordered, 1):
        number = one.certificate or f"{decision.number}-{at:0{width}d}"
        if number in used:
            raise invalid(one.field, f"股权证号 {number} 已使用", f"the certificate number {number} is in use")
        if number in taken:
            raise invalid(one.field, f"股权证号 {number} 重复", f"the certificate number {number} is there twice")
        taken.add(number)
        holder = one.holder
        yield Holding(
            holder.label, holder.key, number, one.kind, None, one.shares, total, decision.number, None, decision.since
        )
