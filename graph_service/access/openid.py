"""OpenID Connect: the code flow with PKCE (S256) and a nonce, and bearer tokens, of any provider with discovery."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from graph_service.access.bearer_tokens import Claims, TokenVerifier
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import GRANTABLE_ROLES, Role
from graph_service.config import Settings
from graph_service.domain.personal_numbers import is_named_by_number
from graph_service.errors import NotSignedIn, ProviderUnavailable, SettingInvalid

DISCOVERY_PATH = "/.well-known/openid-configuration"
REQUIRED_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A sign-in under way: what the response must match, kept on the server. `next_path`: page to show afterwards."""

    state: str
    nonce: str
    code_verifier: str
    redirect_uri: str
    next_path: str


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity from verified claims: the user, the name to show, the roles that the provider states, and when it expires."""

    user: str
    name: str
    grants: tuple[AccessGrant, ...]
    expires_at: datetime


class OpenIdProvider:
    """The provider of the settings. It belongs to one event loop; nothing is requested before the first sign-in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metadata: Mapping[str, Any] | None = None
        issuer, client_id = settings.oidc_issuer.rstrip("/"), settings.oidc_client_id
        if not client_id:
            raise SettingInvalid(
                name="GRAPH_SERVICE_OIDC_CLIENT_ID",
                reason_zh="设置了 GRAPH_SERVICE_OIDC_ISSUER 时必填",
                reason_en="it is required with GRAPH_SERVICE_OIDC_ISSUER",
            )
        self._issuer = issuer
        self._id_tokens = TokenVerifier(settings.oidc_issuer, client_id, self._load_keys)
        self._access_tokens = TokenVerifier(settings.oidc_issuer, settings.oidc_audience or client_id, self._load_keys)

    async def begin(self, redirect_uri: str, next_path: str) -> tuple[str, SignInRequest]:
        """Return the address at the provider to which the browser is sent, and what to keep until it returns."""
        metadata = await self._discover()
        request = SignInRequest(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), redirect_uri, next_path
        )
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=request.state,
                nonce=request.nonce,
                code_verifier=request.code_verifier,
            )
        return str(url), request

    async def finish(self, request: SignInRequest, code: str) -> Identity:
        """Redeem the code of the response. Raises `NotSignedIn`, `ProviderUnavailable`."""
        metadata = await self._discover()
        try:
            async with self._client(request.redirect_uri) as client:
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=code, code_verifier=request.code_verifier
                )
        except AuthlibBaseError as error:
            raise NotSignedIn(
                reason_zh="身份提供方拒绝了登录", reason_en="the identity provider refused the sign-in"
            ) from error
        except httpx2.HTTPError as error:
            raise self._unavailable(error) from error
        if not isinstance(token.get("id_token"), str):
            raise NotSignedIn(reason_zh="登录响应中没有身份令牌", reason_en="the response has no ID token")
        return self.identity(await self._id_tokens.verify(token["id_token"], nonce=request.nonce))

    async def identify(self, token: str) -> Identity:
        """Return the identity of a bearer token. Raises `NotSignedIn`, `ProviderUnavailable`."""
        return self.identity(await self._access_tokens.verify(token))

    def identity(self, claims: Claims) -> Identity:
        """Return the identity that claims state. Raises `NotSignedIn` where they name no user, or by a number of a person, which
        logs would show."""
        settings = self._settings
        user = claims.get(settings.oidc_user_claim)
        if not isinstance(user, str) or not user:
            raise NotSignedIn(
                reason_zh=f"令牌中没有 {settings.oidc_user_claim}",
                reason_en=f"the token has no claim {settings.oidc_user_claim}",
            )
        if is_named_by_number(user):
            raise NotSignedIn(
                reason_zh=f"令牌中的 {settings.oidc_user_claim} 是证件号码或电话号码，不能作为用户名；请用 GRAPH_SERVICE_OIDC_USER_CLAIM 另选一项",
                reason_en=f"the claim {settings.oidc_user_claim} is a number of an ID document or telephone, which cannot name a user; choose another one with GRAPH_SERVICE_OIDC_USER_CLAIM",
            )
        expires_at = datetime.fromtimestamp(float(claims["exp"]), UTC)
        areas = tuple(area for area in _texts(claims, settings.oidc_areas_claim) if area.isascii() and area.isdigit())
        grants = tuple(
            AccessGrant(user, Role(name.upper()), areas, areas, expires_at, "oidc")
            for name in _texts(claims, settings.oidc_roles_claim)
            if name.upper() in GRANTABLE_ROLES
        )
        name = claims.get(settings.oidc_name_claim)
        return Identity(user, name if isinstance(name, str) else user, grants, expires_at)

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        settings = self._settings
        return AsyncOAuth2Client(
            settings.oidc_client_id,
            settings.read_client_secret() or None,
            scope=settings.oidc_scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if settings.oidc_client_secret_file else "none",
            timeout=settings.oidc_seconds,
        )

    async def _discover(self) -> Mapping[str, Any]:
        if self._metadata is None:
            metadata = await self._fetch_json(self._issuer + DISCOVERY_PATH)
            if metadata.get("issuer") != self._settings.oidc_issuer or not all(
                isinstance(metadata.get(name), str) for name in REQUIRED_ENDPOINTS
            ):
                raise ProviderUnavailable(
                    issuer=self._issuer, reason="its discovery document is of another issuer, or incomplete"
                )
            self._metadata = metadata
        return self._metadata

    async def _load_keys(self) -> KeySet:
        metadata = await self._discover()
        content = await self._fetch_json(metadata["jwks_uri"])
        try:
            return KeySet.import_key_set(content)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderUnavailable(issuer=self._issuer, reason=f"its keys cannot be used: {error}") from error

    async def _fetch_json(self, url: str) -> dict[str, Any]:
        try:
            async with httpx2.AsyncClient(timeout=self._settings.oidc_seconds) as client:
                response = await client.get(url)
                response.raise_for_status()
                content = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        if not isinstance(content, dict):
            raise ProviderUnavailable(issuer=self._issuer, reason=f"{url} is no JSON object")
        return content

    def _unavailable(self, error: Exception) -> ProviderUnavailable:
        return ProviderUnavailable(issuer=self._issuer, reason=f"{type(error).__name__}: {error}")


def _texts(claims: Claims, path: str) -> list[str]:
    """Return the texts of a claim; a dot in the path leads into an object, unless a claim has it in its name. A text is a list, by blanks."""
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
