"""Requests to a service with sign-in: who may pass, what is answered to the others, and when access ends."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.http.sockets import SUBPROTOCOL
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices
from tests.callers import LocalClient, shared_audit_log
from tests.sign_in.conftest import COUNTY, Ask

COUNT = "{ households { totalCount } }"
PROTECTED = [
    "/graphql?query={me{user}}",
    "/exports",
    "/exports/coverageGaps.csv?area=513431",
    "/examples",
    "/schema.graphql",
    "/",
]


@pytest.mark.parametrize("path", PROTECTED)
def test_without_credentials_nothing_is_answered(client: TestClient, path: str) -> None:
    response = client.get(path, follow_redirects=False)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


def test_a_page_without_credentials_leads_to_the_sign_in(client: TestClient) -> None:
    response = client.get("/graphql?example=1", headers={"accept": "text/html"}, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=%2Fgraphql%3Fexample%3D1")


def test_who_has_no_credentials_is_told_where_a_key_goes(client: TestClient) -> None:
    """Check the message for programs, and the page for browsers, which without a provider can sign in nowhere."""
    message = client.get("/").json()["errors"][0]["extensions"]
    page = client.get("/", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    for text in (message["zh"], message["en"], page.text):
        assert re.search(r"Authorization( 中.*|: )Bearer", text), text
    assert "浏览器不能打开" in page.text
    assert 'href="/sign-in' not in page.text, "the page does not lead to itself"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sign-in"])
def test_health_and_sign_in_are_open(client: TestClient, path: str) -> None:
    assert "NOT_SIGNED_IN" not in client.get(path).text


@pytest.mark.parametrize("header", ["Bearer gsk_invented", "Bearer ", "Basic dTpw", "gsk_x", "Bearer a.b.c"])
def test_wrong_credentials_are_refused_everywhere(client: TestClient, header: str) -> None:
    for path in PROTECTED:
        assert client.get(path, headers={"authorization": header}).status_code == 401, path


def test_each_user_sees_the_granted_areas(imported: ImportReport, ask: Ask) -> None:
    assert imported.sequence == 1
    assert ask("wang", COUNT)["data"]["households"]["totalCount"] > 0
    assert ask("portal", COUNT) == ask("wang", COUNT)
    for user in ("admin", "nobody"):
        assert ask(user, COUNT)["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_a_user_is_told_what_it_may_do(ask: Ask) -> None:
    query = "{ me { user roles rights { right areas } grants { role readAreas writeAreas } } }"
    me = ask("wang", query)["data"]["me"]
    assert (me["user"], me["roles"]) == ("wang", ["OFFICIAL"])
    assert {"right": "CHANGE_DUTIES", "areas": ["513431100"]} in me["rights"]
    assert me["grants"] == [{"role": "OFFICIAL", "readAreas": [COUNTY], "writeAreas": ["513431100"]}]


def test_a_revoked_grant_ends_with_the_next_request(imported: ImportReport, ask: Ask, access: AccessServices) -> None:
    assert imported.sequence == 1
    assert ask("wang", COUNT)["data"]["households"]["totalCount"] > 0
    [grant] = access.grants.permissions_of("wang").grants
    access.grants.revoke(grant.number, "admin")
    assert ask("wang", COUNT)["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_a_revoked_key_ends_with_the_next_request(ask: Ask, access: AccessServices) -> None:
    assert "data" in ask("wang", "{ me { user } }")
    [key] = [key for key in access.api_keys.list_keys() if key.user == "wang"]
    access.api_keys.revoke(key.number, "admin")
    assert ask("wang", "{ me { user } }")["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


def test_an_answer_of_another_user_is_no_cached_answer(
    imported: ImportReport, client: TestClient, keys: dict[str, str]
) -> None:
    assert imported.sequence == 1
    url = "/graphql?query={households{totalCount}}"
    users = ("portal", "wang", "shen", "deng")
    tags = {client.get(url, headers={"authorization": f"Bearer {keys[user]}"}).headers["etag"] for user in users}
    assert len(tags) == len(users)


ASSIGN = """mutation($input: AssignDutyInput!) { assignDuty(input: $input) {
  ... on Refusal { code } ... on AssignDutySuccess { changed } } }"""


def test_a_change_needs_the_right_to_make_it(imported: ImportReport, ask: Ask) -> None:
    assert imported.sequence == 1
    change = {
        "clientKey": "k1",
        "duty": "HELPER",
        "cardNo": "5134311002050005",
        "cadreNo": "GB0070",
        "since": "2016-12-01",
    }
    for user in ("portal", "shen", "admin", "nobody"):
        assert ask(user, ASSIGN, input=change)["data"]["assignDuty"] == {"code": "RIGHT_MISSING"}, user


def test_the_author_of_a_change_is_its_user(imported: ImportReport, ask: Ask) -> None:
    assert imported.sequence == 1
    change = {"clientKey": "k2", "duty": "HELPER", "cardNo": "5134311002050005", "cadreNo": "GB0070", "since": "2016-12-01", "by": "somebody"}  # fmt: skip
    assert ask("wang", ASSIGN, input=change)["data"]["assignDuty"] == {"code": "AUTHOR_DIFFERS"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_a_page_of_another_name_does_not_reach_the_service(store: Store, host: str) -> None:
    """Check DNS rebinding: the page's own name resolves to this machine, and its origin is the same."""
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        headers = {"host": host, "origin": f"http://{host}"}
        response = client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (421, "HOST_REFUSED")
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/graphql", [SUBPROTOCOL], headers=headers):
            pass


def test_credentials_are_not_ignored_where_nobody_checks_them(store: Store) -> None:
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        assert client.get("/graphql?query={__typename}").status_code == 200
        response = client.get("/graphql?query={__typename}", headers={"authorization": "Bearer gsk_x"})
        assert response.status_code == 401


def test_a_websocket_gives_its_key_in_the_header_or_the_first_message(client: TestClient, keys: dict[str, str]) -> None:
    header = f"Bearer {keys['wang']}"
    for options, payload in (({"headers": {"authorization": header}}, None), ({}, {"authorization": header})):
        with client.websocket_connect("/graphql", [SUBPROTOCOL], **options) as socket:
            socket.send_json({"type": "connection_init", "payload": payload})
            assert socket.receive_json() == {"type": "connection_ack"}
            socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": "{ me { user } }"}})
            assert socket.receive_json()["payload"]["data"] == {"me": {"user": "wang"}}


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer gsk_x"}, {"authorization": 1}])
def test_a_websocket_without_credentials_is_closed(client: TestClient, payload: object) -> None:
    with client.websocket_connect("/graphql", [SUBPROTOCOL]) as socket:
        socket.send_json({"type": "connection_init", "payload": payload})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4401


def test_an_operation_of_a_connection_ends_with_the_grant(
    imported: ImportReport, client: TestClient, keys: dict[str, str], access: AccessServices
) -> None:
    assert imported.sequence == 1
    headers = {"authorization": f"Bearer {keys['wang']}"}
    with client.websocket_connect("/graphql", [SUBPROTOCOL], headers=headers) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        [key] = [key for key in access.api_keys.list_keys() if key.user == "wang"]
        access.api_keys.revoke(key.number, "admin")
        socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": "{ me { user } }"}})
        message = socket.receive_json()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "NOT_SIGNED_IN")


def test_examples_of_the_whole_register_are_for_who_sees_all_of_it(
    imported: ImportReport, client: TestClient, keys: dict[str, str]
) -> None:
    assert imported.sequence == 1
    counts = {
        user: len(client.get("/examples", headers={"authorization": f"Bearer {keys[user]}"}).json())
        for user in ("wang", "portal", "admin", "nobody", "shen", "deng")
    }
    assert counts == {"wang": 0, "portal": 0, "admin": 0, "nobody": 0, "shen": counts["deng"], "deng": counts["deng"]}
    assert counts["deng"] > 3


def test_roles_of_one_area_do_not_widen_those_of_another(
    imported: ImportReport, ask: Ask, access: AccessServices
) -> None:
    assert imported.sequence == 1
    access.grants.add(AccessGrant("nobody", Role.OFFICIAL, ("513432",), ("513432",)))
    assert ask("nobody", COUNT)["data"]["households"]["totalCount"] == 0
