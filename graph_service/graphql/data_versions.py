"""dataVersions: the published data versions."""

from __future__ import annotations

from typing import Any

from graph_service.core.query_scope import versions
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.graphql.pages import Encoder
from graph_service.graphql.paging import MAX_PAGE_SIZE, require_page_size
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

VERSION_ENCODERS: dict[str, Encoder] = {
    "sequence": lambda version: version.sequence,
    "day": lambda version: format_day(version.day),
    "defaultDay": lambda version: format_day(version.default_day),
    "purpose": lambda version: version.purpose,
    "by": lambda version: version.by or None,
    "published": lambda version: version.published,
}
DEFAULT_SIZE = 100


def add_types(types: TypeRegistry) -> None:
    """Add the types of the root field `dataVersions`."""
    types.add_object(
        "DataVersion",
        "数据版本：A published import or change. Pass its number as `asKnownAt` to query the data of that version.",
        [
            Field("sequence", "Int!", "序号：Number of the version."),
            Field("day", Date, "采集日：Day of the collection."),
            Field(
                "defaultDay",
                Date,
                "默认查询日：Query date of queries without `asOf` on this version: the later of the days of the last collection and the last change.",
            ),
            Field("purpose", "ImportPurpose!", "目的：Purpose: a collection, a look-back or a single change."),
            Field(
                "by",
                "String",
                "操作人：Person who made the import or change; null if unknown.",
            ),
            Field("published", "String!", "发布时刻：Time of publication in UTC, in ISO 8601 format."),
        ],
    )


def _plan_versions(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("DataVersion", context.selected, lambda field: VERSION_ENCODERS[field.name])

    def answer(execution: Execution) -> list[Any]:
        size, before = execution.argument("first"), execution.argument("before")
        limit = DEFAULT_SIZE if size is None else size
        require_page_size("first", limit)
        return [
            encode(version)
            for version in versions(execution.store, before=OPEN_SEQUENCE if before is None else before, limit=limit)
        ]

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "dataVersions",
            "[DataVersion!]",
            "数据版本：Published data versions, newest first.",
            (
                Argument(
                    "first",
                    "Int",
                    f"每页条数：Maximum number of items to return (at most {MAX_PAGE_SIZE}, default {DEFAULT_SIZE}).",
                ),
                Argument("before", "Int", "早于：Only versions with a lower number than this."),
            ),
            size=DEFAULT_SIZE,
        ),
        _plan_versions,
    ),
)
