"""Questions on duties: duties whose only holder leaves soon, sole holders, and the number of households of each helper."""

from __future__ import annotations

from graph_service.core.duties import (
    HELPER,
    VISIT,
    max_households,
    require_in_force,
    village_duty_rows,
    years_after_exit,
)
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
            name="withinDays", reason_zh=f"应在 0 至 {MAX_DAYS} 之间", reason_en=f"it must be between 0 and {MAX_DAYS}"
        )
    until = days_after(scope.as_of, days)
    return {**_held_duty_parameters(scope, arguments), "until": until, "beyond": day_after(until)}


def _held_duty_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    """Return the parameters of the requested duties that have holders: all but visits."""
    duty_names = arguments.get("duties")
    selected_duties = [
        duty
        for duty in require_in_force(duty_names, scope.as_of)
        if duty.kind != VISIT and (duty_names is None or duty.name in duty_names)
    ]
    return {
        "villageDuties": village_duty_rows(selected_duties),
        "helpers": [{"rank": duty.rank, "name": duty.name} for duty in selected_duties if duty.kind == HELPER],
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


EXPIRING_DUTIES = Question(
    "expiringDuties",
    "ExpiringDuty",
    "即将到期的责任",
    "Duties of help that are fulfilled on the query date and whose last holder leaves within the given number of "
    "days without a successor. Sorted by village, household and duty.",
    "coverage/expiring_duties",
    (("village", str), ("household", str), ("rank", int)),
    (
        ResultColumn("duty", "帮扶责任", "Duty of help.", PropertyKind.ENUM, enum="Duty", required=True),
        ResultColumn("village", "所在村", "The village, or the village of the household.", node="Village", required=True),
        ResultColumn("household", "户", "The household; null if the duty is owed to the village.", node="Household"),
        ResultColumn(
            "endsOn", "任期截止日", "Last day of the term of the holder who stays longest; null if `leavesOn` comes first.",
            PropertyKind.DATE, source="ends",
        ),
        ResultColumn(
            "leavesOn", "离岗日",
            "First day on which that holder has left the post, if before the end of the term; null otherwise.",
            PropertyKind.DATE, source="leaves",
        ),
        ResultColumn("holders", "现责任人数", "Number of holders on the query date.", PropertyKind.INTEGER, required=True),
        ResultColumn("cadre", "责任人", "The holder who stays longest; null if it is a department.", node="Cadre", source="cadre_no"),
        ResultColumn(
            "department", "责任单位", "The department that holds the duty longest; null if the holder is a cadre.",
            node="Department", source="department_no",
        ),
    ),
    _expiring_duty_parameters,
    (
        Filter("duties", "帮扶责任", "Only these duties; all if omitted.", enum="Duty"),
        Filter("withinDays", "天数", f"Number of days to look ahead (0 to {MAX_DAYS}, default {DEFAULT_DAYS}).", PropertyKind.INTEGER),
    ),
)  # fmt: skip


def _helper_load_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    limit = max_households(scope.as_of) if arguments.get("overLimit") else None
    limits = [bound for bound in (arguments.get("over"), limit) if bound is not None]
    return {"over": max(limits, default=None)}


SOLE_HOLDERS = Question(
    "soleHolders",
    "SoleHolder",
    "唯一责任人",
    "Holders who are the only one to fulfill a duty of help for some village or household on the query date. "
    "Sorted by the number of such villages or households, largest first.",
    "coverage/sole_holders",
    (("load", int), ("rank", int), ("holder", str)),
    (
        ResultColumn("duty", "帮扶责任", "Duty of help.", PropertyKind.ENUM, enum="Duty", required=True),
        ResultColumn("cadre", "责任人", "Cadre who holds the duty; null if a department does.", node="Cadre", source="cadre_no"),
        ResultColumn("department", "责任单位", "Department that holds the duty; null if a cadre does.", node="Department", source="department_no"),
        ResultColumn("held", "承担数", "Number of villages or households for which the holder fulfills the duty.", PropertyKind.INTEGER, required=True, source="subjects"),
        ResultColumn(
            "alone", "独自承担数", "Number of these villages or households for which nobody else fulfills it.", PropertyKind.INTEGER, required=True,
            source="sole_subjects",
        ),
    ),
    _held_duty_parameters,
    (Filter("duties", "帮扶责任", "Only these duties; all if omitted.", enum="Duty"),),
)  # fmt: skip
HELPER_LOAD = Question(
    "helperLoad",
    "HelperLoad",
    "帮扶责任人负担",
    "Number of households of each helper in post on the query date, and how many of them have no other helper. "
    "Sorted by the number of households, largest first.",
    "coverage/helper_load",
    (("load", int), ("cadre_no", str)),
    (
        ResultColumn("cadre", "帮扶责任人", "The helper.", node="Cadre", source="cadre_no", required=True),
        ResultColumn("households", "帮扶户数", "Number of households that the cadre helps.", PropertyKind.INTEGER, required=True),
        ResultColumn("villages", "涉及村数", "Number of villages in which these households live.", PropertyKind.INTEGER, required=True),
        ResultColumn("alone", "唯一帮扶户数", "Number of these households that have no other helper in post.", PropertyKind.INTEGER, required=True, source="sole_households"),
    ),
    _helper_load_parameters,
    (
        Filter("over", "超过户数", "Only helpers with more households than this number.", PropertyKind.INTEGER),
        Filter(
            "overLimit", "超过规定户数",
            "True to list only helpers with more households than the rules in force allow (duties.csv).",
            PropertyKind.FLAG,
        ),
    ),
)  # fmt: skip
