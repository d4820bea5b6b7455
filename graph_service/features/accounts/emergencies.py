"""Emergency access: to begin one, to list those that have to be reviewed, to review one of another user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_service.access.emergencies import DEFAULT_MINUTES, MAX_MINUTES, Emergencies
from graph_service.access.rights import Right
from graph_service.core.areas import CODE_DIGITS
from graph_service.core.change_request import require_note
from graph_service.core.refusals import RefusalCode, conflicting_change, forbidden_change, invalid_change
from graph_service.features.accounts.administration import is_administered, parse_areas
from graph_service.features.accounts.mutations import GRANT, NUMBER, REASON, AccountMutation
from graph_service.features.accounts.queries import access_database
from graph_service.features.accounts.types import emergency_encoder
from graph_service.graphql.mutation import require_right
from graph_service.graphql.paging import DEFAULT_LIST_SIZE, MAX_PAGE_SIZE, visible_rows
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.type_registry import REQUIRED, Argument, Field, TypeRegistry

MIN_REASON_LENGTH = 5
COUNTY_LENGTH = CODE_DIGITS["COUNTY"]


def _break_glass(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    database = access_database(execution)
    require_right(execution.permissions, Right.BREAK_GLASS)
    reason = arguments["reason"].strip()
    if len(reason) < MIN_REASON_LENGTH:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            "reason",
            f"请写明紧急情况，至少 {MIN_REASON_LENGTH} 个字。",
            f"State the emergency in at least {MIN_REASON_LENGTH} characters.",
        )
    require_note("reason", reason)
    [area] = parse_areas("area", [arguments["area"]])
    if len(area) < COUNTY_LENGTH:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            "area",
            "紧急查看限县级及以下区划。请缩小区划。",
            "Emergency access is for a county or less. Choose a smaller area.",
        )
    requested_minutes = arguments.get("minutes")
    minutes = DEFAULT_MINUTES if requested_minutes is None else requested_minutes
    if not 0 < minutes <= MAX_MINUTES:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            "minutes",
            f"时长应为 1 至 {MAX_MINUTES} 分钟。请更正。",
            f"The time must be 1 to {MAX_MINUTES} minutes. Correct it.",
        )
    return {"grant": Emergencies(database).begin(execution.permissions.user, area, reason, minutes).grant}


def _review(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    emergencies = Emergencies(access_database(execution))
    reviewed_areas = require_right(execution.permissions, Right.READ_AUDIT_LOG)
    note = arguments["note"].strip()
    if note:
        require_note("note", note)
    emergency = emergencies.get(arguments["number"])
    if emergency is None or not is_administered([emergency.grant], reviewed_areas):
        raise invalid_change(
            RefusalCode.RECORD_UNKNOWN,
            "number",
            f"没有编号为 {arguments['number']} 的紧急查看。",
            f"There is no emergency access with the number {arguments['number']}.",
        )
    if emergency.grant.user == execution.permissions.user:
        raise forbidden_change(
            RefusalCode.OWN_ACCOUNT,
            "不能复核本人的紧急查看。请由另一位审计人员办理。",
            "You cannot review your own emergency access. Ask another auditor.",
        )
    reviewed = emergencies.review(emergency.grant.number, execution.permissions.user, note)
    if reviewed is None:
        raise conflicting_change(
            RefusalCode.ALREADY_DECIDED,
            "该紧急查看已复核。",
            "This emergency access was reviewed before.",
        )
    return {"emergency": reviewed}


def _plan_emergencies(context: RootFieldContext) -> Resolver:
    encode = emergency_encoder(context, context.selected)

    def answer(execution: Execution) -> list[Any]:
        emergencies = Emergencies(access_database(execution))
        areas = execution.permissions.areas_for(Right.READ_AUDIT_LOG)
        rows = emergencies.iterate(reviewed=execution.argument("reviewed"), before=execution.argument("before"))
        audited_rows = visible_rows(execution, rows, lambda emergency: is_administered([emergency.grant], areas))
        return [encode(emergency) for emergency in audited_rows]

    return answer


MUTATIONS = (
    AccountMutation(
        "BreakGlass",
        "紧急查看：Read the people of an area in full for a short time, in an emergency. It is logged, and reviewed by an auditor.",
        (
            Field("area", "String!", "区划代码：Code of the area, a county or less, with all below.", default=REQUIRED),
            REASON,
            Field("minutes", "Int", f"时长（分钟）：Time in minutes, at most {MAX_MINUTES}; {DEFAULT_MINUTES} if omitted."),
        ),
        (GRANT,),
        _break_glass,
    ),
    AccountMutation(
        "ReviewEmergencyAccess",
        "复核紧急查看：Record that the emergency access of another user was reviewed.",
        (NUMBER, Field("note", "String!", "复核意见：Result of the review.", default=REQUIRED)),
        (Field("emergency", "EmergencyAccess!", "紧急查看：The emergency access with its review."),),
        _review,
    ),
)  # fmt: skip
ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
QUERIES = (
    RootField(
        Field(
            "emergencyAccess",
            "[EmergencyAccess!]",
            "紧急查看：Emergency accesses in the areas that the caller audits, newest first.",
            (
                Argument("reviewed", "Boolean", "已复核：True for those that were reviewed, false for the others; all if omitted."),
                Argument("first", "Int", f"每页条数：Maximum number of items to return (at most {MAX_PAGE_SIZE}, default {DEFAULT_LIST_SIZE})."),
                Argument("before", "Int", "早于：Only those whose grant has a lower number than this."),
            ),
            size=DEFAULT_LIST_SIZE,
        ),
        _plan_emergencies,
        Right.READ_AUDIT_LOG,
    ),
)  # fmt: skip


def add_types(types: TypeRegistry) -> None:
    """Add the types of emergency access."""
    types.add_object(
        "EmergencyAccess",
        "紧急查看：An access that a user began in an emergency, and its review.",
        [
            Field("grant", "AccessGrant!", "授权：Its grant, with area, reason and end."),
            Field("reviewedBy", "String", "复核人：User who reviewed it; null if it is not reviewed."),
            Field(
                "reviewedAt", "String", "复核时刻：Moment of the review in UTC, in ISO 8601 format; null if it is not."
            ),
            Field("note", "String", "复核意见：Result of the review; null if it is not reviewed."),
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)
