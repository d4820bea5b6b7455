"""Sign-in in a real browser by a certified provider: to its form and back, refusals, sign-out, and a change of its keys.

The service is another site than the provider (`localhost`, `127.0.0.1`), as it is in an installation.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service.sign_in.authentication import SESSION_COOKIE
from graph_service.sign_in.pages import PENDING_COOKIE
from tests.browser import Page
from tests.clients import node
from tests.patience import CAP_SECONDS, wait_until
from tests.ports import free_port
from tests.processes import end_tree, environment, service

pytestmark = pytest.mark.slow
ME = "{ me { user roles grants { role readAreas } } }"
GRANT = {"role": "OFFICIAL", "readAreas": ["513431"]}
ASK = """fetch('/graphql', {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({query: '%s'})})
  .then((answer) => answer.json())"""


class Provider:
    """The provider as a process, on one port with one key at a time."""

    def __init__(self, script: Path, redirect_uri: str) -> None:
        self._script, self._redirect_uri, self._port = script, redirect_uri, free_port()
        self.issuer = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, key: str) -> None:
        """Start the provider with a key of its own, in place of the one that runs."""
        self.stop()
        command = [str(node.find()), "--no-warnings", str(self._script), str(self._port), self._redirect_uri, key]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, "the provider", self._process.pid)

    def stop(self) -> None:
        if self._process is not None:
            end_tree(self._process)

    def token(self) -> str:
        """Return a bearer token of an app."""
        response = httpx2.post(
            f"{self.issuer}/token", data={"grant_type": "client_credentials"}, auth=("portal", "portal-secret"), timeout=CAP_SECONDS,
        )  # fmt: skip
        return str(response.json()["access_token"])

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.issuer}/jwks", timeout=CAP_SECONDS).status_code == 200
        except httpx2.HTTPError:
            return False


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(packages: Path, port: int) -> Iterator[Provider]:
    started = Provider(packages / "provider.mjs", f"http://localhost:{port}/sign-in/callback")
    started.start("first")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def base(provider: Provider, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a service, a process of its own, with sign-in by the provider."""
    settings = environment(
        tmp_path_factory.mktemp("data"),
        GRAPH_SERVICE_OIDC_ISSUER=provider.issuer,
        GRAPH_SERVICE_OIDC_CLIENT_ID="graph-service",
        GRAPH_SERVICE_OIDC_ROLES_CLAIM="fp.roles",
        GRAPH_SERVICE_OIDC_AREAS_CLAIM="areas",
        GRAPH_SERVICE_OIDC_SECONDS="60",
    )
    with service(settings, port):
        yield f"http://localhost:{port}"


def to_consent(page: Page, base: str, path: str = "/") -> None:
    """Open a page of the service and sign in at the provider, up to its question of consent."""
    page.open(base + path)
    page.fill("[name=login]", "county-office")
    page.fill("[name=password]", "any")
    page.leave_by("[type=submit]")


def me(page: Page) -> Any:
    """Return what `me` answers to the page that is open."""
    return page.evaluate(ASK % ME)["data"]["me"]


def test_a_user_signs_in_asks_and_signs_out(page: Page, base: str, provider: Provider) -> None:
    to_consent(page, base, "/graphql?query=%7Bme%7Buser%7D%7D")
    assert page.address.startswith(f"{provider.issuer}/interaction/")
    page.leave_by("[type=submit]")
    assert page.address == f"{base}/graphql?query=%7Bme%7Buser%7D%7D"
    assert me(page) == {"user": "county-office", "roles": ["OFFICIAL"], "grants": [GRANT]}
    cookie = page.cookies()[SESSION_COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["domain"]) == (True, "Lax", "localhost")
    page.open(f"{base}/sign-out")
    page.leave_by("button")
    assert "您已退出登录" in page.text
    assert SESSION_COOKIE not in page.cookies()
    # The policy of the service lets no other page than GraphiQL's send requests.
    page.call("Page.setBypassCSP", enabled=True)
    page.open(f"{base}/healthz")
    assert page.evaluate(ASK % ME)["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    again = httpx2.get(f"{base}/graphql?query={ME}", cookies={SESSION_COOKIE: cookie["value"]}, timeout=CAP_SECONDS)
    assert again.status_code == 401, "the session has ended, not only its cookie"


def test_graphiql_answers_as_the_user_who_has_signed_in(page: Page, base: str) -> None:
    to_consent(page, base, "/graphql?query=%7Bme%7Buser%7D%7D")
    page.leave_by("[type=submit]")
    page.wait_for("document.querySelector('.graphiql-execute-button')")
    page.evaluate("document.querySelector('.graphiql-execute-button').click()")
    page.wait_for("document.querySelector('.result-window').innerText.includes('county-office')")


def test_a_user_who_refuses_is_not_signed_in(page: Page, base: str) -> None:
    to_consent(page, base)
    page.leave_by("a[href$='/abort']")
    assert page.address.startswith(f"{base}/sign-in/callback?error=access_denied")
    assert "身份提供方未同意登录" in page.text
    assert SESSION_COOKIE not in page.cookies()


def test_a_response_with_another_state_is_refused(page: Page, base: str) -> None:
    """Check that another site cannot sign a browser in under an account of its own."""
    page.open(base)
    assert PENDING_COOKIE in page.cookies()
    page.open(f"{base}/sign-in/callback?code=planted&state=planted")
    assert "登录响应与请求不符" in page.text
    assert SESSION_COOKIE not in page.cookies()


def test_a_page_of_another_site_has_no_session(page: Page, base: str, provider: Provider) -> None:
    to_consent(page, base)
    page.leave_by("[type=submit]")
    assert me(page)["user"] == "county-office"
    page.open(f"{provider.issuer}/jwks")
    page.evaluate(f"document.body.innerHTML = '<form method=post action=\"{base}/sign-out\"><button></button></form>'")
    page.leave_by("button")
    assert "未退出登录" in page.text
    page.open(base)
    assert me(page)["user"] == "county-office"


def status(base: str, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.post(f"{base}/graphql", json={"query": ME}, headers=headers, timeout=CAP_SECONDS).status_code


def test_new_keys_of_the_provider_are_accepted_and_former_ones_no_more(base: str, provider: Provider) -> None:
    verified, unseen = provider.token(), provider.token()
    assert status(base, verified) == 200
    provider.start("second")
    new = provider.token()
    # Keys are loaded at most twice a minute.
    wait_until(lambda: status(base, new) == 200, "a token of the new key")
    assert status(base, unseen) == 401
    assert status(base, verified) == 401, "a token that was accepted before is checked with the new keys"
