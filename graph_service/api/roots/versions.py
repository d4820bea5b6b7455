"""dataVersions: what has been published."""

from __future__ import annotations

from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.paging import LARGEST_PAGE
from graph_service.api.planning import Run
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.scalars import Date
from graph_service.declare import OPEN
from graph_service.derive.days import show_day
from graph_service.errors import ArgumentInvalid
from graph_service.services.viewing import versions

VERSION: dict[str, Encode] = {
    "sequence": lambda version: version.sequence,
    "day": lambda version: show_day(version.day),
    "purpose": lambda version: version.purpose,
    "by": lambda version: version.by or None,
    "published": lambda version: version.published,
}
USUAL = 100


def declare(types: Types) -> None:
    """Types of the question."""
    types.add_object(
        "DataVersion",
        "数据版本:What one published import or change made; `asKnownAt` asks on it.",
        [
            Field("sequence", "Int!", "序号:Its number."),
            Field("day", Date, "采集日:Day of its collection: questions without a day are asked for the latest."),
            Field("purpose", "ImportPurpose!", "目的:Why it was made: a collection, or one change."),
            Field("by", "String", "导入人:Who made it."),
            Field("published", "String!", "发布时刻:When, UTC, ISO 8601."),
        ],
    )


def _versions(asked: Asked) -> Answer:
    encode = asked.object("DataVersion", asked.selected, lambda one: VERSION[one.name])

    def answer(run: Run) -> list[Any]:
        size, before = run.given("first"), run.given("before")
        limit = USUAL if size is None else size
        if not 0 <= limit <= LARGEST_PAGE:
            between = f"0 – {LARGEST_PAGE}"
            raise ArgumentInvalid(name="first", reason_zh=f"应为 {between}", reason_en=f"give {between}")
        return [encode(one) for one in versions(run.store, before=OPEN if before is None else before, limit=limit)]

    return answer


ROOTS = (
    Root(
        Field(
            "dataVersions",
            "[DataVersion!]",
            "数据版本:What has been published, the newest first.",
            (
                Argument("first", "Int", f"条数:How many, at most {LARGEST_PAGE}; {USUAL} where none is asked."),
                Argument("before", "Int", "早于:Those before this one."),
            ),
            size=USUAL,
        ),
        _versions,
    ),
)
