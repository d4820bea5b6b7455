"""Mutations on accounts: to grant and revoke roles, to create and revoke API keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.access.api_keys import ApiKeys
from graph_service.access.grants import Grants
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Right, Role
from graph_service.audit.entries import AuditSubject
from graph_service.core.refusals import RefusalCode, forbidden_change, invalid_change
from graph_service.errors import ChangeInvalid
from graph_service.features.accounts.administration import (
    READ_FIELD,
    WRITE_FIELD,
    Administrator,
    GrantRequest,
    account_grants,
    build_grant,
    create_key,
    grant_subjects,
    is_account_administered,
    is_administered,
    key_subjects,
    readable_areas,
    require_no_wider_key,
    require_service_account,
)
from graph_service.features.accounts.queries import access_database
from graph_service.features.accounts.types import GRANT_ENCODERS, KEY_ENCODERS, emergency_encoder
from graph_service.graphql.mutation import require_right
from graph_service.graphql.mutation_result import add_mutation_types, mutation_resolver, mutation_root_field
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry

USER = Field(
    "user", "String!", "用户：User, as the identity provider names it, or the name of a service.", default=REQUIRED
)
REASON = Field("reason", "String!", "理由：Reason, for the record.", default=REQUIRED)
EXPIRES = Field("expiresOn", Date | None, "到期日：Last day on which it is in force; it does not expire if omitted.")
NUMBER = Field("number", "Int!", "编号：Its number.", default=REQUIRED)


@dataclass(frozen=True, slots=True)
class AccountMutation:
    """A mutation on accounts. `name`: as in type names, GrantAccess; `action`: makes the change and returns the values of `success`;
    `validate`: refuses what `action` would refuse, where the change may need approval."""

    name: str
    doc: str
    fields: Sequence[Field]
    success: Sequence[Field]
    action: Callable[[Execution, dict[str, Any]], Mapping[str, Any]]
    validate: Callable[[Execution, dict[str, Any]], object] | None = None

    def add_types(self, types: TypeRegistry) -> None:
        """Add the types of its input and result."""
        add_mutation_types(types, self.name, self.doc, self.fields, self.success)

    def root_field(self) -> RootField:
        """Return its root field."""
        return mutation_root_field(self.name, self.doc, self._plan)

    def _plan(self, context: RootFieldContext) -> Resolver:
        def on_field(selected: SelectedField) -> Encoder:
            name = selected.name
            if name == "grant":
                encode = context.object_encoder("AccessGrant", selected, lambda leaf: GRANT_ENCODERS[leaf.name])
            elif name == "emergency":
                encode = emergency_encoder(context, selected)
            elif name == "apiKey":
                encode = context.object_encoder("ApiKey", selected, lambda leaf: KEY_ENCODERS[leaf.name])
            else:
                return lambda values: values[name]
            return lambda values: encode(values[name])

        validate = self.validate
        return mutation_resolver(
            context,
            self.name,
            on_field,
            lambda execution: self.action(execution, execution.argument("input")),
            validate=None if validate is None else _with_input(validate),
            subjects=_subjects,
            reason=_reason,
        )


def _subjects(values: Mapping[str, Any]) -> Iterator[AuditSubject]:
    """Yield what the audit log tells of a change of accounts: the grant or key by its number, and whose it is."""
    grant = values["emergency"].grant if "emergency" in values else values.get("grant")
    if grant is not None:
        yield from grant_subjects(grant)
    if "apiKey" in values:
        yield from key_subjects(values["apiKey"], values["areas"])


def _reason(execution: Execution) -> str:
    return (execution.argument("input").get(REASON.name) or "").strip()


def _with_input(validate: Callable[[Execution, dict[str, Any]], object]) -> Callable[[Execution], object]:
    return lambda execution: validate(execution, execution.argument("input"))


def _grant_access(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    return {"grant": Grants(access_database(execution)).add(_build_grant(execution, arguments))}


def _build_grant(execution: Execution, arguments: dict[str, Any]) -> AccessGrant:
    """Return the grant that the input asks for. Raises `ChangeForbidden`, `ChangeInvalid`."""
    administrator = _administrator(execution)
    if arguments["user"].strip() == administrator.user:
        raise forbidden_change(
            RefusalCode.OWN_ACCOUNT,
            "不能给自己授权。请由另一位系统管理员办理。",
            "You cannot grant a role to yourself. Ask another administrator.",
        )
    request = GrantRequest(
        arguments["user"],
        Role(arguments["role"]),
        arguments.get(READ_FIELD) or (),
        arguments.get(WRITE_FIELD) or (),
        arguments.get("expiresOn"),
        arguments["reason"],
    )
    grant = build_grant(request, administrator)
    require_no_wider_key(access_database(execution), grant, needs_approval=_needs_approval(execution))
    return grant


def _needs_approval(execution: Execution) -> bool:
    """Tell whether grants wait for a second person."""
    approvals = execution.services.approvals
    return approvals is not None and "grantAccess" in approvals.mutations


def _administrator(execution: Execution) -> Administrator:
    """Return the caller as an administrator. Raises `ChangeForbidden` for one who is none."""
    return Administrator(execution.permissions.user, require_right(execution.permissions, Right.MANAGE_ACCESS))


def _revoke_access(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    grants, administrator = Grants(access_database(execution)), _administrator(execution)
    grant = grants.get(arguments["number"])
    if grant is None or not is_administered([grant], administrator.areas):
        raise _unknown("授权", "grant", arguments["number"])
    return {"grant": grants.revoke(grant.number, administrator.user)}


def _create_key(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    database, administrator = access_database(execution), _administrator(execution)
    if _needs_approval(execution):
        require_service_account(database, arguments["user"])
    created = create_key(database, administrator, arguments["user"], arguments.get("expiresOn"))
    return {"key": created.text, "apiKey": created.key, "areas": created.areas}


def _revoke_key(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    database, administrator = access_database(execution), _administrator(execution)
    keys, grants = ApiKeys(database), Grants(database)
    key = keys.get(arguments["number"])
    if key is None or not is_account_administered(grants, key.user, administrator.areas):
        raise _unknown("接口密钥", "API key", arguments["number"])
    areas = readable_areas(account_grants(grants, key.user))
    return {"apiKey": keys.revoke(key.number, administrator.user), "areas": areas}


def _unknown(zh: str, en: str, number: int) -> ChangeInvalid:
    return invalid_change(
        RefusalCode.RECORD_UNKNOWN,
        "number",
        f"没有编号为 {number} 的{zh}。",
        f"There is no {en} with the number {number}.",
    )


GRANT = Field("grant", "AccessGrant!", "授权：The grant.")
API_KEY = Field("apiKey", "ApiKey!", "接口密钥：The key, without its secret.")
MUTATIONS = (
    AccountMutation(
        "GrantAccess",
        "授权：Grant a role to a user, for areas and until a day. It is in force from the next request on.",
        (
            USER,
            Field("role", "Role!", "角色：Role to grant.", default=REQUIRED),
            Field(
                READ_FIELD,
                "[String!]",
                "可查看区划：Codes of the areas to read, each with all below; an empty code means everywhere. If omitted, the areas to change.",
            ),
            Field(
                WRITE_FIELD, "[String!]", "可变更区划：Codes of the areas to change, which lie in the areas to read."
            ),
            EXPIRES,
            REASON,
        ),
        (GRANT,),
        _grant_access,
        _build_grant,
    ),
    AccountMutation(
        "RevokeAccess", "撤销授权：Revoke a grant. It ends with the next request.", (NUMBER,), (GRANT,), _revoke_access
    ),
    AccountMutation(
        "CreateApiKey",
        "创建接口密钥：Create an API key of a user, with the roles and areas that are granted to the user.",
        (USER, EXPIRES),
        (Field("key", "String!", "密钥：The key. It is shown once and cannot be read again."), API_KEY),
        _create_key,
    ),
    AccountMutation(
        "RevokeApiKey",
        "撤销接口密钥：Revoke an API key. It ends with the next request.",
        (NUMBER,),
        (API_KEY,),
        _revoke_key,
    ),
)
ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)


def add_types(types: TypeRegistry) -> None:
    """Add the types of the mutations."""
    for mutation in MUTATIONS:
        mutation.add_types(types)
