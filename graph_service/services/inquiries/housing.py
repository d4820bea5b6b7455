"""Housing: whose house is unsafe, for whom a move or a safe house is arranged, who has moved in."""

from __future__ import annotations

from graph_service.declare import Enumeration, Kind, Member
from graph_service.model.enumerations import MEASURE_KIND
from graph_service.services.duties import years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry, chosen
from graph_service.services.inquiries.measures import hollow
from graph_service.services.rules import in_force, several
from graph_service.services.viewing import Viewing

HOUSING = "HOUSING"
STATE = Enumeration(
    "HousingState",
    "安居状态",
    "Where a household stands that needs a safe house, or is to move.",
    (
        Member("NONE", "未安排"),
        Member("NOT_TOLD", "措施已结束,入住情况不明"),
        Member("PLANNED", "已列入计划"),
        Member("UNDER_WAY", "实施中,未入住"),
        Member("MOVED", "已入住"),
    ),
)


def _states(viewing: Viewing, given: Given) -> Given:
    known = MEASURE_KIND.member_by_text()
    rules = [rule for rule in in_force("guarantees", viewing.as_of) if rule["guarantee"] == HOUSING]
    return {
        "kinds": [known[kind] for rule in rules for kind in several(rule["answered_by"])],
        "hollow": hollow(viewing.as_of),
        "yearsAfterExit": years_after_exit(viewing.as_of),
        "states": chosen(given, "states", STATE),
        "grades": given.get("grades"),
        "only": given.get("kinds"),
    }


def _counted(name: str, zh: str, doc: str) -> Column:
    return Column(name, zh, doc, Kind.INTEGER, always=True)


HOUSING_STATES = Inquiry(
    "housingStates",
    "HousingStateRow",
    "易地搬迁与住房安全",
    "Poor households, and those in the years of support after exit, whose house is unsafe, or for whom a move (易地扶贫搬迁) or a safe house (危房改造) is arranged: where they stand on a day; by village and household.",
    "measures/housing_states",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("grade", "危房等级", "Of its house, by the latest card; null where that does not say.", Kind.ENUM, enum="HousingGrade"),
        Column("state", "安居状态", "Where it stands.", Kind.ENUM, enum="HousingState", always=True),
        Column("measure", "措施", "The measure for it that has come furthest.", node="Measure", source="measure_no"),
        Column("kind", "措施类别", "Its kind: a move, or a safe house where it lives.", Kind.ENUM, enum="MeasureKind"),
        Column("startsOn", "开始日期", "When it begins.", Kind.DATE, source="starts_on"),
        Column("movedInOn", "搬迁入住日期", "When they moved in, until the day.", Kind.DATE, source="moved_in_on"),
    ),
    _states,
    (
        Filter("states", "安居状态", "Only these.", enum="HousingState"),
        Filter("grades", "危房等级", "Only houses of these grades.", enum="HousingGrade"),
        Filter("kinds", "措施类别", "Only where the measure is of these kinds.", enum="MeasureKind"),
    ),
    (STATE,),
    (
        _counted("noneCount", "未安排户数", "Of all whose house is unsafe or who have a measure, for how many nothing is arranged."),
        _counted("notToldCount", "入住情况不明户数", "Of how many the measure has ended without a day of moving in."),
        _counted("plannedCount", "已列入计划户数", "For how many it begins after the day."),
        _counted("underWayCount", "实施中户数", "For how many it has begun."),
        _counted("movedCount", "已入住户数", "How many have moved in."),
    ),
)  # fmt: skip
