"""Bearer tokens: only those of the issuer, for this service, by its keys and asymmetric algorithms, and not expired."""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from graph_service.access.bearer_tokens import KEY_LIFETIME_SECONDS, KEY_REFRESH_SECONDS, TokenVerifier
from graph_service.errors import NotSignedIn, ProviderUnavailable

ISSUER, AUDIENCE = "https://id.example", "graph-service"
RSA, EC, STRANGER = (
    RSAKey.generate_key(2048, {"kid": "rsa"}),
    ECKey.generate_key("P-256", {"kid": "ec"}),
    RSAKey.generate_key(2048, {"kid": "rsa"}),
)


def claims(**changes: Any) -> dict[str, Any]:
    values = {"iss": ISSUER, "aud": AUDIENCE, "sub": "wang", "exp": int(time.time()) + 600, **changes}
    return {name: value for name, value in values.items() if value is not None}


def token(key: Any = RSA, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims(**changes), key, algorithms=[algorithm])


class Provider:
    """Keys of a provider, and how often they were loaded."""

    def __init__(self, *keys: Any) -> None:
        self.keys, self.load_count = list(keys), 0

    async def load(self) -> KeySet:
        self.load_count += 1
        if not self.keys:
            raise ProviderUnavailable(issuer=ISSUER, reason="gone")
        return KeySet.import_key_set({"keys": [key.as_dict(private=False) for key in self.keys]})


def verify(text: str, provider: Provider | None = None, **options: Any) -> Mapping[str, Any]:
    verifier = TokenVerifier(ISSUER, AUDIENCE, (provider or Provider(RSA, EC)).load)
    return asyncio.run(verifier.verify(text, **options))


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS384"), (EC, "ES256")])
def test_a_token_of_the_issuer_is_accepted(key: Any, algorithm: str) -> None:
    assert verify(token(key, algorithm))["sub"] == "wang"
    assert verify(token(aud=["other", AUDIENCE]))["sub"] == "wang"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_with_wrong_claims_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        verify(token(**changes))


def unsigned(header: dict[str, Any]) -> str:
    parts = (orjson.dumps(header), orjson.dumps(claims()), b"")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_token_without_signature_is_refused() -> None:
    for name in ("none", "None", "NONE"):
        with pytest.raises(NotSignedIn):
            verify(unsigned({"alg": name, "kid": "rsa"}))


def test_a_public_key_is_no_shared_secret() -> None:
    content = unsigned({"alg": "HS256", "kid": "rsa"}).removesuffix(".")
    digest = hmac.digest(RSA.as_pem(private=False), content.encode(), "sha256")
    with pytest.raises(NotSignedIn):
        verify(f"{content}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


def test_the_signature_of_another_key_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        verify(token(STRANGER))


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "." * 20_000])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(text)


def test_the_nonce_must_be_that_of_the_sign_in() -> None:
    assert verify(token(nonce="n1"), nonce="n1")
    for nonce in ("n2", None):
        with pytest.raises(NotSignedIn):
            verify(token(nonce=nonce), nonce="n1")


def test_a_verified_token_ends_when_it_expires() -> None:
    clock = [time.time()]
    verifier = TokenVerifier(ISSUER, AUDIENCE, Provider(RSA).load, now=lambda: clock[0])
    text = token(exp=int(clock[0]) + 100)
    assert asyncio.run(verifier.verify(text))
    clock[0] += 1_000
    with pytest.raises(NotSignedIn, match="expired"):
        asyncio.run(verifier.verify(text))


def test_rotated_keys_are_loaded_and_invented_ones_do_not_flood_the_provider() -> None:
    provider, clock = Provider(EC), [1_000_000.0]
    verifier = TokenVerifier(ISSUER, AUDIENCE, provider.load, now=lambda: clock[0])

    async def attempt(text: str) -> bool:
        try:
            await verifier.verify(text)
        except NotSignedIn:
            return False
        return True

    assert asyncio.run(attempt(token(EC, "ES256", exp=int(clock[0]) + 600)))
    rsa_token = token(exp=int(clock[0]) + 600)
    assert not any(asyncio.run(attempt(rsa_token)) for _ in range(50))
    assert provider.load_count == 1, "the keys are new"
    provider.keys = [RSA]
    clock[0] += KEY_REFRESH_SECONDS
    assert asyncio.run(attempt(rsa_token))
    assert provider.load_count == 2


def test_a_token_of_a_withdrawn_key_is_refused_even_where_it_was_verified() -> None:
    provider, clock = Provider(RSA), [1_000_000.0]
    verifier = TokenVerifier(ISSUER, AUDIENCE, provider.load, now=lambda: clock[0])
    text = token(exp=int(clock[0]) + 3_600)
    assert asyncio.run(verifier.verify(text))
    provider.keys = [EC]
    clock[0] += KEY_LIFETIME_SECONDS - 1
    assert asyncio.run(verifier.verify(text)), "the keys are not loaded for each token"
    clock[0] += 1
    with pytest.raises(NotSignedIn):
        asyncio.run(verifier.verify(text))
    assert provider.load_count == 2


def test_keys_stay_in_use_while_the_provider_cannot_be_reached() -> None:
    provider, clock = Provider(RSA), [1_000_000.0]
    verifier = TokenVerifier(ISSUER, AUDIENCE, provider.load, now=lambda: clock[0])
    assert asyncio.run(verifier.verify(token(exp=int(clock[0]) + 3_600)))
    provider.keys = []
    clock[0] += KEY_LIFETIME_SECONDS
    assert asyncio.run(verifier.verify(token(exp=int(clock[0]) + 3_600)))
    clock[0] += KEY_REFRESH_SECONDS
    with pytest.raises(ProviderUnavailable):
        asyncio.run(verifier.verify(token(EC, "ES256", exp=int(clock[0]) + 3_600)))
