"""proposals: changes that wait for approval, and those that were decided, for their authors and for those who may approve them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson

from graph_service.access.approvals import STATE_DESCRIPTIONS, Approvals, ChangeProposal, ProposalState
from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.audit.entries import AuditSubject
from graph_service.core.rules import is_sensitive_finding, mask_check
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.personal_numbers import MASK, mask_numbers
from graph_service.errors import ApprovalsOff
from graph_service.graphql.audit_trail import PURPOSE, current_trail
from graph_service.graphql.pages import Encoder
from graph_service.graphql.paging import DEFAULT_LIST_SIZE, MAX_PAGE_SIZE, visible_rows
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.scalars import Purpose
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

PROPOSAL_FIELDS = (
    Field("number", "Int!", "申请编号：Number of the proposal."),
    Field("mutation", "String!", "变更：Name of the mutation that is proposed, such as announceDividend."),
    Field("input", "String!", "内容：Input of the mutation as JSON, with uploaded files by their names; numbers of ID documents, bank cards and telephones are masked. The number of a finding that tells sensitive values has its end masked, unless a purpose is stated."),
    Field("user", "String!", "申请人：User who proposed it, the author of the change."),
    Field("areas", "[String!]!", "区划：Codes of the areas in which an approver must have the right; an empty code means everywhere."),
    Field("proposedAt", "String!", "申请时刻：Moment of the proposal in UTC, in ISO 8601 format."),
    Field("state", "ProposalState!", "状态：Whether it waits, or how it was decided."),
    Field("decidedBy", "String", "审批人：User who decided; null if it waits."),
    Field("decidedAt", "String", "审批时刻：Moment of the decision in UTC, in ISO 8601 format; null if it waits."),
    Field("note", "String", "意见：Note of the user who decided; null if none."),
    Field("dataVersion", "Int", "数据版本：Data version that the change made; null if it changed nothing, or makes none."),
    Field("remarkCount", "Int", "说明数：Number of rows that the import refuses and of cells that it flags, as they were when it was proposed; null for another change."),
    Field("leftOutCount", "Int", "未使用数：Number of sheets, columns and rows that the import does not use or that need to be verified; null for another change."),
)  # fmt: skip
PROPOSAL_ENCODERS: dict[str, Encoder] = {
    "number": lambda proposal: proposal.number,
    "mutation": lambda proposal: proposal.mutation,
    "input": lambda proposal: mask_numbers(_masked_input(proposal)),
    "user": lambda proposal: proposal.user,
    "areas": lambda proposal: list(proposal.areas),
    "proposedAt": lambda proposal: proposal.proposed_at.isoformat(timespec="seconds"),
    "state": lambda proposal: proposal.state.value,
    "decidedBy": lambda proposal: proposal.decided_by or None,
    "decidedAt": lambda proposal: proposal.decided_at and proposal.decided_at.isoformat(timespec="seconds"),
    "note": lambda proposal: proposal.note or None,
    "dataVersion": lambda proposal: proposal.version,
    "remarkCount": lambda proposal: proposal.review.remark_count,
    "leftOutCount": lambda proposal: proposal.review.left_out_count,
}


def sensitive_finding(proposal: ChangeProposal) -> str:
    """Return the number of the finding that tells sensitive values and that a proposal concerns; empty where there is none."""
    number = str(orjson.loads(proposal.input).get("findingNo") or "")
    return number if is_sensitive_finding(number) else ""


def _masked_input(proposal: ChangeProposal) -> str:
    """Return the input of a proposal with whom a sensitive finding is about masked: its check remains."""
    number = sensitive_finding(proposal)
    if not number:
        return proposal.input
    masked_number = f"{number.partition('!')[0]}!{MASK * 4}"
    return orjson.dumps(
        orjson.loads(proposal.input) | {"findingNo": masked_number}, option=orjson.OPT_SORT_KEYS
    ).decode()


def add_types(types: TypeRegistry) -> None:
    """Add the types of proposals."""
    members = [(state.value, doc) for state, doc in STATE_DESCRIPTIONS.items()]
    types.add_enum("ProposalState", "申请状态：State of a proposal.", members)
    types.add_object(
        "ChangeProposal", "变更申请：A change that needs the approval of a second person.", PROPOSAL_FIELDS
    )


def require_approvals(execution: Execution) -> Approvals:
    """Return the approvals of the service. Raises `ApprovalsOff` where no change needs one."""
    if execution.services.approvals is None:
        raise ApprovalsOff
    return execution.services.approvals


def has_right_throughout(permissions: Permissions, right: Right, proposal: ChangeProposal) -> bool:
    """Tell whether a user has a right in all areas of a proposal, which has any."""
    return bool(proposal.areas) and all(permissions.allows(right, area) for area in proposal.areas)


def may_decide(permissions: Permissions, proposal: ChangeProposal) -> bool:
    """Tell whether a user may approve or reject a proposal, were it not the user's own."""
    return has_right_throughout(permissions, Right.APPROVE, proposal)


def is_visible(permissions: Permissions, proposal: ChangeProposal) -> bool:
    """Tell whether a user sees a proposal: its author, and who may decide on it."""
    return proposal.user == permissions.user or may_decide(permissions, proposal)


def _note_findings(proposals: Sequence[ChangeProposal]) -> None:
    """Note in the audit trail whom the sensitive findings are about that are shown."""
    trail = current_trail()
    trail.row_count = len(proposals)
    for proposal in proposals:
        if number := sensitive_finding(proposal):
            trail.add_row(AuditSubject("Finding", mask_check(number), proposal.areas))


def _plan_proposals(context: RootFieldContext) -> Resolver:
    encoders, shows_findings = PROPOSAL_ENCODERS, context.has_purpose
    if shows_findings:
        context.compiler().require_class("input", DataClassification.SENSITIVE)
        encoders = encoders | {"input": lambda proposal: mask_numbers(proposal.input)}
    encode = context.object_encoder("ChangeProposal", context.selected, lambda field: encoders[field.name])

    def answer(execution: Execution) -> list[Any]:
        proposals = require_approvals(execution).proposals
        states = tuple(ProposalState(name) for name in execution.argument("states") or ProposalState.__members__)
        rows = proposals.iterate(states, execution.argument("before"))
        is_listed = partial(is_visible, execution.permissions)
        shown_proposals = list(visible_rows(execution, rows, is_listed))
        if shows_findings:
            _note_findings(shown_proposals)
        return [encode(proposal) for proposal in shown_proposals]

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "proposals",
            "[ChangeProposal!]",
            "变更申请：Proposals that the caller made or may decide on, newest first.",
            (
                Argument("states", "[ProposalState!]", "状态：Only proposals in these states; all if omitted."),
                Argument(
                    "first",
                    "Int",
                    f"每页条数：Maximum number of items to return (at most {MAX_PAGE_SIZE}, default {DEFAULT_LIST_SIZE}).",
                ),
                Argument("before", "Int", "早于：Only proposals with a lower number than this."),
                Argument(
                    PURPOSE,
                    Purpose | None,
                    "用途：Purpose, for the audit log, for which numbers of findings that tell sensitive values are read in full.",
                ),
            ),
            size=DEFAULT_LIST_SIZE,
        ),
        _plan_proposals,
        right=None,
    ),
)
