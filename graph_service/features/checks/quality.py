"""Quality of the register: findings of the checks, and their number over time."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.checks.catalogue import all_checks, checks_by_code, checks_in_force

FINDING_STATUS = Enumeration(
    "FindingStatus",
    "疑点处理状态",
    "Where a finding stands on a day.",
    (
        EnumMember("OPEN", "未处理"),
        EnumMember("BACK", "再次出现"),
        EnumMember("WAIVED", "豁免中"),
        EnumMember("RESOLVED", "已核实处理"),
        EnumMember("GONE", "已消失"),
    ),
)
DEFAULT_STATUSES = ("OPEN", "BACK")
"""Statuses reported where none is requested."""
CHECK_CODE = Enumeration(
    "CheckCode",
    "检查代码",
    "The checks on the register.",
    tuple(EnumMember(check.code, check.zh) for check in checks_by_code().values()),
)


def _requested_checks(scope: QueryScope, arguments: QuestionArguments) -> list[list[str]]:
    """Return [code, severity] of the requested checks."""
    codes: Sequence[str] | None = arguments.get("codes")
    severities: Sequence[str] | None = arguments.get("severities")
    return [
        [check.code, check.severity]
        for check in checks_in_force(scope.as_of).values()
        if (codes is None or check.code in codes) and (severities is None or check.severity in severities)
    ]


def _finding_count_parameters(_scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    """Return [code, severity, first day, last day] of the requested checks, whenever they are in force."""
    codes: Sequence[str] | None = arguments.get("codes")
    severities: Sequence[str] | None = arguments.get("severities")
    checks = [
        [check.code, check.severity, check.since, check.until]
        for check in all_checks()
        if (codes is None or check.code in codes) and (severities is None or check.severity in severities)
    ]
    return {"checks": checks}


def _finding_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    statuses: Sequence[str] | None = arguments.get("statuses")
    return {
        "checks": _requested_checks(scope, arguments),
        "statuses": list(DEFAULT_STATUSES if statuses is None else statuses),
    }


CHECK_COLUMNS = (
    ResultColumn("check", "检查代码", "Which check.", PropertyKind.ENUM, enum="CheckCode", required=True),
    ResultColumn("severity", "严重程度", "How grave it is.", PropertyKind.ENUM, enum="Severity", required=True),
)
CHECK_FILTERS = (
    Filter("codes", "检查代码", "Only these checks.", enum="CheckCode"),
    Filter("severities", "严重程度", "Only what is so grave.", enum="Severity"),
)
FINDINGS = Question(
    "checkFindings",
    "CheckFinding",
    "疑点",
    "What the checks on the register found in an area, of villages, households and their members, and of its funds, projects, assets and dividends; funds and what lies in no area first, then by area and number.",
    "checks/findings",
    (("area", str), ("finding_no", str)),
    (
        *CHECK_COLUMNS,
        ResultColumn("status", "处理状态", "Where it stands.", PropertyKind.ENUM, enum="FindingStatus", required=True),
        ResultColumn("area", "所在区划", "Where it is; none of a fund.", node="Area"),
        ResultColumn("village", "所在村", "The village that it is about, or where the household lives.", node="Village"),
        ResultColumn("household", "户", "The household that it is about, or whose member.", node="Household"),
        ResultColumn("person", "人口", "The member that it is about.", node="Person"),
        ResultColumn("fund", "资金", "The fund that it is about.", node="Fund"),
        ResultColumn("project", "项目", "The project that it is about.", node="Project"),
        ResultColumn("asset", "资产", "The asset that it is about.", node="Asset"),
        ResultColumn("distribution", "收益分配", "The dividend that it is about.", node="Distribution"),
        ResultColumn("value", "所见值", "What was found; of money and shares what is and, in parentheses, what should be."),
        ResultColumn("firstSeen", "首次发现", "The day for which it was found first.", PropertyKind.DATE, source="first_seen"),
        ResultColumn("lastSeen", "最后所见", "The day for which it was found last; none while it is there.", PropertyKind.DATE, source="last_seen"),
        ResultColumn("waiver", "豁免", "What excepts it on the day.", node="Waiver"),
        ResultColumn("note", "处理说明", "What an official said of it."),
        ResultColumn("by", "处理人", "Who said so."),
        ResultColumn("finding", "疑点", "The finding.", node="Finding", source="finding_no"),
    ),
    _finding_parameters,
    (*CHECK_FILTERS, Filter("statuses", "处理状态", "Only what stands so; OPEN and BACK where nothing is said.", enum="FindingStatus")),
    (FINDING_STATUS, CHECK_CODE),
)  # fmt: skip
FINDING_COUNTS = Question(
    "findingCounts",
    "FindingCount",
    "疑点统计",
    "How many findings of each check were open in each data version in which that changed, zeros too: whether the register gets better; by data version and check.",
    "checks/finding_counts",
    (("sequence", int), ("check", str)),
    (
        ResultColumn("dataVersion", "数据版本", "The data version.", PropertyKind.INTEGER, source="sequence", required=True),
        ResultColumn("day", "采集日", "Day of its collection.", PropertyKind.DATE),
        *CHECK_COLUMNS,
        ResultColumn("open", "未处理数", "How many were open in it; what a waiver excepts is not.", PropertyKind.INTEGER, required=True),
    ),
    _finding_count_parameters,
    CHECK_FILTERS,
)  # fmt: skip
