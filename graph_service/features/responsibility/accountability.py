"""Who answers for something: the cadre or department that a change names, the subject that it is about. What lies outside of what is
granted is, to the asker, not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, invalid_change, unknown_reference
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.platform.store.graph import Store

VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class NodeReference:
    """One of several things that a request may name: the field that does, the label and the key of what it names."""

    field: str
    label: str
    key: str


def parse_subject(village: str | None, area: str | None, card: str | None, person: str | None) -> NodeReference:
    """Whom something is about: exactly one of them. Raises `ChangeInvalid`."""
    given = {
        "villageCode": ("Area", village and unpad_code(village)),
        "areaCode": ("Area", area and unpad_code(area)),
        "cardNo": ("Household", card),
        "personNo": ("Person", person),
    }
    found = _exactly_one(
        given, "请只给出村编码、区划代码、户编号、人口编号之一", "give one of a village, an area, a household, a person"
    )
    if found.field == "villageCode" and len(found.key) != VILLAGE_DIGITS:
        raise unknown_reference(found.field, found.key)
    return found


def parse_holder(cadre: str | None, department: str | None) -> NodeReference:
    """Who must do something: exactly one of them. Raises `ChangeInvalid`."""
    given = {"cadreNo": ("Cadre", cadre), "departmentNo": ("Department", department)}
    return _exactly_one(given, "请只给出干部编号或单位编号之一", "give a cadre or a department, one of them")


def _exactly_one(candidates: dict[str, tuple[str, str | None]], zh: str, en: str) -> NodeReference:
    named = [NodeReference(field, label, key) for field, (label, key) in candidates.items() if key is not None]
    if len(named) != 1:
        raise invalid_change(named[-1].field if named else next(iter(candidates)), zh, en)
    return named[0]


def require_subject(store: Store, request: ChangeRequest, subject: NodeReference) -> None:
    """Raises `ChangeInvalid` where there is no such subject in what is granted."""
    if not is_granted(store, request, subject.label, subject.key):
        raise unknown_reference(subject.field, subject.key)


def is_granted(store: Store, request: ChangeRequest, label: str | None, key: str | None) -> bool:
    """Whether an area, a household or a person is there, and lies in what is granted."""
    if key is None:
        return False
    [found] = store.query("imports/subject", finding=None, about=label, subject=key, seq=CURRENT_VERSION)
    place = found[-1]
    return place is not None and place.startswith(request.granted_areas)


def inspection_day(store: Store, inspection: str) -> int | None:
    """The first day (YYYYMMDD) of an inspection, where it is known."""
    found = store.query("imports/answerable", cadre=None, department=None, inspection=inspection, seq=CURRENT_VERSION)
    day: int | None = found[0][3]
    return day


def require_accountable(
    store: Store, request: ChangeRequest, holder: NodeReference | None, day: int, inspection: str | None = None
) -> None:
    """Raises `ChangeInvalid` where a holder is not there or gone on a day (YYYYMMDD), where an inspection is not there."""
    given: dict[str, Any] = {
        "cadre": holder.key if holder and holder.label == "Cadre" else None,
        "department": holder.key if holder and holder.label == "Department" else None,
        "inspection": inspection,
    }
    [[found, gone_on, inspected, _, places]] = store.query("imports/answerable", **given, seq=CURRENT_VERSION)
    if holder is not None:
        if found is None:
            raise unknown_reference(holder.field, holder.key)
        if gone_on is not None and gone_on <= day:
            gone = iso_day(gone_on)
            raise invalid_change(holder.field, f"已于 {gone} 离岗或撤销", f"left the post or was dissolved on {gone}")
    # A round of the county is one of its townships too.
    seen = any(place.startswith(one) or one.startswith(place) for place in places for one in request.granted_areas)
    if inspection is not None and (inspected is None or not seen):
        raise unknown_reference("inspectionNo", inspection)
