"""Quality of the register: findings of the checks, and their number over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    SENSITIVE_TOPICS,
    TELLS_SENSITIVE,
    WITHHELD_FIELD,
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
)
from graph_service.core.rules import sensitive_checks
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.features.checks.catalogue import Check, all_checks, checks_by_code, checks_in_force

FINDING_STATUS = Enumeration(
    "FindingStatus",
    "疑点处理状态",
    "Status of a finding on the query date.",
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
    "Checks on the register; see docs/explanation/checks.md.",
    tuple(EnumMember(check.code, check.zh) for check in checks_by_code().values()),
)


def _requested(checks: Iterable[Check], arguments: QuestionArguments) -> QuestionArguments:
    """Return the requested ones of some checks, without those whose findings are told for a stated purpose only (`hidden`), and the codes of
    those left out (`withheld`). Raises `ArgumentInvalid` where one of them is requested by its code without a purpose."""
    codes: Sequence[str] | None = arguments.get("codes")
    severities: Sequence[str] | None = arguments.get("severities")
    requested_checks = [
        check
        for check in checks
        if (codes is None or check.code in codes) and (severities is None or check.severity in severities)
    ]
    hidden_codes = () if arguments.get(TELLS_SENSITIVE) else sensitive_checks()
    withheld_codes = sorted({check.code for check in requested_checks}.intersection(hidden_codes))
    if codes is not None and withheld_codes:
        raise ArgumentInvalid(
            name="purpose",
            reason_zh=f"{'、'.join(withheld_codes)} 的疑点涉及敏感信息，须说明用途",
            reason_en=f"findings of {', '.join(withheld_codes)} tell sensitive values, so the purpose must be stated",
        )
    return {
        "checks": [
            {"code": check.code, "severity": check.severity, "since": check.since, "until": check.until}
            for check in requested_checks
            if check.code not in withheld_codes
        ],
        "withheld": withheld_codes,
        "hidden": list(hidden_codes),
    }


def _finding_count_parameters(_scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    """Return the requested checks, whenever they are in force."""
    return _requested(all_checks(), arguments)


def _finding_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    statuses: Sequence[str] | None = arguments.get("statuses")
    return {
        **_requested(checks_in_force(scope.as_of).values(), arguments),
        "statuses": list(DEFAULT_STATUSES if statuses is None else statuses),
    }


CHECK_COLUMNS = (
    ResultColumn("check", "检查代码", "Code of the check.", PropertyKind.ENUM, enum="CheckCode", required=True),
    ResultColumn("severity", "严重程度", "Severity of the check.", PropertyKind.ENUM, enum="Severity", required=True),
)
CHECK_FILTERS = (
    Filter("codes", "检查代码", "Only these checks; all if omitted.", enum="CheckCode"),
    Filter("severities", "严重程度", "Only checks with these severities; all if omitted.", enum="Severity"),
)
WITHHELD_CHECKS = (
    ResultColumn(WITHHELD_FIELD, "未列检查", f"Requested checks whose findings are left out because no purpose is stated: they tell {SENSITIVE_TOPICS}.", PropertyKind.ENUMS, enum="CheckCode", source="withheld_checks", required=True),
)  # fmt: skip
SENSITIVE_DOC = f"Findings that tell {SENSITIVE_TOPICS} are included for a stated purpose only; `withheldChecks` names the checks left out."
FINDINGS = Question(
    "checkFindings",
    "CheckFinding",
    "疑点",
    "Findings of the checks on the register in an area, about villages, households and their members, funds, projects, assets and dividends. Findings on funds and other records without an area come first; the others are sorted by area and number. " + SENSITIVE_DOC,
    "checks/findings",
    (("area", str), ("finding_no", str)),
    (
        *CHECK_COLUMNS,
        ResultColumn("status", "处理状态", "Status of the finding on the query date.", PropertyKind.ENUM, enum="FindingStatus", required=True),
        ResultColumn("area", "所在区划", "Area of the finding; null for a fund.", node="Area"),
        ResultColumn("village", "所在村", "Village concerned, or village in which the household lives.", node="Village"),
        ResultColumn("household", "户", "Household concerned, or household of the member concerned.", node="Household"),
        ResultColumn("person", "人口", "Member of the household concerned.", node="Person"),
        ResultColumn("fund", "资金", "Fund concerned.", node="Fund"),
        ResultColumn("project", "项目", "Project concerned.", node="Project"),
        ResultColumn("asset", "资产", "Asset concerned.", node="Asset"),
        ResultColumn("distribution", "收益分配", "Dividend concerned.", node="Distribution"),
        ResultColumn("value", "疑点内容", "Value found; for money and shares, the actual value followed by the expected value in parentheses."),
        ResultColumn("firstSeen", "首次发现", "First day for which the finding was reported.", PropertyKind.DATE, source="first_seen", required=True),
        ResultColumn("lastSeen", "最后发现", "Last day for which the finding was reported; null while it persists.", PropertyKind.DATE, source="last_seen"),
        ResultColumn("waiver", "豁免", "Waiver in force on the query date; null if there is none.", node="Waiver"),
        ResultColumn("note", "处理说明", "Note by the official who handled the finding."),
        ResultColumn("by", "处理人", "Official who handled the finding."),
        ResultColumn("finding", "疑点", "The finding.", node="Finding", source="finding_no", required=True),
    ),
    _finding_parameters,
    (*CHECK_FILTERS, Filter("statuses", "处理状态", "Only findings with these statuses; OPEN and BACK if omitted.", enum="FindingStatus")),
    (FINDING_STATUS, CHECK_CODE),
    figures=WITHHELD_CHECKS,
    has_sensitive_rows=True,
)  # fmt: skip
FINDING_COUNTS = Question(
    "findingCounts",
    "FindingCount",
    "疑点统计",
    "Number of open findings of each check in each data version in which the number changed, including 0. Shows whether the quality of the register improves. Sorted by data version and check. " + SENSITIVE_DOC,
    "checks/finding_counts",
    (("sequence", int), ("check", str)),
    (
        ResultColumn("dataVersion", "数据版本", "Number of the data version.", PropertyKind.INTEGER, source="sequence", required=True),
        ResultColumn("day", "采集日", "Day of the collection.", PropertyKind.DATE),
        *CHECK_COLUMNS,
        ResultColumn("open", "未处理数", "Number of findings that were open in the data version; waived findings are not counted.", PropertyKind.INTEGER, required=True),
    ),
    _finding_count_parameters,
    CHECK_FILTERS,
    figures=WITHHELD_CHECKS,
    has_sensitive_rows=True,
)  # fmt: skip
