"""Questions on responsibility: problems, letters, leading groups, supervision rounds, posts left too early, merged areas."""

from __future__ import annotations

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import rules_in_force
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import DUTY_POST

PLEDGE_LACK = Enumeration(
    "PledgeLack",
    "未签订原因",
    "Reason why no signed responsibility letter is on record: there is no letter, or it is not signed.",
    (
        EnumMember("NO_PLEDGE", "没有责任书"),
        EnumMember("UNSIGNED", "未签订"),
    ),
)
AREA_ROLE = Enumeration(
    "AreaRole",
    "任职类别",
    "Role of a cadre in an area: a post in a village, member of a leading group, or posted there.",
    (*DUTY_POST.members, EnumMember("LEADS", "领导小组成员"), EnumMember("POSTED_TO", "挂职干部")),
)
OPEN_PROBLEMS = Question(
    "openProblems",
    "OpenProblem",
    "未销号问题",
    "Problems concerning an area, its households or its people that are not closed on the query date, with the "
    "responsible cadre or department (the one due first if several) and the due date. Sorted by number.",
    "responsibility/open_problems",
    (("problem_no", str),),
    (
        ResultColumn("problem", "问题", "The problem.", node="Problem", source="problem_no", required=True),
        ResultColumn("due", "整改期限", "Day by which the problem must be rectified; null if none is set.", PropertyKind.DATE),
        ResultColumn("overdue", "是否逾期", "True if that day has passed on the query date.", PropertyKind.FLAG, required=True),
        ResultColumn("cadre", "整改责任人", "Cadre responsible for the rectification; null if a department is.", node="Cadre", source="cadre_no"),
        ResultColumn(
            "department", "整改责任单位", "Department responsible for the rectification; null if a cadre is.", node="Department", source="department_no",
        ),
        ResultColumn("foundBy", "来源督查", "Latest inspection that found the problem; null if none did.", node="Inspection", source="inspection_no"),
    ),
    lambda _, arguments: {"overdue": arguments.get("overdue")},
    (Filter("overdue", "是否逾期", "True for overdue problems, false for the others; both if omitted.", PropertyKind.FLAG),),
)  # fmt: skip


def _unsigned_pledge_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    required_levels = [rule["level"] for rule in rules_in_force("pledge-levels", scope.as_of)]
    requested_levels = arguments.get("levels")
    return {"levels": [level for level in required_levels if requested_levels is None or level in requested_levels]}


UNSIGNED_PLEDGES = Question(
    "unsignedPledges",
    "UnsignedPledge",
    "未签订的责任书",
    "Areas that must have a responsibility letter for the year of the query date and have no signed one by then. Sorted by area code.",
    "responsibility/unsigned_pledges",
    (("area", str),),
    (
        ResultColumn("area", "区划", "The area.", node="Area", required=True),
        ResultColumn("reason", "原因", "Reason: there is no letter, or it is not signed.", PropertyKind.ENUM, enum="PledgeLack", required=True),
        ResultColumn("pledge", "责任书", "The unsigned letter; null if there is none.", node="Pledge", source="pledge_no"),
    ),
    _unsigned_pledge_parameters,
    (Filter("levels", "级别", "Only areas of these levels; all if omitted.", enum="AreaLevel"),),
    (PLEDGE_LACK,),
)  # fmt: skip
LEADERLESS_AREAS = Question(
    "leaderlessAreas",
    "LeaderlessArea",
    "领导小组空缺",
    "Areas with households in the register whose leading group has no member on the query date. Sorted by area code.",
    "responsibility/leaderless_areas",
    (("area", str),),
    (
        ResultColumn("area", "区划", "The area.", node="Area", required=True),
        ResultColumn("reason", "原因", "Reason why the group has no member.", PropertyKind.ENUM, enum="GapReason", required=True),
        ResultColumn(
            "heldUntil", "任期截止日",
            "Last day of the last term, or first day on which its holder had left the post; null if there was none.",
            PropertyKind.DATE, source="held_until",
        ),
        ResultColumn("lastLeader", "上一任", "Last member of the group; null if there was none.", node="Cadre", source="cadre_no"),
    ),
    lambda scope, arguments: {
        "levels": [rule["level"] for rule in rules_in_force("leading-levels", scope.as_of) if arguments.get("levels") is None or rule["level"] in arguments["levels"]],
    },
    (Filter("levels", "级别", "Only areas of these levels; all if omitted.", enum="AreaLevel"),),
)  # fmt: skip
EARLY_DEPARTURES = Question(
    "earlyDepartures",
    "EarlyDeparture",
    "未脱贫先离任",
    "Cadres whose post in a poor village, or in an area with poor villages, ended before the exit, contrary to the "
    "rule of no transfer before exit. Sorted by area, cadre and role.",
    "responsibility/early_departures",
    (("area", str), ("cadre_no", str), ("role", str)),
    (
        ResultColumn("cadre", "干部", "Cadre who left.", node="Cadre", source="cadre_no", required=True),
        ResultColumn("area", "区划", "Area of the post.", node="Area", required=True),
        ResultColumn(
            "role", "职责", "Role: a post in a village, member of a leading group, or posted there.", PropertyKind.ENUM, enum="AreaRole", required=True,
        ),
        ResultColumn(
            "leftOn", "离任日期", "Last day of the term, or first day on which the holder had left the post.",
            PropertyKind.DATE, source="left_on", required=True,
        ),
        ResultColumn(
            "exitYear", "出列年度",
            "Year in which the village, or the last poor village of the area, exited; null while it is poor.",
            PropertyKind.YEAR, source="exit_year",
        ),
    ),
    lambda _scope, _arguments: {},
    codes=(AREA_ROLE,),
)  # fmt: skip
INSPECTION_ROUNDS = Question(
    "inspectionRounds",
    "InspectionRound",
    "督查情况",
    "Inspections of an area up to the query date, with their leaders and the number of problems found, still open and overdue. Sorted by number.",
    "responsibility/inspection_rounds",
    (("inspection_no", str),),
    (
        ResultColumn("inspection", "督查", "The inspection.", node="Inspection", source="inspection_no", required=True),
        ResultColumn("heldOn", "督查日期", "First day of the inspection.", PropertyKind.DATE, source="held_on"),
        ResultColumn(
            "leaders", "带队干部", "Cadres who led the inspection.",
            parts=(ResultColumn("cadreNo", "干部编号", "Number of the cadre.", required=True),), required=True,
        ),
        ResultColumn(
            "areasCovered", "到达区划数", "Number of areas visited within the queried area.", PropertyKind.INTEGER, source="areas_covered", required=True,
        ),
        ResultColumn("problems", "发现问题数", "Number of problems found.", PropertyKind.INTEGER, required=True),
        ResultColumn("open", "未销号数", "Number of these problems that are not closed.", PropertyKind.INTEGER, required=True),
        ResultColumn("overdue", "逾期数", "Number of the open problems that are overdue.", PropertyKind.INTEGER, required=True),
    ),
    lambda _, arguments: {"openOnly": bool(arguments.get("openOnly"))},
    (Filter("openOnly", "仅未销号", "True to list only inspections with open problems.", PropertyKind.FLAG),),
)  # fmt: skip
AREA_HISTORY = Question(
    "areaHistory",
    "AreaMerger",
    "区划沿革",
    "Mergers of areas up to the query date in which the former or the new area lies in the queried area. Sorted by former code.",
    "responsibility/area_history",
    (("former", str), ("into", str)),
    (
        ResultColumn("former", "原区划", "The former area.", node="Area", required=True),
        ResultColumn("into", "现区划", "Area into which it was merged.", node="Area", required=True),
        ResultColumn("on", "合并日期", "Day of the merger; null if unknown.", PropertyKind.DATE),
        ResultColumn(
            "households", "仍登记户数", "Number of households registered under the former code on the query date.", PropertyKind.INTEGER, required=True,
        ),
    ),
    lambda _scope, _arguments: {},
)  # fmt: skip
