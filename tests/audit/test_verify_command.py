"""`graph-service verify audit`: it says with what the log was compared."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.audit.log import open_audit_log
from graph_service.cli.verify import verify
from graph_service.config import get_settings
from graph_service.errors import AuditLogFailed


@pytest.fixture(autouse=True)
def folder(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that has the data folder in it, and is the current one."""
    monkeypatch.chdir(data_folder)
    monkeypatch.setenv("GRAPH_SERVICE_DATA", str(data_folder / "data"))
    (data_folder / "data").mkdir()
    return data_folder


def add_entries(count: int) -> str:
    """Add entries to the log, and return its head as the command takes it."""
    with closing(open_audit_log(get_settings())) as audit_log:
        for _ in range(count):
            entry = audit_log.append(
                AuditRecord("wang", AuditEvent.READ, "persons", "核对", ("513431",), (), ("health",), 1)
            )
    return f"{entry.number}:{entry.digest.hex()}"


def test_an_anchor_beside_the_log_is_called_so(folder: Path) -> None:
    head = add_entries(3)
    result = CliRunner().invoke(verify, ["audit"])
    assert result.exit_code == 0
    assert f"与锚点文件 {folder / 'data' / 'audit-anchor.txt'} 中的 3 个校验值一致；末条" in result.stdout
    assert f"heads in the anchor {folder / 'data' / 'audit-anchor.txt'}; head {head}" in result.stdout
    assert "锚点文件与日志在同一文件夹，只能发现差错" in result.stderr


def test_a_head_of_the_caller_is_called_so() -> None:
    result = CliRunner().invoke(verify, ["audit", "--head", add_entries(3)])
    assert "3 个校验值及 --head 给出的校验值一致" in result.stdout
    assert "3 heads in the anchor" in result.stdout
    assert " and with that of --head; head 3:" in result.stdout
    assert result.stderr == ""


def test_an_anchor_elsewhere_needs_no_remark(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_SERVICE_AUDIT_ANCHOR", str(folder / "anchor.txt"))
    add_entries(1)
    result = CliRunner().invoke(verify, ["audit"])
    assert f"与锚点文件 {folder / 'anchor.txt'} 中的 1 个校验值一致" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("action", ["deleted", "emptied"])
def test_an_anchor_without_the_heads_of_the_log_is_a_fault(folder: Path, action: str) -> None:
    add_entries(3)
    anchor = folder / "data" / "audit-anchor.txt"
    anchor.unlink()
    if action == "emptied":
        anchor.touch()
    result = CliRunner().invoke(verify, ["audit"])
    assert result.exit_code == 1
    assert "审计日志有 1 处问题 / The audit log has 1 fault\n" in result.stdout
    assert "  1-3  UNANCHORED  锚点文件中没有校验值 / " in result.stdout
    assert ("不存在" if action == "deleted" else "不完整") in result.stderr
    assert "如系更换位置，请将原文件的内容并入该文件" in result.stderr
    body = orjson.loads(CliRunner().invoke(verify, ["audit", "--json"]).stdout)
    assert (body["confirmed"], body["faults"]) == (False, [{"number": 1, "last": 3, "fault": "UNANCHORED"}])


def test_an_anchor_in_a_new_place_is_a_fault_until_it_has_the_former_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_entries(3)
    monkeypatch.setenv("GRAPH_SERVICE_AUDIT_ANCHOR", str(folder / "anchor.txt"))
    get_settings.cache_clear()
    add_entries(1)
    result = CliRunner().invoke(verify, ["audit"])
    assert (result.exit_code, "  1-3  UNANCHORED" in result.stdout) == (1, True)
    with (folder / "anchor.txt").open("ab") as file:
        file.write((folder / "data" / "audit-anchor.txt").read_bytes())
    result = CliRunner().invoke(verify, ["audit"])
    assert (result.exit_code, "4 heads in the anchor" in result.stdout) == (0, True)


def test_an_empty_log_is_called_so(folder: Path) -> None:
    result = CliRunner().invoke(verify, ["audit"])
    assert result.exit_code == 0
    assert f"审计日志 {folder / 'data' / 'audit.sqlite'} 尚无记录" in result.stdout
    assert "已核验" not in result.stdout


def test_a_wrong_head_of_the_caller_is_named_as_such() -> None:
    add_entries(1)
    for head, sentence in (
        (f"1:{'0' * 64}", "REPLACED  与所给末条（--head）的校验值不同"),
        (f"2:{'0' * 64}", "CUT  日志在所给末条（--head）之前结束"),
    ):
        result = CliRunner().invoke(verify, ["audit", "--head", head])
        assert (result.exit_code, sentence in result.stdout) == (1, True), result.stdout
        assert "The anchor has" not in result.stdout
        body = orjson.loads(CliRunner().invoke(verify, ["audit", "--head", head, "--json"]).stdout)
        assert [fault["against"] for fault in body["faults"]] == ["head"]


def test_a_missing_folder_of_the_anchor_is_named_as_such(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = folder / "missing" / "anchor.txt"
    monkeypatch.setenv("GRAPH_SERVICE_AUDIT_ANCHOR", str(anchor))
    with pytest.raises(AuditLogFailed) as failed:
        add_entries(1)
    assert f"审计日志的锚点文件 {anchor} 无法使用" in failed.value.message_zh
    assert f"The anchor of the audit log, {anchor}, cannot be used" in failed.value.message_en
