"""Exit of villages (一低五有) and counties (一低三有): results of each area, indicator by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    selected_members,
)
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.exits.exit_questions import format_value, predicate_result, predicates, standards
from graph_service.features.exits.households import EXIT_RESULT, RESULT_COUNTS

AREA_STATUS = Enumeration(
    "AreaStatus",
    "区划贫困状态",
    "Poverty status of a village or county on the query date.",
    (
        EnumMember("POOR", "贫困（未退出）"),
        EnumMember("EXITED", "已退出（出列、摘帽）"),
        EnumMember("OTHER", "未登记为贫困（含未上报）"),
    ),
)
PREDICATE_UNITS = {rule["predicate"]: rule["unit"] for rule in standards()}
"""Unit of each predicate's value, the same in every standard."""


def _indicator_rows(outcomes: Sequence[Mapping[str, Any]]) -> list[list[str | None]]:
    """Return [predicate, result, value, threshold] of each outcome of the part `judged_predicates`, value and threshold as text."""
    return [
        [
            outcome["predicate"],
            predicate_result(outcome["met"]),
            format_value(outcome["value"], PREDICATE_UNITS[outcome["predicate"]]),
            format_value(outcome["threshold"], PREDICATE_UNITS[outcome["predicate"]]),
        ]
        for outcome in outcomes
    ]


INDICATORS = ResultColumn(
    "indicators", "各项指标", "Indicators of the year's standard, in the order of the standard.",
    parts=(
        ResultColumn("predicate", "指标", "Indicator of the standard.", PropertyKind.ENUM, enum="ExitPredicate", required=True),
        ResultColumn(
            "result", "对照结果", "Result: MET, UNMET or UNKNOWN. An unknown value never counts as met.",
            PropertyKind.ENUM, enum="ExitResult", required=True,
        ),
        ResultColumn("value", "实际值", "Actual value: an amount in yuan, a share, or true or false; null if unknown."),
        ResultColumn("threshold", "标准值", "Value required by the standard; null if there is none."),
    ),
    source="judged", required=True, convert=_indicator_rows,
)  # fmt: skip


def _area_exit_question(
    name: str,
    row_type: str,
    zh: str,
    doc: str,
    standard: str,
    area_column: ResultColumn,
    exit_column: ResultColumn,
    codes: tuple[Enumeration, ...] = (),
) -> Question:
    column = standard.lower()

    def build_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
        return {
            "predicates": predicates(standard, scope.as_of),
            "statuses": selected_members(arguments, "statuses", AREA_STATUS),
            "results": selected_members(arguments, "results", EXIT_RESULT),
            "unmet": arguments.get("unmet"),
            "unknown": arguments.get("unknown"),
        }

    return Question(
        name, row_type, zh, doc, f"exits/{column}_exit_gaps", ((column, str),),
        (
            area_column,
            ResultColumn(
                "status", "状态", "Poverty status: poor, exited, or not registered as poor as far as is known.",
                PropertyKind.ENUM, enum="AreaStatus", required=True,
            ),
            exit_column,
            ResultColumn(
                "result", "对照结果", "Result for the whole standard. An unknown value never counts as met.",
                PropertyKind.ENUM, enum="ExitResult", required=True,
            ),
            ResultColumn("unmet", "未达标项", "Indicators that are not met.", PropertyKind.ENUMS, enum="ExitPredicate", source="not_met", required=True),
            ResultColumn(
                "unknown", "不明项", "Indicators that are unknown.", PropertyKind.ENUMS, enum="ExitPredicate", source="not_known", required=True,
            ),
            INDICATORS,
        ),
        build_parameters,
        (
            Filter("statuses", "状态", "Only areas with this status; all if omitted.", enum="AreaStatus"),
            Filter("results", "对照结果", "Only areas with this result for the whole standard; all if omitted.", enum="ExitResult"),
            Filter("unmet", "未达标项", "Only areas that do not meet at least one of these indicators.", enum="ExitPredicate"),
            Filter("unknown", "不明项", "Only areas for which at least one of these indicators is unknown.", enum="ExitPredicate"),
        ),
        codes,
        RESULT_COUNTS,
    )  # fmt: skip


VILLAGE_EXIT_GAPS = _area_exit_question(
    "villageExitGaps",
    "VillageExitGap",
    "村退出标准对照",
    "Villages compared with the year's exit standard on the query date, with the result and the actual value of each indicator. Sorted by village.",
    "VILLAGE",
    ResultColumn("village", "村", "The village.", node="Village", required=True),
    ResultColumn(
        "exitYear", "出列年度",
        "Year of exit, if the area has exited or is to exit in the year of the query date; null otherwise.",
        PropertyKind.YEAR, source="exit_year",
    ),
    (AREA_STATUS,),
)  # fmt: skip
COUNTY_EXIT_GAPS = _area_exit_question(
    "countyExitGaps",
    "CountyExitGap",
    "县摘帽标准对照",
    "Counties compared with the year's exit standard on the query date, with the result and the actual value of each indicator. Sorted by county.",
    "COUNTY",
    ResultColumn("county", "县", "The county.", node="Area", required=True),
    ResultColumn(
        "exitYear", "摘帽年度",
        "Year of exit, if the area has exited or is to exit in the year of the query date; null otherwise.",
        PropertyKind.YEAR, source="exit_year",
    ),
)  # fmt: skip
