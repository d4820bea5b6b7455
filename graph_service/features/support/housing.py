"""Housing: households in unsafe houses, the moves and safe houses arranged for them, and households that have moved in."""

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
from graph_service.core.rules import rules_in_force, split_values
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import MEASURE_KIND
from graph_service.features.support.measures import hollow_contents

HOUSING_GUARANTEE = "HOUSING"
HOUSING_STATE = Enumeration(
    "HousingState",
    "安居状态",
    "Where a household stands that needs a safe house, or is to move.",
    (
        EnumMember("NONE", "未安排"),
        EnumMember("NOT_TOLD", "措施已结束，入住情况不明"),
        EnumMember("PLANNED", "已列入计划"),
        EnumMember("UNDER_WAY", "实施中，未入住"),
        EnumMember("MOVED", "已入住"),
    ),
)


def _housing_state_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    kind_names = MEASURE_KIND.names_by_text()
    rules = [rule for rule in rules_in_force("guarantees", scope.as_of) if rule["guarantee"] == HOUSING_GUARANTEE]
    return {
        "kinds": [kind_names[kind] for rule in rules for kind in split_values(rule["answered_by"])],
        "hollow": hollow_contents(scope.as_of),
        "yearsAfterExit": years_after_exit(scope.as_of),
        "states": selected_members(arguments, "states", HOUSING_STATE),
        "grades": arguments.get("grades"),
        "only": arguments.get("kinds"),
    }


def _count_column(name: str, zh: str, doc: str) -> ResultColumn:
    return ResultColumn(name, zh, doc, PropertyKind.INTEGER, required=True)


HOUSING_STATES = Question(
    "housingStates",
    "HousingStateRow",
    "易地搬迁与住房安全",
    "Poor households, and those in the years of support after exit, whose house is unsafe, or for whom a move （易地扶贫搬迁） or a safe house （危房改造） is arranged: where they stand on a day; by village and household.",
    "support/housing_states",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("grade", "危房等级", "Of its house, by the latest card; null where that does not say.", PropertyKind.ENUM, enum="HousingGrade"),
        ResultColumn("state", "安居状态", "Where it stands.", PropertyKind.ENUM, enum="HousingState", required=True),
        ResultColumn("measure", "措施", "The measure for it that has come furthest.", node="Measure", source="measure_no"),
        ResultColumn("kind", "措施类别", "Its kind: a move, or a safe house where it lives.", PropertyKind.ENUM, enum="MeasureKind"),
        ResultColumn("startsOn", "开始日期", "When it begins.", PropertyKind.DATE, source="starts_on"),
        ResultColumn("movedInOn", "搬迁入住日期", "When they moved in, until the day.", PropertyKind.DATE, source="moved_in_on"),
    ),
    _housing_state_parameters,
    (
        Filter("states", "安居状态", "Only these.", enum="HousingState"),
        Filter("grades", "危房等级", "Only houses of these grades.", enum="HousingGrade"),
        Filter("kinds", "措施类别", "Only where the measure is of these kinds.", enum="MeasureKind"),
    ),
    (HOUSING_STATE,),
    (
        _count_column("noneCount", "未安排户数", "Of all whose house is unsafe or who have a measure, for how many nothing is arranged."),
        _count_column("notToldCount", "入住情况不明户数", "Of how many the measure has ended without a day of moving in."),
        _count_column("plannedCount", "已列入计划户数", "For how many it begins after the day."),
        _count_column("underWayCount", "实施中户数", "For how many it has begun."),
        _count_column("movedCount", "已入住户数", "How many have moved in."),
    ),
)  # fmt: skip
