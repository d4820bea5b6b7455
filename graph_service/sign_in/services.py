"""Services of access for one application: its database, and what reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graph_service.access.api_keys import ApiKeys
from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.openid import OpenIdProvider
from graph_service.access.sessions import Sessions
from graph_service.config import Settings
from graph_service.errors import SettingInvalid
from graph_service.platform.local_database import IN_MEMORY
from graph_service.sign_in.authentication import Authenticator, FailedSignIns
from graph_service.sign_in.demo_users import grant_demo_users
from graph_service.sign_in.hosts import is_loopback


@dataclass(frozen=True, slots=True)
class AccessServices:
    """Grants, API keys and sessions in one database, the provider of the settings, and the authenticator of requests. `is_demo`:
    browsers may choose a user of the demo."""

    database: AccessDatabase
    grants: Grants
    api_keys: ApiKeys
    sessions: Sessions
    provider: OpenIdProvider | None
    authenticator: Authenticator
    is_demo: bool = False

    def close(self) -> None:
        self.database.close()


def open_access(settings: Settings) -> AccessServices:
    """Open the database of access in the data folder. Raises `AccessDatabaseFailed`, `SettingInvalid`."""
    provider = OpenIdProvider(settings) if settings.oidc_issuer else None
    database = AccessDatabase(settings.data_folder / FILE_NAME)
    return _services(settings, database, provider, is_required=settings.requires_sign_in, is_demo=False)


@contextmanager
def demo_access(settings: Settings) -> Iterator[AccessServices]:
    """Yield access with the users of the demo: callers who have chosen none may do everything. Raises `SettingInvalid` for settings under
    which that would be open to other machines, or in place of a sign-in."""
    if not is_loopback(settings.host):
        raise SettingInvalid(
            name="GRAPH_SERVICE_HOST",
            reason_zh="演示只监听本机，请取消此设置",
            reason_en="the demo listens on this machine only; unset it",
        )
    if settings.requires_sign_in:
        raise SettingInvalid(
            name="GRAPH_SERVICE_SIGN_IN, GRAPH_SERVICE_OIDC_ISSUER",
            reason_zh="演示不要求登录，请改用 serve 命令",
            reason_en="the demo requires no sign-in; use the command serve",
        )
    # Not in the data folder: a service with sign-in over the same data must not inherit these users.
    services = _services(settings, AccessDatabase(IN_MEMORY), None, is_required=False, is_demo=True)
    try:
        grant_demo_users(services.grants)
        yield services
    finally:
        services.close()


def _services(
    settings: Settings,
    database: AccessDatabase,
    provider: OpenIdProvider | None,
    *,
    is_required: bool,
    is_demo: bool,
) -> AccessServices:
    grants, api_keys, sessions = Grants(database), ApiKeys(database), Sessions(database)
    failures = FailedSignIns(settings.failed_sign_ins)
    authenticator = Authenticator(grants, api_keys, sessions, provider, failures, is_required=is_required)
    return AccessServices(database, grants, api_keys, sessions, provider, authenticator, is_demo)
