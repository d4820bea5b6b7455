"""Mutations: changes by officials. What is refused is told as data: each result is a union of success and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.roots.nodes import Lookup
from graph_service.api.roots.results import BY, KEY, declare_result, resulting, root
from graph_service.api.selection import Selected
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.derived import end_name
from graph_service.api.types.scalars import Date
from graph_service.derive.days import iso_day, stored_day
from graph_service.model import MODEL
from graph_service.services import assignments
from graph_service.services.assignments import Holding
from graph_service.services.imports.changes import Recorded
from graph_service.services.viewing import Viewing

SUBJECTS = ("Village", "Household")
VISITED = "RecordVisit"
HELD = (
    Field("duty", "Duty!", "帮扶责任:Which duty.", default=MUST),
    Field("post", "VillagePost", "职责:Which post, where the duty has several."),
    Field("cadreNo", "String", "干部编号:Who holds it, where that is a cadre."),
    Field("departmentNo", "String", "单位编号:Who holds it, where that is a department."),
    Field("villageCode", "String", "村编码:To whom it is owed, where that is a village."),
    Field("cardNo", "String", "户编号:To whom it is owed, where that is a household."),
)
INPUTS = {
    "AssignDuty": (
        "落实帮扶责任:Give a duty of help to a holder.",
        (
            *HELD,
            Field("since", Date, "开始日期:First day.", default=MUST),
            Field("until", Date | None, "结束日期:Last day; none while it is open."),
        ),
    ),
    "EndDuty": (
        "结束帮扶责任:End a duty of help that a holder has.",
        (*HELD, Field("until", Date, "结束日期:Its last day.", default=MUST)),
    ),
    "RecordVisit": (
        "记录走访:Record a visit to a household.",
        (
            Field("cadreNo", "String!", "干部编号:Who came.", default=MUST),
            Field("cardNo", "String!", "户编号:Which household.", default=MUST),
            Field("on", Date, "走访日期:The day.", default=MUST),
            Field("note", "String", "内容:What was found or done."),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a change came to, with its subject and day."""

    recorded: Recorded
    label: str
    key: str
    day: int


Act = Callable[[Run, dict[str, Any]], Done]
Made = tuple[Done, list[Any], int]
"""What was done, its subject as it is shown, the day for which."""
TOLD: dict[str, Encode] = {
    "dataVersion": lambda made: made[0].recorded.sequence,
    "changed": lambda made: made[0].recorded.changed,
    "asOf": lambda made: iso_day(made[2]),
}


def declare(types: Types) -> None:
    """Types of inputs and results."""
    for name, (doc, fields) in INPUTS.items():
        subject = "Household!" if name == VISITED else f"{end_name(MODEL, SUBJECTS)}!"
        success = [
            Field("dataVersion", "Int!", "数据版本:The one that has it: `asKnownAt` asks on it."),
            Field("changed", "Boolean!", "是否变更:Whether this call changed anything; not, where it was so already."),
            Field(
                "asOf",
                Date,
                "截至日期:The day for which the subject is shown: that of the change, or of the last collection where that is later. Questions for this day see the change.",
            ),
            Field("subject", subject, "对象:Whom it is about, on that day."),
        ]
        declare_result(types, name, doc, [KEY, BY, *fields], success)


def _mutation(name: str, act: Act, asked: Asked) -> Answer:
    lookup = Lookup(asked.compiler(), SUBJECTS if name != VISITED else SUBJECTS[1:])

    def on_field(one: Selected) -> Encode:
        if one.name == "subject":
            place = lookup.select(one)
            return lambda made: made[1][place]
        return TOLD[one.name]

    def made(run: Run) -> Made:
        done = act(run, run.given("input"))
        viewing = Viewing.of(run.store, None, as_known_at=done.recorded.sequence, granted=run.granted).not_before(
            done.day
        )
        key = (done.key,)
        return done, lookup.find(run, viewing, {done.label: [key]}).get((done.label, key), []), viewing.as_of

    answer = resulting(asked, name, on_field, made)
    lookup.finish()
    return answer


def _request(run: Run, given: dict[str, Any]) -> assignments.Request:
    return assignments.Request(given["clientKey"], given.get("by") or "", run.granted)


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
    recorded = assignments.assign(run.store, _request(run, given), holding, since, last)
    return Done(recorded, *_subject(holding), day=since)


def _end(run: Run, given: dict[str, Any]) -> Done:
    until, holding = stored_day(given["until"]), _holding(given)
    recorded = assignments.end(run.store, _request(run, given), holding, until)
    return Done(recorded, *_subject(holding), day=until)


def _visit(run: Run, given: dict[str, Any]) -> Done:
    on = stored_day(given["on"])
    request = _request(run, given)
    recorded = assignments.visit(run.store, request, given["cadreNo"], given["cardNo"], on, given.get("note"))
    return Done(recorded, "Household", given["cardNo"], on)


def _root(name: str, act: Act) -> Root:
    return root(name, INPUTS[name][0], lambda asked: _mutation(name, act, asked))


ROOTS = (_root("AssignDuty", _assign), _root("EndDuty", _end), _root(VISITED, _visit))
