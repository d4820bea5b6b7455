"""Verification of the audit log: every edit, removal, reordering and cut end is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from graph_service.audit.entries import FIRST_DIGEST, chain_digest
from graph_service.audit.log import AnchoredHead, AuditLog

BLOCK_SIZE = 1_000


class AuditFaultKind(StrEnum):
    """Kind of a fault of the log."""

    MISSING = "MISSING"
    ALTERED = "ALTERED"
    MOVED = "MOVED"
    CUT = "CUT"
    REPLACED = "REPLACED"
    AREAS_ALTERED = "AREAS_ALTERED"


FAULT_DESCRIPTIONS = {
    AuditFaultKind.MISSING: "缺少记录：An entry is missing.",
    AuditFaultKind.ALTERED: "记录被改动：The content does not match its digest.",
    AuditFaultKind.MOVED: "记录被移动：The content belongs to another number.",
    AuditFaultKind.CUT: "末尾被截断：The anchor has this entry, but the log ends before it.",
    AuditFaultKind.REPLACED: "记录被替换：The anchor has another digest for this entry.",
    AuditFaultKind.AREAS_ALTERED: "区划索引被改动：The areas by which the entry is listed are not those of its content.",
}


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A fault at the entry with this number."""

    number: int
    kind: AuditFaultKind


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Result of a verification: number of entries, the newest one's digest, how many heads of the anchor were compared, the faults."""

    count: int
    digest: bytes
    anchored_count: int
    faults: tuple[AuditFault, ...]


def verify_log(log: AuditLog, noted_head: AnchoredHead | None = None) -> AuditVerification:
    """Verify the whole log against its chain, its anchor and, where it is given, a head that was noted elsewhere. Raises `AuditLogFailed`."""
    # Read before the log: entries that are added meanwhile are no cut end.
    heads: dict[int, bytes] = {}
    faults: list[AuditFault] = []
    anchored_count = 0
    for head in (*log.anchor.heads(), *([noted_head] if noted_head else ())):
        anchored_count += 1
        if heads.setdefault(head.number, head.digest) != head.digest:
            faults.append(AuditFault(head.number, AuditFaultKind.REPLACED))
    number, digest = 0, FIRST_DIGEST
    for row_number, content, stored_digest in _iterate_rows(log, faults):
        faults += [AuditFault(missing, AuditFaultKind.MISSING) for missing in range(number + 1, row_number)]
        if _content_number(content) != row_number:
            faults.append(AuditFault(row_number, AuditFaultKind.MOVED))
        # After a gap the digest before is unknown: the gap itself is the fault.
        elif row_number == number + 1 and chain_digest(digest, content) != stored_digest:
            faults.append(AuditFault(row_number, AuditFaultKind.ALTERED))
        if heads.pop(row_number, stored_digest) != stored_digest:
            faults.append(AuditFault(row_number, AuditFaultKind.REPLACED))
        number, digest = row_number, stored_digest
    faults += [AuditFault(cut, AuditFaultKind.CUT) for cut in sorted(heads) if cut > number]
    return AuditVerification(
        number, digest, anchored_count, tuple(sorted(set(faults), key=lambda f: (f.number, f.kind)))
    )


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
