"""Exit: who meets the standard, who lost support after it, whose watch is late."""

from __future__ import annotations

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.duties import years_after_exit
from graph_service.services.exits import predicates, standards
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry, chosen
from graph_service.services.inquiries.measures import STANDING, hollow
from graph_service.services.rules import in_force, poverty_lines, schooling
from graph_service.services.viewing import Viewing

HOUSEHOLD = "HOUSEHOLD"
RESULT = Enumeration(
    "ExitResult",
    "对照结果",
    "Whether a standard is met: unknown is never passed.",
    (Member("MET", "达标"), Member("UNMET", "未达标"), Member("UNKNOWN", "情况不明")),
)
PREDICATE = Enumeration(
    "ExitPredicate",
    "退出指标",
    "What exit standards ask for.",
    tuple(Member(code, zh) for code, zh in {rule["predicate"]: rule["zh"] for rule in standards()}.items()),
)
LOST = Enumeration(
    "LostSupport",
    "失去的帮扶",
    "What a household had when it exited, and has no more.",
    (Member("HELPER", "帮扶责任人"), Member("MEASURES", "帮扶措施")),
)
DELAY = Enumeration(
    "WatchDelayReason",
    "监测问题",
    "What is amiss with a watch.",
    (
        Member("OVERDUE", "超期未审定"),
        Member("LATE", "审定超期"),
        Member("SKIPPED", "步骤缺漏"),
        Member("CLEARED_EARLY", "未达标而消除风险"),
    ),
)
STEP = Enumeration(
    "WatchStep",
    "监测步骤",
    "Steps of a watch after it was found.",
    (Member("VERIFIED", "核查"), Member("DISCUSSED", "评议"), Member("PUBLISHED", "公示"), Member("APPROVED", "审定")),
)
COUNTED = (
    Column("metCount", "达标数", "Of all that are compared, how many meet the standard.", Kind.INTEGER, always=True),
    Column("unmetCount", "未达标数", "Of all that are compared, how many do not.", Kind.INTEGER, always=True),
    Column(
        "unknownCount",
        "情况不明数",
        "Of all that are compared, of how many it is not known.",
        Kind.INTEGER,
        always=True,
    ),
)
"""Over all, whatever results are asked for: they add up to how many are compared."""
INCOME = Column(
    "income",
    "人均纯收入",
    "Net income a head by the latest card; null where it is not known: any part of it is blank.",
    Kind.YUAN,
)


def _standard(viewing: Viewing) -> Given:
    return {
        "predicates": predicates(HOUSEHOLD, viewing.as_of),
        "lines": poverty_lines(),
        **schooling(viewing.as_of),
    }


def _exit_gaps(viewing: Viewing, given: Given) -> Given:
    return {
        **_standard(viewing),
        "standings": chosen(given, "standings", STANDING),
        "results": chosen(given, "results", RESULT),
        "yearsAfterExit": years_after_exit(viewing.as_of),
    }


EXIT_GAPS = Inquiry(
    "exitGaps",
    "ExitGap",
    "脱贫标准对照",
    "Poor households, and those in the years of support after exit, against the exit standard on a day: what is not met, what is not known; by village and household.",
    "exit/exit_gaps",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("standing", "状态", "Poor, or in the years of support.", Kind.ENUM, enum="SupportStanding", always=True),
        Column("result", "对照结果", "Whether it meets the standard.", Kind.ENUM, enum="ExitResult", always=True),
        Column("unmet", "未达标项", "What it does not meet.", Kind.ENUMS, enum="ExitPredicate", always=True),
        Column("unknown", "不明项", "What is not known of it.", Kind.ENUMS, enum="ExitPredicate", always=True),
        INCOME,
    ),
    _exit_gaps,
    (
        Filter("standings", "状态", "Only these.", enum="SupportStanding"),
        Filter("results", "对照结果", "Only these.", enum="ExitResult"),
    ),
    (RESULT, PREDICATE),
    COUNTED,
)  # fmt: skip
LOST_SUPPORT = Inquiry(
    "lostSupport",
    "LostSupportRow",
    "脱贫后失去帮扶",
    "Households in the years of support after exit that had a helper or measures when they exited, and have none on a day; by village and household.",
    "exit/lost_support",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("exitedIn", "脱贫年度", "The year of its exit.", Kind.YEAR, source="exited_in", always=True),
        Column("lost", "失去的帮扶", "What it has no more.", Kind.ENUMS, enum="LostSupport", always=True),
        Column("helperUntil", "帮扶截止日", "The last day of its helper's term, or the first on which the helper had left the post.", Kind.DATE, source="helper_until"),
        Column("helper", "原帮扶责任人", "The helper it had.", node="Cadre", source="cadre_no"),
        Column("measureUntil", "措施截止日", "The last day of the last measure that it had.", Kind.DATE, source="measure_until"),
    ),
    lambda viewing, given: {
        "kinds": chosen(given, "kinds", LOST), "hollow": hollow(viewing.as_of), "yearsAfterExit": years_after_exit(viewing.as_of),
    },
    (Filter("kinds", "失去的帮扶", "Only what is so lost.", enum="LostSupport"),),
    (LOST,),
)  # fmt: skip
WATCH_DELAYS = Inquiry(
    "watchDelays",
    "WatchDelay",
    "监测超期",
    "Watched households whose steps are not done within the stated days, or were skipped, and whose risk was called gone though the standard is not met; by watch. A watch has a row for each reason; eligibleCount counts watches.",
    "exit/watch_delays",
    (("watch_no", str), ("reason", str)),
    (
        Column("watch", "监测对象", "The watch.", node="Watch", source="watch_no"),
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("reason", "问题", "What is amiss.", Kind.ENUM, enum="WatchDelayReason", always=True),
        Column("step", "未完成步骤", "The step that comes next, or the first that was skipped.", Kind.ENUM, enum="WatchStep"),
        Column("foundOn", "发现日期", "When it was found.", Kind.DATE, source="found_on", always=True),
        Column("approvedOn", "审定日期", "When it was approved.", Kind.DATE, source="done_on"),
        Column("took", "历时天数", "Days from found to approved, or until its risk was called gone, or to the day.", Kind.INTEGER, always=True),
        Column("unmet", "未达标或不明项", "What the household does not meet, or what is not known, where its risk was called gone.", Kind.ENUMS, enum="ExitPredicate", always=True),
    ),
    lambda viewing, given: {
        **_standard(viewing), "days": int(in_force("watch-days", viewing.as_of)[0]["days"]), "reasons": chosen(given, "reasons", DELAY),
    },
    (Filter("reasons", "问题", "Only these.", enum="WatchDelayReason"),),
    (DELAY, STEP),
)  # fmt: skip
