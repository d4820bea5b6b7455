"""Operators: households linked to none, what each operator does for households, and members able to work who have no work."""

from __future__ import annotations

from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import rules_in_force
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.support.measures import hollow_contents

OPERATOR_LINK = Enumeration(
    "OperatorLink",
    "联结方式",
    "How an operator is linked to a household (DOMAIN §1, row 14).",
    (
        EnumMember("JOINED", "加入"),
        EnumMember("LEASES_TO", "流转土地"),
        EnumMember("BORROWED_FROM", "借牛还牛"),
        EnumMember("ENTRUSTS_TO", "托养寄养"),
        EnumMember("HOLDS", "持股"),
        EnumMember("EMPLOYS", "用工"),
    ),
)


def _unlinked_household_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    return {"links": arguments.get("links"), "yearsAfterExit": years_after_exit(scope.as_of)}


UNLINKED_HOUSEHOLDS = Question(
    "unlinkedHouseholds",
    "UnlinkedHousehold",
    "未联结经营主体的户",
    "Poor households, and those in the years of support after exit, that no operator is linked to on a day; by village and household.",
    "support/unlinked_households",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("endedOn", "联结截止日", "The last day of the last link that there was.", PropertyKind.DATE, source="ended"),
    ),
    _unlinked_household_parameters,
    (Filter("links", "联结方式", "Which links count; all where none is named.", enum="OperatorLink"),),
    (OPERATOR_LINK,),
)  # fmt: skip


def _idle_labour_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    as_of = scope.as_of
    return {
        "labour": list(arguments.get("capacities") or DEFAULT_CAPACITIES),
        "ages": [[r["sex"], int(r["from_age"]), int(r["until_age"])] for r in rules_in_force("working-ages", as_of)],
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "hollow": hollow_contents(as_of),
        "yearsAfterExit": years_after_exit(as_of),
    }


DEFAULT_CAPACITIES = ("ORDINARY", "SKILLED")
IDLE_LABOUR = Question(
    "idleLabour",
    "IdleLabour",
    "有劳动力无就业",
    "Members of poor households, and of those in the years of support, who can work and have neither work nor a measure for it on a day; by village, household, person.",
    "support/idle_labour",
    (("village", str), ("household", str), ("person", str)),
    (
        ResultColumn("village", "所在村", "Where the household lives.", node="Village"),
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("person", "人口", "Who could work.", node="Person"),
        ResultColumn("age", "年龄", "Whole years on the day.", PropertyKind.INTEGER, required=True),
        ResultColumn("capacity", "劳动技能", "Capacity for work.", PropertyKind.ENUM, enum="LabourCapacity", required=True),
    ),
    _idle_labour_parameters,
    (Filter("capacities", "劳动技能", "Which capacities count; ordinary and skilled where none is named.", enum="LabourCapacity"),),
)  # fmt: skip
OPERATOR_LINKS = Question(
    "operatorLinks",
    "OperatorReach",
    "经营主体带动",
    "What each operator does for the households of an area on a day: jobs, and households that are linked to it, by what; by its code.",
    "support/operator_links",
    (("uscc", str),),
    (
        ResultColumn("enterprise", "企业", "The operator, where it is an enterprise.", node="Enterprise"),
        ResultColumn("cooperative", "合作社", "The operator, where it is a cooperative.", node="Cooperative"),
        ResultColumn("households", "带动户数", "Households that are linked to it in any way.", PropertyKind.INTEGER, required=True),
        ResultColumn("jobs", "用工人数", "Members who work for it.", PropertyKind.INTEGER, required=True),
        ResultColumn("joined", "入社户数", "Households that have joined it.", PropertyKind.INTEGER, required=True),
        ResultColumn("leasing", "流转户数", "Households that lease land to it.", PropertyKind.INTEGER, required=True),
        ResultColumn("borrowing", "借牛还牛户数", "Households that have livestock of it.", PropertyKind.INTEGER, required=True),
        ResultColumn("entrusting", "托养寄养户数", "Households that have entrusted livestock to it.", PropertyKind.INTEGER, required=True),
        ResultColumn("holding", "持股户数", "Households that hold shares of what it operates.", PropertyKind.INTEGER, required=True),
    ),
    lambda _scope, _arguments: {},
)  # fmt: skip
