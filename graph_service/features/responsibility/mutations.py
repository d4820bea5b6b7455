"""Mutations on responsibility: problems opened, reassigned, closed and reopened; letters signed."""

from __future__ import annotations

from typing import Any

from graph_service.core.change_request import parse_new_number, parse_number
from graph_service.core.recording.changes import ChangeResult
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import day_from_iso, today
from graph_service.domain.metamodel import FIRST_DAY
from graph_service.features.responsibility import pledges, problems
from graph_service.features.responsibility.accountability import NodeReference, parse_holder, parse_subject
from graph_service.features.responsibility.problems import NewProblem
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry


def _optional_day(arguments: dict[str, Any], name: str) -> int | None:
    return day_from_iso(arguments[name]) if arguments.get(name) else None


def _problem_outcome(result: ChangeResult, number: str, day: int = FIRST_DAY) -> MutationOutcome:
    return MutationOutcome(result, "Problem", number, day)


def _open_problem(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number = parse_new_number("problemNo", arguments["problemNo"])
    subject = parse_subject(*(arguments.get(name) for name in ("villageCode", "areaCode", "cardNo", "personNo")))
    holder = parse_holder(arguments.get("cadreNo"), arguments.get("departmentNo"))
    due, found_on = day_from_iso(arguments["due"]), _optional_day(arguments, "foundOn")
    new_problem = NewProblem(arguments["content"], subject, holder, due, arguments.get("inspectionNo"), found_on)
    result = problems.open_problem(execution.store, change_request(execution, arguments), number, new_problem)
    return _problem_outcome(result, number, problems.discovery_day(execution.store, new_problem))


def _update_problem(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number = parse_number("problemNo", arguments["problemNo"])
    cadre, department = arguments.get("cadreNo"), arguments.get("departmentNo")
    holder = None if cadre is None and department is None else parse_holder(cadre, department)
    since = _optional_day(arguments, "since")
    result = problems.update_problem(
        execution.store,
        change_request(execution, arguments),
        number,
        content=arguments.get("content"),
        state=arguments.get("state"),
        holder=holder,
        since=since,
        due=_optional_day(arguments, "due"),
        inspection=arguments.get("inspectionNo"),
    )
    return _problem_outcome(result, number, FIRST_DAY if holder is None else since or today())


def _close_problem(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number, closed_on = parse_number("problemNo", arguments["problemNo"]), day_from_iso(arguments["closedOn"])
    return _problem_outcome(
        problems.close_problem(
            execution.store, change_request(execution, arguments), number, closed_on, arguments["evidence"]
        ),
        number,
        closed_on,
    )


def _reopen_problem(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number = parse_number("problemNo", arguments["problemNo"])
    return _problem_outcome(
        problems.reopen_problem(execution.store, change_request(execution, arguments), number, arguments.get("reason")),
        number,
    )


def _sign_pledge(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number, signed_on = parse_new_number("pledgeNo", arguments["pledgeNo"]), day_from_iso(arguments["on"])
    area, cadre = (
        NodeReference("areaCode", "Area", unpad_code(arguments["areaCode"])),
        NodeReference("cadreNo", "Cadre", arguments["cadreNo"]),
    )
    result = pledges.sign_pledge(
        execution.store,
        change_request(execution, arguments),
        number,
        area,
        arguments["year"],
        arguments.get("content"),
        cadre,
        signed_on,
    )
    return MutationOutcome(result, "Pledge", number, signed_on)


PROBLEM_LABELS = ("Problem",)
PROBLEM_NODE = ("problem", "问题：The problem, as of the day in `asOf`.")
PROBLEM_NO = Field("problemNo", "String!", "问题编号：Number of the problem.", default=REQUIRED)
HOLDER_FIELDS = (
    Field("cadreNo", "String", "干部编号：Number of the cadre responsible for the rectification, if a cadre is."),
    Field(
        "departmentNo",
        "String",
        "单位编号：Number of the department responsible for the rectification, if a department is.",
    ),
)
MUTATIONS = (
    Mutation(
        "OpenProblem",
        "登记问题：Add a problem to the problem list. It concerns exactly one area, household or person, and exactly "
        "one cadre or department is responsible for the rectification.",
        (
            Field(
                "problemNo", "String!", "问题编号：Number of the new problem; it must not be in use.", default=REQUIRED
            ),
            Field("content", "String!", "问题描述：Description of the problem.", default=REQUIRED),
            Field(
                "villageCode",
                "String",
                "村编码：Code of the village that the problem concerns, if it concerns a village.",
            ),
            Field(
                "areaCode",
                "String",
                "区划代码：Code of the area of any level that the problem concerns, if it concerns an area.",
            ),
            Field(
                "cardNo",
                "String",
                "户编号：Card number of the household that the problem concerns, if it concerns a household.",
            ),
            Field(
                "personNo",
                "String",
                "人口编号：Number of the person that the problem concerns, if it concerns a person.",
            ),
            *HOLDER_FIELDS,
            Field("due", Date, "整改期限：Day by which the problem must be rectified.", default=REQUIRED),
            Field("inspectionNo", "String", "督查编号：Number of the inspection that found the problem."),
            Field(
                "foundOn",
                Date | None,
                "发现日期：Day on which the problem was found; by default the day of the inspection or, without one, of the last collection.",
            ),
        ),
        _open_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "UpdateProblem",
        "更新问题：Change the given values of a problem that is not closed. A new responsible cadre or department "
        "replaces all former ones from a given day on.",
        (
            PROBLEM_NO,
            Field("content", "String", "问题描述：Description of the problem."),
            Field("state", "ProblemState", "整改状态：State of the rectification: OPEN or UNDER_WAY."),
            *HOLDER_FIELDS,
            Field(
                "since",
                Date | None,
                "接手日期：Day from which the new cadre or department is responsible; today if omitted.",
            ),
            Field("due", Date | None, "整改期限：Day by which the problem must be rectified."),
            Field("inspectionNo", "String", "督查编号：Number of a further inspection that found the problem."),
        ),
        _update_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "CloseProblem",
        "问题销号：Close a problem, with evidence.",
        (
            PROBLEM_NO,
            Field("closedOn", Date, "销号日期：Day on which the problem was closed.", default=REQUIRED),
            Field("evidence", "String!", "整改依据：Evidence that the problem has been rectified.", default=REQUIRED),
        ),
        _close_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "ReopenProblem",
        "撤销销号：Reopen a closed problem.",
        (PROBLEM_NO, Field("reason", "String", "撤销原因：Reason for reopening the problem.")),
        _reopen_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "SignPledge",
        "签订责任书：Sign a responsibility letter. A letter with a new number is created.",
        (
            Field("pledgeNo", "String!", "责任书编号：Number of the letter.", default=REQUIRED),
            Field("areaCode", "String!", "区划代码：Code of the area that the letter covers.", default=REQUIRED),
            Field("year", "Int!", "年度：Year that the letter covers.", default=REQUIRED),
            Field("content", "String", "责任内容：Content of the pledge."),
            Field("cadreNo", "String!", "干部编号：Number of the cadre who signs the letter.", default=REQUIRED),
            Field("on", Date, "签订日期：Day of signing.", default=REQUIRED),
        ),
        _sign_pledge,
        ("Pledge",),
        "pledge",
        "责任书：The letter, as of the day in `asOf`.",
    ),
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
