"""Responsibility letters: signed by a cadre for an area and a year."""

from __future__ import annotations

from graph_service.core.change_request import (
    CURRENT_VERSION,
    EARLIEST_YEAR,
    LATEST_YEAR,
    ChangeRequest,
    build_change,
    invalid_change,
    require_past_days,
    require_text,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.errors import ChangeConflict
from graph_service.features.responsibility.accountability import NodeReference, require_accountable, require_subject
from graph_service.platform.store.graph import Store


def sign_pledge(
    store: Store,
    request: ChangeRequest,
    number: str,
    area: NodeReference,
    year: int,
    content: str | None,
    cadre: NodeReference,
    signed_on: int,
) -> ChangeResult:
    """Sign a letter on a day (YYYYMMDD); a letter with a new number is created.

    Raises `ChangeInvalid`; `ChangeConflict` where the letter is for another area or year, has other content, or was signed by the cadre on
    another day.
    """
    require_past_days(on=signed_on)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise invalid_change(
            "year", f"应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间", f"it lies between {EARLIEST_YEAR} and {LATEST_YEAR}"
        )
    if content is not None:
        require_text("content", content)

    def build_rows() -> list[ChangeRow]:
        require_subject(store, request, area)
        require_accountable(store, request, cadre, signed_on)
        pledge_text = content
        for stored_year, stored_content, areas, signatures in store.query(
            "imports/pledge", pledge=number, seq=CURRENT_VERSION
        ):
            if (stored_year, areas) != (year, [area.key]):
                raise ChangeConflict(
                    reason_zh=f"责任书 {number} 属于另一区划或年度",
                    reason_en=f"the letter {number} is for another area or year",
                )
            pledge_text = stored_content if content is None else content
            if stored_content not in (None, pledge_text):
                raise ChangeConflict(
                    reason_zh=f"责任书 {number} 的内容不同", reason_en=f"the letter {number} says something else"
                )
            stored_day = dict(signatures).get(cadre.key, signed_on)
            if stored_day != signed_on:
                day = format_day(stored_day)
                zh, en = (
                    (f"已于 {day} 签订", f"on {day}") if day else ("已签订，日期不详", "on a day that is not known")
                )
                raise ChangeConflict(reason_zh=f"该干部{zh}", reason_en=f"the cadre has signed it already, {en}")
        return [
            (("Pledge",), [number, year, pledge_text]),
            (("COVERS", "Pledge", "Area"), [number, area.key, FIRST_DAY, LAST_DAY]),
            (("SIGNED", "Cadre", "Pledge"), [cadre.key, number, signed_on, LAST_DAY]),
        ]

    change_content = [area.key, year, content, cadre.key, signed_on]
    return apply_change(store, build_change("signPledge", request, number, *change_content), build_rows)
