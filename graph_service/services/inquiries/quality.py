"""Register quality: what the checks found, and how that goes over time."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.checks.catalogue import catalogued, checks, in_force
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.viewing import Viewing

STATUS = Enumeration(
    "FindingStatus",
    "疑点处理状态",
    "Where a finding stands on a day.",
    (
        Member("OPEN", "未处理"),
        Member("BACK", "再次出现"),
        Member("WAIVED", "豁免中"),
        Member("RESOLVED", "已核实处理"),
        Member("GONE", "已消失"),
    ),
)
UNDONE = ("OPEN", "BACK")
"""The statuses asked for where none is named."""
CHECK = Enumeration(
    "CheckCode",
    "检查代码",
    "The checks on the register.",
    tuple(Member(one.code, one.zh) for one in catalogued().values()),
)


def _asked(viewing: Viewing, given: Given) -> list[list[str]]:
    """[code, severity] of the checks that are asked for."""
    codes: Sequence[str] | None = given.get("codes")
    severities: Sequence[str] | None = given.get("severities")
    return [
        [check.code, check.severity]
        for check in in_force(viewing.as_of).values()
        if (codes is None or check.code in codes) and (severities is None or check.severity in severities)
    ]


def _counted(_viewing: Viewing, given: Given) -> Given:
    """[code, severity, first day, last day] of the checks that are asked for, whenever they are in force."""
    codes: Sequence[str] | None = given.get("codes")
    severities: Sequence[str] | None = given.get("severities")
    asked = [
        [check.code, check.severity, check.since, check.until]
        for check in checks()
        if (codes is None or check.code in codes) and (severities is None or check.severity in severities)
    ]
    return {"checks": asked}


def _findings(viewing: Viewing, given: Given) -> Given:
    statuses: Sequence[str] | None = given.get("statuses")
    return {"checks": _asked(viewing, given), "statuses": list(UNDONE if statuses is None else statuses)}


TOLD = (
    Column("check", "检查代码", "Which check.", Kind.ENUM, enum="CheckCode", always=True),
    Column("severity", "严重程度", "How grave it is.", Kind.ENUM, enum="Severity", always=True),
)
WHICH = (
    Filter("codes", "检查代码", "Only these checks.", enum="CheckCode"),
    Filter("severities", "严重程度", "Only what is so grave.", enum="Severity"),
)
FINDINGS = Inquiry(
    "checkFindings",
    "CheckFinding",
    "疑点",
    "What the checks on the register found in an area, of villages, households and their members, and of its funds, projects, assets and dividends; funds and what lies in no area first, then by area and number.",
    "quality/findings",
    (("area", str), ("finding_no", str)),
    (
        *TOLD,
        Column("status", "处理状态", "Where it stands.", Kind.ENUM, enum="FindingStatus", always=True),
        Column("area", "所在区划", "Where it is; none of a fund.", node="Area"),
        Column("village", "所在村", "The village that it is about, or where the household lives.", node="Village"),
        Column("household", "户", "The household that it is about, or whose member.", node="Household"),
        Column("person", "人口", "The member that it is about.", node="Person"),
        Column("fund", "资金", "The fund that it is about.", node="Fund"),
        Column("project", "项目", "The project that it is about.", node="Project"),
        Column("asset", "资产", "The asset that it is about.", node="Asset"),
        Column("distribution", "收益分配", "The dividend that it is about.", node="Distribution"),
        Column("value", "所见值", "What was found; of money and shares what is and, in parentheses, what should be."),
        Column("firstSeen", "首次发现", "The day for which it was found first.", Kind.DATE, source="first_seen"),
        Column("lastSeen", "最后所见", "The day for which it was found last; none while it is there.", Kind.DATE, source="last_seen"),
        Column("waiver", "豁免", "What excepts it on the day.", node="Waiver"),
        Column("note", "处理说明", "What an official said of it."),
        Column("by", "处理人", "Who said so."),
        Column("finding", "疑点", "The finding.", node="Finding", source="finding_no"),
    ),
    _findings,
    (*WHICH, Filter("statuses", "处理状态", "Only what stands so; OPEN and BACK where nothing is said.", enum="FindingStatus")),
    (STATUS, CHECK),
)  # fmt: skip
FINDING_COUNTS = Inquiry(
    "findingCounts",
    "FindingCount",
    "疑点统计",
    "How many findings of each check were open in each data version in which that changed, zeros too: whether the register gets better; by data version and check.",
    "quality/finding_counts",
    (("sequence", int), ("check", str)),
    (
        Column("dataVersion", "数据版本", "The data version.", Kind.INTEGER, source="sequence", always=True),
        Column("day", "采集日", "Day of its collection.", Kind.DATE),
        *TOLD,
        Column("open", "未处理数", "How many were open in it; what a waiver excepts is not.", Kind.INTEGER, always=True),
    ),
    _counted,
    WHICH,
)  # fmt: skip
