"""Mutations on responsibility: problems opened, handed on, closed and opened again; letters signed."""

from __future__ import annotations

from typing import Any

from graph_service.api.planning import Run
from graph_service.api.roots.changing import Done, Mutation
from graph_service.api.roots.mutations import requested
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.scalars import Date
from graph_service.declare import FIRST_DAY
from graph_service.derive.days import stored_day, today
from graph_service.services import pledges, problems
from graph_service.services.answering import Named, holder_of, subject_of
from graph_service.services.areas import unpadded
from graph_service.services.imports.changes import Recorded
from graph_service.services.problems import Opening
from graph_service.services.requests import number_of


def _day(given: dict[str, Any], name: str) -> int | None:
    return stored_day(given[name]) if given.get(name) else None


def _about(recorded: Recorded, number: str, day: int = FIRST_DAY) -> Done:
    return Done(recorded, "Problem", number, day)


def _open(run: Run, given: dict[str, Any]) -> Done:
    number = number_of("problemNo", given["problemNo"])
    subject = subject_of(*(given.get(name) for name in ("villageCode", "areaCode", "cardNo", "personNo")))
    holder = holder_of(given.get("cadreNo"), given.get("departmentNo"))
    due, found_on = stored_day(given["due"]), _day(given, "foundOn")
    opening = Opening(given["content"], subject, holder, due, given.get("inspectionNo"), found_on)
    recorded = problems.open_problem(run.store, requested(run, given), number, opening)
    return _about(recorded, number, problems.day_found(run.store, opening))


def _update(run: Run, given: dict[str, Any]) -> Done:
    number = number_of("problemNo", given["problemNo"])
    cadre, department = given.get("cadreNo"), given.get("departmentNo")
    holder = None if cadre is None and department is None else holder_of(cadre, department)
    since = _day(given, "since")
    recorded = problems.update_problem(
        run.store,
        requested(run, given),
        number,
        content=given.get("content"),
        state=given.get("state"),
        holder=holder,
        since=since,
        due=_day(given, "due"),
        inspection=given.get("inspectionNo"),
    )
    return _about(recorded, number, FIRST_DAY if holder is None else since or today())


def _close(run: Run, given: dict[str, Any]) -> Done:
    number, on = number_of("problemNo", given["problemNo"]), stored_day(given["closedOn"])
    return _about(problems.close_problem(run.store, requested(run, given), number, on, given["evidence"]), number, on)


def _reopen(run: Run, given: dict[str, Any]) -> Done:
    number = number_of("problemNo", given["problemNo"])
    return _about(problems.reopen_problem(run.store, requested(run, given), number, given.get("reason")), number)


def _sign(run: Run, given: dict[str, Any]) -> Done:
    number, on = number_of("pledgeNo", given["pledgeNo"]), stored_day(given["on"])
    area, cadre = Named("areaCode", "Area", unpadded(given["areaCode"])), Named("cadreNo", "Cadre", given["cadreNo"])
    recorded = pledges.sign(
        run.store, requested(run, given), number, area, given["year"], given.get("content"), cadre, on
    )
    return Done(recorded, "Pledge", number, on)


PROBLEM = ("Problem",)
SHOWN = ("problem", "问题:The problem, on that day.")
NUMBER = Field("problemNo", "String!", "问题编号:Which problem.", default=MUST)
HOLDER = (
    Field("cadreNo", "String", "干部编号:Who must put it right, where that is a cadre."),
    Field("departmentNo", "String", "单位编号:Who must put it right, where that is a department."),
)
MUTATIONS = (
    Mutation(
        "OpenProblem",
        "登记问题:Put a problem on the problem list: about one area, household or person, to be put right by one cadre or department.",
        (
            Field("problemNo", "String!", "问题编号:Its number, of no other problem.", default=MUST),
            Field("content", "String!", "问题描述:What is wrong.", default=MUST),
            Field("villageCode", "String", "村编码:About whom, where that is a village."),
            Field("areaCode", "String", "区划代码:About whom, where that is an area of any level."),
            Field("cardNo", "String", "户编号:About whom, where that is a household."),
            Field("personNo", "String", "人口编号:About whom, where that is a person."),
            *HOLDER,
            Field("due", Date, "整改期限:Until when.", default=MUST),
            Field("inspectionNo", "String", "督查编号:The inspection that found it."),
            Field(
                "foundOn",
                Date | None,
                "发现日期:The day on which it was found; else that of the inspection, else that of the last collection.",
            ),
        ),
        _open,
        PROBLEM,
        *SHOWN,
    ),
    Mutation(
        "UpdateProblem",
        "更新问题:Say otherwise what is given of a problem that is not closed. Who is named takes over alone, from a day on.",
        (
            NUMBER,
            Field("content", "String", "问题描述:What is wrong."),
            Field("state", "ProblemState", "整改状态:Where it stands: open or under way."),
            *HOLDER,
            Field("since", Date | None, "接手日期:First day of who takes over; today where nothing is said."),
            Field("due", Date | None, "整改期限:Until when."),
            Field("inspectionNo", "String", "督查编号:A further inspection that found it."),
        ),
        _update,
        PROBLEM,
        *SHOWN,
    ),
    Mutation(
        "CloseProblem",
        "问题销号:Close a problem, with evidence.",
        (
            NUMBER,
            Field("closedOn", Date, "销号日期:The day.", default=MUST),
            Field("evidence", "String!", "整改依据:What shows that it is put right.", default=MUST),
        ),
        _close,
        PROBLEM,
        *SHOWN,
    ),
    Mutation(
        "ReopenProblem",
        "重新打开问题:Open a closed problem again.",
        (NUMBER, Field("reason", "String", "重开原因:Why.")),
        _reopen,
        PROBLEM,
        *SHOWN,
    ),
    Mutation(
        "SignPledge",
        "签订责任书:Sign a responsibility letter; where there is none of the number, it is made.",
        (
            Field("pledgeNo", "String!", "责任书编号:Its number.", default=MUST),
            Field("areaCode", "String!", "区划代码:For which area.", default=MUST),
            Field("year", "Int!", "年度:For which year.", default=MUST),
            Field("content", "String", "责任内容:What is pledged."),
            Field("cadreNo", "String!", "干部编号:Who signs it.", default=MUST),
            Field("on", Date, "签订日期:The day.", default=MUST),
        ),
        _sign,
        ("Pledge",),
        "pledge",
        "责任书:The letter, on that day.",
    ),
)


def declare(types: Types) -> None:
    """Types of inputs and results."""
    for one in MUTATIONS:
        one.declare(types)


ROOTS = tuple(one.root() for one in MUTATIONS)
