"""Responsibility letters: signed by a cadre for an area and a year."""

from __future__ import annotations

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_note,
    require_past_days,
    require_plausible_year,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change, node_row, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change
from graph_service.domain.days import format_day
from graph_service.domain.records import Target
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
    require_plausible_year("year", year)
    if content is not None:
        require_note("content", content)

    def build_rows() -> list[ChangeRow]:
        require_subject(store, request, area)
        require_accountable(store, request, cadre, signed_on)
        pledge_text = content
        for stored_year, stored_content, areas, signatures in store.query(
            "imports/pledge", pledge=number, seq=CURRENT_VERSION
        ):
            if (stored_year, areas) != (year, [area.key]):
                raise conflicting_change(
                    RefusalCode.NUMBER_IN_USE,
                    f"责任书编号 {number} 已用于另一区划或年度。请换一个编号。",
                    f"The number {number} belongs to a letter of another area or year. Use another number.",
                )
            pledge_text = stored_content if content is None else content
            if stored_content not in (None, pledge_text):
                raise conflicting_change(
                    RefusalCode.RECORDED_OTHERWISE,
                    f"责任书 {number} 已登记的内容与本次不同。请核对内容，或换一个编号。",
                    f"The letter {number} is recorded with other content. Check the content, or use another number.",
                )
            stored_day = dict(signatures).get(cadre.key, signed_on)
            if stored_day != signed_on:
                day = format_day(stored_day)
                zh, en = (
                    (f"已于 {day} 签订此责任书", f"on {day}")
                    if day
                    else ("已签订此责任书，日期不详", "on an unknown day")
                )
                raise conflicting_change(
                    RefusalCode.RECORDED_OTHERWISE,
                    f"该干部{zh}。请核对签订日期。",
                    f"The cadre already signed this letter {en}. Check the day.",
                )
        return [
            node_row("Pledge", number, year=year, content=pledge_text),
            relationship_row(Target("COVERS", "Pledge", "Area"), number, area.key),
            relationship_row(Target("SIGNED", "Cadre", "Pledge"), cadre.key, number, since=signed_on),
        ]

    change_content = [area.key, year, content, cadre.key, signed_on]
    return apply_change(store, build_change("signPledge", request, number, *change_content), build_rows)
