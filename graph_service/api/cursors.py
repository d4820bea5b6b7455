"""Cursors and global ids: opaque to clients, and nothing of the engine's own ids in them."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from graph_service.errors import CursorInvalid

Part = str | int | float
LARGEST = 2**63 - 1
"""What an engine can count to."""


def cursor_of(parts: Sequence[Part]) -> str:
    """Text of a place in an ordered list."""
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def parts_of(cursor: str, kinds: Sequence[type], order: str = "") -> list[Any]:
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
        or any(isinstance(part, int) and abs(part) > LARGEST for part in found)
    ):
        raise CursorInvalid(cursor=cursor[:80])
    return found


def node_of(id_: str) -> tuple[str, str] | None:
    """Label and key text of a global id; none where it is no id of ours."""
    try:
        text = urlsafe_b64decode(id_ + "=" * (-len(id_) % 4)).decode()
    except ValueError:
        return None
    label, colon, key = text.partition(":")
    return (label, key) if colon else None


def global_id(label: str, *key: Part) -> str:
    """Id of a node: its label and its key."""
    return urlsafe_b64encode(":".join((label, *map(str, key))).encode()).decode().rstrip("=")
