"""Mutations on findings of the checks, and on waived duties."""

from __future__ import annotations

from typing import Any

from graph_service.core.refusals import RefusalCode, invalid_change
from graph_service.core.rules import is_sensitive_finding
from graph_service.domain.days import day_from_iso, today
from graph_service.features.checks import findings
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import Date, Purpose
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry


def _require_purpose(arguments: dict[str, Any]) -> None:
    """Raise `ChangeInvalid` where a finding that tells sensitive values would be changed without a purpose, whether it exists or not."""
    if is_sensitive_finding(arguments["findingNo"]) and arguments.get(PURPOSE) is None:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            PURPOSE,
            "该检查的疑点涉及敏感信息。请说明用途。",
            "Findings of this check tell sensitive values. State the purpose.",
        )


def _resolve_finding(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    _require_purpose(arguments)
    result = findings.resolve_finding(
        execution.store, change_request(execution, arguments), arguments["findingNo"], arguments["note"]
    )
    return MutationOutcome(result, "Finding", arguments["findingNo"], today())


def _waive_finding(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    _require_purpose(arguments)
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
WAIVER_DOC = "豁免：The waiver."
WAIVER_FIELDS = (
    Field("reason", "String!", "理由：Reason for the waiver.", default=REQUIRED),
    Field("until", Date, "到期日：Last day on which the waiver applies.", default=REQUIRED),
)
FINDING_NO = Field("findingNo", "String!", "疑点编号：Number of the finding.", default=REQUIRED)
FINDING_PURPOSE = Field(
    PURPOSE, Purpose | None, "用途：Purpose, for the audit log; required for findings that tell sensitive values."
)
MUTATIONS = (
    Mutation(
        "ResolveFinding",
        "核实处理疑点：Mark a finding as resolved. It is opened again by the next delivery in which it is found.",
        (
            FINDING_NO,
            Field("note", "String!", "处理说明：How the finding was resolved.", default=REQUIRED),
            FINDING_PURPOSE,
        ),
        _resolve_finding,
        ("Finding",),
        "finding",
        "疑点：The finding.",
    ),
    Mutation(
        "WaiveFinding",
        "豁免疑点：Waive a finding until a given day, with a reason.",
        (FINDING_NO, *WAIVER_FIELDS, FINDING_PURPOSE),
        _waive_finding,
        WAIVER_LABELS,
        "waiver",
        WAIVER_DOC,
    ),
    Mutation(
        "WaiveDuty",
        "豁免帮扶责任：Waive a duty of help to a village or a household until a given day, with a reason.",
        (
            Field("duty", "Duty!", "帮扶责任：Duty to waive.", default=REQUIRED),
            Field("villageCode", "String", "村编码：Code of the village, for a duty to a village."),
            Field("cardNo", "String", "户编号：Card number of the household, for a duty to a household."),
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
