"""Results of mutations: a union of success and refusals, which are data. Failures of the engine are errors, as in queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graph_service.access.approvals import APPROVABLE, NO_REVIEW, ChangeProposal, ProposalReview
from graph_service.audit.changes import MADE, TRIED
from graph_service.audit.entries import AuditSubject
from graph_service.core.refusals import RefusalCode, refusal_code
from graph_service.domain.fields import lower_first
from graph_service.errors import ChangeConflict, ChangeError, ChangeForbidden, ChangeInvalid
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.error_formatting import format_service_error
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.proposing import is_dry_run, needs_approval, proposal_subject, propose
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.type_registry import REQUIRED, Argument, Field, TypeRegistry

REFUSALS: dict[type[ChangeError], str] = {
    ChangeInvalid: "Invalid",
    ChangeForbidden: "Forbidden",
    ChangeConflict: "Conflict",
}
CLIENT_KEY = Field(
    "clientKey",
    "String!",
    "请求键：Key that the client chooses, a new one for each change. A request repeated with the same key makes the change only once.",
    default=REQUIRED,
)
BY = Field("by", "String", "操作人：Person who makes the change.")
REFUSAL_FIELDS = (
    Field("code", "RefusalCode!", "原因代码：Reason for the refusal."),
    Field("zh", "String!", "中文说明：Chinese message: what is wrong and what to do next."),
    Field("en", "String!", "英文说明：English message: what is wrong and what to do next."),
)
MESSAGE_FIELDS = (
    Field("zh", "String!", "中文说明：Chinese message: what happens next."),
    Field("en", "String!", "英文说明：English message: what happens next."),
)
AWAITING, AWAITING_TYPE = "AWAITING", "AwaitingApproval"
AWAITING_ENCODERS: dict[str, Encoder] = {
    "proposal": lambda proposal: proposal.number,
    "zh": lambda proposal: (
        f"已作为第 {proposal.number} 号申请提交，待另一位审批人员批准后生效。{_remarks_of(proposal)[0]}"
    ),
    "en": lambda proposal: (
        f"It waits as proposal {proposal.number} until another user approves it.{_remarks_of(proposal)[1]}"
    ),
}


def add_types(types: TypeRegistry) -> None:
    """Add the types of the refusals, and the interface that they share."""
    members = [(code.name, bilingual(code.zh, code.doc)) for code in RefusalCode]
    types.add_enum("RefusalCode", "拒绝原因：Reason for which a change is refused.", members)
    types.add_interface("Refusal", "拒绝：A change that was not made, and the reason.", REFUSAL_FIELDS)
    field = Field("field", "String", "字段：Path of the input's field that is wrong, such as `byShares.amount`.")
    refusals = (
        (
            "Invalid",
            "输入有误：The input is wrong in itself, or for the records that it names.",
            [field, *REFUSAL_FIELDS],
        ),
        ("Forbidden", "无权办理：The caller may not make this change.", REFUSAL_FIELDS),
        ("Conflict", "冲突：The change contradicts recorded data, or another writer prevents it.", REFUSAL_FIELDS),
    )
    types.add_object(
        AWAITING_TYPE,
        "待审批：The change waits as a proposal until another user approves it.",
        [Field("proposal", "Int!", "申请编号：Number of the proposal."), *MESSAGE_FIELDS],
    )
    for name, doc, fields in refusals:
        types.add_object(name, doc, fields, implements="Refusal")


def add_mutation_types(
    types: TypeRegistry, name: str, doc: str, inputs: Sequence[Field], success: Sequence[Field]
) -> None:
    """Add the types of one mutation: its input, its success, the union of its results."""
    types.add_input(f"{name}Input", doc, inputs)
    types.add_object(f"{name}Success", doc, success)
    is_approvable = lower_first(name) in APPROVABLE
    members = (f"{name}Success", *REFUSALS.values(), *([AWAITING_TYPE] if is_approvable else []))
    types.add_union(
        f"{name}Result",
        f"{doc.partition('：')[0]}结果：Result of the mutation: the success, or the refusal with its reason.",
        members,
    )


def mutation_resolver(
    context: RootFieldContext,
    name: str,
    on_field: Callable[[SelectedField], Encoder],
    action: Callable[[Execution], Any],
    version: Callable[[Any], int | None] = lambda _: None,
    validate: Callable[[Execution], object] | None = None,
    subjects: Callable[[Any], Iterable[AuditSubject]] = lambda _: (),
    reason: Callable[[Execution], str] = lambda _: "",
    review: Callable[[Any], ProposalReview] = lambda _: NO_REVIEW,
) -> Resolver:
    """Return a resolver that encodes what `action` returns as the mutation's success, and its refusals as such. `version` and `subjects`
    return the data version of what `action` returns, and the records that it concerns; `reason` returns what the caller states for the audit
    log, of a change that is made; `validate` refuses a proposal as `action` would, and is `action` itself where that checks its changes in
    `validate_only`; `review` returns what an approver reads of its findings."""
    encode = context.object_encoder(f"{name}Success", context.selected, on_field)
    encoders = {kind: context.object_encoder(kind, context.selected, _refusal_encoder) for kind in REFUSALS.values()}

    encode_awaiting = context.object_encoder(
        AWAITING_TYPE, context.selected, lambda field: AWAITING_ENCODERS[field.name]
    )

    def answer(execution: Execution) -> Any:
        change = current_trail().change
        try:
            if needs_approval(execution):
                proposal = propose(execution, validate or action, review)
                change.code, change.subjects = AWAITING, (proposal_subject(proposal),)
                return encode_awaiting(proposal)
            outcome = action(execution)
        except ChangeError as error:
            change.code = refusal_code(error).name
            return encoders[REFUSALS[type(error)]](error)
        change.code = TRIED if is_dry_run(execution) else MADE
        change.version, change.subjects = version(outcome), tuple(subjects(outcome))
        change.purpose = reason(execution)
        return encode(outcome)

    return answer


def mutation_root_field(name: str, doc: str, plan: Callable[[RootFieldContext], Resolver]) -> RootField:
    """Return the root field of a mutation, with its one input."""
    argument = Argument("input", f"{name}Input!", "变更内容：Input of the mutation.")
    return RootField(Field(lower_first(name), f"{name}Result", doc, (argument,)), plan, right=None)


def _remarks_of(proposal: ChangeProposal) -> tuple[str, str]:
    """Return how many rows and cells of a waiting import were refused or flagged, in Chinese and English; blank where none were."""
    count = proposal.review.remark_count
    if not count:
        return "", ""
    return (
        f"拒收行和提示共 {count} 处，用 dryRun 可查看。",
        f" {count} rows and cells were refused or flagged: read them with dryRun.",
    )


def _refusal_encoder(selected: SelectedField) -> Encoder:
    if selected.name == "field":
        return lambda error: error.details.get("field")
    if selected.name == "code":
        return lambda error: refusal_code(error).name
    return lambda error: format_service_error(error)["extensions"][selected.name]
