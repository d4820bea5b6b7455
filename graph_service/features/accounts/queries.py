"""Queries on accounts: the caller, the grants, the API keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graph_service.access.api_keys import ApiKeys
from graph_service.access.database import AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.rights import Right
from graph_service.errors import SignInOff
from graph_service.features.accounts.administration import is_account_administered, is_administered
from graph_service.features.accounts.types import GRANT_ENCODERS, KEY_ENCODERS
from graph_service.graphql.pages import Encoder
from graph_service.graphql.paging import DEFAULT_LIST_SIZE, MAX_PAGE_SIZE, visible_rows
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.type_registry import Argument, Field


def access_database(execution: Execution) -> AccessDatabase:
    """Return the database of access. Raises `SignInOff` for a service without sign-in."""
    if execution.services.access_database is None:
        raise SignInOff
    return execution.services.access_database


def _plan_me(context: RootFieldContext) -> Resolver:
    encode_right = context.object_encoder
    encoders: dict[str, Callable[[Any], Encoder]] = {
        "user": lambda _: lambda permissions: permissions.user or None,
        "roles": lambda _: lambda permissions: [role.value for role in permissions.roles],
        "rights": lambda field: _list_encoder(
            encode_right("RightInAreas", field, lambda leaf: RIGHT_ENCODERS[leaf.name]),
            lambda permissions: [
                (right, permissions.areas_for(right)) for right in Right if permissions.areas_for(right)
            ],
        ),
        "grants": lambda field: _list_encoder(
            encode_right("AccessGrant", field, lambda leaf: GRANT_ENCODERS[leaf.name]),
            lambda permissions: permissions.grants,
        ),
    }
    encode = context.object_encoder("Me", context.selected, lambda field: encoders[field.name](field))
    return lambda execution: encode(execution.permissions)


RIGHT_ENCODERS: dict[str, Encoder] = {
    "right": lambda pair: pair[0].value,
    "areas": lambda pair: list(pair[1]),
}


def _list_encoder(encode: Encoder, values: Callable[[Any], Iterable[Any]]) -> Encoder:
    return lambda source: [encode(value) for value in values(source)]


def _plan_grants(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("AccessGrant", context.selected, lambda field: GRANT_ENCODERS[field.name])

    def answer(execution: Execution) -> list[Any]:
        grants, areas = Grants(access_database(execution)), execution.permissions.areas_for(Right.MANAGE_ACCESS)
        ended = bool(execution.argument("ended"))
        return [
            encode(grant)
            for grant in visible_rows(
                execution,
                grants.iterate(_first_number(execution), ended=ended),
                lambda grant: is_administered([grant], areas),
            )
        ]

    return answer


def _plan_keys(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("ApiKey", context.selected, lambda field: KEY_ENCODERS[field.name])

    def answer(execution: Execution) -> list[Any]:
        database, areas = access_database(execution), execution.permissions.areas_for(Right.MANAGE_ACCESS)
        keys, grants = ApiKeys(database), Grants(database)
        return [
            encode(key)
            for key in visible_rows(
                execution,
                keys.iterate(_first_number(execution)),
                lambda key: is_account_administered(grants, key.user, areas),
            )
        ]

    return answer


def _first_number(execution: Execution) -> int:
    """Return the number after which a list begins."""
    after = execution.argument("after")
    return 0 if after is None else after


PAGE_ARGUMENTS = (
    Argument(
        "first",
        "Int",
        f"每页条数：Maximum number of items to return (at most {MAX_PAGE_SIZE}, default {DEFAULT_LIST_SIZE}).",
    ),
    Argument("after", "Int", "起点编号：Only items with a higher number than this."),
)
ROOT_FIELDS = (
    RootField(Field("me", "Me", "当前用户：The caller of the request, with roles and areas."), _plan_me, right=None),
    RootField(
        Field(
            "accessGrants",
            "[AccessGrant!]",
            "授权：Grants of the areas that the caller administers, by number.",
            (
                *PAGE_ARGUMENTS,
                Argument("ended", "Boolean!", "包括已结束的：True to include revoked and expired grants.", False),
            ),
            size=DEFAULT_LIST_SIZE,
        ),
        _plan_grants,
        Right.MANAGE_ACCESS,
    ),
    RootField(
        Field(
            "apiKeys",
            "[ApiKey!]",
            "接口密钥：API keys of users whose areas the caller administers, by number.",
            PAGE_ARGUMENTS,
            size=DEFAULT_LIST_SIZE,
        ),
        _plan_keys,
        Right.MANAGE_ACCESS,
    ),
)
