"""Mutations on responsibility: problems opened, reassigned, closed and reopened; letters signed."""

from __future__ import annotations

from typing import Any

from graph_service.core.change_request import parse_number
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
    number = parse_number("problemNo", arguments["problemNo"])
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
    number, signed_on = parse_number("pledgeNo", arguments["pledgeNo"]), day_from_iso(arguments["on"])
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
PROBLEM_NODE = ("problem", "问题：The problem, on that day.")
PROBLEM_NO = Field("problemNo", "String!", "问题编号：Which problem.", default=REQUIRED)
HOLDER_FIELDS = (
    Field("cadreNo", "String", "干部编号：Who must put it right, where that is a cadre."),
    Field("departmentNo", "String", "单位编号：Who must put it right, where that is a department."),
)
MUTATIONS = (
    Mutation(
        "OpenProblem",
        "登记问题：Put a problem on the problem list: about one area, household or person, to be put right by one cadre or department.",
        (
            Field("problemNo", "String!", "问题编号：Its number, of no other problem.", default=REQUIRED),
            Field("content", "String!", "问题描述：What is wrong.", default=REQUIRED),
            Field("villageCode", "String", "村编码：About whom, where that is a village."),
            Field("areaCode", "String", "区划代码：About whom, where that is an area of any level."),
            Field("cardNo", "String", "户编号：About whom, where that is a household."),
            Field("personNo", "String", "人口编号：About whom, where that is a person."),
            *HOLDER_FIELDS,
            Field("due", Date, "整改期限：Until when.", default=REQUIRED),
            Field("inspectionNo", "String", "督查编号：The inspection that found it."),
            Field(
                "foundOn",
                Date | None,
                "发现日期：The day on which it was found; else that of the inspection, else that of the last collection.",
            ),
        ),
        _open_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "UpdateProblem",
        "更新问题：Say otherwise what is given of a problem that is not closed. Who is named takes over alone, from a day on.",
        (
            PROBLEM_NO,
            Field("content", "String", "问题描述：What is wrong."),
            Field("state", "ProblemState", "整改状态：Where it stands: open or under way."),
            *HOLDER_FIELDS,
            Field("since", Date | None, "接手日期：First day of who takes over; today where nothing is said."),
            Field("due", Date | None, "整改期限：Until when."),
            Field("inspectionNo", "String", "督查编号：A further inspection that found it."),
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
            Field("closedOn", Date, "销号日期：The day.", default=REQUIRED),
            Field("evidence", "String!", "整改依据：What shows that it is put right.", default=REQUIRED),
        ),
        _close_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "ReopenProblem",
        "重新打开问题：Open a closed problem again.",
        (PROBLEM_NO, Field("reason", "String", "重开原因：Why.")),
        _reopen_problem,
        PROBLEM_LABELS,
        *PROBLEM_NODE,
    ),
    Mutation(
        "SignPledge",
        "签订责任书：Sign a responsibility letter; where there is none of the number, it is made.",
        (
            Field("pledgeNo", "String!", "责任书编号：Its number.", default=REQUIRED),
            Field("areaCode", "String!", "区划代码：For which area.", default=REQUIRED),
            Field("year", "Int!", "年度：For which year.", default=REQUIRED),
            Field("content", "String", "责任内容：What is pledged."),
            Field("cadreNo", "String!", "干部编号：Who signs it.", default=REQUIRED),
            Field("on", Date, "签订日期：The day.", default=REQUIRED),
        ),
        _sign_pledge,
        ("Pledge",),
        "pledge",
        "责任书：The letter, on that day.",
    ),
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
