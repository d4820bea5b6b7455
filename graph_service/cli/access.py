"""The commands `access …`: grants and API keys, on the machine of the service itself. The first administrator is granted here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from graph_service.access.api_keys import ApiKey, ApiKeys
from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.masking import excerpt
from graph_service.access.permissions import AccessGrant, outermost
from graph_service.access.rights import GRANTABLE_ROLES
from graph_service.cli.audit_entries import recorded_command
from graph_service.cli.output import account_name
from graph_service.cli.usage import DayParamType
from graph_service.config import get_settings
from graph_service.core.areas import published_codes
from graph_service.core.change_request import require_note
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.errors import AreaUnknown, NotFound
from graph_service.features.accounts.mutations import parse_expiry

EVERYWHERE_WORD = "all"
ROLES_BY_NAME = {role.value.lower().replace("_", "-"): role for role in GRANTABLE_ROLES}
expires_option = click.option(
    "--expires",
    type=DayParamType(),
    help="到期日（年-月-日），默认不到期。 / Last day in force (YYYY-MM-DD). Default: it does not expire.",
)
by_option = click.option(
    "--by", default=account_name, show_default="your account", help="办理人。 / Name of the person who does this."
)


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
    help="可查看的区划代码，可多次给出；all 为全部。 / Code of an area to read, with all below; all: everywhere. Can be given several times.",
)
@click.option(
    "--write",
    "write",
    multiple=True,
    metavar="AREA",
    help="可变更的区划代码，可多次给出；all 为全部。 / Code of an area to change, with all below; all: everywhere. Can be given several times.",
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
    require_note("reason", reason)
    write_areas = outermost(map(_parse_area, write))
    read_areas = outermost((*map(_parse_area, read), *write_areas))
    with _database() as database, recorded_command("access grant", by, read_areas):
        stored = Grants(database).add(
            AccessGrant(
                user,
                ROLES_BY_NAME[role],
                read_areas,
                write_areas,
                _expiry(expires),
                by,
                reason=reason,
            )
        )
    click.echo(f"授权 {stored.number} 已生效 / Grant {stored.number} is in force")


@access.command()
@click.argument("number", type=int)
@by_option
def revoke(number: int, by: str) -> None:
    """Revoke a grant by its number.

    按编号撤销授权。

    Example: graph-service access revoke 3
    """
    with _database() as database, recorded_command("access revoke", by):
        if Grants(database).revoke(number, by) is None:
            raise NotFound(what_zh="授权", what_en="grant", key=number)
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
    with _database() as database, recorded_command("access create-key", by):
        text, key = ApiKeys(database).create(user, by, _expiry(expires))
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
    with _database() as database, recorded_command("access revoke-key", by):
        if ApiKeys(database).revoke(number, by) is None:
            raise NotFound(what_zh="接口密钥", what_en="API key", key=number)
    click.echo(f"接口密钥 {number} 已撤销 / API key {number} is revoked")


@contextmanager
def _database() -> Iterator[AccessDatabase]:
    database = AccessDatabase(get_settings().data_folder / FILE_NAME)
    try:
        yield database
    finally:
        database.close()


def _parse_area(text: str) -> str:
    """Return the code of an area, empty for everywhere. Raises `AreaUnknown`."""
    if text == EVERYWHERE_WORD:
        return ""
    code = unpad_code(text)
    if code not in published_codes():
        raise AreaUnknown(area=excerpt(text))
    return code


def _expiry(day: int | None) -> datetime | None:
    """Return the moment at which a last day (YYYYMMDD) ends. Raises `ChangeInvalid` for a day that has passed."""
    return None if day is None else parse_expiry(iso_day(day))


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
