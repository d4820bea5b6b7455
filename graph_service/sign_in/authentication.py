"""Authentication of a request: by bearer token, API key or session; otherwise the caller is not known."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import HTTPConnection

from graph_service.access.api_keys import PREFIX as KEY_PREFIX
from graph_service.access.api_keys import ApiKeys
from graph_service.access.callers import LOCAL_CALLER, Caller
from graph_service.access.grants import Grants
from graph_service.access.openid import Identity, OpenIdProvider
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.access.sessions import Session, Sessions
from graph_service.errors import NotSignedIn

SESSION_COOKIE = "graph_service_session"
BEARER = "bearer "


class OpenAuthenticator:
    """Authenticator of a service without sign-in: every caller may do everything."""

    async def caller(self, connection: HTTPConnection) -> Caller:
        """Return the local caller. Raises `NotSignedIn` for credentials: nobody would check them."""
        if connection.headers.get("authorization"):
            return await self.caller_of_header("")
        return LOCAL_CALLER

    async def caller_of_header(self, _: str) -> Caller:
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
        *,
        is_required: bool,
    ) -> None:
        self._grants, self._api_keys, self._sessions, self._provider = grants, api_keys, sessions, provider
        self.is_required = is_required

    async def caller(self, connection: HTTPConnection) -> Caller | None:
        """Return the caller of a request, None where it has no credentials and needs some. Raises `NotSignedIn` for credentials that are
        not in force: they are never taken for none."""
        header = connection.headers.get("authorization", "")
        if header:
            return await self.caller_of_header(header)
        cookie = connection.cookies.get(SESSION_COOKIE)
        session = self._sessions.get(cookie) if cookie else None
        if cookie and session is not None and session.user:
            return self._session_caller(cookie, session)
        return None if self.is_required else LOCAL_CALLER

    async def caller_of_header(self, header: str) -> Caller:
        """Return the caller whom an Authorization header names. Raises `NotSignedIn`."""
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
                reason_zh="请求头 Authorization 应为 Bearer 加令牌或接口密钥",
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
