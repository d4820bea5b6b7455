"""Users of the demo: chosen on a page, on this machine and in the demo only; without a choice everything is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.access.rights import Role
from graph_service.access.sessions import Session
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.errors import SettingInvalid
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.local_database import utc_now
from graph_service.platform.store.graph import Store
from graph_service.sign_in.authentication import SESSION_COOKIE
from graph_service.sign_in.demo_pages import EVERYTHING, PATH
from graph_service.sign_in.demo_users import DEMO_USERS
from graph_service.sign_in.services import AccessServices, demo_access
from tests.browser import Page
from tests.callers import LocalClient, shared_audit_log
from tests.serving import running

ME = "/graphql?query={me{user roles}}"
COUNT = "/graphql?query={households{totalCount}}"
ANYBODY = {"user": None, "roles": [role.value for role in Role]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"GRAPH_SERVICE_DATA": tmp_path})


@pytest.fixture
def demo(settings: Settings) -> Iterator[AccessServices]:
    with demo_access(settings) as access:
        yield access


@pytest.fixture
def client(store: Store, settings: Settings, demo: AccessServices) -> Iterator[TestClient]:
    with LocalClient(
        build_app(store, settings, access=demo, audit_log=shared_audit_log()), follow_redirects=False
    ) as test_client:
        yield test_client


def choose(client: TestClient, user: str, **headers: str) -> Any:
    return client.post(f"{PATH}/{user}", headers=headers)


def me(client: TestClient) -> Any:
    return client.get(ME).json()["data"]["me"]


def test_every_role_has_a_user() -> None:
    # A monitoring system reads no records, and nobody is granted emergency access.
    assert {user.role for user in DEMO_USERS} >= set(Role) - {Role.MONITORING, Role.EMERGENCY}
    assert all(user.title.startswith("演示·") and user.user.startswith("demo-") for user in DEMO_USERS)


def test_without_a_choice_everything_is_open(client: TestClient) -> None:
    assert me(client) == ANYBODY
    assert "未选择，可查看并更改全部数据" in client.get(PATH).text


@pytest.mark.parametrize("user", DEMO_USERS, ids=lambda user: user.user)
def test_a_chosen_user_asks_until_everything_is_chosen_again(client: TestClient, user: Any) -> None:
    response = choose(client, user.user, **{"sec-fetch-site": "same-origin"})
    assert (response.status_code, response.headers["location"]) == (303, PATH)
    assert all(attribute in response.headers["set-cookie"] for attribute in ("HttpOnly", "SameSite=lax"))
    assert me(client) == {"user": user.user, "roles": [user.role.value]}
    assert f"<strong>{user.title} {user.user}</strong>" in client.get(PATH).text
    choose(client, EVERYTHING)
    assert me(client) == ANYBODY


def test_users_see_their_areas(imported: ImportReport, client: TestClient) -> None:
    assert imported.sequence == 1
    counts = {}
    for user in ("demo-county-official", "demo-township-official"):
        choose(client, user)
        counts[user] = client.get(COUNT).json()["data"]["households"]["totalCount"]
    assert counts["demo-county-official"] > counts["demo-township-official"] > 0
    choose(client, "demo-administrator")
    assert client.get(COUNT).json()["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_the_session_of_the_former_user_ends(client: TestClient) -> None:
    choose(client, "demo-auditor")
    former = client.cookies[SESSION_COOKIE]
    choose(client, "demo-registrar")
    client.cookies.clear()
    response = client.get(ME, headers={"cookie": f"{SESSION_COOKIE}={former}"})
    assert response.json()["data"]["me"] == ANYBODY


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "http://localhost"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:9"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_page_of_another_site_chooses_nobody(client: TestClient, headers: dict[str, str]) -> None:
    response = choose(client, "demo-registrar", **headers)
    assert (response.status_code, "其他网站" in response.text) == (403, True)
    assert me(client) == ANYBODY


def test_a_page_of_another_site_signs_nobody_out(client: TestClient) -> None:
    choose(client, "demo-auditor")
    response = client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert (response.status_code, "set-cookie" in response.headers) == (403, False)
    assert me(client)["user"] == "demo-auditor"


MUTATION = "mutation { revokeAccess(input: {number: 1}) { ... on Refusal { code } } }"


def test_a_page_of_another_site_changes_nothing_as_the_chosen_user(client: TestClient) -> None:
    choose(client, "demo-administrator")
    origin = {"origin": "https://evil.example"}
    ask = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    assert "access-control-allow-origin" not in client.options("/graphql", headers=ask).headers
    simple_types = {"text/plain": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=b": 400}
    for media, status in simple_types.items():
        response = client.post("/graphql", content=b'{"query": "x"}', headers={**origin, "content-type": media})
        assert response.status_code == status, media
    assert client.get("/graphql", params={"query": MUTATION}).status_code == 405


@pytest.mark.parametrize(("user", "status"), [("admin", 404), ("demo-county-official2", 404)])
def test_there_are_no_users_but_those_of_the_page(client: TestClient, user: str, status: int) -> None:
    assert choose(client, user).status_code == status
    assert me(client) == ANYBODY


def test_the_page_is_for_this_machine_even_where_any_host_is_allowed(store: Store, demo: AccessServices) -> None:
    """Check DNS rebinding: the name of another site resolves to this machine."""
    settings = Settings.model_validate({"GRAPH_SERVICE_HOSTS": "*"})
    with LocalClient(build_app(store, settings, access=demo, audit_log=shared_audit_log())) as client:
        assert client.get(PATH, headers={"host": "evil.example"}).status_code == 421
        assert choose(client, "demo-registrar", host="evil.example").status_code == 421


@pytest.mark.parametrize(
    "variables",
    [
        {"GRAPH_SERVICE_HOST": "0.0.0.0"},
        {"GRAPH_SERVICE_HOST": "192.0.2.1"},
        {"GRAPH_SERVICE_SIGN_IN": "required"},
        {"GRAPH_SERVICE_OIDC_ISSUER": "https://id.example", "GRAPH_SERVICE_OIDC_CLIENT_ID": "c"},
    ],
    ids=lambda variables: next(iter(variables)) + "=" + next(iter(variables.values())),
)
def test_there_is_no_demo_on_another_address_or_in_place_of_a_sign_in(variables: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid), demo_access(Settings.model_validate(variables)):
        pass


def test_a_service_that_is_no_demo_has_no_such_users(store: Store, settings: Settings) -> None:
    with LocalClient(build_app(store, settings, audit_log=shared_audit_log())) as client:
        assert client.get(PATH).status_code == 404
        assert choose(client, "demo-registrar").status_code == 404


def test_the_users_end_with_the_demo(settings: Settings) -> None:
    with demo_access(settings) as access:
        session = access.sessions.begin(Session("demo-registrar", "", {}, utc_now() + timedelta(hours=1)))
    assert not list(settings.data_folder.iterdir()), "a service with sign-in over the same data does not inherit them"
    with demo_access(settings) as access:
        assert access.sessions.get(session) is None
        assert len(list(access.grants.iterate())) == len(DEMO_USERS)


def test_a_browser_chooses_a_user_and_asks_in_graphiql(
    imported: ImportReport, store: Store, settings: Settings, demo: AccessServices, page: Page
) -> None:
    assert imported.sequence == 1
    with running(build_app(store, settings, access=demo, audit_log=shared_audit_log())) as base:
        page.open(f"{base}{PATH}")
        page.leave_by('button[formaction$="/demo-township-official"]')
        assert "当前用户 / Current user：演示·镇扶贫工作站 demo-township-official" in page.text
        page.leave_by('a[href^="/graphql"]')
        page.wait_for("document.querySelector('.graphiql-execute-button')")
        page.evaluate("document.querySelector('.graphiql-execute-button').click()")
        page.wait_for("document.querySelector('.result-window').innerText.includes('demo-township-official')")
        page.open(f"{base}{PATH}")
        page.leave_by(f'button[formaction$="/{EVERYTHING}"]')
        assert "未选择" in page.text
