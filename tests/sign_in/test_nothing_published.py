"""A service without data: a caller is told who imports them."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.sign_in.conftest import COUNTY


def test_an_official_is_told_who_imports_a_register(client_of_empty: TestClient, keys: dict[str, str]) -> None:
    headers = {"authorization": f"Bearer {keys['wang']}"}
    query = f'{{ households(area: {{code: "{COUNTY}"}}) {{ totalCount }} }}'
    [error] = client_of_empty.post("/graphql", json={"query": query}, headers=headers).json()["errors"]
    extensions = error["extensions"]
    assert extensions["code"] == "NOTHING_PUBLISHED"
    assert "请由登记人员用 importRegister" in extensions["zh"]
    assert "A registrar imports a register with importRegister" in extensions["en"]
