"""Cursors and global ids: opaque to clients, without the engine's own ids."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from graph_service.access.masking import excerpt
from graph_service.core.query_scope import RequestedTimes
from graph_service.domain.days import day_from_iso, iso_day
from graph_service.errors import CursorInvalid

KeyPart = str | int | float
_MARK = re.compile(r"(\w+)(?:@(\d{8})(?:@(\d{1,15}))?|@@(\d{1,15}))?", re.ASCII)
MAX_INTEGER = 2**63 - 1
"""Largest integer of an engine."""


def encode_cursor(parts: Sequence[KeyPart]) -> str:
    """Return the text of a position in an ordered list."""
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type], order: str = "") -> list[Any]:
    """Return the position that a cursor names. Raises `CursorInvalid` where it is of another list, or of another order of the list."""
    try:
        parts = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise CursorInvalid(cursor=excerpt(cursor, 80)) from error
    if order and isinstance(parts, list) and parts[:1] == [order]:
        del parts[0]
    elif order:
        raise CursorInvalid(cursor=excerpt(cursor, 80))
    if (
        not isinstance(parts, list)
        or len(parts) != len(kinds)
        or any(type(part) is not kind for part, kind in zip(parts, kinds, strict=True))
        or any(isinstance(part, int) and abs(part) > MAX_INTEGER for part in parts)
    ):
        raise CursorInvalid(cursor=excerpt(cursor, 80))
    return parts


def decode_global_id(id_: str) -> tuple[str, str, RequestedTimes] | None:
    """Return label and key text of a global id, and the day and version that it names; None where it is no id of this service."""
    try:
        text = urlsafe_b64decode(id_ + "=" * (-len(id_) % 4)).decode()
    except ValueError:
        return None
    prefix, colon, key = text.partition(":")
    match = _MARK.fullmatch(prefix)
    if not colon or match is None:
        return None
    label, day, *versions = match.groups()
    version = next(filter(None, versions), None)
    try:
        return label, key, (day_from_iso(iso_day(int(day))) if day else None, int(version) if version else None)
    except ValueError:
        return None


def format_mark(requested_times: RequestedTimes) -> str:
    """Return the mark of an id for the requested day and version: nothing, `@20151231`, `@@7`, `@20151231@7`."""
    return "".join(f"@{'' if part is None else part}" for part in requested_times).rstrip("@")


def encode_global_id(label: str, mark: str, *key: KeyPart) -> str:
    """Return the id of a requested node: its label, its day and version (`format_mark`), its key. A client caches records by id, and
    records of two days or two versions differ."""
    return urlsafe_b64encode(":".join((label + mark, *map(str, key))).encode()).decode().rstrip("=")
