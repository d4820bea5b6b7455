"""Bearer tokens (JWT, RFC 7519) of an OpenID Connect provider: verified with its keys, by fixed algorithms.

The header of a token decides nothing: its algorithm must be one of `ALGORITHMS`, all of which are asymmetric, and its key one of the
provider's. Issuer, audience and expiry are required.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from threading import Lock
from typing import Any

from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from graph_service.access.database import secret_digest
from graph_service.errors import NotSignedIn, ProviderUnavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REGISTRY = JWSRegistry(algorithms=list(ALGORITHMS))
LEEWAY_SECONDS = 30
"""Difference that the clocks of provider and service may have."""
MAX_TOKEN_LENGTH = 16_000
MAX_VERIFIED = 10_000
KEY_REFRESH_SECONDS = 30.0
"""Shortest time between two requests for the provider's keys: tokens with invented key ids must not flood it."""
KEY_LIFETIME_SECONDS = 600.0
"""Time after which the keys are loaded anew, so that one that the provider has withdrawn is not trusted for longer."""

LoadKeys = Callable[[], Awaitable[KeySet]]
Claims = Mapping[str, Any]


class TokenVerifier:
    """Verifier of the tokens of one issuer. Verified tokens are kept by their digest until they expire."""

    def __init__(
        self, issuer: str, audience: str, load_keys: LoadKeys, *, now: Callable[[], float] = time.time
    ) -> None:
        self._issuer, self._audience, self._load_keys, self._now = issuer, audience, load_keys, now
        self._keys: KeySet | None = None
        self._keys_loaded_at = 0.0
        self._verified: LRUCache[bytes, Claims] = LRUCache(MAX_VERIFIED)
        self._lock = Lock()

    async def verify(self, token: str, *, nonce: str | None = None) -> Claims:
        """Return the claims of a token; with `nonce`, that of an ID token must be the same. Raises `NotSignedIn`."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise _refusal("令牌过长", "the token is too long")
        keys = await self._get_keys(refresh=False)
        digest = secret_digest(token)
        with self._lock:
            claims = self._verified.get(digest)
        if claims is None:
            claims = await self._decode(token, keys)
            with self._lock:
                self._verified[digest] = claims
        self._require_claims(claims, nonce)
        return claims

    async def _decode(self, token: str, keys: KeySet) -> Claims:
        try:
            try:
                return self._decode_with(token, keys)
            except (JoseError, ValueError):
                # The provider may have rotated its keys since they were loaded.
                newer_keys = await self._get_keys(refresh=True)
                if newer_keys is keys:
                    raise
                return self._decode_with(token, newer_keys)
        except (JoseError, ValueError) as error:
            raise _refusal("令牌的签名或格式有误", "the signature or format of the token is wrong") from error

    def _decode_with(self, token: str, keys: KeySet) -> Claims:
        return dict(jwt.decode(token, keys, registry=REGISTRY).claims)

    async def _get_keys(self, *, refresh: bool) -> KeySet:
        """Return the keys of the provider, loaded anew with `refresh`, or after their lifetime if it can be reached. Raises
        `ProviderUnavailable`."""
        age = self._now() - self._keys_loaded_at
        if self._keys is None or age >= (KEY_REFRESH_SECONDS if refresh else KEY_LIFETIME_SECONDS):
            self._keys_loaded_at = self._now()
            try:
                self._keys = await self._load_keys()
            except ProviderUnavailable:
                if self._keys is None or refresh:
                    raise
                return self._keys
            # What was signed with a withdrawn key must not stay verified.
            with self._lock:
                self._verified.clear()
        return self._keys

    def _require_claims(self, claims: Claims, nonce: str | None) -> None:
        audiences = claims.get("aud")
        expires, not_before = claims.get("exp"), claims.get("nbf", 0)
        if claims.get("iss") != self._issuer:
            raise _refusal("令牌的签发方不符", "the token has another issuer")
        if self._audience not in (audiences if isinstance(audiences, list) else [audiences]):
            raise _refusal("令牌不是发给本服务的", "the token is for another audience")
        if not isinstance(expires, int | float) or expires + LEEWAY_SECONDS <= self._now():
            raise _refusal("令牌已过期", "the token has expired")
        if not isinstance(not_before, int | float) or not_before - LEEWAY_SECONDS > self._now():
            raise _refusal("令牌尚未生效", "the token is not valid yet")
        if nonce is not None and claims.get("nonce") != nonce:
            raise _refusal("登录响应与请求不符", "the response does not belong to this sign-in")


def _refusal(zh: str, en: str) -> NotSignedIn:
    return NotSignedIn(reason_zh=zh, reason_en=en)
