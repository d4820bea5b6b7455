"""The commands `keys …` as processes, and the files of the embedded engine: no confidential value is left in them in plain text."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.log import open_audit_log
from graph_service.config import Settings
from graph_service.platform.codec import load_codec
from tests.conftest import REGISTER
from tests.leaks import files_with_numbers
from tests.patience import CAP_SECONDS
from tests.processes import awake, environment, run_command

SUCCESS, INCOMPLETE, FAILURE = 0, 1, 2
PASSED = "PersonYear.id_document 已读记录 records read: 2000"
"""Progress of a rotation that has sealed telephones and the first documents, and not the others."""


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "data", GRAPH_SERVICE_KEY_FILE=str(tmp_path / "key"))


def killed_rotation(settings: dict[str, str]) -> None:
    """Run `keys rotate` until it has sealed a part, and kill it."""
    rotation = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "keys", "rotate"], env=settings,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert rotation.stderr is not None
    printed = ""
    while PASSED not in printed:
        assert rotation.poll() is None, printed
        printed += rotation.stderr.readline()
    rotation.send_signal(signal.SIGKILL)
    rotation.communicate(timeout=CAP_SECONDS)


def value_counts(settings: dict[str, str]) -> tuple[int, dict[str, dict[str, int]]]:
    """Return the exit code of `keys status` and its counts."""
    code, out, err = run_command(settings, "keys", "status", "--json")
    assert code != FAILURE, err
    counts: dict[str, dict[str, int]] = orjson.loads(out)["values"]
    return code, counts


@pytest.mark.one_engine
def test_a_new_key_is_first_in_a_file_that_only_its_owner_reads(tmp_path: Path, settings: dict[str, str]) -> None:
    path = tmp_path / "key"
    code, out, _ = run_command(settings, "keys", "generate")
    assert (code, len(out.strip())) == (SUCCESS, 88)
    path.write_text(f"# made in 2026\n{out}", encoding="ascii")
    [former] = load_codec(path).fingerprints
    code, _, err = run_command(settings, "keys", "generate", "--file", str(path))
    assert (code, "共 2 个密钥。请重新启动服务" in err) == (SUCCESS, True)
    assert load_codec(path).fingerprints[1:] == (former,)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("no key", encoding="ascii")
    code, _, err = run_command(settings, "keys", "generate", "--file", str(path))
    assert (code, "SETTING_INVALID" in err, path.read_text()) == (FAILURE, True, "no key")


@pytest.mark.one_engine
def test_a_first_key_needs_no_rotation_of_an_empty_store(tmp_path: Path, settings: dict[str, str]) -> None:
    path = tmp_path / "key"
    code, _, err = run_command(settings, "keys", "generate", "--file", str(path))
    assert (code, len(load_codec(path).fingerprints)) == (SUCCESS, 1)
    assert "请将 GRAPH_SERVICE_KEY_FILE 设为该文件；库中已有数据时" in err
    assert "Restart" not in err


@pytest.mark.one_engine
def test_without_a_key_file_nothing_is_complete(settings: dict[str, str]) -> None:
    without_key = {name: value for name, value in settings.items() if name != "GRAPH_SERVICE_KEY_FILE"}
    code, out, _ = run_command(without_key, "keys", "status")
    assert (code, "未设置密钥文件，号码均未封存" in out) == (INCOMPLETE, True)
    run_command(settings, "keys", "generate", "--file", settings["GRAPH_SERVICE_KEY_FILE"])
    code, out, _ = run_command(settings, "keys", "status")
    assert (code, "首次导入时启用当前密钥" in out) == (SUCCESS, True)
    code, out, _ = run_command(settings, "keys", "rotate")
    assert (code, "0 of them by this run" in out, "Former keys" in out) == (SUCCESS, True, False)
    code, out, _ = run_command(settings, "keys", "status")
    assert (code, "HouseholdYear.phone 号码 values: 0" in out) == (SUCCESS, True)
    code, out, _ = run_command(without_key, "keys", "status")
    [fingerprint] = load_codec(Path(settings["GRAPH_SERVICE_KEY_FILE"])).fingerprints
    assert (code, f"数据用密钥 {fingerprint} 封存" in out, "keys rotate" in out) == (INCOMPLETE, True, False)


@pytest.fixture
def plain(settings: dict[str, str]) -> dict[str, str]:
    """Return the settings of a folder into which the sample register was imported without a key, and then a key was made."""
    without_key = {name: value for name, value in settings.items() if name != "GRAPH_SERVICE_KEY_FILE"}
    assert run_command(without_key, "import", str(REGISTER))[0] == INCOMPLETE
    assert run_command(settings, "keys", "generate", "--file", settings["GRAPH_SERVICE_KEY_FILE"])[0] == SUCCESS
    return settings


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_killed_rotation_is_continued_and_leaves_no_plain_value_in_the_files(plain: dict[str, str]) -> None:
    folder = Path(plain["GRAPH_SERVICE_DATA"])
    assert files_with_numbers(folder)
    with awake(plain):
        code, counts = value_counts(plain)
        assert (code, {tuple(counter) for counter in counts.values()}) == (INCOMPLETE, {("",), ()})
        killed_rotation(plain)
        code, counts = value_counts(plain)
        assert (code, len(counts["PersonYear.id_document"])) == (INCOMPLETE, 2)
        assert "ROTATION_NEEDED" in run_command(plain, "import", str(REGISTER), "--dry-run")[2]
        code, out, _ = run_command(plain, "keys", "rotate", "--json")
        resealed = orjson.loads(out)["resealed"]
        assert (code, "HouseholdYear.phone" in resealed, resealed["PersonYear.identity"] > 2_000) == (
            SUCCESS,
            False,
            True,
        )
        assert value_counts(plain)[0] == SUCCESS
    assert files_with_numbers(folder) == []


@pytest.mark.slow
@pytest.mark.one_engine
def test_an_import_with_a_key_leaves_no_plain_value_in_the_files(settings: dict[str, str]) -> None:
    path, folder = settings["GRAPH_SERVICE_KEY_FILE"], Path(settings["GRAPH_SERVICE_DATA"])
    run_command(settings, "keys", "generate", "--file", path)
    assert run_command(settings, "import", str(REGISTER))[0] == INCOMPLETE
    assert files_with_numbers(folder) == []
    run_command(settings, "keys", "generate", "--file", path)
    assert run_command(settings, "keys", "status")[0] == INCOMPLETE
    code, out, err = run_command(settings, "keys", "rotate")
    assert (code, "待审批的导入办结后，原密钥可从密钥文件中删除" in out, PASSED in err) == (SUCCESS, True, True)
    assert files_with_numbers(folder) == []
    with closing(open_audit_log(Settings.model_validate({"GRAPH_SERVICE_DATA": folder}))) as audit_log:
        newest = audit_log.list_entries(EVERYWHERE, limit=2)
    assert [(entry.record.operation, entry.record.outcome) for entry in newest] == [
        ("keys rotate", "MADE"),
        ("keys rotate", ""),
    ]
