"""Cursors and global ids: opaque to clients, and nothing of the engine's own ids in them."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from graph_service.core.query_scope import RequestedTimes
from graph_service.domain.days import day_from_iso, iso_day
from graph_service.errors import CursorInvalid

KeyPart = str | int | float
_MARK = re.compile(r"(\w+)(?:@(\d{8})(?:@(\d{1,15}))?|@@(\d{1,15}))?", re.ASCII)
MAX_INTEGER = 2**63 - 1
"""What an engine can count to."""


def encode_cursor(parts: Sequence[KeyPart]) -> str:
    """Text of a place in an ordered list."""
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type], order: str = "") -> list[Any]:
    """The place that a cursor names. Raises `CursorInvalid` where it is of another list, or of another order of it."""
    try:
        found = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise CursorInvalid(cursor=cursor[:80]) from error
    if order and isinstance(found, list) and found[:1] == [order]:
        del found[0]
    elif order:
        raise CursorInvalid(cursor=cursor[:80])
    if (
        not isinstance(found, list)
        or len(found) != len(kinds)
        or any(type(part) is not kind for part, kind in zip(found, kinds, strict=True))
        or any(isinstance(part, int) and abs(part) > MAX_INTEGER for part in found)
    ):
        raise CursorInvalid(cursor=cursor[:80])
    return found


def decode_global_id(id_: str) -> tuple[str, str, RequestedTimes] | None:
    """Label and key text of a global id, the day and version that it names; none where it is no id of ours."""
    try:
        text = urlsafe_b64decode(id_ + "=" * (-len(id_) % 4)).decode()
    except ValueError:
        return None
    before, colon, key = text.partition(":")
    mark = _MARK.fullmatch(before)
    if not colon or mark is None:
        return None
    label, day, *versions = mark.groups()
    version = next(filter(None, versions), None)
    try:
        return label, key, (day_from_iso(iso_day(int(day))) if day else None, int(version) if version else None)
    except ValueError:
        return None


def format_mark(requested_times: RequestedTimes) -> str:
    """What an id has of the day and version that the asker named: nothing, `@20151231`, `@@7`, `@20151231@7`."""
    return "".join(f"@{'' if part is None else part}" for part in requested_times).rstrip("@")


def encode_global_id(label: str, mark: str, *key: KeyPart) -> str:
    """Id of a node as one asked for it: its label, for which day and version (`mark_of`), its key. A client keeps what it was told by
    ids; of two days or two versions there are two records."""
    return urlsafe_b64encode(":".join((label + mark, *map(str, key))).encode()).decode().rstrip("=")
