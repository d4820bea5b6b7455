"""Operators: households linked to none, what each operator does for households, and members able to work who have no work."""

from __future__ import annotations

from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import rules_in_force
from graph_service.domain.metamodel import DataClassification, Enumeration, EnumMember, PropertyKind
from graph_service.features.support.measures import hollow_contents

OPERATOR_LINK = Enumeration(
    "OperatorLink",
    "联结方式",
    "Kind of link between an operator and a household.",
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
    "Poor households and households in the support period after exit that have no link to an operator on the query "
    "date. Sorted by village and household.",
    "support/unlinked_households",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("endedOn", "联结截止日", "Last day of the most recent link; null if there was none.", PropertyKind.DATE, source="ended"),
    ),
    _unlinked_household_parameters,
    (Filter("links", "联结方式", "Kinds of link to consider; all if omitted.", enum="OperatorLink"),),
    (OPERATOR_LINK,),
)  # fmt: skip


def _idle_labour_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    as_of = scope.as_of
    return {
        "labour": list(arguments.get("capacities") or DEFAULT_CAPACITIES),
        "ages": [
            {"sex": rule["sex"], "from_age": int(rule["from_age"]), "until_age": int(rule["until_age"])}
            for rule in rules_in_force("working-ages", as_of)
        ],
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "hollow": hollow_contents(as_of),
        "yearsAfterExit": years_after_exit(as_of),
    }


DEFAULT_CAPACITIES = ("ORDINARY", "SKILLED")
IDLE_LABOUR = Question(
    "idleLabour",
    "IdleLabour",
    "有劳动力无就业",
    "Members of poor households and of households in the support period after exit who are able to work and have "
    "neither work nor an employment measure on the query date. Sorted by village, household and person.",
    "support/idle_labour",
    (("village", str), ("household", str), ("person", str)),
    (
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("person", "人口", "Household member who is able to work.", node="Person", required=True),
        ResultColumn("age", "年龄", "Age on the query date, in whole years.", PropertyKind.INTEGER, required=True),
        ResultColumn("capacity", "劳动技能", "Capacity for work.", PropertyKind.ENUM, enum="LabourCapacity", required=True),
    ),
    _idle_labour_parameters,
    (Filter("capacities", "劳动技能", "Only members with these capacities; by default ORDINARY and SKILLED.", enum="LabourCapacity"),),
    classification=DataClassification.SENSITIVE,
)  # fmt: skip
OPERATOR_LINKS = Question(
    "operatorLinks",
    "OperatorReach",
    "经营主体带动",
    "Operators linked to households of an area on the query date, with the number of jobs and of linked households "
    "by kind of link. Sorted by unified social credit code.",
    "support/operator_links",
    (("uscc", str),),
    (
        ResultColumn("enterprise", "企业", "The operator if it is an enterprise; null otherwise.", node="Enterprise"),
        ResultColumn("cooperative", "合作社", "The operator if it is a cooperative; null otherwise.", node="Cooperative"),
        ResultColumn("households", "带动户数", "Number of households with any link to the operator.", PropertyKind.INTEGER, required=True),
        ResultColumn("jobs", "用工人数", "Number of household members who work for the operator.", PropertyKind.INTEGER, required=True),
        ResultColumn("joined", "入社户数", "Number of households that have joined the operator.", PropertyKind.INTEGER, required=True),
        ResultColumn("leasing", "流转户数", "Number of households that lease land to the operator.", PropertyKind.INTEGER, required=True),
        ResultColumn(
            "borrowing", "借牛还牛户数", "Number of households that have borrowed livestock from the operator.", PropertyKind.INTEGER, required=True,
        ),
        ResultColumn(
            "entrusting", "托养寄养户数", "Number of households that have entrusted livestock to the operator.", PropertyKind.INTEGER, required=True,
        ),
        ResultColumn("holding", "持股户数", "Number of households that hold shares in assets run by the operator.", PropertyKind.INTEGER, required=True),
    ),
    lambda _scope, _arguments: {},
)  # fmt: skip
