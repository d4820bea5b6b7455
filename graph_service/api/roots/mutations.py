"""Mutations on who helps whom: duties assigned and ended, visits recorded."""

from __future__ import annotations

from typing import Any

from graph_service.api.planning import Run
from graph_service.api.roots.changing import Done, Mutation
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.scalars import Date
from graph_service.derive.days import stored_day
from graph_service.services import assignments
from graph_service.services.holdings import Holding
from graph_service.services.requests import Request

SUBJECTS = ("Village", "Household")
HELD = (
    Field("duty", "Duty!", "帮扶责任:Which duty.", default=MUST),
    Field("post", "VillagePost", "职责:Which post, where the duty has several."),
    Field("cadreNo", "String", "干部编号:Who holds it, where that is a cadre."),
    Field("departmentNo", "String", "单位编号:Who holds it, where that is a department."),
    Field("villageCode", "String", "村编码:To whom it is owed, where that is a village."),
    Field("cardNo", "String", "户编号:To whom it is owed, where that is a household."),
)


def requested(run: Run, given: dict[str, Any]) -> Request:
    """Who asks, under which key, of a mutation's input."""
    return Request(given["clientKey"], given.get("by") or "", run.granted)


def _holding(given: dict[str, Any]) -> Holding:
    return Holding(
        given["duty"],
        given.get("post"),
        given.get("cadreNo"),
        given.get("departmentNo"),
        given.get("villageCode"),
        given.get("cardNo"),
    )


def _subject(holding: Holding) -> tuple[str, str]:
    return ("Village", holding.village) if holding.village is not None else ("Household", holding.subject)


def _assign(run: Run, given: dict[str, Any]) -> Done:
    since, until, holding = stored_day(given["since"]), given.get("until"), _holding(given)
    last = stored_day(until) if until else None
    recorded = assignments.assign(run.store, requested(run, given), holding, since, last)
    return Done(recorded, *_subject(holding), day=since)


def _end(run: Run, given: dict[str, Any]) -> Done:
    until, holding = stored_day(given["until"]), _holding(given)
    recorded = assignments.end(run.store, requested(run, given), holding, until)
    return Done(recorded, *_subject(holding), day=until)


def _visit(run: Run, given: dict[str, Any]) -> Done:
    on = stored_day(given["on"])
    request = requested(run, given)
    recorded = assignments.visit(run.store, request, given["cadreNo"], given["cardNo"], on, given.get("note"))
    return Done(recorded, "Household", given["cardNo"], on)


def _apply(run: Run, given: dict[str, Any]) -> Done:
    since, pairs = stored_day(given["since"]), [(one["cadreNo"], one["cardNo"]) for one in given["assignments"]]
    return Done(assignments.assign_helpers(run.store, requested(run, given), pairs, since), day=since)


MUTATIONS = (
    Mutation(
        "AssignDuty",
        "落实帮扶责任:Give a duty of help to a holder.",
        (
            *HELD,
            Field("since", Date, "开始日期:First day.", default=MUST),
            Field("until", Date | None, "结束日期:Last day; none while it is open."),
        ),
        _assign,
        SUBJECTS,
    ),
    Mutation(
        "EndDuty",
        "结束帮扶责任:End a duty of help that a holder has.",
        (*HELD, Field("until", Date, "结束日期:Its last day.", default=MUST)),
        _end,
        SUBJECTS,
    ),
    Mutation(
        "RecordVisit",
        "记录走访:Record a visit to a household.",
        (
            Field("cadreNo", "String!", "干部编号:Who came.", default=MUST),
            Field("cardNo", "String!", "户编号:Which household.", default=MUST),
            Field("on", Date, "走访日期:The day.", default=MUST),
            Field("note", "String", "内容:What was found or done."),
        ),
        _visit,
        SUBJECTS[1:],
    ),
    Mutation(
        "ApplyAssignments",
        f"落实结对帮扶:Make cadres helpers of households, as `suggestHelpers` proposes: all of them in one data version, or none. At most {assignments.MOST_PAIRS:,}.",
        (
            Field("since", Date, "开始日期:First day of all.", default=MUST),
            Field("assignments", "[HelperAssignment!]!", "结对:Who is to help which household.", default=MUST),
        ),
        _apply,
    ),
)


def declare(types: Types) -> None:
    """Types of inputs and results."""
    types.add_input(
        "HelperAssignment",
        "结对:A cadre who is to help a household.",
        [
            Field("cadreNo", "String!", "干部编号:Who helps.", default=MUST),
            Field("cardNo", "String!", "户编号:Which household.", default=MUST),
        ],
    )
    for one in MUTATIONS:
        one.declare(types)


ROOTS = tuple(one.root() for one in MUTATIONS)
