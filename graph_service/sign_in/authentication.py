"""Authentication of a request: by bearer token, API key or session; otherwise the caller is not known."""

from __future__ import annotations

from datetime import datetime

from cachetools import TTLCache
from starlette.requests import HTTPConnection

from graph_service.access.api_keys import PREFIX as KEY_PREFIX
from graph_service.access.api_keys import ApiKeys
from graph_service.access.callers import Caller
from graph_service.access.database import secret_digest
from graph_service.access.grants import Grants
from graph_service.access.openid import Identity, OpenIdProvider
from graph_service.access.permissions import AccessGrant
from graph_service.access.rate_limits import PerMinuteLimit
from graph_service.access.rights import Role
from graph_service.access.sessions import Session, Sessions
from graph_service.errors import NotSignedIn
from graph_service.sign_in.hosts import client_network, is_loopback

SESSION_COOKIE = "graph_service_session"
BEARER = "bearer "
MAX_VERIFIED = 10_000
VERIFIED_SECONDS = 3_600
"""Time for which credentials that were right are checked even if others of the same address were wrong too often."""


def anonymous_caller(connection: HTTPConnection) -> Caller:
    """Return the caller of a request without credentials, by its address; on this machine itself nothing is counted."""
    host = connection.client.host if connection.client else ""
    return Caller("", address="" if is_loopback(host) else client_network(host))


class FailedSignIns:
    """Failed sign-ins by address: beyond `limit` within a minute, new credentials of the address are not checked. Those that were right a
    short time ago are: many clients may share an address."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failures = PerMinuteLimit("失败的登录次数", "failed sign-ins")
        self._verified: TTLCache[bytes, bool] = TTLCache(MAX_VERIFIED, VERIFIED_SECONDS)

    def require_allowed(self, connection: HTTPConnection, header: str) -> None:
        """Raise `RateExceeded` where the credentials are not to be checked."""
        if self._limit and secret_digest(header) not in self._verified:
            self._failures.require_available(_address(connection), self._limit)

    def record(self, connection: HTTPConnection) -> None:
        """Count a failure."""
        self._failures.record(_address(connection))

    def verify(self, header: str) -> None:
        """Note that credentials were right."""
        self._verified[secret_digest(header)] = True


def _address(connection: HTTPConnection) -> str:
    return client_network(connection.client.host) if connection.client else ""


class OpenAuthenticator:
    """Authenticator of a service without sign-in: every caller may do everything."""

    async def caller(self, connection: HTTPConnection) -> Caller:
        """Return the caller without a name. Raises `NotSignedIn` for credentials: nobody would check them."""
        if connection.headers.get("authorization"):
            return await self.caller_of_header("", connection)
        return anonymous_caller(connection)

    async def caller_of_header(self, _header: str, _connection: HTTPConnection) -> Caller:
        """Raise `NotSignedIn`: credentials are not checked here."""
        raise NotSignedIn(
            reason_zh="本服务未启用登录（GRAPH_SERVICE_SIGN_IN），不核对凭据",
            reason_en="sign-in is off (GRAPH_SERVICE_SIGN_IN), and credentials are not checked",
        )


class Authenticator:
    """Authenticator of requests. `is_required` False: callers who give no credentials may do everything, as in the demo."""

    def __init__(
        self,
        grants: Grants,
        api_keys: ApiKeys,
        sessions: Sessions,
        provider: OpenIdProvider | None,
        failures: FailedSignIns,
        *,
        is_required: bool,
    ) -> None:
        self._grants, self._api_keys, self._sessions, self._provider = grants, api_keys, sessions, provider
        self._failures = failures
        self.is_required = is_required

    async def caller(self, connection: HTTPConnection) -> Caller | None:
        """Return the caller of a request, None where it has no credentials and needs some. Raises `NotSignedIn` for credentials that are
        not in force: they are never taken for none."""
        header = connection.headers.get("authorization", "")
        if header:
            return await self.caller_of_header(header, connection)
        cookie = connection.cookies.get(SESSION_COOKIE)
        session = self._sessions.get(cookie) if cookie else None
        if cookie and session is not None and session.user:
            return self._session_caller(cookie, session)
        return None if self.is_required else anonymous_caller(connection)

    async def caller_of_header(self, header: str, connection: HTTPConnection) -> Caller:
        """Return the caller whom an Authorization header names. Raises `NotSignedIn`, and `RateExceeded` after too many failures."""
        self._failures.require_allowed(connection, header)
        try:
            caller = await self._identify(header)
        except NotSignedIn:
            self._failures.record(connection)
            raise
        self._failures.verify(header)
        return caller

    async def _identify(self, header: str) -> Caller:
        credentials = header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""
        if credentials.startswith(KEY_PREFIX):
            user = self._api_keys.user_of(credentials)
            if user is None:
                raise NotSignedIn(
                    reason_zh="接口密钥无效、已过期或已撤销", reason_en="the API key is invalid, expired or revoked"
                )
            return Caller(user, user, is_valid=lambda: self._api_keys.user_of(credentials) == user, grants=self._grants)
        if not credentials or self._provider is None:
            raise NotSignedIn(
                reason_zh="请求头应写为“Authorization: Bearer 令牌”或“Authorization: Bearer 接口密钥”",
                reason_en="the Authorization header must be Bearer with a token or an API key",
            )
        return self._identity_caller(await self._provider.identify(credentials))

    def _identity_caller(self, identity: Identity) -> Caller:
        return Caller(identity.user, identity.name, identity.grants, identity.expires_at, grants=self._grants)

    def _session_caller(self, id_: str, session: Session) -> Caller:
        return Caller(
            session.user,
            session.name,
            token_grants=_read_grants(session),
            expires_at=session.expires_at,
            is_valid=lambda: self._sessions.get(id_) is not None,
            grants=self._grants,
        )


def session_of(identity: Identity, expires_at: datetime) -> Session:
    """Return the session of somebody who has signed in."""
    grants = [[grant.role.value, list(grant.read_areas)] for grant in identity.grants]
    return Session(identity.user, identity.name, {"grants": grants}, expires_at)


def _read_grants(session: Session) -> tuple[AccessGrant, ...]:
    """Return the roles that the provider stated at the sign-in."""
    return tuple(
        AccessGrant(session.user, Role(role), tuple(areas), tuple(areas), session.expires_at, "oidc")
        for role, areas in session.content.get("grants", ())
    )
