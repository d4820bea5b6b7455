"""Parts common to all changes by officials: the requester and key, and the checks of the input made before the graph is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.recording.changes import Change
from graph_service.core.recording.import_lifecycle import require_client_key
from graph_service.core.refusals import (
    RefusalCode,
    forbidden_change,
    invalid_change,
    personal_number_refused,
    unknown_reference,
)
from graph_service.domain.days import today
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.personal_numbers import find_personal_numbers, is_named_by_number
from graph_service.errors import ChangeError

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
CURRENT_VERSION = OPEN_SEQUENCE - 1
"""The data version of the present state."""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """The requester of a change, its key, and the areas (beginnings of codes) in which the requester may make it. `read_areas`: those in which
    the requester may read what it concerns."""

    key: str
    by: str
    granted_areas: tuple[str, ...]
    read_areas: tuple[str, ...] = ()


def build_change(kind: str, request: ChangeRequest, *content: Any) -> Change:
    """Build the change with its whole content. Raises `ChangeInvalid` for a blank key."""
    require_client_key(request.key)
    return Change(request.key, kind, orjson.dumps(content).decode(), request.by)


def require_changeable(request: ChangeRequest, area_code: str | None, field: str, key: str) -> None:
    """Raise the error for a record that the requester may not change. `area_code`: that of its area, None where it does not exist."""
    if area_code is None or not area_code.startswith(request.granted_areas):
        raise unchangeable(request, area_code, field, key)


def unchangeable(request: ChangeRequest, area_code: str | None, field: str, key: str) -> ChangeError:
    """Return the error for a record that the requester may read and not change; the one for a missing record where it may not be read
    either."""
    if area_code is None or not is_readable(request, area_code):
        return unknown_reference(field, key)
    return forbidden_change(
        RefusalCode.OUTSIDE_GRANTED_AREAS,
        f"{key} 在您可查看的区划内，但不在可变更的区划内。请由有相应区划权限的人员办理。",
        f"{key} lies in the areas that you may read, but outside of those in which you may make this change. Ask somebody who may.",
    )


def is_readable(request: ChangeRequest, area_code: str) -> bool:
    """Tell whether the requester may read what lies in an area; who reads everything may read what lies in none (`NO_AREA`)."""
    return area_code.startswith((*request.read_areas, *request.granted_areas))


def require_text(field: str, text: str) -> None:
    """Raise `ChangeInvalid` for a blank text."""
    if not text.strip():
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            field,
            "不能为空。请填写后重试。",
            "The value is blank. Fill it in and try again.",
        )


def require_note(field: str, text: str) -> None:
    """Raise `ChangeInvalid` for a blank text, and for one with a number of a person."""
    require_text(field, text)
    if find_personal_numbers(text):
        raise personal_number_refused(field)


def require_name(field: str, text: str) -> None:
    """Raise `ChangeInvalid` for a blank name of a user or record, and for one with a number of a person: it stands in logs."""
    require_text(field, text)
    if is_named_by_number(text):
        raise personal_number_refused(field)


def parse_number(field: str, text: str) -> str:
    """Return a number as one from a register would be stored. Raises `ChangeInvalid` for a blank one."""
    require_text(field, text)
    return cell_text(text) or text


def parse_new_number(field: str, text: str) -> str:
    """Return the number of a record that a change creates. Raises `ChangeInvalid` for a blank one, and for one with a number of a person.
    Numbers from registers may look like one, so that a record that is there may be named by any."""
    require_name(field, text)
    return parse_number(field, text)


def require_plausible_days(**days: int | None) -> None:
    """Raise `ChangeInvalid` for a day outside of the plausible years: an earlier or later one is a slip, or stands for no day."""
    for field, day in days.items():
        if day is not None and not EARLIEST_YEAR <= day // 10000 <= LATEST_YEAR:
            raise invalid_change(
                RefusalCode.OUT_OF_RANGE,
                field,
                f"日期应在 {EARLIEST_YEAR} 年至 {LATEST_YEAR} 年之间。请更正。",
                f"The day must be in the years {EARLIEST_YEAR} to {LATEST_YEAR}. Correct it.",
            )


def require_plausible_year(field: str, year: int) -> None:
    """Raise `ChangeInvalid` for a year outside of the plausible ones."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            field,
            f"年度应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间。请更正。",
            f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}. Correct it.",
        )


def require_item_count(field: str, count: int, max_count: int) -> None:
    """Raise `ChangeInvalid` for a list that is empty, or longer than a change takes."""
    if not 0 < count <= max_count:
        raise invalid_change(
            RefusalCode.TOO_MANY_ITEMS if count else RefusalCode.REQUIRED_VALUE_MISSING,
            field,
            f"应有 1 至 {max_count} 条，现有 {count} 条。{'请分几次办理' if count else '请至少给出一条'}。",
            f"There must be 1 to {max_count} entries, not {count}. {'Split the list' if count else 'Give at least one'}.",
        )


def require_past_days(**days: int) -> None:
    """Raise `ChangeInvalid` for a day after today, or outside of the plausible years."""
    for field, day in days.items():
        if day > today():
            raise invalid_change(
                RefusalCode.DAY_IN_FUTURE,
                field,
                "日期在今天之后。请填写今天或以前的日期。",
                "The day is in the future. Give today or an earlier day.",
            )
    require_plausible_days(**days)
