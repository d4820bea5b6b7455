"""Accountability: the cadre or department that a change names, and its subject. Subjects and cadres outside of the areas that the requester
may read are treated as missing, and so are inspections outside of the granted areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_service.core.cadre_places import unreadable_cadres
from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, require_changeable
from graph_service.core.refusals import RefusalCode, choice_code, invalid_change, unknown_reference
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.platform.store.graph import Store

VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class NodeReference:
    """Reference to a node in a request: the field that names it, its label and its key."""

    field: str
    label: str
    key: str


def parse_subject(village: str | None, area: str | None, card: str | None, person: str | None) -> NodeReference:
    """Return the subject of a change: exactly one must be named. Raises `ChangeInvalid`."""
    candidates = {
        "villageCode": ("Area", village and unpad_code(village)),
        "areaCode": ("Area", area and unpad_code(area)),
        "cardNo": ("Household", card),
        "personNo": ("Person", person),
    }
    subject = _exactly_one(
        candidates,
        "请给出村编码、区划代码、户编号、人口编号之一，且只给一个。",
        "Give exactly one of villageCode, areaCode, cardNo and personNo.",
    )
    if subject.field == "villageCode" and len(subject.key) != VILLAGE_DIGITS:
        raise unknown_reference(subject.field, subject.key)
    return subject


def parse_holder(cadre: str | None, department: str | None) -> NodeReference:
    """Return the responsible cadre or department: exactly one must be named. Raises `ChangeInvalid`."""
    candidates = {"cadreNo": ("Cadre", cadre), "departmentNo": ("Department", department)}
    return _exactly_one(
        candidates, "请给出干部编号或单位编号，且只给一个。", "Give either cadreNo or departmentNo, and not both."
    )


def _exactly_one(candidates: dict[str, tuple[str, str | None]], zh: str, en: str) -> NodeReference:
    references = [NodeReference(field, label, key) for field, (label, key) in candidates.items() if key is not None]
    if len(references) != 1:
        field = references[-1].field if references else next(iter(candidates))
        raise invalid_change(choice_code(len(references)), field, zh, en)
    return references[0]


def require_subject(store: Store, request: ChangeRequest, subject: NodeReference) -> None:
    """Raise `ChangeInvalid` where there is no such subject, `ChangeForbidden` where it lies outside of the granted areas."""
    require_changeable(request, subject_area(store, subject.label, subject.key), subject.field, subject.key)


def subject_area(store: Store, label: str | None, key: str | None) -> str | None:
    """Return the code of the area in which an area, a household or a person lies; None where it does not exist."""
    if key is None:
        return None
    [row] = store.query("imports/subject", finding=None, about=label, subject=key, seq=CURRENT_VERSION)
    area_code: str | None = row[-1]
    return area_code


def inspection_day(store: Store, inspection: str) -> int | None:
    """Return the first day (YYYYMMDD) of an inspection, None where it is unknown."""
    rows = store.query("imports/answerable", cadre=None, department=None, inspection=inspection, seq=CURRENT_VERSION)
    day: int | None = rows[0][3]
    return day


def require_accountable(
    store: Store, request: ChangeRequest, holder: NodeReference | None, day: int, inspection: str | None = None
) -> None:
    """Raise `ChangeInvalid` where a holder is missing, is a cadre whom the requester may not read, or has left by a day (YYYYMMDD), or an
    inspection is missing."""
    parameters: dict[str, Any] = {
        "cadre": holder.key if holder and holder.label == "Cadre" else None,
        "department": holder.key if holder and holder.label == "Department" else None,
        "inspection": inspection,
    }
    [[holder_key, left_on, inspection_key, _, area_codes]] = store.query(
        "imports/answerable", **parameters, seq=CURRENT_VERSION
    )
    if holder is not None:
        is_unreadable = holder.label == "Cadre" and holder.key in unreadable_cadres(store, request, [holder.key])
        if holder_key is None or is_unreadable:
            raise unknown_reference(holder.field, holder.key)
        if left_on is not None and left_on <= day:
            left_date = iso_day(left_on)
            raise invalid_change(
                RefusalCode.HOLDER_HAS_LEFT,
                holder.field,
                f"{holder.key} 已于 {left_date} 离岗或撤销。请另选责任人。",
                f"{holder.key} left the post or was dissolved on {left_date}. Choose another holder.",
            )
    # An inspection of a county is also one of its townships.
    is_visible = any(
        area_code.startswith(granted_area) or granted_area.startswith(area_code)
        for area_code in area_codes
        for granted_area in request.granted_areas
    )
    if inspection is not None and (inspection_key is None or not is_visible):
        raise unknown_reference("inspectionNo", inspection)
