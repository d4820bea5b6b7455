"""Mutations on duties of help: duties assigned and ended, visits recorded."""

from __future__ import annotations

from typing import Any

from graph_service.domain.days import day_from_iso
from graph_service.features.coverage import assignments
from graph_service.features.coverage.duty_terms import DutyAssignment
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry

SUBJECTS = ("Village", "Household")
ASSIGNMENT_FIELDS = (
    Field("duty", "Duty!", "帮扶责任：Which duty.", default=REQUIRED),
    Field("post", "VillagePost", "职责：Which post, where the duty has several."),
    Field("cadreNo", "String", "干部编号：Who holds it, where that is a cadre."),
    Field("departmentNo", "String", "单位编号：Who holds it, where that is a department."),
    Field("villageCode", "String", "村编码：To whom it is owed, where that is a village."),
    Field("cardNo", "String", "户编号：To whom it is owed, where that is a household."),
)


def _duty_assignment(arguments: dict[str, Any]) -> DutyAssignment:
    return DutyAssignment(
        arguments["duty"],
        arguments.get("post"),
        arguments.get("cadreNo"),
        arguments.get("departmentNo"),
        arguments.get("villageCode"),
        arguments.get("cardNo"),
    )


def _subject(assignment: DutyAssignment) -> tuple[str, str]:
    return ("Village", assignment.village) if assignment.village is not None else ("Household", assignment.subject)


def _assign_duty(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    since, until, assignment = day_from_iso(arguments["since"]), arguments.get("until"), _duty_assignment(arguments)
    last_day = day_from_iso(until) if until else None
    result = assignments.assign_duty(execution.store, change_request(execution, arguments), assignment, since, last_day)
    return MutationOutcome(result, *_subject(assignment), day=since)


def _end_duty(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    until, assignment = day_from_iso(arguments["until"]), _duty_assignment(arguments)
    result = assignments.end_duty(execution.store, change_request(execution, arguments), assignment, until)
    return MutationOutcome(result, *_subject(assignment), day=until)


def _record_visit(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    visited_on = day_from_iso(arguments["on"])
    request = change_request(execution, arguments)
    result = assignments.record_visit(
        execution.store, request, arguments["cadreNo"], arguments["cardNo"], visited_on, arguments.get("note")
    )
    return MutationOutcome(result, "Household", arguments["cardNo"], visited_on)


def _apply_assignments(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    since, pairs = (
        day_from_iso(arguments["since"]),
        [(pair["cadreNo"], pair["cardNo"]) for pair in arguments["assignments"]],
    )
    return MutationOutcome(
        assignments.assign_helpers(execution.store, change_request(execution, arguments), pairs, since), day=since
    )


MUTATIONS = (
    Mutation(
        "AssignDuty",
        "落实帮扶责任：Give a duty of help to a holder.",
        (
            *ASSIGNMENT_FIELDS,
            Field("since", Date, "开始日期：First day.", default=REQUIRED),
            Field("until", Date | None, "结束日期：Last day; none while it is open."),
        ),
        _assign_duty,
        SUBJECTS,
    ),
    Mutation(
        "EndDuty",
        "结束帮扶责任：End a duty of help that a holder has.",
        (*ASSIGNMENT_FIELDS, Field("until", Date, "结束日期：Its last day.", default=REQUIRED)),
        _end_duty,
        SUBJECTS,
    ),
    Mutation(
        "RecordVisit",
        "记录走访：Record a visit to a household.",
        (
            Field("cadreNo", "String!", "干部编号：Who came.", default=REQUIRED),
            Field("cardNo", "String!", "户编号：Which household.", default=REQUIRED),
            Field("on", Date, "走访日期：The day.", default=REQUIRED),
            Field("note", "String", "内容：What was found or done."),
        ),
        _record_visit,
        SUBJECTS[1:],
    ),
    Mutation(
        "ApplyAssignments",
        f"落实结对帮扶：Make cadres helpers of households, as `suggestHelpers` proposes: all of them in one data version, or none. At most {assignments.MAX_ASSIGNMENTS:,}.",
        (
            Field("since", Date, "开始日期：First day of all.", default=REQUIRED),
            Field("assignments", "[HelperAssignment!]!", "结对：Who is to help which household.", default=REQUIRED),
        ),
        _apply_assignments,
    ),
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    types.add_input(
        "HelperAssignment",
        "结对：A cadre who is to help a household.",
        [
            Field("cadreNo", "String!", "干部编号：Who helps.", default=REQUIRED),
            Field("cardNo", "String!", "户编号：Which household.", default=REQUIRED),
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
