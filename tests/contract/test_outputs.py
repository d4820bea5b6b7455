"""Output of commands: no file is overwritten without --force, and files that cannot be read or written give an error, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from graph_service.__main__ import main
from graph_service.cli.output_files import (
    atomic_write,
    output_error,
    printable,
    require_absent,
    require_file,
)
from graph_service.errors import FileUnreadable, OutputExists, OutputRefused
from tests.patience import CAP_SECONDS
from tests.processes import environment

pytestmark = pytest.mark.one_engine
FAILURE = 2
SAMPLE = ("sample", "--county", "513431", "--households", "1", "--years", "2016")


def run_command(settings: Mapping[str, str], *words: str, out: str = os.devnull) -> tuple[int, str]:
    """Run `graph-service …` with its standard output written to a file, and return (exit code, standard error)."""
    with Path(out).open("wb") as file:
        process = subprocess.run(
            [sys.executable, "-m", "graph_service", *words],
            env=dict(settings), stdout=file, stderr=subprocess.PIPE, timeout=CAP_SECONDS, check=False, text=True,
        )  # fmt: skip
    return process.returncode, process.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "helperLoad", "--area", "513431", "--out"),
        ("check", "--area", "513431", "--out"),
        ("trace", "ZJ000", "--out"),
        ("import", "register.xlsx", "--rejects"),
    ],
    ids=lambda words: words[0],
)
def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Refuse before any question or import: no engine is started."""
    existing_file = tmp_path / "kept.xlsx"
    existing_file.write_bytes(b"another one's")
    code, err = run_command(environment(tmp_path / "data"), *words, str(existing_file))
    assert (code, err.count("OUTPUT_EXISTS"), "--force" in err) == (FAILURE, 2, True)
    assert existing_file.read_bytes() == b"another one's"
    assert not (tmp_path / "data" / "engine.log").exists()


def test_a_made_up_register_is_not_written_over_another_one(tmp_path: Path) -> None:
    settings, folder = environment(tmp_path / "data"), tmp_path / "made"
    folder.mkdir()
    existing_file = folder / "贫困户.csv"
    existing_file.write_text("mine", encoding="utf-8")
    code, err = run_command(settings, *SAMPLE, "--out", str(folder))
    assert (code, "OUTPUT_EXISTS" in err, existing_file.read_text(encoding="utf-8")) == (FAILURE, True, "mine")
    assert run_command(settings, *SAMPLE, "--out", str(folder), "--force")[0] == 0
    assert existing_file.read_text(encoding="utf-8") != "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full: only Linux has one at hand")
@pytest.mark.parametrize("words", [("mapping",), ("schema",), ("ask",)], ids=lambda words: words[0])
def test_a_full_disk_is_an_error_with_a_code(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, err = run_command(environment(tmp_path), *words, out="/dev/full")
    assert (code, "OUTPUT_REFUSED" in err, "磁盘空间不足" in err) == (FAILURE, True, True)
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_who_reads_no_more_ends_a_command_quietly(tmp_path: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "schema"], env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(CAP_SECONDS) != FAILURE


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


@pytest.mark.parametrize("make", [make_pipe, make_dangling_link, Path.mkdir], ids=["pipe", "dangling link", "folder"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path, make: object) -> None:
    path = tmp_path / "mapping.toml"
    make(path)  # type: ignore[operator]
    with pytest.raises(FileUnreadable):
        require_file(path)
    settings = environment(tmp_path / "data")
    for words in (("import", "register.xlsx", "--mapping", str(path)), ("verify", str(path))):
        code, err = run_command(settings, *words)
        assert (code, err.count("FILE_UNREADABLE"), "Traceback" in err) == (FAILURE, 2, False), err


def test_names_of_any_bytes_can_be_printed(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\n\x1b[31m.csv")
    text = printable(name)
    assert text.isprintable()
    assert text.encode("utf-8")
    with pytest.raises(FileUnreadable):
        require_file(tmp_path / name)
    with pytest.raises(FileUnreadable):
        require_file(Path("nul\0.csv"))


def test_a_name_is_printed_without_the_number_of_a_person(tmp_path: Path) -> None:
    out = tmp_path / "519900197001010024.xlsx"
    code, printed = run_command(environment(tmp_path), "keys", "generate", "--file", str(out))
    assert (code, out.exists()) == (0, True)
    assert ("519900********0024.xlsx" in printed, "519900197001010024" in printed) == (True, False)


def test_what_comes_while_it_is_written_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    def write() -> None:
        with atomic_write(out) as file:
            file.write(b"mine")
            out.write_bytes(b"another one's")

    with pytest.raises(OutputExists):
        write()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.csv", b"another one's")]
    with atomic_write(out, force=True) as file:
        file.write(b"mine")
    assert out.read_bytes() == b"mine"


def test_the_reason_is_told_in_both_languages() -> None:
    error = output_error("x", OSError(28, "No space left on device"))
    assert isinstance(error, OutputRefused)
    assert ("磁盘空间不足" in error.message_zh, "the disk is full" in error.message_en) == (True, True)
    require_absent(Path("nowhere/at/all"), force=False)


def test_what_nobody_expected_is_kept_from_the_screen(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["graph-service", "mapping"])

    def fail(_model: object) -> str:
        raise ValueError("519900197001010024")

    monkeypatch.setattr("graph_service.cli.mapping.mapping_template", fail)
    with pytest.raises(SystemExit) as exit_info:
        main()
    err = capsys.readouterr().err
    assert (exit_info.value.code, err.count("INTERNAL"), "519900197001010024" in err, "Traceback" in err) == (
        2,
        2,
        False,
        False,
    )
    log = data_folder / "failures.log"
    text = log.read_text(encoding="utf-8")
    assert ("ValueError: [redacted]" in text, "519900197001010024" in text) == (True, False)
    assert log.stat().st_mode & 0o077 == 0
