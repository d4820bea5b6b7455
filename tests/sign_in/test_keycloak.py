"""Sign-in by a real Keycloak with the realm of the how-to page. It starts slowly: it runs where KEYCLOAK_TEST is set."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html import unescape
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2
import pytest

from tests import ROOT
from tests.patience import CAP_SECONDS
from tests.ports import free_port
from tests.processes import environment, service
from tests.servers.keycloak_server import keycloak_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("KEYCLOAK_TEST" not in os.environ, reason="Keycloak: asked for by KEYCLOAK_TEST=1"),
]
SECRET, PASSWORD = "portal-secret", "demo-password"
USER = {
    "username": "county-office",
    "enabled": True,
    "firstName": "县扶贫办",
    "credentials": [{"type": "password", "value": PASSWORD}],
    "realmRoles": ["official"],
    "attributes": {"areas": ["513431"]},
}
ME = {"query": "{ me { user roles grants { role readAreas writeAreas } } }"}


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def issuer(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the realm of the how-to page, with a user, the secret of the app, and the address of the service."""
    realm = json.loads((ROOT / "docs" / "assets" / "keycloak-realm.json").read_text(encoding="utf-8"))
    clients = {client["clientId"]: client for client in realm["clients"]}
    clients["graph-service"]["redirectUris"] = [f"http://127.0.0.1:{port}/sign-in/callback"]
    clients["portal"]["secret"] = SECRET
    realm["users"].append(USER)
    with keycloak_server(tmp_path_factory.mktemp("keycloak"), realm) as url:
        yield url


@pytest.fixture(scope="module")
def base(issuer: str, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a service with the settings of the how-to page."""
    settings = environment(
        tmp_path_factory.mktemp("data"),
        GRAPH_SERVICE_OIDC_ISSUER=issuer,
        GRAPH_SERVICE_OIDC_CLIENT_ID="graph-service",
        GRAPH_SERVICE_OIDC_USER_CLAIM="preferred_username",
        GRAPH_SERVICE_OIDC_ROLES_CLAIM="realm_access.roles",
        GRAPH_SERVICE_OIDC_AREAS_CLAIM="areas",
        GRAPH_SERVICE_OIDC_SECONDS="60",
    )
    with service(settings, port):
        yield f"http://127.0.0.1:{port}"


def browser_client() -> httpx2.Client:
    """Return a client that keeps Secure cookies on this machine too, as browsers do."""
    cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    return httpx2.Client(cookies=cookies, follow_redirects=True, timeout=CAP_SECONDS)


def me(client: httpx2.Client, base: str, **headers: str) -> Any:
    return client.post(f"{base}/graphql", json=ME, headers=headers).json()["data"]["me"]


def sign_in(client: httpx2.Client, base: str, password: str) -> httpx2.Response:
    """Follow the service to Keycloak, post the form that Keycloak shows, and follow the redirects back."""
    form = client.get(f"{base}/sign-in?next=/healthz")
    action = re.search(r'<form[^>]+action="([^"]+)"', form.text)
    assert action, form.text
    return client.post(unescape(action[1]), data={"username": USER["username"], "password": password})


def test_a_user_signs_in_with_roles_and_areas_of_the_realm(base: str) -> None:
    with browser_client() as client:
        response = sign_in(client, base, PASSWORD)
        assert (response.status_code, str(response.url)) == (200, f"{base}/healthz")
        grant = {"role": "OFFICIAL", "readAreas": ["513431"], "writeAreas": ["513431"]}
        assert me(client, base) == {"user": "county-office", "roles": ["OFFICIAL"], "grants": [grant]}
        assert client.post(f"{base}/sign-out").status_code == 200
        assert client.post(f"{base}/graphql", json=ME).status_code == 401


def test_a_wrong_password_stays_at_keycloak(base: str, issuer: str) -> None:
    with browser_client() as client:
        response = sign_in(client, base, "wrong")
        assert (response.status_code, str(response.url).startswith(issuer)) == (200, True)
        assert 'name="password"' in response.text, "the form is shown again"
        assert client.post(f"{base}/graphql", json=ME).status_code == 401


def test_an_app_asks_with_a_token_of_its_service_account(base: str, issuer: str) -> None:
    with httpx2.Client(timeout=CAP_SECONDS) as client:
        request = {
            "grant_type": "client_credentials",
            "client_id": "portal",
            "client_secret": SECRET,
            "scope": "profile",
        }
        token = client.post(f"{issuer}/protocol/openid-connect/token", data=request).json()["access_token"]
        caller = me(client, base, authorization=f"Bearer {token}")
        assert (caller["user"], caller["roles"]) == ("service-account-portal", ["FRONT_END"])
        assert caller["grants"][0]["readAreas"] == ["513431"]
