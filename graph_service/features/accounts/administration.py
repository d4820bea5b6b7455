"""Administration of access: which grants and API keys are made, decided in one place for the API and for commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from graph_service.access.api_keys import ApiKey, ApiKeys
from graph_service.access.database import AccessDatabase, end_of_day
from graph_service.access.grants import Grants
from graph_service.access.permissions import EVERYWHERE, AccessGrant, outermost
from graph_service.access.rights import (
    ESSENTIAL_RIGHTS,
    GRANTABLE_ROLES,
    RIGHTS_BY_ROLE,
    RIGHTS_OF_ALL_AREAS,
    RIGHTS_OF_WHOLE_COUNTIES,
    ROLE_DESCRIPTIONS,
    SERVICE_ROLES,
    WRITE_RIGHTS,
    Right,
    Role,
)
from graph_service.audit.entries import AuditSubject
from graph_service.core.areas import CODE_DIGITS, is_grantable_code
from graph_service.core.change_request import require_name, require_note
from graph_service.core.refusals import RefusalCode, forbidden_change, invalid_change, unknown_reference
from graph_service.domain.area_paths import unpad_code

MAX_AREAS = 100
AREA_CODE_LENGTHS = (0, *CODE_DIGITS.values())
READ_FIELD, WRITE_FIELD = "readAreas", "writeAreas"


@dataclass(frozen=True, slots=True)
class Administrator:
    """An administrator: the name, for the record, and the areas that the administrator answers for."""

    user: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """Request of a grant. Areas: codes as the administrator writes them, an empty one for everywhere; `expires_on`: last day (ISO date)."""

    user: str
    role: Role
    read_areas: Sequence[str]
    write_areas: Sequence[str]
    expires_on: str | None
    reason: str


class CreatedKey(NamedTuple):
    """An API key with its text, which is shown once, and the areas that its user may read."""

    text: str
    key: ApiKey
    areas: tuple[str, ...]


def build_grant(request: GrantRequest, administrator: Administrator) -> AccessGrant:
    """Return the requested grant. Areas to read are those to change, where none are named. Raises `ChangeForbidden`, `ChangeInvalid`."""
    require_name("user", request.user)
    require_note("reason", request.reason)
    if request.role not in GRANTABLE_ROLES:
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "role",
            "紧急查看不能授予，由本人用 breakGlass 开始。",
            "Emergency access cannot be granted; its user begins it with breakGlass.",
        )
    write_areas = parse_areas(WRITE_FIELD, request.write_areas)
    read_areas = parse_areas(READ_FIELD, request.read_areas) or write_areas
    if not read_areas:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            READ_FIELD,
            "未指明区划。请至少给出一个可查看或可变更的区划。",
            "No area is named. Give at least one area to read or to change.",
        )
    if any(not area.startswith(read_areas) for area in write_areas):
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            WRITE_FIELD,
            "可变更区划应在可查看区划之内。请更正，或省略可查看区划，即与可变更区划相同。",
            "Areas to change must lie in the areas to read. Correct them, or leave out the areas to read, which then are the same.",
        )
    _require_suitable(request.role, read_areas, write_areas)
    grant = AccessGrant(
        request.user.strip(),
        request.role,
        read_areas,
        write_areas,
        parse_expiry(request.expires_on),
        administrator.user,
        reason=request.reason.strip(),
    )
    if not is_administered([grant], administrator.areas):
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            "授权区划超出您管理的范围。请由上级系统管理员办理。",
            "The areas lie outside of those that you administer. Ask an administrator of a higher level.",
        )
    return grant


def _require_suitable(role: Role, read_areas: tuple[str, ...], write_areas: tuple[str, ...]) -> None:
    """Raise `ChangeInvalid` for areas with which a role could not do what it is for, or which it could not use."""
    role_zh = ROLE_DESCRIPTIONS[role].partition("：")[0]
    if write_areas and not RIGHTS_BY_ROLE[role] & WRITE_RIGHTS:
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            WRITE_FIELD,
            f"“{role_zh}”不能变更任何内容。请省略可变更区划。",
            f"The role {role} changes nothing. Leave out the areas to change.",
        )
    right = ESSENTIAL_RIGHTS.get(role)
    if right is None:
        return
    field, zh, en, areas = (
        (WRITE_FIELD, "可变更", "change", write_areas)
        if right in WRITE_RIGHTS
        else (READ_FIELD, "可查看", "read", read_areas)
    )
    if right in RIGHTS_OF_ALL_AREAS and areas != EVERYWHERE:
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            field,
            f"“{role_zh}”的{zh}区划须为全部（命令中写作 all，接口中为空代码）。请更正，或改授其他角色。",
            f"The role {role} needs all areas to {en} (all for the command, an empty code in the API). Correct them, or grant another role.",
        )
    if not areas:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            field,
            f"“{role_zh}”须有{zh}区划。请填写后重试。",
            f"The role {role} needs areas to {en}. Give them and try again.",
        )
    if right in RIGHTS_OF_WHOLE_COUNTIES and any(len(area) > CODE_DIGITS["COUNTY"] for area in areas):
        raise invalid_change(
            RefusalCode.OUT_OF_RANGE,
            field,
            f"“{role_zh}”的{zh}区划须为县级及以上。请改为整县或更大的区划。",
            f"The role {role} needs whole counties or larger areas to {en}. Name these.",
        )


def require_service_account(database: AccessDatabase, user: str) -> None:
    """Raise `ChangeForbidden` for a user who has other roles than those of services. Who makes a key can act with it: where a grant needs a
    second person, an administrator does not get another one's roles by a key."""
    if any(grant.role not in SERVICE_ROLES for grant in Grants(database).permissions_of(user.strip()).grants):
        raise forbidden_change(
            RefusalCode.APPROVAL_NEEDED,
            "本服务的授权须经审批，接口密钥可凭以代该用户办理，因此不能由一人创建。请在服务器上用 graph-service access create-key 创建，或让该用户登录。",
            "Grants need approval in this service, and whoever has a key acts as its user. Create it on the machine with graph-service access create-key, or let the user sign in.",
        )


def require_no_wider_key(database: AccessDatabase, grant: AccessGrant, *, needs_approval: bool) -> None:
    """Raise `ChangeForbidden` for a grant to a user with an API key that could not be made any more once it is granted: its maker would have
    the new role by it. `needs_approval`: whether grants need a second person."""
    for key in ApiKeys(database).in_force(grant.user):
        if needs_approval and grant.role not in SERVICE_ROLES:
            raise forbidden_change(
                RefusalCode.APPROVAL_NEEDED,
                f"该用户有接口密钥 {key.number}，创建者可凭以代其行使新的角色。请先撤销该密钥（revokeApiKey），或在服务器上用 graph-service access grant 授权。",
                f"The user has the API key {key.number}, by which its maker would have the new role too. Revoke it first (revokeApiKey), or grant the role on the machine with graph-service access grant.",
            )
        maker_areas = Grants(database).permissions_of(key.created_by).areas_for(Right.MANAGE_ACCESS)
        if maker_areas and not is_administered([grant], maker_areas):
            raise forbidden_change(
                RefusalCode.OUTSIDE_GRANTED_AREAS,
                f"该用户有接口密钥 {key.number}，授权区划超出其创建者管理的范围。请先撤销该密钥（revokeApiKey），授权后由有相应范围的系统管理员重新创建。",
                f"The user has the API key {key.number}, whose maker does not administer all of these areas. Revoke it first (revokeApiKey), and have another one made afterwards.",
            )


def create_key(database: AccessDatabase, administrator: Administrator, user: str, expires_on: str | None) -> CreatedKey:
    """Create an API key of a user who has grants, all of them in the areas of the administrator. Raises `ChangeForbidden`, `ChangeInvalid`."""
    require_name("user", user)
    user = user.strip()
    grants = Grants(database).permissions_of(user).grants
    if not grants and administrator.areas == EVERYWHERE:
        raise invalid_change(
            RefusalCode.RECORD_UNKNOWN,
            "user",
            "该用户尚无授权。请先授予角色（grantAccess 或 graph-service access grant）。",
            "The user has no grant. Grant a role first (grantAccess, or graph-service access grant).",
        )
    # The same answer for a user without any grant: the administrator of a county does not learn who has grants elsewhere.
    if not grants or not is_administered(grants, administrator.areas):
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            "该用户在您管理的范围内没有授权，或授权超出该范围。请先用 grantAccess 授权，或由上级系统管理员办理。",
            "The user has no grant in the areas that you administer, or one that lies outside of them. Grant a role with grantAccess first, or ask an administrator of a higher level.",
        )
    text, key = ApiKeys(database).create(user, administrator.user, parse_expiry(expires_on))
    return CreatedKey(text, key, readable_areas(grants))


def is_administered(grants: Iterable[AccessGrant], areas: tuple[str, ...]) -> bool:
    """Tell whether all areas of grants lie in the areas that an administrator answers for."""
    return all(area.startswith(areas) for grant in grants for area in (*grant.read_areas, *grant.write_areas))


def account_grants(grants: Grants, user: str) -> tuple[AccessGrant, ...]:
    """Return the grants by which the account of a user has areas: those in force, otherwise those that have ended."""
    return grants.permissions_of(user).grants or tuple(
        grant for grant in grants.history_of(user) if grant.role in GRANTABLE_ROLES
    )


def is_account_administered(grants: Grants, user: str, areas: tuple[str, ...]) -> bool:
    """Tell whether an administrator answers for the account of a user; for one who was never granted anything, the administrators of
    everywhere do."""
    owned = account_grants(grants, user)
    return is_administered(owned, areas) if owned else areas == EVERYWHERE


def readable_areas(grants: Iterable[AccessGrant]) -> tuple[str, ...]:
    return outermost(area for grant in grants for area in grant.read_areas)


def grant_subjects(grant: AccessGrant) -> tuple[AuditSubject, ...]:
    """Return what the audit log tells of a change of a grant: its number, and whose it is."""
    return (
        AuditSubject("AccessGrant", str(grant.number), grant.read_areas),
        AuditSubject("User", grant.user, grant.read_areas),
    )


def key_subjects(key: ApiKey, areas: tuple[str, ...]) -> tuple[AuditSubject, ...]:
    """Return what the audit log tells of a change of an API key: its number, and whose it is. `areas`: those of its user."""
    return AuditSubject("ApiKey", str(key.number), areas), AuditSubject("User", key.user, areas)


def parse_areas(field: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Return areas without those that lie in another one. Raises `ChangeInvalid` for a text that is no area code, and for an unknown area."""
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
        if area and not is_grantable_code(area):
            raise unknown_reference(field, area)
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
