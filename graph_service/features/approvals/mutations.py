"""Decisions on proposals: to approve, which makes the change; to reject; to withdraw one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.access.approvals import ChangeProposal, ProposalState
from graph_service.access.grants import Grants
from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.core.change_request import require_note
from graph_service.core.refusals import RefusalCode, conflicting_change, forbidden_change, invalid_change
from graph_service.domain.fields import upper_first
from graph_service.errors import ApiError, ChangeConflict, ChangeInvalid, SignInOff
from graph_service.features.approvals.queries import (
    PROPOSAL_ENCODERS,
    has_right_throughout,
    is_visible,
    may_decide,
    require_approvals,
    sensitive_finding,
)
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.mutation import missing_right, require_right
from graph_service.graphql.mutation_result import add_mutation_types, mutation_resolver, mutation_root_field
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.proposing import load_input, proposal_subject
from graph_service.graphql.root_fields import Resolver, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry

Decision = Callable[[Execution, dict[str, Any]], ChangeProposal]
WITH_VERSION = frozenset(("importRegister", "announceDividend", "recordPayments", "redistributeShares", "waiveFinding", "waiveDuty"))  # fmt: skip
"""Mutations whose success names the data version that they made."""


def _approve(execution: Execution, arguments: dict[str, Any]) -> ChangeProposal:
    note = (arguments.get("note") or "").strip()
    if note:
        require_note("note", note)
    approvals, proposal = require_approvals(execution), _proposal_to_decide(execution, arguments)
    approver = execution.permissions.user
    if sensitive_finding(proposal) and not has_right_throughout(execution.permissions, Right.READ_SENSITIVE, proposal):
        raise missing_right(Right.READ_SENSITIVE)
    if not approvals.proposals.begin(proposal.number, approver):
        raise _already_decided(proposal)
    try:
        version = _make_change(execution, proposal)
    except BaseException:
        approvals.proposals.finish(proposal.number, ProposalState.WAITING, approver)
        raise
    decided = approvals.proposals.finish(proposal.number, ProposalState.APPROVED, approver, note, version)
    if decided is None:
        raise _already_decided(proposal)
    approvals.remove_files(proposal.number)
    return decided


def _reject(execution: Execution, arguments: dict[str, Any]) -> ChangeProposal:
    require_note("reason", arguments["reason"])
    proposal = _proposal_to_decide(execution, arguments)
    return _close(execution, proposal, ProposalState.REJECTED, arguments["reason"].strip())


def _withdraw(execution: Execution, arguments: dict[str, Any]) -> ChangeProposal:
    proposal = _get_proposal(execution, arguments["number"])
    if proposal.user != execution.permissions.user:
        raise _unknown(proposal.number)
    return _close(execution, proposal, ProposalState.WITHDRAWN, "")


def _close(execution: Execution, proposal: ChangeProposal, state: ProposalState, note: str) -> ChangeProposal:
    """End a proposal that waits, without making its change. Raises `ChangeConflict` where it was decided before."""
    approvals = require_approvals(execution)
    if proposal.state is not ProposalState.WAITING:
        raise _already_decided(proposal)
    decided = approvals.proposals.finish(proposal.number, state, execution.permissions.user, note)
    if decided is None:
        raise _already_decided(proposal)
    approvals.remove_files(proposal.number)
    return decided


def _make_change(execution: Execution, proposal: ChangeProposal) -> int | None:
    """Run the mutation of a proposal for its author; return the data version that it made. Raises `ChangeError` as the mutation refuses, `ApiError`."""
    if execution.services.access_database is None or execution.run_approved is None:
        raise SignInOff
    name = upper_first(proposal.mutation)
    version = f"... on {name}Success {{ dataVersion changed }}" if proposal.mutation in WITH_VERSION else ""
    document = (
        f"mutation($input: {name}Input!) {{ change: {proposal.mutation}(input: $input) "
        f"{{ __typename {version} ... on Refusal {{ code zh en }} }} }}"
    )
    stored = Grants(execution.services.access_database).permissions_of(proposal.user)
    author = Permissions(proposal.user, (*stored.grants, *proposal.user_grants))
    input_, files = load_input(require_approvals(execution), proposal, execution.store.codec)
    try:
        body = execution.run_approved(document, {"input": input_}, author, execution.permissions.user)
    finally:
        for upload in files:
            upload.file.close()
    if "errors" in body:
        error = body["errors"][0]["extensions"]
        raise ApiError(error["code"], error["zh"], error["en"])
    result: Mapping[str, Any] = body["data"]["change"]
    if "code" in result:
        raise conflicting_change(
            RefusalCode[result["code"]],
            f"{result['zh']}该变更由 {proposal.user} 申请。",
            f"{result['en']} The change was proposed by {proposal.user}.",
        )
    number: int | None = result["dataVersion"] if result.get("changed") else None
    return number


def _proposal_to_decide(execution: Execution, arguments: dict[str, Any]) -> ChangeProposal:
    """Return a proposal on which the caller may decide. Raises `ChangeForbidden`, `ChangeInvalid`."""
    require_right(execution.permissions, Right.APPROVE)
    proposal = _get_proposal(execution, arguments["number"])
    if proposal.user == execution.permissions.user:
        raise forbidden_change(
            RefusalCode.OWN_PROPOSAL,
            "不能审批本人的申请。请由另一位审批人员办理。",
            "You cannot decide on your own proposal. Ask another approver.",
        )
    if not may_decide(execution.permissions, proposal):
        raise _unknown(proposal.number)
    return proposal


def _get_proposal(execution: Execution, number: int) -> ChangeProposal:
    proposal = require_approvals(execution).proposals.get(number)
    if proposal is None or not is_visible(execution.permissions, proposal):
        raise _unknown(number)
    # The log tells what a decision was about, also where it is refused.
    current_trail().change.subjects = (proposal_subject(proposal),)
    return proposal


def _unknown(number: int) -> ChangeInvalid:
    return invalid_change(
        RefusalCode.RECORD_UNKNOWN,
        "number",
        f"没有编号为 {number} 的申请。",
        f"There is no proposal with the number {number}.",
    )


def _already_decided(proposal: ChangeProposal) -> ChangeConflict:
    return conflicting_change(
        RefusalCode.ALREADY_DECIDED,
        f"第 {proposal.number} 号申请已有决定，或正由另一位审批人员办理。",
        f"Proposal {proposal.number} was decided before, or another approver is deciding on it.",
    )


@dataclass(frozen=True, slots=True)
class DecisionMutation:
    """A mutation that decides on a proposal. `name`: as in type names, ApproveProposal."""

    name: str
    doc: str
    decide: Decision
    fields: tuple[Field, ...] = ()

    def add_types(self, types: TypeRegistry) -> None:
        """Add the types of its input and result."""
        number = Field("number", "Int!", "申请编号：Number of the proposal.", default=REQUIRED)
        success = Field("proposal", "ChangeProposal!", "申请：The proposal with its decision.")
        add_mutation_types(types, self.name, self.doc, (number, *self.fields), (success,))

    def plan(self, context: RootFieldContext) -> Resolver:
        """Return its resolver."""

        def on_field(selected: SelectedField) -> Encoder:
            return context.object_encoder("ChangeProposal", selected, lambda field: PROPOSAL_ENCODERS[field.name])

        return mutation_resolver(
            context,
            self.name,
            on_field,
            lambda execution: self.decide(execution, execution.argument("input")),
            lambda proposal: proposal.version,
            subjects=lambda proposal: (proposal_subject(proposal),),
        )


MUTATIONS = (
    DecisionMutation(
        "ApproveProposal",
        "批准申请：Approve a proposal of another user, and make its change. If the change is refused now, the proposal goes on waiting.",
        _approve,
        (Field("note", "String", "意见：Note for the record."),),
    ),
    DecisionMutation(
        "RejectProposal",
        "驳回申请：Reject a proposal of another user; nothing is changed.",
        _reject,
        (Field("reason", "String!", "理由：Reason, which the author of the proposal reads.", default=REQUIRED),),
    ),
    DecisionMutation("WithdrawProposal", "撤回申请：Withdraw a proposal of one's own; nothing is changed.", _withdraw),
)
ROOT_FIELDS = tuple(mutation_root_field(mutation.name, mutation.doc, mutation.plan) for mutation in MUTATIONS)


def add_types(types: TypeRegistry) -> None:
    """Add the types of the mutations."""
    for mutation in MUTATIONS:
        mutation.add_types(types)
