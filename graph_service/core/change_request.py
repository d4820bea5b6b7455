"""Parts common to all changes by officials: the requester and key, and the checks of the input made before the graph is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.recording.changes import Change
from graph_service.core.recording.import_lifecycle import require_client_key
from graph_service.domain.days import today
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.errors import ChangeInvalid

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
CURRENT_VERSION = OPEN_SEQUENCE - 1
"""The data version of the present state."""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """The requester of a change, its key, and the areas (beginnings of codes) for which the requester may change anything."""

    key: str
    by: str
    granted_areas: tuple[str, ...]


def build_change(kind: str, request: ChangeRequest, *content: Any) -> Change:
    """Build the change with its whole content. Raises `ChangeInvalid` for a blank key."""
    require_client_key(request.key)
    return Change(request.key, kind, orjson.dumps(content).decode(), request.by)


def invalid_change(field: str, zh: str, en: str) -> ChangeInvalid:
    """Return the error for invalid input."""
    return ChangeInvalid(field=field, reason_zh=zh, reason_en=en)


def unknown_reference(field: str, key: str) -> ChangeInvalid:
    """Return the error for a reference that does not exist, or that the requester may not see."""
    return invalid_change(field, f"没有 {key}", f"there is no {key}")


def require_text(field: str, text: str) -> None:
    """Raise `ChangeInvalid` for a blank text."""
    if not text.strip():
        raise invalid_change(field, "不能为空", "it may not be empty")


def parse_number(field: str, text: str) -> str:
    """Return a number as one from a register would be stored. Raises `ChangeInvalid` for a blank one."""
    require_text(field, text)
    return cell_text(text) or text


def require_plausible_days(**days: int | None) -> None:
    """Raise `ChangeInvalid` for a day outside of the plausible years: an earlier or later one is a slip, or stands for no day."""
    for field, day in days.items():
        if day is not None and not EARLIEST_YEAR <= day // 10000 <= LATEST_YEAR:
            raise invalid_change(
                field,
                f"应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 年之间",
                f"it lies between {EARLIEST_YEAR} and {LATEST_YEAR}",
            )


def require_past_days(**days: int) -> None:
    """Raise `ChangeInvalid` for a day after today, or outside of the plausible years."""
    require_plausible_days(**days)
    for field, day in days.items():
        if day > today():
            raise invalid_change(field, "日期在今天之后", "it lies after today")
