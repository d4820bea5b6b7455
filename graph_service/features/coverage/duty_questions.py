"""Questions on duties: duties whose only holder leaves soon, sole holders, and the number of households of each helper."""

from __future__ import annotations

from graph_service.core.duties import duties_in_force, max_households, village_duty_rows, years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.domain.days import day_after, days_after
from graph_service.domain.metamodel import PropertyKind
from graph_service.errors import ArgumentInvalid

DEFAULT_DAYS, MAX_DAYS = 90, 3660


def _expiring_duty_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    days = arguments.get("withinDays")
    days = DEFAULT_DAYS if days is None else days
    if not 0 <= days <= MAX_DAYS:
        raise ArgumentInvalid(
            name="withinDays", reason_zh=f"应在 0 至 {MAX_DAYS} 之间", reason_en=f"it lies between 0 and {MAX_DAYS}"
        )
    until = days_after(scope.as_of, days)
    return {**_held_duty_parameters(scope, arguments), "until": until, "beyond": day_after(until)}


def _held_duty_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    """Return the parameters of the requested duties that have holders: all but visits."""
    duty_names = arguments.get("duties")
    selected_duties = [
        duty
        for duty in duties_in_force(scope.as_of)
        if duty.name != "VISIT" and (duty_names is None or duty.name in duty_names)
    ]
    return {
        "villageDuties": village_duty_rows(selected_duties),
        "helper": next(([duty.rank, duty.name] for duty in selected_duties if duty.name == "HELPER"), None),
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


EXPIRING_DUTIES = Question(
    "expiringDuties",
    "ExpiringDuty",
    "即将到期的责任",
    "Duties of help that are owed and met on a day, and whose only holder's term ends within the stated days; by village, household, duty.",
    "coverage/expiring_duties",
    (("village", str), ("household", str), ("rank", int)),
    (
        ResultColumn("duty", "帮扶责任", "Which duty.", PropertyKind.ENUM, enum="Duty", required=True),
        ResultColumn("village", "所在村", "The village, or that of the household.", node="Village"),
        ResultColumn("household", "户", "The household, where the duty is owed to one.", node="Household"),
        ResultColumn("endsOn", "任期截止日", "Last day of the term of the last who has it.", PropertyKind.DATE, source="ends"),
        ResultColumn("leavesOn", "离岗日", "First day on which the last who has it has left the post, where that comes first.", PropertyKind.DATE, source="leaves"),
        ResultColumn("holders", "现责任人数", "How many have it on the day.", PropertyKind.INTEGER, required=True),
        ResultColumn("cadre", "责任人", "The last who has it, where that is a cadre.", node="Cadre", source="cadre_no"),
        ResultColumn("department", "责任部门", "The last who has it, where that is a department.", node="Department", source="department_no"),
    ),
    _expiring_duty_parameters,
    (
        Filter("duties", "帮扶责任", "Only these.", enum="Duty"),
        Filter("withinDays", "天数", f"Within how many days; {DEFAULT_DAYS} where nothing is said.", PropertyKind.INTEGER),
    ),
)  # fmt: skip


def _helper_load_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    limit = max_households(scope.as_of) if arguments.get("overLimit") else None
    limits = [bound for bound in (arguments.get("over"), limit) if bound is not None]
    return {"over": max(limits, default=None)}


SOLE_HOLDERS = Question(
    "soleHolders",
    "SoleHolder",
    "单点依赖",
    "Who alone meets duties of help that are owed on a day, the most first: where one goes, so many villages or households have nobody.",
    "coverage/sole_holders",
    (("load", int), ("rank", int), ("holder", str)),
    (
        ResultColumn("duty", "帮扶责任", "Which duty.", PropertyKind.ENUM, enum="Duty", required=True),
        ResultColumn("cadre", "责任人", "Who holds it, where that is a cadre.", node="Cadre", source="cadre_no"),
        ResultColumn("department", "责任部门", "Who holds it, where that is a department.", node="Department", source="department_no"),
        ResultColumn("held", "承担数", "For how many villages or households.", PropertyKind.INTEGER, required=True),
        ResultColumn("alone", "独自承担数", "For how many of these nobody else meets it.", PropertyKind.INTEGER, required=True),
    ),
    _held_duty_parameters,
    (Filter("duties", "帮扶责任", "Only these.", enum="Duty"),),
)  # fmt: skip
HELPER_LOAD = Question(
    "helperLoad",
    "HelperLoad",
    "帮扶责任人负担",
    "How many households each present helper has on a day, the most first, and for how many nobody else could stand in.",
    "coverage/helper_load",
    (("load", int), ("cadre_no", str)),
    (
        ResultColumn("cadre", "帮扶责任人", "The helper.", node="Cadre", source="cadre_no"),
        ResultColumn("households", "帮扶户数", "How many households.", PropertyKind.INTEGER, required=True),
        ResultColumn("villages", "涉及村数", "In how many villages.", PropertyKind.INTEGER, required=True),
        ResultColumn("alone", "无人可替代的户数", "How many of these have no other present helper.", PropertyKind.INTEGER, required=True),
    ),
    _helper_load_parameters,
    (
        Filter("over", "超过户数", "Only who has more than so many.", PropertyKind.INTEGER),
        Filter("overLimit", "超过规定户数", "Only who has more than a helper may have by the rules of the day (duties.csv).", PropertyKind.FLAG),
    ),
)  # fmt: skip
