"""Texts that people type with a change are read by whoever reads records, and sealed by no key: none may have a number of a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import GRANTABLE_ROLES
from graph_service.config import Settings
from graph_service.graphql.schema import schema
from graph_service.sign_in.services import AccessServices
from tests.processes import environment, run_command
from tests.sign_in.conftest import settings_with_approval

pytestmark = pytest.mark.one_engine
NUMBERS = ("519900197001010024", "6222020000000000000", "100-1234-5678")
CHANGES = {
    "approveProposal": 'number: 1, note: "%s"',
    "breakGlass": 'area: "513431", reason: "%s"',
    "closeProblem": 'clientKey: "k", problemNo: "WT1", closedOn: "2016-12-31", evidence: "%s"',
    "grantAccess": 'user: "li", role: OFFICIAL, readAreas: ["513431"], reason: "%s"',
    "issueShares": 'clientKey: "k", decisionNo: "JY1", assetNo: "ZC1", decidedOn: "2016-12-31", reason: "%s"',
    "openProblem": 'clientKey: "k", problemNo: "WT1", cardNo: "5134311002000000", due: "2017-06-30", cadreNo: "GB1", content: "%s"',
    "recordVisit": 'clientKey: "k", cadreNo: "GB1", cardNo: "5134311002000000", on: "2016-12-31", note: "%s"',
    "redistributeShares": 'clientKey: "k", decisionNo: "JY1", assetNo: "ZC1", decidedOn: "2016-12-31", exited: [], rounding: LARGEST_REMAINDER, reason: "%s"',
    "rejectProposal": 'number: 1, reason: "%s"',
    "reopenProblem": 'clientKey: "k", problemNo: "WT1", reason: "%s"',
    "resolveFinding": 'clientKey: "k", findingNo: "F1", note: "%s"',
    "reviewEmergencyAccess": 'number: 1, note: "%s"',
    "signPledge": 'clientKey: "k", pledgeNo: "ZR1", areaCode: "513431", year: 2016, cadreNo: "GB1", on: "2016-12-31", content: "%s"',
    "transferShares": 'clientKey: "k", decisionNo: "JY1", assetNo: "ZC1", decidedOn: "2016-12-31", certificate: "GQ1", to: {cardNo: "5134311002000000"}, reason: "%s"',
    "updateProblem": 'clientKey: "k", problemNo: "WT1", content: "%s"',
    "waiveDuty": 'clientKey: "k", duty: HELPER, cardNo: "5134311002000000", until: "2030-12-31", reason: "%s"',
    "waiveFinding": 'clientKey: "k", findingNo: "F1", until: "2030-12-31", reason: "%s"',
}  # fmt: skip
"""Input of every change with a text of its author's. %s: the text."""
TEXT_FIELDS = {"content", "evidence", "note", "reason"}
Change = Callable[..., dict[str, Any]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_with_approval(tmp_path)


@pytest.fixture
def client(client_of_empty: TestClient) -> TestClient:
    return client_of_empty


@pytest.fixture
def change(client: TestClient, access: AccessServices) -> Change:
    """A function that makes a change with a text as a user who may do everything, and returns its result."""
    for role in GRANTABLE_ROLES:
        access.grants.add(AccessGrant("everything", role, ("",), ("",)))
    key, _ = access.api_keys.create("everything", "tests")

    def post(name: str, text: str, content: str = "") -> dict[str, Any]:
        fields = (content or CHANGES[name]) % text
        query = f"mutation {{ made: {name}(input: {{{fields}}}) {{ __typename ... on Invalid {{ code field en }} }} }}"
        body = client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {key}"}).json()
        result: dict[str, Any] = body["data"]["made"]
        return result

    return post


def test_the_table_has_every_text_of_every_change() -> None:
    mutation = schema().mutation_type
    assert isinstance(mutation, GraphQLObjectType)
    inputs = {name: get_named_type(field.args["input"].type) for name, field in mutation.fields.items() if field.args}
    with_texts = {
        name
        for name, type_ in inputs.items()
        if isinstance(type_, GraphQLInputObjectType) and not TEXT_FIELDS.isdisjoint(type_.fields)
    }
    assert with_texts == set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_a_text_with_a_number_of_a_person_is_refused(change: Change, name: str) -> None:
    for number in NUMBERS:
        result = change(name, f"户主电话或证件 {number}")
        assert (result.get("code"), result.get("field") in TEXT_FIELDS) == ("VALUE_NOT_ALLOWED", True), result
        assert "numbers of ID documents" in result["en"]


@pytest.mark.parametrize("name", CHANGES)
def test_numbers_of_the_register_and_days_may_be_written(change: Change, name: str) -> None:
    assert change(name, "户 5134311002000000，2016-12-31 已核实").get("code") != "VALUE_NOT_ALLOWED"


def test_a_reason_on_the_command_line_is_refused_too(tmp_path: Path) -> None:
    words = ("access", "grant", "li", "official", "--read", "513431", "--reason")
    code, _, err = run_command(environment(tmp_path), *words, f"致电 {NUMBERS[0]}")
    assert (code, "numbers of ID documents" in err) == (2, True)
    assert run_command(environment(tmp_path), *words, "新任")[0] == 0
    with closing(sqlite3.connect(tmp_path / "access.sqlite")) as database:
        assert database.execute("SELECT reason FROM access_grant").fetchall() == [("新任",)]


NEW_NUMBERS = {
    "openProblem": ("problemNo", 'clientKey: "k", problemNo: "%s", cardNo: "5134311002000000", due: "2017-06-30", cadreNo: "GB1", content: "饮水"'),
    "signPledge": ("pledgeNo", 'clientKey: "k", pledgeNo: "%s", areaCode: "513431", year: 2016, cadreNo: "GB1", on: "2016-12-31"'),
    "issueShares": ("decisionNo", 'clientKey: "k", decisionNo: "%s", assetNo: "ZC1", decidedOn: "2016-12-31"'),
    "redistributeShares": ("decisionNo", 'clientKey: "k", decisionNo: "%s", assetNo: "ZC1", decidedOn: "2016-12-31", exited: [], rounding: LARGEST_REMAINDER'),
    "transferShares": ("newCertificate", 'clientKey: "k", decisionNo: "JY1", assetNo: "ZC1", decidedOn: "2016-12-31", certificate: "GQ1", newCertificate: "%s", to: {cardNo: "5134311002000000"}'),
    "announceDividend": ("distributionNo", 'clientKey: "k", distributionNo: "%s", assetNo: "ZC1", year: 2016, amount: "1", recordDate: "2016-12-31"'),
    "recordPayments": ("voucher", 'clientKey: "k", distributionNo: "FH1", voucher: "%s", on: "2016-12-31", payments: []'),
    "recordVisit": ("clientKey", 'clientKey: "%s", cadreNo: "GB1", cardNo: "5134311002000000", on: "2016-12-31"'),
    "grantAccess": ("user", 'user: "%s", role: OFFICIAL, readAreas: ["513431"], reason: "新任"'),
    "createApiKey": ("user", 'user: "%s"'),
}  # fmt: skip
"""Field and input of the changes that create a number, or keep a key or name. %s: its value."""


@pytest.mark.parametrize("name", NEW_NUMBERS)
def test_no_number_of_a_person_names_what_is_created(change: Change, name: str) -> None:
    field, content = NEW_NUMBERS[name]
    for number in (*NUMBERS, f"编号-{NUMBERS[0]}"):
        result = change(name, number, content)
        assert (result.get("code"), result.get("field")) == ("VALUE_NOT_ALLOWED", field), result
    assert change(name, "WT-2016-001", content).get("code") != "VALUE_NOT_ALLOWED"


def test_who_runs_a_command_is_not_named_by_a_number(tmp_path: Path) -> None:
    grant = ("access", "grant", "li", "official", "--read", "513431", "--reason", "新任")
    for words in (grant, ("check",), ("import", "x.xlsx"), ("trace",)):
        code, _, err = run_command(environment(tmp_path), *words, "--by", NUMBERS[0])
        assert (code, "--by" in err, "证件号码" in err) == (2, True, True), err
