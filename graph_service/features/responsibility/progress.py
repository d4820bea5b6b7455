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
    "What is lacking of a responsibility letter.",
    (
        EnumMember("NO_PLEDGE", "没有责任书"),
        EnumMember("UNSIGNED", "未签订"),
    ),
)
AREA_ROLE = Enumeration(
    "AreaRole",
    "任职类别",
    "What a cadre is in an area.",
    (*DUTY_POST.members, EnumMember("LEADS", "领导小组成员"), EnumMember("POSTED_TO", "挂职干部")),
)
OPEN_PROBLEMS = Question(
    "openProblems",
    "OpenProblem",
    "未销号问题",
    "Problems about an area, its households or its people that are not closed on a day, who must put them right, and until when; by number.",
    "responsibility/open_problems",
    (("problem_no", str),),
    (
        ResultColumn("problem", "问题", "The problem.", node="Problem", source="problem_no"),
        ResultColumn("due", "整改期限", "Until when.", PropertyKind.DATE),
        ResultColumn("overdue", "是否逾期", "Whether that day is past.", PropertyKind.FLAG, required=True),
        ResultColumn("cadre", "整改责任人", "Who must put it right, where that is a cadre.", node="Cadre", source="cadre_no"),
        ResultColumn("department", "整改责任单位", "Who must, where that is a department.", node="Department", source="department_no"),
        ResultColumn("foundBy", "发现于", "The inspection that found it last.", node="Inspection", source="inspection_no"),
    ),
    lambda _, arguments: {"overdue": arguments.get("overdue")},
    (Filter("overdue", "是否逾期", "Only those that are, or are not, overdue.", PropertyKind.FLAG),),
)  # fmt: skip


def _unsigned_pledge_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    required_levels = [rule["level"] for rule in rules_in_force("pledge-levels", scope.as_of)]
    requested_levels = arguments.get("levels")
    return {"levels": [level for level in required_levels if requested_levels is None or level in requested_levels]}


UNSIGNED_PLEDGES = Question(
    "unsignedPledges",
    "UnsignedPledge",
    "未签订的责任书",
    "Areas of the register that owe a responsibility letter for the year of the day, and for which none is signed by then; by code.",
    "responsibility/unsigned_pledges",
    (("area", str),),
    (
        ResultColumn("area", "区划", "Which area.", node="Area"),
        ResultColumn("reason", "原因", "What is lacking.", PropertyKind.ENUM, enum="PledgeLack", required=True),
        ResultColumn("pledge", "责任书", "The letter that is not signed.", node="Pledge", source="pledge_no"),
    ),
    _unsigned_pledge_parameters,
    (Filter("levels", "级别", "Only areas of these levels.", enum="AreaLevel"),),
    (PLEDGE_LACK,),
)  # fmt: skip
LEADERLESS_AREAS = Question(
    "leaderlessAreas",
    "LeaderlessArea",
    "领导小组空缺",
    "Areas with households of the register whose leading group has nobody on a day; by code.",
    "responsibility/leaderless_areas",
    (("area", str),),
    (
        ResultColumn("area", "区划", "Which area.", node="Area"),
        ResultColumn("reason", "原因", "Why.", PropertyKind.ENUM, enum="GapReason", required=True),
        ResultColumn("heldUntil", "任期截止日", "The last day of the last term, or the first on which its holder had left the post.", PropertyKind.DATE, source="held_until"),
        ResultColumn("lastLeader", "上一任", "Who was the last.", node="Cadre", source="cadre_no"),
    ),
    lambda scope, arguments: {
        "levels": [rule["level"] for rule in rules_in_force("leading-levels", scope.as_of) if arguments.get("levels") is None or rule["level"] in arguments["levels"]],
    },
    (Filter("levels", "级别", "Only areas of these levels.", enum="AreaLevel"),),
)  # fmt: skip
EARLY_DEPARTURES = Question(
    "earlyDepartures",
    "EarlyDeparture",
    "未脱贫先离任",
    "Cadres whose post in a poor village, or in an area with poor villages, ended before it had exited （不脱贫不调整）； by area, cadre, role.",
    "responsibility/early_departures",
    (("area", str), ("cadre_no", str), ("role", str)),
    (
        ResultColumn("cadre", "干部", "Who left.", node="Cadre", source="cadre_no"),
        ResultColumn("area", "区划", "Where the post was.", node="Area"),
        ResultColumn("role", "职责", "The post in a village; or in a leading group; or posted there.", PropertyKind.ENUM, enum="AreaRole", required=True),
        ResultColumn("leftOn", "离任日期", "The last day of the term, or the first on which the holder had left the post.", PropertyKind.DATE, source="left_on", required=True),
        ResultColumn("exitYear", "出列年度", "The year in which the village, or the area's last poor village, exited; null while it is poor.", PropertyKind.YEAR, source="exit_year"),
    ),
    lambda _scope, _arguments: {},
    codes=(AREA_ROLE,),
)  # fmt: skip
INSPECTION_ROUNDS = Question(
    "inspectionRounds",
    "InspectionRound",
    "督查情况",
    "Supervision rounds in an area until a day: who led them, what they found, what of it is still open, what overdue; by number.",
    "responsibility/inspection_rounds",
    (("inspection_no", str),),
    (
        ResultColumn("inspection", "督查", "The round.", node="Inspection", source="inspection_no"),
        ResultColumn("heldOn", "督查日期", "Its first day.", PropertyKind.DATE, source="held_on"),
        ResultColumn("leaders", "带队干部", "Who led it.", parts=(ResultColumn("cadreNo", "干部编号", "Number of the cadre.", required=True),), required=True),
        ResultColumn("areasCovered", "到达区划数", "To how many areas of those asked for it went.", PropertyKind.INTEGER, source="areas_covered", required=True),
        ResultColumn("problems", "发现问题数", "How many problems it found.", PropertyKind.INTEGER, required=True),
        ResultColumn("open", "未销号数", "How many of these are not closed.", PropertyKind.INTEGER, required=True),
        ResultColumn("overdue", "逾期数", "How many of the open ones are overdue.", PropertyKind.INTEGER, required=True),
    ),
    lambda _, arguments: {"open_only": bool(arguments.get("openOnly"))},
    (Filter("openOnly", "仅未销号", "Only rounds of which something is open.", PropertyKind.FLAG),),
)  # fmt: skip
AREA_HISTORY = Question(
    "areaHistory",
    "AreaMerger",
    "区划沿革",
    "Areas that were merged into others until a day, where either lies in the area asked for; by former code.",
    "responsibility/area_history",
    (("former", str), ("into", str)),
    (
        ResultColumn("former", "原区划", "The area that was merged.", node="Area"),
        ResultColumn("into", "现区划", "The area that it was merged into.", node="Area"),
        ResultColumn("on", "合并日期", "When; null where it is not known.", PropertyKind.DATE),
        ResultColumn("households", "仍登记户数", "Households that are registered under the former code on the day.", PropertyKind.INTEGER, required=True),
    ),
    lambda _scope, _arguments: {},
)  # fmt: skip
