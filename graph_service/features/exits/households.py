"""Exit of households: comparison with the standard, support lost after the exit, and watches that are late."""

from __future__ import annotations

from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    selected_members,
)
from graph_service.core.rules import poverty_lines, rules_in_force, schooling_parameters
from graph_service.domain.metamodel import DataClassification, Enumeration, EnumMember, PropertyKind
from graph_service.features.exits.exit_questions import predicates, standards
from graph_service.features.support.measures import SUPPORT_STATUS, hollow_contents

HOUSEHOLD = "HOUSEHOLD"
EXIT_RESULT = Enumeration(
    "ExitResult",
    "对照结果",
    "Result of comparing with an exit standard. An unknown value never counts as met. MASKED: not shown "
    "without a right and a purpose, as it depends on sensitive values (`exitReadiness` only).",
    (
        EnumMember("MET", "达标"),
        EnumMember("UNMET", "未达标"),
        EnumMember("UNKNOWN", "情况不明"),
        EnumMember("MASKED", "不予显示"),
    ),
)
EXIT_PREDICATE = Enumeration(
    "ExitPredicate",
    "退出指标",
    "Indicators of the exit standards.",
    tuple(EnumMember(code, zh) for code, zh in {rule["predicate"]: rule["zh"] for rule in standards()}.items()),
)
LOST_SUPPORT_KIND = Enumeration(
    "LostSupport",
    "失去的帮扶",
    "Support that a household had when it exited and no longer has.",
    (EnumMember("HELPER", "帮扶责任人"), EnumMember("MEASURES", "帮扶措施")),
)
WATCH_DELAY_REASON = Enumeration(
    "WatchDelayReason",
    "监测问题",
    "Problem with the monitoring of a household. OVERDUE: open beyond the time limit. LATE: approved, or risk "
    "declared eliminated, after the time limit. SKIPPED: a step is missing although a later one is done. "
    "CLEARED_EARLY: risk declared eliminated although the exit standard was unmet or unknown.",
    (
        EnumMember("OVERDUE", "超期未审定"),
        EnumMember("LATE", "审定超期"),
        EnumMember("SKIPPED", "步骤缺漏"),
        EnumMember("CLEARED_EARLY", "未达标而消除风险"),
    ),
)
WATCH_STEP = Enumeration(
    "WatchStep",
    "监测步骤",
    "Steps of monitoring after the household was identified.",
    (
        EnumMember("VERIFIED", "核查"),
        EnumMember("DISCUSSED", "评议"),
        EnumMember("PUBLISHED", "公示"),
        EnumMember("APPROVED", "审定"),
    ),
)
RESULT_COUNTS = (
    ResultColumn(
        "metCount",
        "达标数",
        "Number of compared subjects that meet the standard, whatever the `results` filter.",
        PropertyKind.INTEGER,
        required=True,
    ),
    ResultColumn(
        "unmetCount",
        "未达标数",
        "Number of compared subjects that do not meet the standard, whatever the `results` filter.",
        PropertyKind.INTEGER,
        required=True,
    ),
    ResultColumn(
        "unknownCount",
        "情况不明数",
        "Number of compared subjects for which the result is unknown, whatever the `results` filter.",
        PropertyKind.INTEGER,
        required=True,
    ),
)
"""Counts over all subjects, whatever results are requested: they add up to the number of subjects that are compared."""
INCOME = ResultColumn(
    "income",
    "人均纯收入",
    "Net income per head by the latest card; null if unknown, that is, if any part of it is blank.",
    PropertyKind.YUAN,
)


def _standard_parameters(scope: QueryScope) -> QuestionArguments:
    return {
        "predicates": predicates(HOUSEHOLD, scope.as_of),
        "lines": poverty_lines(),
        **schooling_parameters(scope.as_of),
    }


def _exit_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    return {
        **_standard_parameters(scope),
        "statuses": selected_members(arguments, "statuses", SUPPORT_STATUS),
        "results": selected_members(arguments, "results", EXIT_RESULT),
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


EXIT_GAPS = Question(
    "exitGaps",
    "ExitGap",
    "脱贫标准对照",
    "Poor households and households in the support period after exit compared with the exit standard on the query "
    "date, with the indicators that are not met or unknown. Sorted by village and household.",
    "exits/exit_gaps",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("status", "状态", "Poor, or in the support period after exit.", PropertyKind.ENUM, enum="SupportStatus", required=True),
        ResultColumn(
            "result", "对照结果", "Result for the whole standard. An unknown value never counts as met.",
            PropertyKind.ENUM, enum="ExitResult", required=True,
        ),
        ResultColumn("unmet", "未达标项", "Indicators that are not met.", PropertyKind.ENUMS, enum="ExitPredicate", required=True),
        ResultColumn("unknown", "不明项", "Indicators that are unknown.", PropertyKind.ENUMS, enum="ExitPredicate", required=True),
        INCOME,
    ),
    _exit_gap_parameters,
    (
        Filter("statuses", "状态", "Only households with this status; all if omitted.", enum="SupportStatus"),
        Filter("results", "对照结果", "Only households with this result; all if omitted.", enum="ExitResult"),
    ),
    (EXIT_RESULT, EXIT_PREDICATE),
    RESULT_COUNTS,
    classification=DataClassification.SENSITIVE,
)  # fmt: skip
LOST_SUPPORT = Question(
    "lostSupport",
    "LostSupportRow",
    "脱贫后失去帮扶",
    "Households in the support period after exit that had a helper or measures when they exited and have none on "
    "the query date. Sorted by village and household.",
    "exits/lost_support",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("exitedIn", "脱贫年度", "Year of exit.", PropertyKind.YEAR, source="exited_in", required=True),
        ResultColumn("lost", "失去的帮扶", "Support that the household no longer has.", PropertyKind.ENUMS, enum="LostSupport", required=True),
        ResultColumn(
            "helperUntil", "帮扶截止日",
            "Last day of the helper's term, or first day on which the helper had left the post.",
            PropertyKind.DATE, source="helper_until",
        ),
        ResultColumn("helper", "原帮扶责任人", "The former helper.", node="Cadre", source="cadre_no"),
        ResultColumn("measureUntil", "措施截止日", "Last day of the most recent measure.", PropertyKind.DATE, source="measure_until"),
    ),
    lambda scope, arguments: {
        "kinds": selected_members(arguments, "kinds", LOST_SUPPORT_KIND), "hollow": hollow_contents(scope.as_of), "yearsAfterExit": years_after_exit(scope.as_of),
    },
    (Filter("kinds", "失去的帮扶", "Only households that lost support of these kinds; all if omitted.", enum="LostSupport"),),
    (LOST_SUPPORT_KIND,),
)  # fmt: skip
WATCH_DELAYS = Question(
    "watchDelays",
    "WatchDelay",
    "监测超期",
    "Monitored households with a step that is overdue or was skipped, or whose risk was declared eliminated "
    "although the exit standard is not met. Sorted by monitoring record. A record has one row per reason, while "
    "`eligibleCount` counts records.",
    "exits/watch_delays",
    (("watch_no", str), ("reason", str)),
    (
        ResultColumn("watch", "监测对象", "The monitoring record.", node="Watch", source="watch_no", required=True),
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("reason", "问题", "Problem with the monitoring.", PropertyKind.ENUM, enum="WatchDelayReason", required=True),
        ResultColumn(
            "step", "未完成步骤", "Next step to be done, or the first step that was skipped; null if neither applies.",
            PropertyKind.ENUM, enum="WatchStep",
        ),
        ResultColumn("foundOn", "发现日期", "Day on which the household was identified as at risk.", PropertyKind.DATE, source="found_on", required=True),
        ResultColumn("approvedOn", "审定日期", "Day on which the record was approved; null if it is not.", PropertyKind.DATE, source="done_on"),
        ResultColumn(
            "took", "历时天数",
            "Number of days from identification to approval, to the day on which the risk was declared eliminated, "
            "or to the query date, whichever comes first.",
            PropertyKind.INTEGER, required=True,
        ),
        ResultColumn(
            "unmet", "未达标或不明项",
            "Indicators that were not met or unknown when the risk was declared eliminated; empty otherwise.",
            PropertyKind.ENUMS, enum="ExitPredicate", required=True,
        ),
    ),
    lambda scope, arguments: {
        **_standard_parameters(scope), "days": int(rules_in_force("watch-days", scope.as_of)[0]["days"]), "reasons": selected_members(arguments, "reasons", WATCH_DELAY_REASON),
    },
    (Filter("reasons", "问题", "Only rows with these problems; all if omitted.", enum="WatchDelayReason"),),
    (WATCH_DELAY_REASON, WATCH_STEP),
    classification=DataClassification.SENSITIVE,
)  # fmt: skip
