"""Subscriptions: a question that is asked again whenever its topic has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph_service.core.query_scope import newest_version
from graph_service.features.imports.publish.import_progress import running_import
from graph_service.graphql.data_versions import VERSION_ENCODERS
from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.type_registry import Field, TypeRegistry
from graph_service.platform.store.graph import Store

PROGRESS_ENCODERS: dict[str, Encoder] = {
    "sequence": lambda progress: progress.sequence,
    "sheet": lambda progress: progress.sheet,
    "rows": lambda progress: progress.rows,
}
TOPICS: Mapping[str, Callable[[Store], object]] = {
    "importProgress": running_import,
    "dataVersionChanged": newest_version,
}
"""What each of the root fields waits for."""


def add_types(types: TypeRegistry) -> None:
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


def _plan_progress(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("ImportProgress", context.selected, lambda one: PROGRESS_ENCODERS[one.name])
    return lambda run: encode(running_import(run.store))


def _plan_version(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("DataVersion", context.selected, lambda one: VERSION_ENCODERS[one.name])
    return lambda run: encode(newest_version(run.store))


ROOT_FIELDS = (
    RootField(
        Field(
            "importProgress",
            "ImportProgress",
            "导入进度:The import that is running, at once and as it goes on; null when none is.",
        ),
        _plan_progress,
    ),
    RootField(
        Field(
            "dataVersionChanged",
            "DataVersion",
            "数据版本变更:The newest data version, at once and whenever another is published or undone.",
        ),
        _plan_version,
    ),
)
