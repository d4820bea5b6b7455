"""Types of grants and API keys."""

from __future__ import annotations

from datetime import datetime

from graph_service.access.rights import RIGHT_DESCRIPTIONS, ROLE_DESCRIPTIONS
from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.type_registry import Field, TypeRegistry

MOMENT_DOC = "in UTC, in ISO 8601 format"
GRANT_FIELDS = [
    Field("number", "Int!", "授权编号：Number of the grant; 0 for a role that the identity provider states."),
    Field("user", "String!", "用户：User who has the role."),
    Field("role", "Role!", "角色：Role."),
    Field(
        "readAreas",
        "[String!]!",
        "可查看区划：Codes of the areas to read, each with all below; an empty code means everywhere.",
    ),
    Field(
        "writeAreas",
        "[String!]!",
        "可变更区划：Codes of the areas to change, each with all below; an empty code means everywhere.",
    ),
    Field("reason", "String!", "理由：Reason for the grant."),
    Field("expiresAt", "String", f"到期时刻：Moment at which it ends, {MOMENT_DOC}; null if it does not expire."),
    Field("grantedBy", "String!", "授权人：User who made the grant."),
    Field("grantedAt", "String", f"授权时刻：Moment at which it was made, {MOMENT_DOC}."),
    Field("revokedBy", "String", "撤销人：User who revoked it; null if it is not revoked."),
    Field("revokedAt", "String", f"撤销时刻：Moment at which it was revoked, {MOMENT_DOC}; null if it is not."),
]
KEY_FIELDS = [
    Field("number", "Int!", "密钥编号：Number of the key."),
    Field("user", "String!", "用户：User whose requests have the key."),
    Field("expiresAt", "String", f"到期时刻：Moment at which it ends, {MOMENT_DOC}; null if it does not expire."),
    Field("createdBy", "String!", "创建人：User who created it."),
    Field("createdAt", "String!", f"创建时刻：Moment at which it was created, {MOMENT_DOC}."),
    Field("revokedBy", "String", "撤销人：User who revoked it; null if it is not revoked."),
    Field("revokedAt", "String", f"撤销时刻：Moment at which it was revoked, {MOMENT_DOC}; null if it is not."),
    Field("lastUsedAt", "String", f"最近使用：Last use to the minute, {MOMENT_DOC}; null if it was never used."),
]


def add_types(types: TypeRegistry) -> None:
    """Add the types of grants, keys and the caller."""
    types.add_enum("Role", "角色：Role of a user.", [(role.value, doc) for role, doc in ROLE_DESCRIPTIONS.items()])
    types.add_enum(
        "Right", "权限：Right to do something.", [(right.value, doc) for right, doc in RIGHT_DESCRIPTIONS.items()]
    )
    types.add_object("AccessGrant", "授权：A role of a user, for areas.", GRANT_FIELDS)
    types.add_object("ApiKey", "接口密钥：An API key, without its secret.", KEY_FIELDS)
    types.add_object(
        "RightInAreas",
        "区划内的权限：A right of the caller.",
        [
            Field("right", "Right!", "权限：Right."),
            Field(
                "areas",
                "[String!]!",
                "区划：Codes of the areas in which the caller has it, each with all below; an empty code means everywhere.",
            ),
        ],
    )
    types.add_object(
        "Me",
        "当前用户：The caller of the request.",
        [
            Field("user", "String", "用户：User; null if the service has no sign-in."),
            Field("roles", "[Role!]!", "角色：Roles of the caller."),
            Field("rights", "[RightInAreas!]!", "权限：Rights of the caller, with the areas in which they hold."),
            Field("grants", "[AccessGrant!]!", "授权：Grants in force."),
        ],
    )


def format_utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


GRANT_ENCODERS: dict[str, Encoder] = {
    "number": lambda grant: grant.number,
    "user": lambda grant: grant.user,
    "role": lambda grant: grant.role.value,
    "readAreas": lambda grant: list(grant.read_areas),
    "writeAreas": lambda grant: list(grant.write_areas),
    "reason": lambda grant: grant.reason,
    "expiresAt": lambda grant: format_utc(grant.expires_at),
    "grantedBy": lambda grant: grant.granted_by,
    "grantedAt": lambda grant: format_utc(grant.granted_at),
    "revokedBy": lambda grant: grant.revoked_by or None,
    "revokedAt": lambda grant: format_utc(grant.revoked_at),
}
KEY_ENCODERS: dict[str, Encoder] = {
    "number": lambda key: key.number,
    "user": lambda key: key.user,
    "expiresAt": lambda key: format_utc(key.expires_at),
    "createdBy": lambda key: key.created_by,
    "createdAt": lambda key: format_utc(key.created_at),
    "revokedBy": lambda key: key.revoked_by or None,
    "revokedAt": lambda key: format_utc(key.revoked_at),
    "lastUsedAt": lambda key: format_utc(key.last_used_at),
}

EMERGENCY_ENCODERS: dict[str, Encoder] = {
    "reviewedBy": lambda emergency: emergency.reviewed_by or None,
    "reviewedAt": lambda emergency: format_utc(emergency.reviewed_at),
    "note": lambda emergency: emergency.note or None,
}


def emergency_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    """Return the encoder of an emergency access."""

    def on_field(field: SelectedField) -> Encoder:
        if field.name != "grant":
            return EMERGENCY_ENCODERS[field.name]
        encode = context.object_encoder("AccessGrant", field, lambda leaf: GRANT_ENCODERS[leaf.name])
        return lambda emergency: encode(emergency.grant)

    return context.object_encoder("EmergencyAccess", selected, on_field)
