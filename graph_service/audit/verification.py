"""Verification of the audit log: every edit, removal, reordering and cut end is reported, and every entry that the anchor does not vouch for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

import orjson

from graph_service.audit.entries import FIRST_DIGEST, chain_digest
from graph_service.audit.log import MAX_LATE_HEADS, AnchoredHead, AuditAnchor, AuditLog

BLOCK_SIZE = 1_000
ANCHOR_SECONDS = 1.0
"""Time within which a writer has appended the head of an entry that it has added."""


class AuditFaultKind(StrEnum):
    """Kind of a fault of the log."""

    MISSING = "MISSING"
    ALTERED = "ALTERED"
    MOVED = "MOVED"
    CUT = "CUT"
    REPLACED = "REPLACED"
    AREAS_ALTERED = "AREAS_ALTERED"
    UNANCHORED = "UNANCHORED"


FAULT_DESCRIPTIONS = {
    AuditFaultKind.MISSING: "缺少记录：An entry is missing.",
    AuditFaultKind.ALTERED: "记录被改动：The content does not match its digest.",
    AuditFaultKind.MOVED: "记录被移动：The content belongs to another number.",
    AuditFaultKind.CUT: "末尾被截断：The anchor has this entry, but the log ends before it.",
    AuditFaultKind.REPLACED: "记录被替换：The anchor has another digest for this entry.",
    AuditFaultKind.AREAS_ALTERED: "区划索引被改动：The areas by which the entry is listed are not those of its content.",
    AuditFaultKind.UNANCHORED: "锚点文件中没有校验值：The anchor has no digest for what the log has here.",
}
NOTED_HEAD_DESCRIPTIONS = {
    AuditFaultKind.CUT: "日志在所给末条（--head）之前结束：The log ends before the head that was given with --head.",
    AuditFaultKind.REPLACED: "与所给末条（--head）的校验值不同：The log has another digest for this entry than the head that was given with --head.",
}
"""Descriptions of the faults by a head that was noted elsewhere."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A fault at the entry with this number, or at all entries up to `last`. `is_noted`: it shows by the head that was noted elsewhere, not
    by the anchor."""

    number: int
    kind: AuditFaultKind
    last: int | None = None
    is_noted: bool = False

    @property
    def description(self) -> str:
        return (NOTED_HEAD_DESCRIPTIONS if self.is_noted else FAULT_DESCRIPTIONS)[self.kind]


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Result of a verification: number of entries, the newest one's digest, how many heads of the anchor were compared, the faults."""

    count: int
    digest: bytes
    anchored_count: int
    faults: tuple[AuditFault, ...]


def verify_log(log: AuditLog, noted_head: AnchoredHead | None = None) -> AuditVerification:
    """Verify the whole log against its chain, its anchor and, where it is given, a head that was noted elsewhere. Raises `AuditLogFailed`."""
    # Read before the log: entries that are added meanwhile are no cut end, and need no head yet.
    newest = log.newest_number()
    heads, faults = _load_heads(log.anchor)
    if any(number not in heads for number in range(max(newest - MAX_LATE_HEADS, 0) + 1, newest + 1)):
        time.sleep(ANCHOR_SECONDS)
        heads, faults = _load_heads(log.anchor)
    unanchored: list[int] = []
    number, digest = 0, FIRST_DIGEST
    for row_number, content, stored_digest in _iterate_rows(log, faults):
        faults += [AuditFault(missing, AuditFaultKind.MISSING) for missing in range(number + 1, row_number)]
        if _content_number(content) != row_number:
            faults.append(AuditFault(row_number, AuditFaultKind.MOVED))
        # After a gap the digest before is unknown: the gap itself is the fault.
        elif row_number == number + 1 and chain_digest(digest, content) != stored_digest:
            faults.append(AuditFault(row_number, AuditFaultKind.ALTERED))
        if heads.get(row_number, stored_digest) != stored_digest:
            faults.append(AuditFault(row_number, AuditFaultKind.REPLACED))
        if row_number <= newest and row_number not in heads:
            unanchored.append(row_number)
        if noted_head and noted_head.number == row_number and noted_head.digest != stored_digest:
            faults.append(AuditFault(row_number, AuditFaultKind.REPLACED, is_noted=True))
        number, digest = row_number, stored_digest
    faults += [AuditFault(cut, AuditFaultKind.CUT) for cut in heads if cut > number]
    faults += [AuditFault(first, AuditFaultKind.UNANCHORED, last) for first, last in _ranges(unanchored)]
    if noted_head and noted_head.number > number:
        faults.append(AuditFault(noted_head.number, AuditFaultKind.CUT, is_noted=True))
    ordered = sorted(set(faults), key=lambda fault: (fault.number, fault.kind, fault.is_noted))
    return AuditVerification(number, digest, len(heads), tuple(ordered))


def _load_heads(anchor: AuditAnchor) -> tuple[dict[int, bytes], list[AuditFault]]:
    """Return the digests of the anchor by number, and a fault for each number that has two."""
    heads: dict[int, bytes] = {}
    faults = [
        AuditFault(head.number, AuditFaultKind.REPLACED)
        for head in anchor.heads()
        if heads.setdefault(head.number, head.digest) != head.digest
    ]
    return heads, faults


def _ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of consecutive numbers."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


def _iterate_rows(log: AuditLog, faults: list[AuditFault]) -> Iterator[tuple[int, str, bytes]]:
    """Yield all stored rows; add a fault for each whose areas differ from its content's."""
    after = 0
    while rows := log.stored_rows(after, BLOCK_SIZE):
        areas = log.stored_areas(rows[0][0], rows[-1][0])
        for number, content, digest in rows:
            if areas.get(number, set()) != set(_content(content).get("areas", ())):
                faults.append(AuditFault(number, AuditFaultKind.AREAS_ALTERED))
            yield number, content, digest
        after = rows[-1][0]


def _content_number(content: str) -> object:
    return _content(content).get("number")


def _content(content: str) -> dict[str, Any]:
    """Return stored content, empty where it is no JSON object any more."""
    try:
        values = orjson.loads(content)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
