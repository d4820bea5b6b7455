"""The field `checks`: the catalogue of checks on the register."""

from __future__ import annotations

from typing import Any

from graph_service.core.query_scope import parse_as_of
from graph_service.core.question import SENSITIVE_TOPICS
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
    "sensitive": lambda check: check.is_sensitive,
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
        "检查：A check on the register with the threshold in force; see docs/explanation/checks.md.",
        [
            Field("code", "CheckCode!", "代码：Stable code of the check."),
            Field("title", "String!", "名称：Short name in Chinese."),
            Field("doc", "String!", "说明：What the check finds."),
            Field("severity", "Severity!", "严重程度：Severity of the findings."),
            Field(
                "sensitive",
                "Boolean!",
                f"敏感：Whether a finding tells {SENSITIVE_TOPICS}, so that it is told for a stated purpose only.",
            ),
            Field("column", "String!", "列：Column of the register that is checked."),
            Field(
                "threshold",
                "[String!]!",
                "阈值：One limit, or the lower and the upper limit; empty if the check has no threshold.",
            ),
            Field("unit", "String", "单位：Unit of the threshold; null if it has none."),
            Field("source", "String!", "依据：Source of the rule."),
            Field(
                "validFrom",
                Date | None,
                "生效日：First day on which the check is in force; null if there is no start date.",
            ),
            Field(
                "validUntil",
                Date | None,
                "失效日：Last day on which the check is in force; null if there is no end date.",
            ),
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
            "检查目录：Checks on the register that are in force on a day.",
            (Argument("asOf", Date | None, "日期：Day for which checks are listed; today by default."),),
            size=60,
        ),
        _plan_checks,
    ),
)
