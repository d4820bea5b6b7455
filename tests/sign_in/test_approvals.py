"""Approval by a second person: what waits, what is seen of it meanwhile, and who may decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.access.approvals import APPROVABLE, ChangeProposal, ProposalState
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.core.rules import sensitive_checks
from graph_service.errors import SettingInvalid
from graph_service.features.approvals.queries import PROPOSAL_ENCODERS
from graph_service.graphql.schema import schema
from graph_service.platform.codec import Codec
from graph_service.platform.local_database import utc_now
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices
from tests import county
from tests.callers import shared_audit_log
from tests.languages import assert_languages, assert_own_language
from tests.sign_in.conftest import COUNTY, settings_with_approval

KEY = bytes(range(64))
APPROVERS = {"ping": "", "county-approver": COUNTY, "registrar-approver": ""}
IMPORT = """mutation($input: ImportRegisterInput!) { made: importRegister(input: $input) { __typename
  ... on AwaitingApproval { proposal zh } ... on ImportRegisterSuccess { dataVersion changed remarkCount remarks { row } leftOutCount rejects { rows } } ... on Refusal { code zh } } }"""
GRANT = """mutation { made: grantAccess(input: {user: "li", role: OFFICIAL, readAreas: ["513431"], reason: "新任"}) { __typename
  ... on AwaitingApproval { proposal } ... on GrantAccessSuccess { grant { user } } ... on Refusal { code } } }"""
WAIVE = """mutation($key: String!) { made: waiveDuty(input: {clientKey: $key, duty: HELPER, cardNo: "51343110020000", reason: "在外", until: "2016-12-31"})
  { __typename ... on AwaitingApproval { proposal } ... on Refusal { code } } }"""
DECIDE = """mutation($number: Int!) { made: %s(input: {number: $number%s}) { __typename
  ... on %sSuccess { proposal { state user decidedBy note dataVersion } } ... on Refusal { code } } }"""
APPROVE = DECIDE % ("approveProposal", ', note: "同意"', "ApproveProposal")
REJECT = DECIDE % ("rejectProposal", ', reason: "材料不全"', "RejectProposal")
WITHDRAW = DECIDE % ("withdrawProposal", "", "WithdrawProposal")
PROPOSALS = "{ proposals { number mutation input user state areas } dataVersions { sequence by } }"
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_with_approval(tmp_path)


@pytest.fixture
def access(access: AccessServices) -> AccessServices:
    for user, area in APPROVERS.items():
        access.grants.add(AccessGrant(user, Role.APPROVER, (area,), (area,)))
    access.grants.add(AccessGrant("registrar-approver", Role.REGISTRAR, ("",), ("",)))
    return access


@pytest.fixture
def client(client_of_empty: TestClient) -> TestClient:
    return client_of_empty


@pytest.fixture
def send(client: TestClient, access: AccessServices) -> Send:
    """A function that sends a document as a user, and returns the response's data."""
    keys: dict[str, str] = {}

    def post(user: str, query: str, **variables: Any) -> dict[str, Any]:
        key = keys.setdefault(user, keys.get(user) or access.api_keys.create(user, "admin")[0])
        headers = {"authorization": f"Bearer {key}"}
        body = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers).json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data.get("made") or data

    return post


@pytest.fixture
def propose_import(client: TestClient, access: AccessServices, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A function that proposes an import of a small register as a user."""

    def post(
        user: str = "deng", client_key: str = "k1", sheets: county.Sheets = county.SHEETS, **input_: Any
    ) -> dict[str, Any]:
        content = county.workbook(sheets, tmp_path / "register.xlsx").read_bytes()
        operations = {"query": IMPORT, "variables": {"input": {"clientKey": client_key, "files": [None], **input_}}}
        headers = {
            "authorization": f"Bearer {access.api_keys.create(user, 'admin')[0]}",
            "graphql-require-preflight": "1",
        }
        body = client.post(
            "/graphql",
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.files.0"]}'},
            files={"0": ("登记表.xlsx", content)},
            headers=headers,
        ).json()
        made: dict[str, Any] = body["data"]["made"]
        return made

    return post


def test_an_import_waits_unseen_until_another_user_approves_it(
    send: Send, propose_import: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    made = propose_import()
    assert (made["__typename"], made["proposal"]) == ("AwaitingApproval", 1)
    stored = tmp_path / "proposals" / "1" / "0"
    assert (S_IMODE(stored.stat().st_mode), S_IMODE(stored.parent.stat().st_mode)) == (0o600, 0o700)
    waiting = send("ping", PROPOSALS)
    assert waiting["dataVersions"] == []
    assert [(p["mutation"], p["user"], p["state"]) for p in waiting["proposals"]] == [
        ("importRegister", "deng", "WAITING")
    ]
    assert "登记表.xlsx" in waiting["proposals"][0]["input"]
    proposal = send("ping", APPROVE, number=1)["proposal"]
    assert proposal == {"state": "APPROVED", "user": "deng", "decidedBy": "ping", "note": "同意", "dataVersion": 1}
    assert send("ping", PROPOSALS)["dataVersions"] == [{"sequence": 1, "by": "deng"}]
    assert not stored.exists()
    assert send("ping", APPROVE, number=1)["code"] == "ALREADY_DECIDED"


ENTRIES = "{ made: auditLog(first: 2) { nodes { event operation outcome dataVersion } } }"
WRONG_SHEETS = {
    **county.SHEETS,
    "驻村帮扶": [*county.SHEETS["驻村帮扶"], ["GB9", county.FIRST, "第一书记", None, None]],
}
"""A register with a cadre at a village who is in no other sheet."""


def test_what_is_decided_waits_no_longer_when_it_is_sent_again(
    send: Send, propose_import: Callable[..., dict[str, Any]]
) -> None:
    assert [propose_import()["proposal"], propose_import()["proposal"]] == [1, 1]
    send("ping", APPROVE, number=1)
    propose_import(client_key="k2")
    send("ping", REJECT, number=2)
    for key, state in (("k1", "已批准"), ("k2", "已驳回")):
        answer = propose_import(client_key=key)
        assert (answer["__typename"], answer["code"], state in answer["zh"]) == ("Conflict", "ALREADY_DECIDED", True)
    assert len(send("ping", PROPOSALS)["proposals"]) == 2


def test_an_import_that_changes_nothing_made_no_version(
    send: Send, propose_import: Callable[..., dict[str, Any]]
) -> None:
    propose_import()
    send("ping", APPROVE, number=1)
    propose_import(client_key="k2")
    assert send("ping", APPROVE, number=2)["proposal"]["dataVersion"] is None
    approved, imported = send("shen", ENTRIES)["nodes"]
    assert (approved["operation"], imported["operation"]) == ("approveProposal", "importRegister")
    assert [entry["outcome"] for entry in (approved, imported)] == ["MADE", "MADE"]
    assert [entry["dataVersion"] for entry in (approved, imported)] == [None, None]
    assert [version["sequence"] for version in send("ping", PROPOSALS)["dataVersions"]] == [1]


def test_what_an_import_refuses_is_read_before_it_is_approved(
    send: Send, propose_import: Callable[..., dict[str, Any]]
) -> None:
    tried = propose_import(sheets=WRONG_SHEETS, dryRun=True)
    assert (tried["__typename"], tried["dataVersion"], tried["changed"]) == ("ImportRegisterSuccess", None, True)
    assert tried["rejects"] == {"rows": 1}
    assert tried["remarkCount"] == len(tried["remarks"]) > 0
    assert [entry["outcome"] for entry in send("shen", ENTRIES)["nodes"]] == ["TRIED", None]
    assert send("ping", PROPOSALS) == {"proposals": [], "dataVersions": []}
    made = propose_import(sheets=WRONG_SHEETS)
    assert (made["__typename"], f"{tried['remarkCount']} 处" in made["zh"]) == ("AwaitingApproval", True)
    [proposal] = send("ping", "{ proposals { mutation remarkCount leftOutCount } }")["proposals"]
    assert (proposal["remarkCount"], proposal["leftOutCount"]) == (tried["remarkCount"], tried["leftOutCount"])


def test_nobody_acts_as_an_approver_by_a_key_made_for_one(send: Send, access: AccessServices) -> None:
    create = 'mutation { made: createApiKey(input: {user: "%s"}) { __typename ... on Refusal { code zh } } }'
    access.grants.add(AccessGrant("portal-2", Role.FRONT_END, (COUNTY,)))
    assert send("admin", create % "portal-2")["__typename"] == "CreateApiKeySuccess"
    for user in ("ping", "wang", " deng "):
        assert send("admin", create % user)["code"] == "APPROVAL_NEEDED"


def test_nobody_gets_a_role_by_a_key_made_before_it_was_granted(send: Send, access: AccessServices) -> None:
    access.grants.add(AccessGrant("portal-2", Role.FRONT_END, (COUNTY,)))
    _, key = access.api_keys.create("portal-2", "admin")
    grant = f'mutation {{ made: grantAccess(input: {{user: "portal-2", role: %s, readAreas: ["{COUNTY}"], reason: "轮岗"}}) {{ __typename ... on Refusal {{ code zh }} }} }}'
    refused = send("admin", grant % "AUDITOR")
    assert refused["code"] == "APPROVAL_NEEDED"
    assert f"接口密钥 {key.number}" in refused["zh"]
    assert send("admin", grant % "OUTSIDER")["__typename"] == "AwaitingApproval"
    access.api_keys.revoke(key.number, "admin")
    assert send("admin", grant % "AUDITOR")["__typename"] == "AwaitingApproval"


def test_a_key_made_while_a_role_waits_for_approval_brings_it_to_nobody(send: Send, access: AccessServices) -> None:
    access.grants.add(AccessGrant("portal-2", Role.FRONT_END, (COUNTY,)))
    grant = f'mutation {{ made: grantAccess(input: {{user: "portal-2", role: AUDITOR, readAreas: ["{COUNTY}"], reason: "轮岗"}}) {{ __typename ... on AwaitingApproval {{ proposal }} }} }}'
    waiting = send("admin", grant)
    access.api_keys.create("portal-2", "admin")
    approve = f"mutation {{ made: approveProposal(input: {{number: {waiting['proposal']}}}) {{ __typename ... on Refusal {{ code }} }} }}"
    assert send("ping", approve)["code"] == "APPROVAL_NEEDED"


@pytest.fixture
def sealed_store(empty: Store) -> Iterator[Store]:
    """Return the empty store with a key."""
    plain_codec, empty.codec = empty.codec, Codec(KEY)
    yield empty
    empty.write(lambda tx: tx.run("MATCH (w:Writer) REMOVE w.seal", {}))
    empty.codec = plain_codec


def test_the_file_of_an_import_that_waits_is_sealed(
    sealed_store: Store,
    client: TestClient,
    access: AccessServices,
    send: Send,
    propose_import: Callable[..., dict[str, Any]],
    tmp_path: Path,
) -> None:
    assert propose_import()["proposal"] == 1
    [stored] = (tmp_path / "proposals" / "1").iterdir()
    assert S_IMODE(stored.stat().st_mode) == 0o600
    # The parts of a workbook name themselves in it.
    assert b"worksheets" in (tmp_path / "register.xlsx").read_bytes()
    assert b"worksheets" not in stored.read_bytes()
    # Without its key nothing is made, and the proposal goes on waiting.
    key_codec, sealed_store.codec = sealed_store.codec, Codec(KEY[::-1])
    headers = {"authorization": f"Bearer {access.api_keys.create('ping', 'admin')[0]}"}
    body = client.post("/graphql", json={"query": APPROVE, "variables": {"number": 1}}, headers=headers).json()
    [error] = body["errors"]
    assert error["extensions"]["code"] == "SETTING_INVALID"
    assert "proposal 1" in error["extensions"]["en"]
    assert_languages(error["extensions"]["zh"], error["extensions"]["en"])
    sealed_store.codec = key_codec
    assert send("ping", PROPOSALS)["proposals"][0]["state"] == "WAITING"
    assert send("ping", APPROVE, number=1)["proposal"]["dataVersion"] == 1
    assert not stored.exists()


def test_the_same_request_is_one_proposal(propose_import: Callable[..., dict[str, Any]], send: Send) -> None:
    assert [propose_import()["proposal"], propose_import()["proposal"]] == [1, 1]
    assert len(send("deng", PROPOSALS)["proposals"]) == 1


def test_nobody_decides_on_an_own_proposal(propose_import: Callable[..., dict[str, Any]], send: Send) -> None:
    propose_import("registrar-approver")
    for query in (APPROVE, REJECT):
        assert send("registrar-approver", query, number=1)["code"] == "OWN_PROPOSAL"
    assert send("ping", APPROVE, number=1)["__typename"] == "ApproveProposalSuccess"


@pytest.mark.parametrize("user", ["wang", "portal", "shen", "admin", "county-approver", "nobody"])
def test_who_may_not_decide_does_not_see_a_proposal(
    propose_import: Callable[..., dict[str, Any]], send: Send, user: str
) -> None:
    propose_import()
    assert send(user, "{ proposals { number } }")["proposals"] == []
    for query in (APPROVE, REJECT, WITHDRAW):
        assert send(user, query, number=1)["code"] in ("RIGHT_MISSING", "RECORD_UNKNOWN")


def test_a_rejected_or_withdrawn_proposal_changes_nothing(
    propose_import: Callable[..., dict[str, Any]], send: Send
) -> None:
    propose_import()
    propose_import(client_key="k2")
    assert send("ping", REJECT, number=1)["proposal"]["note"] == "材料不全"
    assert send("deng", WITHDRAW, number=2)["proposal"]["state"] == "WITHDRAWN"
    for number in (1, 2):
        assert send("ping", APPROVE, number=number)["code"] == "ALREADY_DECIDED"
    assert send("ping", PROPOSALS)["dataVersions"] == []


def test_a_proposal_shows_no_number_that_its_author_has_typed() -> None:
    content = {"files": [{"file": 0, "name": "致电 10012341234 核实 51990019700228002X.xlsx"}]}
    proposal = ChangeProposal(
        1, "importRegister", json.dumps(content), "wang", (), (), utc_now(), ProposalState.WAITING, "", None, "", None
    )
    shown = json.loads(PROPOSAL_ENCODERS["input"](proposal))
    assert shown["files"][0]["name"] == "致电 100****1234 核实 519900********002X.xlsx"


def test_what_is_wrong_is_refused_before_it_waits(send: Send) -> None:
    assert send("wang", WAIVE, key="w1")["code"] == "DAY_TOO_EARLY"
    assert send("ping", PROPOSALS)["proposals"] == []


def test_what_its_author_may_no_longer_do_is_not_made(
    propose_import: Callable[..., dict[str, Any]], send: Send, access: AccessServices
) -> None:
    propose_import()
    [grant] = access.grants.permissions_of("deng").grants
    access.grants.revoke(grant.number, "admin")
    assert send("ping", APPROVE, number=1)["code"] == "RIGHT_MISSING"
    assert send("ping", PROPOSALS)["proposals"][0]["state"] == "WAITING"


def test_a_grant_waits_for_an_approver(send: Send, access: AccessServices) -> None:
    assert send("admin", GRANT)["__typename"] == "AwaitingApproval"
    assert access.grants.permissions_of("li").grants == ()
    assert send("ping", APPROVE, number=1)["proposal"]["state"] == "APPROVED"
    [grant] = access.grants.permissions_of("li").grants
    assert (grant.granted_by, grant.read_areas) == ("admin", (COUNTY,))


def test_every_kind_names_mutations_whose_result_may_wait() -> None:
    mutation = schema().mutation_type
    assert mutation is not None
    waiting = {
        name
        for name, field in mutation.fields.items()
        if "AwaitingApproval" in {member.name for member in getattr(field.type, "types", ())}
    }
    assert waiting == APPROVABLE


@pytest.mark.parametrize("values", [{"GRAPH_SERVICE_APPROVAL": "imports"}, {"GRAPH_SERVICE_APPROVAL": "import", "GRAPH_SERVICE_SIGN_IN": "required"}])  # fmt: skip
def test_a_setting_that_cannot_work_stops_the_start(values: dict[str, str], empty: Store) -> None:
    with pytest.raises(SettingInvalid, match="GRAPH_SERVICE_APPROVAL") as error:
        build_app(empty, Settings.model_validate(values), audit_log=shared_audit_log())
    assert_own_language(error.value)


def test_a_waiver_of_a_sensitive_finding_is_approved_by_who_may_read_it(
    send: Send, propose_import: Callable[..., dict[str, Any]], access: AccessServices
) -> None:
    send("ping", APPROVE, number=propose_import()["proposal"])
    codes = ", ".join(sensitive_checks())
    query = f'{{ made: checkFindings(area: {{code: "{COUNTY}"}}, codes: [{codes}], purpose: "核查", first: 1) {{ nodes {{ finding {{ findingNo }} }} }} }}'
    number = send("deng", query)["nodes"][0]["finding"]["findingNo"]
    check, _, about = number.partition("!")
    waive = """mutation($number: String!) { made: waiveFinding(input: {clientKey: "w", findingNo: $number, reason: "已核实", until: "2017-12-31", purpose: "核查"})
      { __typename ... on AwaitingApproval { proposal } } }"""
    proposal = send("deng", waive, number=number)["proposal"]
    proposals = "{ proposals(first: 1%s) { input } }"
    for user in ("ping", "registrar-approver", "deng"):
        [masked] = send(user, proposals % "")["proposals"]
        assert (about in masked["input"], f"{check}!****" in masked["input"]) == (False, True)
    assert send("ping", APPROVE, number=proposal)["code"] == "RIGHT_MISSING"
    [full] = send("registrar-approver", proposals % ', purpose: "审批"')["proposals"]
    assert number in full["input"]
    made = send("registrar-approver", APPROVE, number=proposal)
    assert made["proposal"]["state"] == "APPROVED"
    log = "{ made: auditLog(first: 6) { nodes { user event operation purpose subjects { label key } } } }"
    entries = send("shen", log)["nodes"]
    assert [entry["subjects"] for entry in entries if entry["operation"] == "proposals"] == [
        [{"label": "Finding", "key": f"****!{about}"}]
    ]
    outcomes = {entry["operation"]: entry for entry in entries if entry["event"] == "OUTCOME"}
    assert outcomes["approveProposal"]["subjects"] == [{"label": "ChangeProposal", "key": str(proposal)}]
    assert outcomes["waiveFinding"]["subjects"] == [{"label": "Waiver", "key": f"****!{about}"}]
    assert [outcomes[name]["user"] for name in ("approveProposal", "waiveFinding")] == ["registrar-approver", "deng"]


def test_the_auditor_of_a_county_sees_who_approved_what(send: Send, access: AccessServices) -> None:
    access.grants.add(AccessGrant("county-auditor", Role.AUDITOR, (COUNTY,)))
    grant = GRANT.replace("li", "zhao")
    proposal = send("county-admin", grant)["proposal"]
    send("ping", APPROVE, number=proposal)
    log = "{ made: auditLog { nodes { user event operation areas subjects { label key } hiddenSubjects } } }"
    entries = [entry for entry in send("county-auditor", log)["nodes"] if entry["event"] == "OUTCOME"][:3]
    assert [(entry["user"], entry["operation"]) for entry in entries] == [
        ("ping", "approveProposal"),
        ("county-admin", "grantAccess"),
        ("county-admin", "grantAccess"),
    ]
    assert entries[0]["subjects"] == [{"label": "ChangeProposal", "key": str(proposal)}]
    assert {subject["label"]: subject["key"] for subject in entries[1]["subjects"]}["User"] == "zhao"
    assert all(area.startswith(COUNTY) or not area for entry in entries for area in entry["areas"])
