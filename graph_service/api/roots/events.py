"""Subscriptions: a question that is asked again whenever its topic has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph_service.api.pages import Encode
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.roots.versions import VERSION
from graph_service.api.types.building import Field, Types
from graph_service.services.progress import running
from graph_service.services.viewing import newest
from graph_service.store.graph import Store

PROGRESS: dict[str, Encode] = {
    "sequence": lambda progress: progress.sequence,
    "sheet": lambda progress: progress.sheet,
    "rows": lambda progress: progress.rows,
}
TOPICS: Mapping[str, Callable[[Store], object]] = {"importProgress": running, "dataVersionChanged": newest}
"""What each of the root fields waits for."""


def declare(types: Types) -> None:
    """Types of the events."""
    types.add_object(
        "ImportProgress",
        "导入进度:How far an import has come.",
        [
            Field("sequence", "Int!", "数据版本:The data version that it will make."),
            Field("sheet", "String!", "表:The sheet that it is at; empty before the first."),
            Field("rows", "Int!", "已读行数:Rows read so far, of all sheets."),
        ],
    )


def _progress(asked: Asked) -> Answer:
    encode = asked.object("ImportProgress", asked.selected, lambda one: PROGRESS[one.name])
    return lambda run: encode(running(run.store))


def _version(asked: Asked) -> Answer:
    encode = asked.object("DataVersion", asked.selected, lambda one: VERSION[one.name])
    return lambda run: encode(newest(run.store))


ROOTS = (
    Root(
        Field(
            "importProgress",
            "ImportProgress",
            "导入进度:The import that is running, at once and as it goes on; null when none is.",
        ),
        _progress,
    ),
    Root(
        Field(
            "dataVersionChanged",
            "DataVersion",
            "数据版本变更:The newest data version, at once and whenever another is published or undone.",
        ),
        _version,
    ),
)
