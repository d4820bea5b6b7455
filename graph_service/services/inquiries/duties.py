"""Duties: whose only holder soon goes, and how many households each helper has."""

from __future__ import annotations

from graph_service.declare import Kind
from graph_service.derive.days import day_after, days_after
from graph_service.errors import ArgumentInvalid
from graph_service.services.duties import in_force, most_households, of_villages, years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.viewing import Viewing

USUAL_DAYS, MOST_DAYS = 90, 3660


def _expiring(viewing: Viewing, given: Given) -> Given:
    days = given.get("withinDays")
    days = USUAL_DAYS if days is None else days
    if not 0 <= days <= MOST_DAYS:
        raise ArgumentInvalid(
            name="withinDays", reason_zh=f"应在 0 至 {MOST_DAYS} 之间", reason_en=f"it lies between 0 and {MOST_DAYS}"
        )
    until = days_after(viewing.as_of, days)
    return {**_held(viewing, given), "until": until, "beyond": day_after(until)}


def _held(viewing: Viewing, given: Given) -> Given:
    """The duties asked for that somebody holds: all but visits."""
    asked = given.get("duties")
    wanted = [d for d in in_force(viewing.as_of) if d.name != "VISIT" and (asked is None or d.name in asked)]
    return {
        "villageDuties": of_villages(wanted),
        "helper": next(([d.rank, d.name] for d in wanted if d.name == "HELPER"), None),
        "yearsAfterExit": years_after_exit(viewing.as_of),
    }


EXPIRING_DUTIES = Inquiry(
    "expiringDuties",
    "ExpiringDuty",
    "即将到期的责任",
    "Duties of help that are owed and met on a day, and whose only holder's term ends within the stated days; by village, household, duty.",
    "duties/expiring_duties",
    (("village", str), ("household", str), ("rank", int)),
    (
        Column("duty", "帮扶责任", "Which duty.", Kind.ENUM, enum="Duty", always=True),
        Column("village", "所在村", "The village, or that of the household.", node="Village"),
        Column("household", "户", "The household, where the duty is owed to one.", node="Household"),
        Column("endsOn", "任期截止日", "Last day of the term of the last who has it.", Kind.DATE, source="ends"),
        Column("leavesOn", "离岗日", "First day on which the last who has it has left the post, where that comes first.", Kind.DATE, source="leaves"),
        Column("holders", "现责任人数", "How many have it on the day.", Kind.INTEGER, always=True),
        Column("cadre", "责任人", "The last who has it, where that is a cadre.", node="Cadre", source="cadre_no"),
        Column("department", "责任部门", "The last who has it, where that is a department.", node="Department", source="department_no"),
    ),
    _expiring,
    (
        Filter("duties", "帮扶责任", "Only these.", enum="Duty"),
        Filter("withinDays", "天数", f"Within how many days; {USUAL_DAYS} where nothing is said.", Kind.INTEGER),
    ),
)  # fmt: skip


def _over(viewing: Viewing, given: Given) -> Given:
    limit = most_households(viewing.as_of) if given.get("overLimit") else None
    told = [one for one in (given.get("over"), limit) if one is not None]
    return {"over": max(told, default=None)}


SOLE_HOLDERS = Inquiry(
    "soleHolders",
    "SoleHolder",
    "单点依赖",
    "Who alone meets duties of help that are owed on a day, the most first: where one goes, so many villages or households have nobody.",
    "duties/sole_holders",
    (("load", int), ("rank", int), ("holder", str)),
    (
        Column("duty", "帮扶责任", "Which duty.", Kind.ENUM, enum="Duty", always=True),
        Column("cadre", "责任人", "Who holds it, where that is a cadre.", node="Cadre", source="cadre_no"),
        Column("department", "责任部门", "Who holds it, where that is a department.", node="Department", source="department_no"),
        Column("held", "承担数", "For how many villages or households.", Kind.INTEGER, always=True),
        Column("alone", "独自承担数", "For how many of these nobody else meets it.", Kind.INTEGER, always=True),
    ),
    _held,
    (Filter("duties", "帮扶责任", "Only these.", enum="Duty"),),
)  # fmt: skip
HELPER_LOAD = Inquiry(
    "helperLoad",
    "HelperLoad",
    "帮扶责任人负担",
    "How many households each present helper has on a day, the most first, and for how many nobody else could stand in.",
    "duties/helper_load",
    (("load", int), ("cadre_no", str)),
    (
        Column("cadre", "帮扶责任人", "The helper.", node="Cadre", source="cadre_no"),
        Column("households", "帮扶户数", "How many households.", Kind.INTEGER, always=True),
        Column("villages", "涉及村数", "In how many villages.", Kind.INTEGER, always=True),
        Column("alone", "无人可替代的户数", "How many of these have no other present helper.", Kind.INTEGER, always=True),
    ),
    _over,
    (
        Filter("over", "超过户数", "Only who has more than so many.", Kind.INTEGER),
        Filter("overLimit", "超过规定户数", "Only who has more than a helper may have by the rules of the day (duties.csv).", Kind.FLAG),
    ),
)  # fmt: skip
