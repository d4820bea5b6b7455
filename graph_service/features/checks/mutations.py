"""Mutations on findings of the checks, and on waived duties."""

from __future__ import annotations

from typing import Any

from graph_service.domain.days import day_from_iso, today
from graph_service.features.checks import findings
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry


def _resolve_finding(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    result = findings.resolve_finding(
        execution.store, change_request(execution, arguments), arguments["findingNo"], arguments["note"]
    )
    return MutationOutcome(result, "Finding", arguments["findingNo"], today())


def _waive_finding(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    number, until = arguments["findingNo"], day_from_iso(arguments["until"])
    result = findings.waive_finding(
        execution.store, change_request(execution, arguments), number, arguments["reason"], until
    )
    return MutationOutcome(result, "Waiver", number, today())


def _waive_duty(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    duty, until = arguments["duty"], day_from_iso(arguments["until"])
    village, card = arguments.get("villageCode"), arguments.get("cardNo")
    label, subject = ("Area", village) if village is not None else ("Household", card or "")
    request = change_request(execution, arguments)
    result = findings.waive_duty(execution.store, request, duty, label, subject, arguments["reason"], until)
    return MutationOutcome(result, "Waiver", findings.waiver_no(duty, subject), today())


WAIVER_LABELS = ("Waiver",)
WAIVER_DOC = "豁免：The exception."
WAIVER_FIELDS = (
    Field("reason", "String!", "理由：Why it is excepted.", default=REQUIRED),
    Field("until", Date, "到期日：Last day on which the exception counts.", default=REQUIRED),
)
FINDING_NO = Field("findingNo", "String!", "疑点编号：Which finding.", default=REQUIRED)
MUTATIONS = (
    Mutation(
        "ResolveFinding",
        "核实处理疑点：Say of a finding that it is put right. The next delivery in which it is found opens it again.",
        (FINDING_NO, Field("note", "String!", "处理说明：How it was put right.", default=REQUIRED)),
        _resolve_finding,
        ("Finding",),
        "finding",
        "疑点：The finding.",
    ),
    Mutation(
        "WaiveFinding",
        "豁免疑点：Except a finding until a day, with a reason.",
        (FINDING_NO, *WAIVER_FIELDS),
        _waive_finding,
        WAIVER_LABELS,
        "waiver",
        WAIVER_DOC,
    ),
    Mutation(
        "WaiveDuty",
        "豁免帮扶责任：Except a village or a household from a duty of help until a day, with a reason.",
        (
            Field("duty", "Duty!", "帮扶责任：Which duty.", default=REQUIRED),
            Field("villageCode", "String", "村编码：Which village, where it is owed to one."),
            Field("cardNo", "String", "户编号：Which household, where it is owed to one."),
            *WAIVER_FIELDS,
        ),
        _waive_duty,
        WAIVER_LABELS,
        "waiver",
        WAIVER_DOC,
    ),
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
