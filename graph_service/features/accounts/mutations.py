"""Mutations on accounts: to grant and revoke roles, to create and revoke API keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graph_service.access.api_keys import ApiKeys
from graph_service.access.database import end_of_day
from graph_service.access.grants import Grants
from graph_service.access.permissions import AccessGrant, outermost
from graph_service.access.rights import GRANTABLE_ROLES, Right, Role
from graph_service.audit.entries import AuditSubject
from graph_service.core.areas import CODE_DIGITS
from graph_service.core.change_request import require_note, require_text
from graph_service.core.refusals import RefusalCode, forbidden_change, invalid_change
from graph_service.domain.area_paths import unpad_code
from graph_service.errors import ChangeInvalid
from graph_service.features.accounts.queries import access_database, is_administered
from graph_service.features.accounts.types import GRANT_ENCODERS, KEY_ENCODERS, emergency_encoder
from graph_service.graphql.mutation import require_right
from graph_service.graphql.mutation_result import add_mutation_types, mutation_resolver, mutation_root_field
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry

MAX_AREAS = 100
AREA_CODE_LENGTHS = (0, *CODE_DIGITS.values())
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
        )


def _subjects(values: Mapping[str, Any]) -> Iterator[AuditSubject]:
    """Yield what the audit log tells of a change of accounts: the grant or key by its number, and whose it is."""
    grant = values["emergency"].grant if "emergency" in values else values.get("grant")
    if grant is not None:
        yield AuditSubject("AccessGrant", str(grant.number), grant.read_areas)
        yield AuditSubject("User", grant.user, grant.read_areas)
    if "apiKey" in values:
        key, areas = values["apiKey"], values["areas"]
        yield AuditSubject("ApiKey", str(key.number), areas)
        yield AuditSubject("User", key.user, areas)


def _with_input(validate: Callable[[Execution, dict[str, Any]], object]) -> Callable[[Execution], object]:
    return lambda execution: validate(execution, execution.argument("input"))


def _grant_access(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    return {"grant": Grants(access_database(execution)).add(_build_grant(execution, arguments))}


def _build_grant(execution: Execution, arguments: dict[str, Any]) -> AccessGrant:
    """Return the grant that the input asks for. Raises `ChangeForbidden`, `ChangeInvalid`."""
    administered = require_right(execution.permissions, Right.MANAGE_ACCESS)
    require_text("user", arguments["user"])
    require_note("reason", arguments["reason"])
    user = arguments["user"].strip()
    if user == execution.permissions.user:
        raise forbidden_change(
            RefusalCode.OWN_ACCOUNT,
            "不能给自己授权。请由另一位系统管理员办理。",
            "You cannot grant a role to yourself. Ask another administrator.",
        )
    if Role(arguments["role"]) not in GRANTABLE_ROLES:
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "role",
            "紧急查看不能授予，由本人用 breakGlass 开始。",
            "Emergency access cannot be granted; its user begins it with breakGlass.",
        )
    read_areas = parse_areas("readAreas", arguments["readAreas"])
    write_areas = parse_areas("writeAreas", arguments.get("writeAreas") or [])
    if any(not area.startswith(read_areas) for area in write_areas):
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            "writeAreas",
            "可变更区划应在可查看区划之内。",
            "Areas to change must lie in the areas to read.",
        )
    grant = AccessGrant(
        user,
        Role(arguments["role"]),
        read_areas,
        write_areas,
        parse_expiry(arguments.get("expiresOn")),
        execution.permissions.user,
        reason=arguments["reason"].strip(),
    )
    _require_administered([grant], administered)
    return grant


def _revoke_access(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    grants = Grants(access_database(execution))
    administered = require_right(execution.permissions, Right.MANAGE_ACCESS)
    grant = grants.get(arguments["number"])
    if grant is None or not is_administered([grant], administered):
        raise _unknown("授权", "grant", arguments["number"])
    return {"grant": grants.revoke(grant.number, execution.permissions.user)}


def _create_key(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    database = access_database(execution)
    administered = require_right(execution.permissions, Right.MANAGE_ACCESS)
    require_text("user", arguments["user"])
    user = arguments["user"].strip()
    user_permissions = Grants(database).permissions_of(user)
    if not user_permissions.grants:
        raise invalid_change(
            RefusalCode.RECORD_UNKNOWN,
            "user",
            "该用户尚无授权。请先用 grantAccess 授权。",
            "The user has no grant. Grant a role with grantAccess first.",
        )
    _require_administered(user_permissions.grants, administered)
    text, key = ApiKeys(database).create(user, execution.permissions.user, parse_expiry(arguments.get("expiresOn")))
    return {"key": text, "apiKey": key, "areas": _read_areas(user_permissions.grants)}


def _revoke_key(execution: Execution, arguments: dict[str, Any]) -> Mapping[str, Any]:
    database = access_database(execution)
    administered = require_right(execution.permissions, Right.MANAGE_ACCESS)
    keys = ApiKeys(database)
    key = keys.get(arguments["number"])
    grants = () if key is None else Grants(database).permissions_of(key.user).grants
    if key is None or not is_administered(grants, administered):
        raise _unknown("接口密钥", "API key", arguments["number"])
    return {"apiKey": keys.revoke(key.number, execution.permissions.user), "areas": _read_areas(grants)}


def _read_areas(grants: Sequence[AccessGrant]) -> tuple[str, ...]:
    return outermost([area for grant in grants for area in grant.read_areas])


def parse_areas(field: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Return areas without those that lie in another one. Raises `ChangeInvalid` for a text that is no area code."""
    if len(codes) > MAX_AREAS:
        raise invalid_change(
            RefusalCode.TOO_MANY_ITEMS,
            field,
            f"最多 {MAX_AREAS} 个区划。请用上级区划。",
            f"At most {MAX_AREAS} areas are allowed. Use the areas above them.",
        )
    areas = [unpad_code(code.strip()) for code in codes]
    for area in areas:
        if len(area) not in AREA_CODE_LENGTHS or not ((area.isascii() and area.isdigit()) or not area):
            raise invalid_change(
                RefusalCode.VALUE_NOT_ALLOWED,
                field,
                f"“{area[:20]}”不是区划代码，应为 2、4、6、9 或 12 位数字；空表示全部区划。",
                f'The code "{area[:20]}" is not that of an area. It has 2, 4, 6, 9 or 12 digits; an empty code means everywhere.',
            )
    return outermost(areas)


def parse_expiry(day: str | None) -> datetime | None:
    """Return the moment at which a last day (ISO date, local time) ends. Raises `ChangeInvalid` for a day that has passed."""
    if day is None:
        return None
    last_day = date.fromisoformat(day)
    if last_day < datetime.now().astimezone().date():
        raise invalid_change(
            RefusalCode.DAY_TOO_EARLY,
            "expiresOn",
            "到期日已过。请填写今天或以后的日期。",
            "The day has passed. Give today or a later day.",
        )
    return end_of_day(last_day)


def _require_administered(grants: Sequence[AccessGrant], areas: tuple[str, ...]) -> None:
    if not is_administered(grants, areas):
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            "授权区划超出您管理的范围。请由上级系统管理员办理。",
            "The areas lie outside of those that you administer. Ask an administrator of a higher level.",
        )


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
                "readAreas",
                "[String!]!",
                "可查看区划：Codes of the areas to read, each with all below; an empty code means everywhere.",
                default=REQUIRED,
            ),
            Field(
                "writeAreas", "[String!]", "可变更区划：Codes of the areas to change, which lie in the areas to read."
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
