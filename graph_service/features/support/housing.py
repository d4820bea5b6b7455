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
    "State of the relocation or house repair of a household. NONE: nothing is arranged. PLANNED: a measure starts "
    "after the query date. UNDER_WAY: a measure has started, nobody has moved in. NOT_TOLD: the measure has ended, "
    "no moving-in is recorded. MOVED: the household has moved in.",
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
    "Poor households and households in the support period after exit that live in an unsafe house, or for which "
    "relocation or house repair is arranged, with their state on the query date. Sorted by village and household.",
    "support/housing_states",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn(
            "grade", "危房等级", "Grade of the house by the latest card; null if the card does not say.", PropertyKind.ENUM, enum="HousingGrade",
        ),
        ResultColumn("state", "安居状态", "State of the relocation or house repair.", PropertyKind.ENUM, enum="HousingState", required=True),
        ResultColumn(
            "measure", "措施", "The relocation or housing measure that has progressed furthest; null if there is none.",
            node="Measure", source="measure_no",
        ),
        ResultColumn("kind", "措施类别", "Kind of the measure: relocation, or a safe house in place.", PropertyKind.ENUM, enum="MeasureKind"),
        ResultColumn("startsOn", "开始日期", "First day of the measure.", PropertyKind.DATE, source="starts_on"),
        ResultColumn(
            "movedInOn", "搬迁入住日期", "Day on which the household moved in, up to the query date; null if it has not.",
            PropertyKind.DATE, source="moved_in_on",
        ),
    ),
    _housing_state_parameters,
    (
        Filter("states", "安居状态", "Only households in these states; all if omitted.", enum="HousingState"),
        Filter("grades", "危房等级", "Only houses of these grades; all if omitted.", enum="HousingGrade"),
        Filter("kinds", "措施类别", "Only households whose measure is of these kinds; all if omitted.", enum="MeasureKind"),
    ),
    (HOUSING_STATE,),
    (
        _count_column("noneCount", "未安排户数", "Number of households with nothing arranged, whatever the filters."),
        _count_column("notToldCount", "入住情况不明户数", "Number of households whose measure has ended without a recorded moving-in, whatever the filters."),
        _count_column("plannedCount", "已列入计划户数", "Number of households whose measure starts after the query date, whatever the filters."),
        _count_column("underWayCount", "实施中户数", "Number of households whose measure has started and that have not moved in, whatever the filters."),
        _count_column("movedCount", "已入住户数", "Number of households that have moved in, whatever the filters."),
    ),
)  # fmt: skip
