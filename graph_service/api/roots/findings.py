"""Mutations on what the checks found, and on duties that are excepted."""

from __future__ import annotations

from typing import Any

from graph_service.api.planning import Run
from graph_service.api.roots.changing import Done, Mutation
from graph_service.api.roots.mutations import requested
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.scalars import Date
from graph_service.derive.days import stored_day, today
from graph_service.services import findings


def _resolve(run: Run, given: dict[str, Any]) -> Done:
    recorded = findings.resolve(run.store, requested(run, given), given["findingNo"], given["note"])
    return Done(recorded, "Finding", given["findingNo"], today())


def _waive(run: Run, given: dict[str, Any]) -> Done:
    number, until = given["findingNo"], stored_day(given["until"])
    recorded = findings.waive_finding(run.store, requested(run, given), number, given["reason"], until)
    return Done(recorded, "Waiver", number, today())


def _waive_duty(run: Run, given: dict[str, Any]) -> Done:
    duty, until = given["duty"], stored_day(given["until"])
    village, card = given.get("villageCode"), given.get("cardNo")
    about, subject = ("Area", village) if village is not None else ("Household", card or "")
    request = requested(run, given)
    recorded = findings.waive_duty(run.store, request, duty, about, subject, given["reason"], until)
    return Done(recorded, "Waiver", findings.waiver_no(duty, subject), today())


WAIVED = ("Waiver",)
WAIVER = "豁免:The exception."
REASON = (
    Field("reason", "String!", "理由:Why it is excepted.", default=MUST),
    Field("until", Date, "到期日:Last day on which the exception counts.", default=MUST),
)
FINDING = Field("findingNo", "String!", "疑点编号:Which finding.", default=MUST)
MUTATIONS = (
    Mutation(
        "ResolveFinding",
        "核实处理疑点:Say of a finding that it is put right. The next delivery in which it is found opens it again.",
        (FINDING, Field("note", "String!", "处理说明:How it was put right.", default=MUST)),
        _resolve,
        ("Finding",),
        "finding",
        "疑点:The finding.",
    ),
    Mutation(
        "WaiveFinding",
        "豁免疑点:Except a finding until a day, with a reason.",
        (FINDING, *REASON),
        _waive,
        WAIVED,
        "waiver",
        WAIVER,
    ),
    Mutation(
        "WaiveDuty",
        "豁免帮扶责任:Except a village or a household from a duty of help until a day, with a reason.",
        (
            Field("duty", "Duty!", "帮扶责任:Which duty.", default=MUST),
            Field("villageCode", "String", "村编码:Which village, where it is owed to one."),
            Field("cardNo", "String", "户编号:Which household, where it is owed to one."),
            *REASON,
        ),
        _waive_duty,
        WAIVED,
        "waiver",
        WAIVER,
    ),
)


def declare(types: Types) -> None:
    """Types of inputs and results."""
    for one in MUTATIONS:
        one.declare(types)


ROOTS = tuple(one.root() for one in MUTATIONS)
