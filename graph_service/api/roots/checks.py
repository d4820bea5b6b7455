"""checks: which checks on the register there are."""

from __future__ import annotations

from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.scalars import Date
from graph_service.derive.days import show_day, today
from graph_service.services.checks.catalogue import Check, in_force
from graph_service.services.viewing import day

CHECK: dict[str, Encode] = {
    "code": lambda one: one.code,
    "title": lambda one: one.zh,
    "doc": lambda one: one.doc,
    "severity": lambda one: one.severity,
    "column": lambda one: one.column,
    "threshold": lambda one: [str(limit) for limit in dict.fromkeys(one.threshold)],
    "unit": lambda one: one.unit or None,
    "source": lambda one: one.source,
    "validFrom": lambda one: show_day(one.since),
    "validUntil": lambda one: show_day(one.until),
}


def declare(types: Types) -> None:
    """The type of a check."""
    types.add_object(
        "Check",
        "检查:A check on the register (DOMAIN §5), while its threshold holds.",
        [
            Field("code", "CheckCode!", "代码:Its stable code."),
            Field("title", "String!", "名称:In a few words of Chinese."),
            Field("doc", "String!", "说明:What it finds."),
            Field("severity", "Severity!", "严重程度:How grave what it finds is."),
            Field("column", "String!", "列:The register's column that it is about."),
            Field("threshold", "[String!]!", "阈值:One figure, or the lowest and the highest; none where it has none."),
            Field("unit", "String", "单位:Unit of the threshold."),
            Field("source", "String!", "依据:Where the rule comes from."),
            Field("validFrom", Date | None, "生效日:First day on which it is made; null = always."),
            Field("validUntil", Date | None, "失效日:Last day; null = open."),
        ],
    )


def _checks(asked: Asked) -> Answer:
    encode = asked.object("Check", asked.selected, lambda one: CHECK[one.name])

    def answer(run: Run) -> list[Any]:
        on = run.given("asOf")
        known: list[Check] = list(in_force(day(on) if on else today()).values())
        return [encode(one) for one in known]

    return answer


ROOTS = (
    Root(
        Field(
            "checks",
            "[Check!]!",
            "检查目录:The checks on the register that are made for a day; today's where none is said.",
            (Argument("asOf", Date | None, "日期:The day."),),
            size=60,
        ),
        _checks,
    ),
)
