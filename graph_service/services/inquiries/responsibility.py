"""Responsibility: problems that are not closed, letters that are not signed."""

from __future__ import annotations

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.rules import in_force
from graph_service.services.viewing import Viewing

LACK = Enumeration(
    "PledgeLack",
    "未签订原因",
    "What is lacking of a responsibility letter.",
    (
        Member("NO_PLEDGE", "没有责任书"),
        Member("UNSIGNED", "未签订"),
    ),
)
OPEN_PROBLEMS = Inquiry(
    "openProblems",
    "OpenProblem",
    "未销号问题",
    "Problems about an area, its households or its people that are not closed on a day, who must put them right, and until when; by number.",
    "responsibility/open_problems",
    (("problem_no", str),),
    (
        Column("problem", "问题", "The problem.", node="Problem", source="problem_no"),
        Column("due", "整改期限", "Until when.", Kind.DATE),
        Column("overdue", "是否逾期", "Whether that day is past.", Kind.FLAG, always=True),
        Column("cadre", "整改责任人", "Who must put it right, where that is a cadre.", node="Cadre", source="cadre_no"),
        Column("department", "整改责任单位", "Who must, where that is a department.", node="Department", source="department_no"),
        Column("foundBy", "发现于", "The inspection that found it last.", node="Inspection", source="inspection_no"),
    ),
    lambda _, given: {"overdue": given.get("overdue")},
    (Filter("overdue", "是否逾期", "Only those that are, or are not, overdue.", Kind.FLAG),),
)  # fmt: skip


def _unsigned(viewing: Viewing, given: Given) -> Given:
    owing = [rule["level"] for rule in in_force("pledge-levels", viewing.as_of)]
    asked = given.get("levels")
    return {"levels": [level for level in owing if asked is None or level in asked]}


UNSIGNED_PLEDGES = Inquiry(
    "unsignedPledges",
    "UnsignedPledge",
    "未签订的责任书",
    "Areas that owe a responsibility letter for the year of the day, and for which none is signed by then; by code.",
    "responsibility/unsigned_pledges",
    (("area", str),),
    (
        Column("area", "区划", "Which area.", node="Area"),
        Column("reason", "原因", "What is lacking.", Kind.ENUM, enum="PledgeLack", always=True),
        Column("pledge", "责任书", "The letter that is not signed.", node="Pledge", source="pledge_no"),
    ),
    _unsigned,
    (Filter("levels", "级别", "Only areas of these levels.", enum="AreaLevel"),),
    (LACK,),
)  # fmt: skip
