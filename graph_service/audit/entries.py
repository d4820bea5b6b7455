"""Entries of the audit log, and the form in which they are hashed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from graph_service.platform.local_database import format_moment

FIRST_DIGEST = bytes(32)
"""Digest before the first entry."""


class AuditEvent(StrEnum):
    """Kind of an entry."""

    READ = "READ"
    QUERY = "QUERY"
    REQUEST = "REQUEST"
    OUTCOME = "OUTCOME"


EVENT_DESCRIPTIONS = {
    AuditEvent.READ: "查看完整信息：Values were read in full.",
    AuditEvent.QUERY: "按个人信息查询：Records were selected, sorted or counted by confidential or sensitive values.",
    AuditEvent.REQUEST: "请求变更：A change was requested.",
    AuditEvent.OUTCOME: "变更结果：The change was made, or refused.",
}


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """A record that an entry is about. `areas`: codes of the areas in which it lies."""

    label: str
    key: str
    areas: tuple[str, ...]


class RequestedRecord(NamedTuple):
    """A record or area that a request names: name of the argument or input field, and its value. It may not exist."""

    argument: str
    value: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Content of an entry. `operation`: name of the root field or command; `values`: names of the values that were read or by which records
    were selected; `count`: number of rows; `outcome`: code of a refusal or MADE, empty where it is none; `version`: data version that a
    change made; `request`: number of the request, as in the service's log; `requested`: records and areas that the request names."""

    user: str
    event: AuditEvent
    operation: str
    purpose: str = ""
    areas: tuple[str, ...] = ()
    subjects: tuple[AuditSubject, ...] = ()
    values: tuple[str, ...] = ()
    count: int | None = None
    outcome: str = ""
    version: int | None = None
    request: str = ""
    requested: tuple[RequestedRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A record in the log: its number, its moment (UTC), and the digest that chains it to all entries before it."""

    number: int
    moment: datetime
    record: AuditRecord
    digest: bytes


def encode_content(number: int, moment: datetime, record: AuditRecord) -> str:
    """Return an entry as it is stored and hashed: JSON with sorted names."""
    content: dict[str, Any] = {
        "number": number,
        "moment": format_moment(moment),
        "user": record.user,
        "event": record.event.value,
        "operation": record.operation,
        "purpose": record.purpose,
        "areas": list(record.areas),
        "subjects": [[subject.label, subject.key, list(subject.areas)] for subject in record.subjects],
        "values": list(record.values),
        "count": record.count,
        "outcome": record.outcome,
        "version": record.version,
        "request": record.request,
        "requested": [list(each) for each in record.requested],
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def decode_entry(content: str, digest: bytes) -> AuditEntry:
    """Return the entry of stored content."""
    values = orjson.loads(content)
    record = AuditRecord(
        values["user"],
        AuditEvent(values["event"]),
        values["operation"],
        values["purpose"],
        tuple(values["areas"]),
        tuple(AuditSubject(label, key, tuple(areas)) for label, key, areas in values["subjects"]),
        tuple(values["values"]),
        values["count"],
        values["outcome"],
        values["version"],
        values["request"],
        # Entries of before they were logged have none.
        tuple(RequestedRecord(*each) for each in values.get("requested", ())),
    )
    return AuditEntry(values["number"], datetime.fromisoformat(values["moment"]), record, digest)


def chain_digest(previous: bytes, content: str) -> bytes:
    """Return the digest of an entry, from that of the entry before it and its content."""
    return sha256(previous + content.encode()).digest()
