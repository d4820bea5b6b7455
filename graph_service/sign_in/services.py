"""Services of access for one application: its database, and what reads it."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.access.api_keys import ApiKeys
from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.openid import OpenIdProvider
from graph_service.access.sessions import Sessions
from graph_service.config import Settings
from graph_service.sign_in.authentication import Authenticator


@dataclass(frozen=True, slots=True)
class AccessServices:
    """Grants, API keys and sessions in one database, the provider of the settings, and the authenticator of requests."""

    database: AccessDatabase
    grants: Grants
    api_keys: ApiKeys
    sessions: Sessions
    provider: OpenIdProvider | None
    authenticator: Authenticator

    def close(self) -> None:
        self.database.close()


def open_access(settings: Settings) -> AccessServices:
    """Open the database of access in the data folder. Raises `AccessDatabaseFailed`, `SettingInvalid`."""
    provider = OpenIdProvider(settings) if settings.oidc_issuer else None
    database = AccessDatabase(settings.data_folder / FILE_NAME)
    grants, api_keys, sessions = Grants(database), ApiKeys(database), Sessions(database)
    authenticator = Authenticator(grants, api_keys, sessions, provider, is_required=settings.requires_sign_in)
    return AccessServices(database, grants, api_keys, sessions, provider, authenticator)
