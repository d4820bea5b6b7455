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
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.exits.exit_questions import predicates, standards
from graph_service.features.support.measures import SUPPORT_STANDING, hollow_contents

HOUSEHOLD = "HOUSEHOLD"
EXIT_RESULT = Enumeration(
    "ExitResult",
    "对照结果",
    "Whether a standard is met: unknown is never passed.",
    (EnumMember("MET", "达标"), EnumMember("UNMET", "未达标"), EnumMember("UNKNOWN", "情况不明")),
)
EXIT_PREDICATE = Enumeration(
    "ExitPredicate",
    "退出指标",
    "What exit standards ask for.",
    tuple(EnumMember(code, zh) for code, zh in {rule["predicate"]: rule["zh"] for rule in standards()}.items()),
)
LOST_SUPPORT_KIND = Enumeration(
    "LostSupport",
    "失去的帮扶",
    "What a household had when it exited, and has no more.",
    (EnumMember("HELPER", "帮扶责任人"), EnumMember("MEASURES", "帮扶措施")),
)
WATCH_DELAY_REASON = Enumeration(
    "WatchDelayReason",
    "监测问题",
    "What is amiss with a watch.",
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
    "Steps of a watch after it was found.",
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
        "Of all that are compared, how many meet the standard.",
        PropertyKind.INTEGER,
        required=True,
    ),
    ResultColumn(
        "unmetCount", "未达标数", "Of all that are compared, how many do not.", PropertyKind.INTEGER, required=True
    ),
    ResultColumn(
        "unknownCount",
        "情况不明数",
        "Of all that are compared, of how many it is not known.",
        PropertyKind.INTEGER,
        required=True,
    ),
)
"""Counts over all subjects, whatever results are requested: they add up to the number of subjects that are compared."""
INCOME = ResultColumn(
    "income",
    "人均纯收入",
    "Net income a head by the latest card; null where it is not known: any part of it is blank.",
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
        "standings": selected_members(arguments, "standings", SUPPORT_STANDING),
        "results": selected_members(arguments, "results", EXIT_RESULT),
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


EXIT_GAPS = Question(
    "exitGaps",
    "ExitGap",
    "脱贫标准对照",
    "Poor households, and those in the years of support after exit, against the exit standard on a day: what is not met, what is not known; by village and household.",
    "exits/exit_gaps",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("standing", "状态", "Poor, or in the years of support.", PropertyKind.ENUM, enum="SupportStanding", required=True),
        ResultColumn("result", "对照结果", "Whether it meets the standard.", PropertyKind.ENUM, enum="ExitResult", required=True),
        ResultColumn("unmet", "未达标项", "What it does not meet.", PropertyKind.ENUMS, enum="ExitPredicate", required=True),
        ResultColumn("unknown", "不明项", "What is not known of it.", PropertyKind.ENUMS, enum="ExitPredicate", required=True),
        INCOME,
    ),
    _exit_gap_parameters,
    (
        Filter("standings", "状态", "Only these.", enum="SupportStanding"),
        Filter("results", "对照结果", "Only these.", enum="ExitResult"),
    ),
    (EXIT_RESULT, EXIT_PREDICATE),
    RESULT_COUNTS,
)  # fmt: skip
LOST_SUPPORT = Question(
    "lostSupport",
    "LostSupportRow",
    "脱贫后失去帮扶",
    "Households in the years of support after exit that had a helper or measures when they exited, and have none on a day; by village and household.",
    "exits/lost_support",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("exitedIn", "脱贫年度", "The year of its exit.", PropertyKind.YEAR, source="exited_in", required=True),
        ResultColumn("lost", "失去的帮扶", "What it has no more.", PropertyKind.ENUMS, enum="LostSupport", required=True),
        ResultColumn("helperUntil", "帮扶截止日", "The last day of its helper's term, or the first on which the helper had left the post.", PropertyKind.DATE, source="helper_until"),
        ResultColumn("helper", "原帮扶责任人", "The helper it had.", node="Cadre", source="cadre_no"),
        ResultColumn("measureUntil", "措施截止日", "The last day of the last measure that it had.", PropertyKind.DATE, source="measure_until"),
    ),
    lambda scope, arguments: {
        "kinds": selected_members(arguments, "kinds", LOST_SUPPORT_KIND), "hollow": hollow_contents(scope.as_of), "yearsAfterExit": years_after_exit(scope.as_of),
    },
    (Filter("kinds", "失去的帮扶", "Only what is so lost.", enum="LostSupport"),),
    (LOST_SUPPORT_KIND,),
)  # fmt: skip
WATCH_DELAYS = Question(
    "watchDelays",
    "WatchDelay",
    "监测超期",
    "Watched households whose steps are not done within the stated days, or were skipped, and whose risk was called gone though the standard is not met; by watch. A watch has a row for each reason; eligibleCount counts watches.",
    "exits/watch_delays",
    (("watch_no", str), ("reason", str)),
    (
        ResultColumn("watch", "监测对象", "The watch.", node="Watch", source="watch_no"),
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("reason", "问题", "What is amiss.", PropertyKind.ENUM, enum="WatchDelayReason", required=True),
        ResultColumn("step", "未完成步骤", "The step that comes next, or the first that was skipped.", PropertyKind.ENUM, enum="WatchStep"),
        ResultColumn("foundOn", "发现日期", "When it was found.", PropertyKind.DATE, source="found_on", required=True),
        ResultColumn("approvedOn", "审定日期", "When it was approved.", PropertyKind.DATE, source="done_on"),
        ResultColumn("took", "历时天数", "Days from found to approved, or until its risk was called gone, or to the day.", PropertyKind.INTEGER, required=True),
        ResultColumn("unmet", "未达标或不明项", "What the household does not meet, or what is not known, where its risk was called gone.", PropertyKind.ENUMS, enum="ExitPredicate", required=True),
    ),
    lambda scope, arguments: {
        **_standard_parameters(scope), "days": int(rules_in_force("watch-days", scope.as_of)[0]["days"]), "reasons": selected_members(arguments, "reasons", WATCH_DELAY_REASON),
    },
    (Filter("reasons", "问题", "Only these.", enum="WatchDelayReason"),),
    (WATCH_DELAY_REASON, WATCH_STEP),
)  # fmt: skip
