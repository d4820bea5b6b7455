"""Subscriptions: a query that is run again whenever its topic has changed."""

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
"""Functions that return the state on which each root field waits for a change."""


def add_types(types: TypeRegistry) -> None:
    """Add the types of the events."""
    types.add_object(
        "ImportProgress",
        "导入进度：Progress of an import.",
        [
            Field("sequence", "Int!", "数据版本：Data version that the import will create."),
            Field("sheet", "String!", "表：Sheet that is being imported; empty before the first."),
            Field("rows", "Int!", "已读行数：Rows read so far, in all sheets."),
        ],
    )


def _plan_progress(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("ImportProgress", context.selected, lambda field: PROGRESS_ENCODERS[field.name])
    return lambda execution: encode(running_import(execution.store))


def _plan_version(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("DataVersion", context.selected, lambda field: VERSION_ENCODERS[field.name])
    return lambda execution: encode(newest_version(execution.store))


ROOT_FIELDS = (
    RootField(
        Field(
            "importProgress",
            "ImportProgress",
            "导入进度：Progress of the running import, sent at once and after every change; null if no import is running.",
        ),
        _plan_progress,
    ),
    RootField(
        Field(
            "dataVersionChanged",
            "DataVersion",
            "数据版本变更：Newest data version, sent at once and whenever a version is published or undone.",
        ),
        _plan_version,
    ),
)
