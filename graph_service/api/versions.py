"""dataVersions: what has been published."""

from __future__ import annotations

from graph_service.api.building import Field, Types
from graph_service.api.pages import Encode
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.scalars import Date, show_day
from graph_service.services.viewing import versions

VERSION: dict[str, Encode] = {
    "sequence": lambda version: version.sequence,
    "day": lambda version: show_day(version.day),
}


def declare(types: Types) -> None:
    """Types of the question."""
    types.add_object(
        "DataVersion",
        "数据版本:What one published import made; `asKnownAt` asks on it.",
        [
            Field("sequence", "Int!", "序号:Its number."),
            Field("day", Date, "采集日:Day of its collection: questions without a day are asked for it."),
        ],
    )


def _versions(asked: Asked) -> Answer:
    encode = asked.object("DataVersion", asked.selected, lambda one: VERSION[one.name])
    return lambda run: [encode(version) for version in versions(run.store)]


ROOTS = (
    Root(
        Field("dataVersions", "[DataVersion!]", "数据版本:What has been published, the newest first.", size=100),
        _versions,
    ),
)
