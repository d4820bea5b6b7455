"""Headers that protect pages: a strict policy with a nonce of its own in every response, and HTTPS for ever once it was used."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log

pytestmark = pytest.mark.one_engine

PAGE = {"accept": "text/html"}
SCRIPT = re.compile(r"<script\b([^>]*)>")
NONCE = re.compile(r"script-src 'nonce-([A-Za-z0-9_-]{22})'(?:;|$)")


@pytest.fixture
def console(store: Store) -> TestClient:
    return LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log()))


def test_scripts_of_the_console_run_by_a_nonce_that_is_new_each_time(console: TestClient) -> None:
    nonces = set()
    for _ in range(3):
        page = console.get("/graphql", headers=PAGE)
        match = NONCE.search(page.headers["content-security-policy"])
        assert match is not None
        scripts = SCRIPT.findall(page.text)
        assert len(scripts) == 4
        assert all(f'nonce="{match[1]}"' in attributes and 'src="/assets/' in attributes for attributes in scripts)
        assert page.headers["cache-control"] == "no-store"
        nonces.add(match[1])
    assert len(nonces) == 3


def test_no_page_allows_what_is_inline_or_elsewhere(console: TestClient, client: TestClient) -> None:
    for response in (
        console.get("/graphql", headers=PAGE),
        console.get("/graphql?query={__typename}"),
        console.get("/assets/boot.js"),
        client.get("/sign-in"),
        client.get("/graphql"),
    ):
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        for weakness in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
            assert weakness not in policy
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("address", "is_sent"), [("https://fp.example.gov.cn", True), ("http://fp.example.gov.cn", False), ("", False)])  # fmt: skip
def test_browsers_stay_on_https_where_the_public_address_has_it(store: Store, address: str, is_sent: bool) -> None:
    client = LocalClient(
        build_app(store, Settings.model_validate({"GRAPH_SERVICE_PUBLIC_URL": address}), audit_log=shared_audit_log())
    )
    for path in ("/graphql?query={__typename}", "/healthz", "/none"):
        header = client.get(path).headers.get("strict-transport-security")
        assert header == ("max-age=31536000" if is_sent else None)
