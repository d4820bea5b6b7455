"""Responsibility letters: signed by a cadre for an area and a year."""

from __future__ import annotations

from graph_service.declare import FIRST_DAY, LAST_DAY
from graph_service.derive.days import show_day
from graph_service.errors import ChangeConflict
from graph_service.services.answering import Named, require_answerable, require_subject
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import (
    EARLIEST,
    LATEST,
    NOW,
    Request,
    change,
    invalid,
    require_past,
    require_said,
)
from graph_service.store.graph import Store


def sign(
    store: Store, request: Request, number: str, area: Named, year: int, content: str | None, cadre: Named, on: int
) -> Recorded:
    """Sign a letter on a day (YYYYMMDD); where there is none of the number it is made.

    Raises `ChangeInvalid`; `ChangeConflict` where the letter is for another area or year, or says something else, or the cadre has
    signed it on another day.
    """
    require_past(on=on)
    if not EARLIEST <= year <= LATEST:
        raise invalid("year", f"应在 {EARLIEST} 至 {LATEST} 之间", f"it lies between {EARLIEST} and {LATEST}")
    if content is not None:
        require_said("content", content)

    def rows() -> list[Row]:
        require_subject(store, request, area)
        require_answerable(store, request, cadre, on)
        said = content
        for known_year, known_content, areas, signed in store.ask("imports/pledge", pledge=number, seq=NOW):
            if (known_year, areas) != (year, [area.key]):
                raise ChangeConflict(
                    reason_zh=f"责任书 {number} 属于另一区划或年度",
                    reason_en=f"the letter {number} is for another area or year",
                )
            said = known_content if content is None else content
            if known_content not in (None, said):
                raise ChangeConflict(
                    reason_zh=f"责任书 {number} 的内容不同", reason_en=f"the letter {number} says something else"
                )
            before = dict(signed).get(cadre.key, on)
            if before != on:
                day = show_day(before)
                zh, en = (f"已于 {day} 签订", f"on {day}") if day else ("已签订,日期不详", "on a day that is not known")
                raise ChangeConflict(reason_zh=f"该干部{zh}", reason_en=f"the cadre has signed it already, {en}")
        return [
            (("Pledge",), [number, year, said]),
            (("COVERS", "Pledge", "Area"), [number, area.key, FIRST_DAY, LAST_DAY]),
            (("SIGNED", "Cadre", "Pledge"), [cadre.key, number, on, LAST_DAY]),
        ]

    said = [area.key, year, content, cadre.key, on]
    return changed(store, change("signPledge", request, number, *said), rows)
