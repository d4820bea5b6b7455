"""The field `checks`: the catalogue of checks on the register."""

from __future__ import annotations

from typing import Any

from graph_service.core.query_scope import parse_as_of
from graph_service.domain.days import format_day, today
from graph_service.features.checks.catalogue import Check, checks_in_force
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

CHECK_ENCODERS: dict[str, Encoder] = {
    "code": lambda check: check.code,
    "title": lambda check: check.zh,
    "doc": lambda check: check.doc,
    "severity": lambda check: check.severity,
    "column": lambda check: check.column,
    "threshold": lambda check: [str(limit) for limit in dict.fromkeys(check.threshold)],
    "unit": lambda check: check.unit or None,
    "source": lambda check: check.source,
    "validFrom": lambda check: format_day(check.since),
    "validUntil": lambda check: format_day(check.until),
}


def add_types(types: TypeRegistry) -> None:
    """Add the type of a check."""
    types.add_object(
        "Check",
        "检查：A check on the register (DOMAIN §5), while its threshold holds.",
        [
            Field("code", "CheckCode!", "代码：Its stable code."),
            Field("title", "String!", "名称：In a few words of Chinese."),
            Field("doc", "String!", "说明：What it finds."),
            Field("severity", "Severity!", "严重程度：How grave what it finds is."),
            Field("column", "String!", "列：The register's column that it is about."),
            Field(
                "threshold", "[String!]!", "阈值：One figure, or the lowest and the highest; none where it has none."
            ),
            Field("unit", "String", "单位：Unit of the threshold."),
            Field("source", "String!", "依据：Where the rule comes from."),
            Field("validFrom", Date | None, "生效日：First day on which it is made; null = always."),
            Field("validUntil", Date | None, "失效日：Last day; null = open."),
        ],
    )


def _plan_checks(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("Check", context.selected, lambda field: CHECK_ENCODERS[field.name])

    def answer(execution: Execution) -> list[Any]:
        as_of = execution.argument("asOf")
        checks: list[Check] = list(checks_in_force(parse_as_of(as_of) if as_of else today()).values())
        return [encode(check) for check in checks]

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "checks",
            "[Check!]!",
            "检查目录：The checks on the register that are made for a day; today's where none is said.",
            (Argument("asOf", Date | None, "日期：The day."),),
            size=60,
        ),
        _plan_checks,
    ),
)
