"""The commands `access …`, and the refusal of `serve` to be open to other machines."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.permissions import EVERYWHERE, Permissions
from graph_service.access.rights import Right
from graph_service.audit.entries import AuditEvent, AuditRecord, AuditSubject
from graph_service.audit.log import open_audit_log
from graph_service.cli.access import access
from graph_service.cli.server import require_protected
from graph_service.config import Settings
from graph_service.core.refusals import refusal_code
from graph_service.errors import AreaUnknown, ChangeInvalid, NotFound, SignInMissing


@pytest.fixture(autouse=True)
def folder(data_folder: Path) -> Path:
    return data_folder


def run(*words: str) -> str:
    result = CliRunner().invoke(access, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    # Without the settings of the service, a command works on another folder.
    assert "数据 / Data: /" in result.stderr
    return result.stdout


def permissions_of(folder: Path, user: str) -> Permissions:
    database = AccessDatabase(folder / FILE_NAME)
    try:
        return Grants(database).permissions_of(user)
    finally:
        database.close()


def test_the_first_administrator_is_granted_on_the_machine(folder: Path) -> None:
    assert "授权 1 已生效" in run("grant", "admin", "administrator", "--write", "all", "--reason", "首任管理员")
    assert permissions_of(folder, "admin").areas_for(Right.MANAGE_ACCESS) == ("",)
    assert run("list") == "授权 / grant 1: admin administrator read all write all\n"
    run("revoke", "1", "--by", "root")
    assert permissions_of(folder, "admin").grants == ()
    assert run("list") == ""
    assert re.fullmatch(r"授权 / grant 1: .*已撤销 / revoked by root .*Z\n", run("list", "--ended"))


def test_an_area_to_change_is_also_one_to_read(folder: Path) -> None:
    run("grant", "wang", "official", "--write", "513431", "--expires", "2099-12-31", "--reason", "驻县扶贫办")
    permissions = permissions_of(folder, "wang")
    assert permissions.areas_for(Right.READ_RECORDS) == ("513431",)
    assert "到期 / expires" in run("list")


def test_a_key_is_printed_once(folder: Path) -> None:
    run("grant", "portal", "front-end", "--read", "513431", "--reason", "门户网站")
    assert "gsk_" in run("create-key", "portal", "--by", "root")
    assert "gsk_" not in run("list")
    assert "接口密钥 / API key 1: portal" in run("list")
    run("revoke-key", "1")
    assert "API key" not in run("list")


def test_a_key_needs_a_grant() -> None:
    for user, field in (("portal", "RECORD_UNKNOWN"), (" ", "REQUIRED_VALUE_MISSING")):
        with pytest.raises(ChangeInvalid) as refused:
            run("create-key", user)
        assert refusal_code(refused.value).name == field
    assert run("list") == ""


@pytest.mark.parametrize("words", [["revoke", "1"], ["revoke-key", "1"], ["create-key", "wang"], ["grant", "wang", "official", "--read", "51", "--reason", "驻县"]], ids=lambda words: words[0])  # fmt: skip
def test_somebody_does_it(folder: Path, words: list[str]) -> None:
    with pytest.raises(ChangeInvalid) as refused:
        run(*words, "--by", " ")
    assert refused.value.details["field"] == "by"
    assert entries(folder) == []


def entries(folder: Path) -> list[AuditRecord]:
    """Return the entries of the audit log, the oldest first."""
    with closing(open_audit_log(Settings.model_validate({"GRAPH_SERVICE_DATA": folder}))) as audit_log:
        return [entry.record for entry in reversed(audit_log.list_entries(EVERYWHERE))]


def test_commands_leave_entries_of_what_they_concern(folder: Path) -> None:
    run("grant", "wang", "official", "--read", "513431", "--reason", " 驻县扶贫办 ", "--by", "root")
    run("create-key", "wang", "--by", "root")
    run("revoke", "1", "--by", "root")
    run("revoke-key", "1", "--by", "root")
    requests, outcomes = entries(folder)[::2], entries(folder)[1::2]
    grant, key, user = (AuditSubject(label, number, ("513431",)) for label, number in (("AccessGrant", "1"), ("ApiKey", "1"), ("User", "wang")))  # fmt: skip
    assert [(entry.operation, entry.event) for entry in requests] == [
        (f"access {name}", AuditEvent.REQUEST) for name in ("grant", "create-key", "revoke", "revoke-key")
    ]
    assert [(entry.outcome, entry.subjects, entry.purpose) for entry in outcomes] == [
        ("MADE", (grant, user), "驻县扶贫办"),
        ("MADE", (key, user), ""),
        ("MADE", (grant, user), ""),
        ("MADE", (key, user), ""),
    ]
    # The auditor of the county sees them all, also that of a key whose user has no grant any more.
    assert {entry.areas for entry in (*requests, *outcomes)} == {("513431",)}


def test_a_refused_command_leaves_its_reason(folder: Path) -> None:
    with pytest.raises(ChangeInvalid):
        run("grant", "wang", "registrar", "--read", "513431", "--reason", "驻县扶贫办")
    assert [(entry.outcome, entry.subjects, entry.purpose) for entry in entries(folder)] == [
        ("", (), ""),
        ("OUT_OF_RANGE", (), ""),
    ]


def test_a_grant_that_has_expired_is_none(folder: Path) -> None:
    with pytest.raises(ChangeInvalid) as refused:
        run("grant", "wang", "official", "--read", "513431", "--expires", "2020-01-01", "--reason", "驻县扶贫办")
    assert "到期日已过" in str(refused.value)
    assert run("list") == ""


@pytest.mark.parametrize("words", [(), ("--reason", ""), ("--reason", " ")], ids=["omitted", "empty", "blank"])
def test_a_grant_has_a_reason(words: tuple[str, ...]) -> None:
    with pytest.raises(ChangeInvalid) as refused:
        run("grant", "wang", "official", "--read", "513431", *words)
    assert "不能为空" in refused.value.message_zh
    assert refused.value.details["field"] == "reason"
    assert run("list") == ""


def test_what_does_not_exist_is_an_error() -> None:
    for words, error in (
        (("grant", "wang", "official", "--read", "999999", "--reason", "驻县扶贫办"), AreaUnknown),
        (("revoke", "7"), NotFound),
        (("revoke-key", "7"), NotFound),
    ):
        with pytest.raises(error):
            CliRunner().invoke(access, words, catch_exceptions=False)


@pytest.mark.parametrize(("host", "is_open"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("fp.example", False)])  # fmt: skip
def test_without_sign_in_the_service_listens_on_this_machine_only(host: str, is_open: bool) -> None:
    settings = Settings.model_validate({"GRAPH_SERVICE_HOST": host})
    if is_open:
        require_protected(settings)
    else:
        with pytest.raises(SignInMissing):
            require_protected(settings)
    require_protected(Settings.model_validate({"GRAPH_SERVICE_HOST": host, "GRAPH_SERVICE_SIGN_IN": "required"}))
