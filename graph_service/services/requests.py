"""What all changes by officials have in common: who asks under which key, and what is refused before anything is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from graph_service.declare import OPEN
from graph_service.derive.cell_texts import text_of
from graph_service.derive.days import today
from graph_service.errors import ChangeInvalid
from graph_service.services.imports.changes import Change
from graph_service.services.imports.sequences import require_key

EARLIEST, LATEST = 1900, 2100
NOW = OPEN - 1
"""The data version of what is known now."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, under which key, for which areas (beginnings of codes) the asker may change anything."""

    key: str
    by: str
    granted: tuple[str, ...]


def change(kind: str, request: Request, *content: Any) -> Change:
    """The change with everything that it says. Raises `ChangeInvalid` for a key that is none."""
    require_key(request.key)
    return Change(request.key, kind, orjson.dumps(content).decode(), request.by)


def invalid(field: str, zh: str, en: str) -> ChangeInvalid:
    """What one is told whose input cannot be."""
    return ChangeInvalid(field=field, reason_zh=zh, reason_en=en)


def unknown(field: str, what: str) -> ChangeInvalid:
    """What one is told who names what is not there, or not the asker's to see."""
    return invalid(field, f"没有 {what}", f"there is no {what}")


def require_said(field: str, text: str) -> None:
    """Raises `ChangeInvalid` for a blank text."""
    if not text.strip():
        raise invalid(field, "不能为空", "it may not be empty")


def number_of(field: str, text: str) -> str:
    """A number as a register's would be kept. Raises `ChangeInvalid` for a blank one."""
    require_said(field, text)
    return text_of(text) or text


def require_dated(**days: int | None) -> None:
    """Days lie where people are remembered: what is earlier or later is a slip, or stands for none. Raises `ChangeInvalid`."""
    for field, day in days.items():
        if day is not None and not EARLIEST <= day // 10000 <= LATEST:
            raise invalid(field, f"应在 {EARLIEST} 至 {LATEST} 年之间", f"it lies between {EARLIEST} and {LATEST}")


def require_past(**days: int) -> None:
    """What has happened lies before tomorrow. Raises `ChangeInvalid`."""
    require_dated(**days)
    for field, day in days.items():
        if day > today():
            raise invalid(field, "日期在今天之后", "it lies after today")
