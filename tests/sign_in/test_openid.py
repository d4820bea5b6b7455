"""Sign-in with an identity provider: the code flow with PKCE and nonce, its failures, and what the session remembers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.platform.local_database import utc_now
from graph_service.platform.store.graph import Store
from graph_service.sign_in.authentication import SESSION_COOKIE
from graph_service.sign_in.pages import PENDING_COOKIE, local_path
from graph_service.sign_in.services import AccessServices, open_access
from tests.callers import LocalClient, shared_audit_log

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, run_server_in_thread

# The provider of the tests runs in this process, and uses a part of its library that is to be removed.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
USERS = (
    User(sub="wang", claims={"name": "王", "roles": ["official", "unheard-of"], "areas": ["513431"]}),
    User(sub="shen", claims={"name": "沈"}),
)
ME = "/graphql?query={me{user roles rights{right areas}}}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=USERS, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def settings(issuer: str, tmp_path: Path) -> Settings:
    secret = tmp_path / "secret"
    secret.write_text("secret\n", encoding="utf-8")
    return Settings.model_validate(
        {
            "GRAPH_SERVICE_OIDC_ISSUER": issuer,
            "GRAPH_SERVICE_OIDC_CLIENT_ID": "graph-service",
            "GRAPH_SERVICE_OIDC_CLIENT_SECRET_FILE": secret,
            "GRAPH_SERVICE_OIDC_ROLES_CLAIM": "roles",
            "GRAPH_SERVICE_OIDC_AREAS_CLAIM": "areas",
            "GRAPH_SERVICE_OIDC_SCOPES": "openid profile",
            "GRAPH_SERVICE_DATA": tmp_path / "data",
        }
    )


@pytest.fixture
def access(settings: Settings) -> Iterator[AccessServices]:
    services = open_access(settings)
    yield services
    services.close()


@pytest.fixture
def client(store: Store, settings: Settings, access: AccessServices) -> Iterator[TestClient]:
    with LocalClient(
        build_app(store, settings, access=access, audit_log=shared_audit_log()), follow_redirects=False
    ) as test_client:
        yield test_client


def authorize(client: TestClient, user: str | None, next_path: str = "/graphql") -> httpx2.URL:
    """Begin a sign-in and let the user agree at the provider, or refuse; return the address to which the provider sends the browser."""
    response = client.get("/sign-in", params={"next": next_path})
    assert response.status_code == 303, response.text
    form = {"action": "deny"} if user is None else {"sub": user}
    answer = httpx2.post(response.headers["location"], data=form)
    assert answer.status_code == 302, answer.text
    return httpx2.URL(answer.headers["location"])


def finish(client: TestClient, callback: httpx2.URL) -> Any:
    return client.get(f"{callback.path}?{callback.query.decode()}")


def test_a_user_signs_in_and_out(client: TestClient) -> None:
    response = finish(client, authorize(client, "wang", "/graphql?example=1"))
    assert (response.status_code, response.headers["location"]) == (303, "/graphql?example=1")
    me = client.get(ME).json()["data"]["me"]
    assert (me["user"], me["roles"]) == ("wang", ["OFFICIAL"])
    assert {"right": "READ_RECORDS", "areas": ["513431"]} in me["rights"]
    assert client.post("/sign-out").status_code == 200
    assert client.get(ME).status_code == 401


def test_the_request_has_pkce_state_and_nonce(client: TestClient) -> None:
    query = parse_qs(urlsplit(client.get("/sign-in").headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["scope"] == ["openid profile"]
    assert query["redirect_uri"] == ["http://localhost/sign-in/callback"]
    assert all(len(query[name][0]) >= 40 for name in ("state", "nonce", "code_challenge"))


def test_cookies_hold_a_random_id_only(client: TestClient, access: AccessServices) -> None:
    begun = client.get("/sign-in").headers["set-cookie"]
    assert begun.startswith(f"{PENDING_COOKIE}=")
    response = finish(client, authorize(client, "wang"))
    [cookie] = [text for text in response.headers.get_list("set-cookie") if text.startswith(SESSION_COOKIE)]
    for text in (begun, cookie):
        assert all(attribute in text for attribute in ("HttpOnly", "SameSite=lax"))
    value = client.cookies[SESSION_COOKIE]
    assert len(value) >= 40
    stored = b"".join(path.read_bytes() for path in access.database.path.parent.iterdir())
    assert value.encode() not in stored


def test_a_session_of_another_sign_in_is_not_kept(client: TestClient) -> None:
    """Check session fixation: an id that somebody else has set is replaced."""
    callback = authorize(client, "wang")
    pending = client.cookies[PENDING_COOKIE]
    response = client.get(
        f"{callback.path}?{callback.query.decode()}",
        headers={"cookie": f"{PENDING_COOKIE}={pending}; {SESSION_COOKIE}=planted"},
    )
    assert response.status_code == 303
    client.cookies.clear()
    assert client.get(ME, headers={"cookie": f"{SESSION_COOKIE}=planted"}).status_code == 401


def test_a_user_without_roles_sees_nothing_until_they_are_granted(client: TestClient, access: AccessServices) -> None:
    finish(client, authorize(client, "shen"))
    assert client.get(ME).json()["data"]["me"] == {"user": "shen", "roles": [], "rights": []}
    access.grants.add(AccessGrant("shen", Role.AUDITOR, ("",)))
    assert client.get(ME).json()["data"]["me"]["roles"] == ["AUDITOR"]


def test_a_response_counts_once(client: TestClient) -> None:
    callback = authorize(client, "wang")
    assert finish(client, callback).status_code == 303
    response = finish(client, callback)
    assert (response.status_code, "登录未完成" in response.text) == (401, True)


@pytest.mark.parametrize("change", ["state", "code", "cookie"])
def test_a_response_that_does_not_belong_to_the_sign_in_is_refused(client: TestClient, change: str) -> None:
    callback = authorize(client, "wang")
    if change == "cookie":
        client.cookies.clear()
    else:
        callback = callback.copy_set_param(change, "invented")
    response = finish(client, callback)
    assert response.status_code == 401
    assert SESSION_COOKIE not in client.cookies
    assert "invented" not in response.text


def test_a_user_who_refuses_gets_our_page(client: TestClient) -> None:
    response = finish(client, authorize(client, None))
    assert (response.status_code, "登录未完成" in response.text) == (401, True)


def test_a_pending_sign_in_is_no_session(client: TestClient) -> None:
    client.get("/sign-in")
    pending = client.cookies[PENDING_COOKIE]
    assert client.get(ME, headers={"cookie": f"{SESSION_COOKIE}={pending}"}).status_code == 401


def test_an_expired_session_has_ended(client: TestClient, access: AccessServices) -> None:
    finish(client, authorize(client, "wang"))
    with access.database.transaction() as connection:
        past = (utc_now() - timedelta(seconds=1)).isoformat(timespec="microseconds")
        connection.execute("UPDATE session SET expires_at = ?", (past,))
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "", "/a\nb"]
)
def test_a_sign_in_does_not_lead_to_another_site(target: str) -> None:
    assert local_path(target) == "/"


def test_a_provider_that_is_not_there_gives_our_page(store: Store, settings: Settings) -> None:
    gone = settings.model_copy(update={"oidc_issuer": "http://localhost:9"})
    services = open_access(gone)
    try:
        with LocalClient(
            build_app(store, gone, access=services, audit_log=shared_audit_log()), follow_redirects=False
        ) as client:
            response = client.get("/sign-in")
            assert (response.status_code, "身份提供方" in response.text, "9" in response.text) == (503, True, False)
            response = client.get(ME, headers={"authorization": "Bearer a.b.c"})
            assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (
                503,
                "PROVIDER_UNAVAILABLE",
            )
    finally:
        services.close()
