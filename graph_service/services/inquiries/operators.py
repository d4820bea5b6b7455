"""Operators: which households none is linked to, what each does for them; who could work and has no work."""

from __future__ import annotations

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.duties import years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.inquiries.measures import hollow
from graph_service.services.rules import in_force
from graph_service.services.viewing import Viewing

LINK = Enumeration(
    "OperatorLink",
    "联结方式",
    "How an operator is linked to a household (DOMAIN §1, row 14).",
    (
        Member("JOINED", "加入"),
        Member("LEASES_TO", "流转土地"),
        Member("BORROWED_FROM", "借牛还牛"),
        Member("ENTRUSTS_TO", "托养寄养"),
        Member("HOLDS", "持股"),
        Member("EMPLOYS", "用工"),
    ),
)


def _unlinked(viewing: Viewing, given: Given) -> Given:
    return {"links": given.get("links"), "yearsAfterExit": years_after_exit(viewing.as_of)}


UNLINKED_HOUSEHOLDS = Inquiry(
    "unlinkedHouseholds",
    "UnlinkedHousehold",
    "未联结经营主体的户",
    "Poor households, and those in the years of support after exit, that no operator is linked to on a day; by village and household.",
    "operators/unlinked_households",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("endedOn", "联结截止日", "The last day of the last link that there was.", Kind.DATE, source="ended"),
    ),
    _unlinked,
    (Filter("links", "联结方式", "Which links count; all where none is named.", enum="OperatorLink"),),
    (LINK,),
)  # fmt: skip


def _labour(viewing: Viewing, given: Given) -> Given:
    as_of = viewing.as_of
    return {
        "labour": list(given.get("capacities") or ABLE),
        "ages": [[r["sex"], int(r["from_age"]), int(r["until_age"])] for r in in_force("working-ages", as_of)],
        "notInSchool": [rule["state"] for rule in in_force("not-in-school", as_of)],
        "hollow": hollow(as_of),
        "yearsAfterExit": years_after_exit(as_of),
    }


ABLE = ("ORDINARY", "SKILLED")
IDLE_LABOUR = Inquiry(
    "idleLabour",
    "IdleLabour",
    "有劳动力无就业",
    "Members of poor households, and of those in the years of support, who can work and have neither work nor a measure for it on a day; by village, household, person.",
    "operators/idle_labour",
    (("village", str), ("household", str), ("person", str)),
    (
        Column("village", "所在村", "Where the household lives.", node="Village"),
        Column("household", "户", "The household.", node="Household"),
        Column("person", "人口", "Who could work.", node="Person"),
        Column("age", "年龄", "Whole years on the day.", Kind.INTEGER, always=True),
        Column("capacity", "劳动技能", "Capacity for work.", Kind.ENUM, enum="LabourCapacity", always=True),
    ),
    _labour,
    (Filter("capacities", "劳动技能", "Which capacities count; ordinary and skilled where none is named.", enum="LabourCapacity"),),
)  # fmt: skip
OPERATOR_LINKS = Inquiry(
    "operatorLinks",
    "OperatorReach",
    "经营主体带动",
    "What each operator does for the households of an area on a day: jobs, and households that are linked to it, by what; by its code.",
    "operators/operator_links",
    (("uscc", str),),
    (
        Column("enterprise", "企业", "The operator, where it is an enterprise.", node="Enterprise"),
        Column("cooperative", "合作社", "The operator, where it is a cooperative.", node="Cooperative"),
        Column("households", "带动户数", "Households that are linked to it in any way.", Kind.INTEGER, always=True),
        Column("jobs", "用工人数", "Members who work for it.", Kind.INTEGER, always=True),
        Column("joined", "入社户数", "Households that have joined it.", Kind.INTEGER, always=True),
        Column("leasing", "流转户数", "Households that lease land to it.", Kind.INTEGER, always=True),
        Column("borrowing", "借牛还牛户数", "Households that have livestock of it.", Kind.INTEGER, always=True),
        Column("entrusting", "托养寄养户数", "Households that have entrusted livestock to it.", Kind.INTEGER, always=True),
        Column("holding", "持股户数", "Households that hold shares of what it operates.", Kind.INTEGER, always=True),
    ),
    lambda _viewing, _given: {},
)  # fmt: skip
