"""`graph-service verify audit`: it says with what the log was compared."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.audit.log import open_audit_log
from graph_service.cli.verify import verify
from graph_service.config import get_settings


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
