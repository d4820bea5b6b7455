"""The commands `access …`: grants and API keys, on the machine of the service itself. The first administrator is granted here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from graph_service.access.api_keys import ApiKey, ApiKeys
from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.masking import excerpt
from graph_service.access.permissions import EVERYWHERE, AccessGrant, outermost
from graph_service.access.rights import GRANTABLE_ROLES
from graph_service.cli.audit_entries import recorded_command
from graph_service.cli.output import author_option
from graph_service.cli.usage import DayParamType
from graph_service.config import get_settings
from graph_service.core.areas import is_grantable_code
from graph_service.core.change_request import require_text
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.errors import AreaUnknown, NotFound
from graph_service.features.accounts.administration import (
    Administrator,
    GrantRequest,
    account_grants,
    build_grant,
    grant_subjects,
    key_subjects,
    readable_areas,
)
from graph_service.features.accounts.administration import create_key as issue_key

EVERYWHERE_WORD = "all"
ROLES_BY_NAME = {role.value.lower().replace("_", "-"): role for role in GRANTABLE_ROLES}
expires_option = click.option(
    "--expires",
    type=DayParamType(),
    help="到期日（年-月-日），默认不到期。 / Last day in force (YYYY-MM-DD). Default: it does not expire.",
)
by_option = author_option("办理人。", "Name of the person who does this.")


@click.group(short_help="管理授权和接口密钥 / Manage grants and API keys.")
def access() -> None:
    """Manage grants and API keys on the machine of the service. They act on the next request.

    在服务器上管理授权和接口密钥，下一次请求即生效。

    Example: graph-service access grant wang official --read 513431 --write 513431 --reason 驻县扶贫办
    """


@access.command()
@click.argument("user")
@click.argument("role", type=click.Choice(list(ROLES_BY_NAME)))
@click.option(
    "--read",
    "read",
    multiple=True,
    metavar="AREA",
    help="可查看的区划代码，可多次给出；all 为全部；默认与可变更的区划相同。 / Code of an area to read, with all below; all: everywhere. Can be given several times. Default: the areas to change.",
)
@click.option(
    "--write",
    "write",
    multiple=True,
    metavar="AREA",
    help="可变更的区划代码，须在可查看的区划之内，可多次给出；all 为全部。 / Code of an area to change, with all below, in the areas to read; all: everywhere. Can be given several times.",
)
@expires_option
@click.option("--reason", default="", help="授权理由，必填。 / Reason for the grant. Required.")
@by_option
def grant(
    user: str, role: str, read: tuple[str, ...], write: tuple[str, ...], expires: int | None, reason: str, by: str
) -> None:
    """Grant ROLE to USER.

    授予用户角色。

    Example: graph-service access grant admin administrator --read all --write all --reason 首任管理员
    """
    administrator = _administrator(by)
    request = GrantRequest(
        user, ROLES_BY_NAME[role], tuple(map(_parse_area, read)), tuple(map(_parse_area, write)), _day(expires), reason
    )
    areas = outermost((*request.read_areas, *request.write_areas))
    with _database() as database, recorded_command("access grant", administrator.user, areas or EVERYWHERE) as outcome:
        stored = Grants(database).add(build_grant(request, administrator))
        outcome.subjects, outcome.purpose = grant_subjects(stored), stored.reason
    click.echo(f"授权 {stored.number} 已生效 / Grant {stored.number} is in force")


@access.command()
@click.argument("number", type=int)
@by_option
def revoke(number: int, by: str) -> None:
    """Revoke a grant by its number.

    按编号撤销授权。

    Example: graph-service access revoke 3
    """
    administrator = _administrator(by)
    with _database() as database:
        grants = Grants(database)
        existing = grants.get(number)
        areas = existing.read_areas if existing else ()
        with recorded_command("access revoke", administrator.user, areas or EVERYWHERE) as outcome:
            revoked = grants.revoke(number, administrator.user)
            if revoked is None:
                raise NotFound(what_zh="授权", what_en="grant", key=number)
            outcome.subjects = grant_subjects(revoked)
    click.echo(f"授权 {number} 已撤销 / Grant {number} is revoked")


@access.command("list")
@click.option("--ended", is_flag=True, help="包括已撤销和已到期的。 / Include those revoked or expired.")
def list_(*, ended: bool) -> None:
    """List the grants and the API keys.

    列出授权和接口密钥。

    Example: graph-service access list
    """
    with _database() as database:
        for each in Grants(database).iterate(ended=ended):
            click.echo(_describe_grant(each))
        for key in ApiKeys(database).iterate():
            if ended or key.revoked_at is None:
                click.echo(_describe_key(key))


@access.command("create-key")
@click.argument("user")
@expires_option
@by_option
def create_key(user: str, expires: int | None, by: str) -> None:
    """Create an API key of USER. It is printed once.

    为用户创建接口密钥，只显示一次。

    Example: graph-service access create-key portal --expires 2027-12-31
    """
    administrator = _administrator(by)
    with _database() as database:
        areas = readable_areas(account_grants(Grants(database), user.strip()))
        with recorded_command("access create-key", administrator.user, areas or EVERYWHERE) as outcome:
            text, key, key_areas = issue_key(database, administrator, user, _day(expires))
            outcome.subjects = key_subjects(key, key_areas)
    click.echo(f"接口密钥 {key.number}（只显示这一次） / API key {key.number}, shown only this once:", err=True)
    click.echo(text)


@access.command("revoke-key")
@click.argument("number", type=int)
@by_option
def revoke_key(number: int, by: str) -> None:
    """Revoke an API key by its number.

    按编号撤销接口密钥。

    Example: graph-service access revoke-key 2
    """
    administrator = _administrator(by)
    with _database() as database:
        keys = ApiKeys(database)
        existing = keys.get(number)
        areas = readable_areas(account_grants(Grants(database), existing.user)) if existing else ()
        with recorded_command("access revoke-key", administrator.user, areas or EVERYWHERE) as outcome:
            revoked = keys.revoke(number, administrator.user)
            if revoked is None:
                raise NotFound(what_zh="接口密钥", what_en="API key", key=number)
            outcome.subjects = key_subjects(revoked, areas)
    click.echo(f"接口密钥 {number} 已撤销 / API key {number} is revoked")


@contextmanager
def _database() -> Iterator[AccessDatabase]:
    settings = get_settings()
    click.echo(f"数据 / Data: {settings.data_folder.absolute()}", err=True)
    database = AccessDatabase(settings.data_folder / FILE_NAME)
    try:
        yield database
    finally:
        database.close()


def _administrator(by: str) -> Administrator:
    """Return who runs the command: on the machine itself, everything may be granted. Raises `ChangeInvalid` for a blank name."""
    require_text("by", by)
    return Administrator(by.strip(), EVERYWHERE)


def _parse_area(text: str) -> str:
    """Return the code of an area, empty for everywhere. Raises `AreaUnknown`."""
    if text == EVERYWHERE_WORD:
        return ""
    code = unpad_code(text)
    if not is_grantable_code(code):
        raise AreaUnknown(area=excerpt(text))
    return code


def _day(day: int | None) -> str | None:
    return None if day is None else iso_day(day)


def _describe_grant(grant: AccessGrant) -> str:
    read, write = (
        " ".join(area or EVERYWHERE_WORD for area in areas) or "-" for areas in (grant.read_areas, grant.write_areas)
    )
    role = grant.role.value.lower().replace("_", "-")
    return f"授权 / grant {grant.number}: {grant.user} {role} read {read} write {write}{_describe_end(grant)}"


def _describe_key(key: ApiKey) -> str:
    used = f"，最近使用 / last used {key.last_used_at:%Y-%m-%d %H:%M}Z" if key.last_used_at else ""
    return f"接口密钥 / API key {key.number}: {key.user}{_describe_end(key)}{used}"


def _describe_end(item: AccessGrant | ApiKey) -> str:
    if item.revoked_at is not None:
        return f"，已撤销 / revoked by {item.revoked_by} {item.revoked_at:%Y-%m-%d %H:%M}Z"
    return f"，到期 / expires {item.expires_at:%Y-%m-%d %H:%M}Z" if item.expires_at else ""
