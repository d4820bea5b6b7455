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
    Field("duty", "Duty!", "帮扶责任：Duty of help.", default=REQUIRED),
    Field("post", "VillagePost", "职责：Post held; required if the duty has several posts."),
    Field("cadreNo", "String", "干部编号：Number of the cadre who holds the duty, if the holder is a cadre."),
    Field(
        "departmentNo",
        "String",
        "单位编号：Number of the department that holds the duty, if the holder is a department.",
    ),
    Field(
        "villageCode", "String", "村编码：Code of the village to which the duty is owed, if it is owed to a village."
    ),
    Field(
        "cardNo",
        "String",
        "户编号：Card number of the household to which the duty is owed, if it is owed to a household.",
    ),
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
    result = assignments.assign_helpers(execution.store, change_request(execution, arguments), pairs, since)
    return MutationOutcome(result, "Household", day=since, keys=[card for _, card in pairs])


MUTATIONS = (
    Mutation(
        "AssignDuty",
        "落实帮扶责任：Assign a duty of help to a cadre or department.",
        (
            *ASSIGNMENT_FIELDS,
            Field("since", Date, "开始日期：First day of the term.", default=REQUIRED),
            Field("until", Date | None, "结束日期：Last day of the term; open-ended if omitted."),
        ),
        _assign_duty,
        SUBJECTS,
    ),
    Mutation(
        "EndDuty",
        "结束帮扶责任：End a duty of help held by a cadre or department.",
        (*ASSIGNMENT_FIELDS, Field("until", Date, "结束日期：Last day of the term.", default=REQUIRED)),
        _end_duty,
        SUBJECTS,
    ),
    Mutation(
        "RecordVisit",
        "记录走访：Record a visit to a household.",
        (
            Field("cadreNo", "String!", "干部编号：Number of the cadre who made the visit.", default=REQUIRED),
            Field("cardNo", "String!", "户编号：Card number of the household.", default=REQUIRED),
            Field("on", Date, "走访日期：Day of the visit.", default=REQUIRED),
            Field("note", "String", "走访内容：Findings and actions."),
        ),
        _record_visit,
        SUBJECTS[1:],
    ),
    Mutation(
        "ApplyAssignments",
        "落实结对帮扶：Assign cadres as helpers to households, for example as proposed by `suggestHelpers`. Either all "
        f"assignments are made, in one data version, or none. At most {assignments.MAX_ASSIGNMENTS:,} assignments.",
        (
            Field("since", Date, "开始日期：First day of all assignments.", default=REQUIRED),
            Field("assignments", "[HelperAssignment!]!", "结对：Pairs of a cadre and a household.", default=REQUIRED),
        ),
        _apply_assignments,
        subject_labels=("Household",),
    ),
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    types.add_input(
        "HelperAssignment",
        "结对：A cadre and the household to help.",
        [
            Field("cadreNo", "String!", "干部编号：Number of the helping cadre.", default=REQUIRED),
            Field("cardNo", "String!", "户编号：Card number of the household.", default=REQUIRED),
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
