"""The command line as its users run it: processes, pipes, a terminal, signals, exit codes."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path

import openpyxl
import orjson
import pytest
from click.testing import CliRunner

from graph_service.__main__ import COMMANDS, cli
from graph_service.features.imports.read.row_issues import ISSUE_MESSAGES
from graph_service.platform.engine.embedded import read_endpoint
from tests.conftest import REGISTER
from tests.patience import CAP_SECONDS, wait_until
from tests.processes import awake, command, environment, ready, service

DONE, FOUND, CANNOT = 0, 1, 2


def said(settings: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of `graph-service …`."""
    ended = subprocess.run(
        [sys.executable, "-m", "graph_service", *words],
        env=dict(settings), capture_output=True, text=True, timeout=CAP_SECONDS, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


def alive(pid: int) -> bool:
    """Whether a process runs (a dead one that nobody has waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    wait_until(lambda: not alive(pid), "the end of a process")
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that keeps what the tests of this module do, in their order."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def settings(folder: Path) -> dict[str, str]:
    return environment(folder)


@pytest.fixture(scope="module")
def held(settings: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings of that folder while its engine is held."""
    with awake(settings):
        yield settings


@pytest.fixture
def clean(tmp_path: Path) -> Callable[..., Path]:
    """A workbook with nothing to refuse."""

    def make(name: str) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "帮扶部门"
        for row in (["部门编号", "部门名称"], ["BM9001", name]):
            sheet.append(row)
        path = tmp_path / "clean.xlsx"
        book.save(path)
        return path

    return make


def test_the_demo_imports_serves_and_answers_three_questions(folder: Path, settings: dict[str, str]) -> None:
    code, out, err = said(settings, "demo", "--exit", "--port", "0")
    assert code == DONE, err
    assert "贫困户: 674" in err, "a line a sheet, in a pipe"
    bodies = re.findall(r'^\{\n  "data"', out, re.MULTILINE)
    links = re.findall(r"http://127\.0\.0\.1:\d+/graphql\?example=\w+", out)
    assert (len(bodies), len(set(links))) == (3, 3)
    assert '"errors"' not in out
    assert read_endpoint(folder) is None, "the engine has left"


def test_a_second_start_finds_its_data(settings: dict[str, str]) -> None:
    code, out, err = said(settings, "demo", "--exit", "--port", "0")
    assert code == DONE
    assert "贫困户: 674" not in err
    assert len(re.findall(r"example=\w+", out)) == 3


def test_ctrl_c_leaves_no_process(folder: Path, settings: dict[str, str]) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "demo", "--port", "0"], env=settings,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert demo.stdout is not None
    while "example=" not in demo.stdout.readline():
        assert demo.poll() is None
    endpoint = read_endpoint(folder)
    assert endpoint is not None
    assert alive(endpoint["pid"])
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=CAP_SECONDS)
    assert demo.returncode == DONE
    assert gone(endpoint["pid"])
    assert read_endpoint(folder) is None


def test_a_server_that_is_told_to_leave_lets_those_go_who_wait(settings: dict[str, str]) -> None:
    with service(settings) as (process, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
        asked = orjson.dumps({"query": "subscription { dataVersionChanged { sequence } }"})
        connection.request(
            "POST", "/graphql", asked, {"content-type": "application/json", "accept": "text/event-stream"}
        )
        answer = connection.getresponse()
        assert answer.readline() == b"event: next\n"
        process.terminate()
        assert b"event: complete" in answer.read(), "not cut off"
        connection.close()


def test_importing_beside_a_running_server(settings: dict[str, str], clean: Callable[..., Path]) -> None:
    with service(settings) as (_, port):
        before = ready(port)
        assert before is not None
        assert said(settings, "import", str(clean("某局")))[0] == DONE
        assert before["dataVersion"] == 1
        wait_until(lambda: (ready(port) or {}).get("dataVersion") == 2, "the service sees it")
        # And the example county is asked as before.
        link = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
        link.request("GET", "/graphql?query=" + "{dataVersions{sequence}}", headers={"Accept": "application/json"})
        assert orjson.loads(link.getresponse().read())["data"]["dataVersions"] == [{"sequence": 2}, {"sequence": 1}]
        link.close()


def test_a_dry_run_writes_nothing(held: dict[str, str], clean: Callable[..., Path]) -> None:
    path = str(clean("某厅"))
    code, out, _ = said(held, "import", path, "--dry-run", "--json")
    assert code == DONE
    told = orjson.loads(out)
    assert (told["dry"], told["sequence"], told["changed"]) == (True, None, 1)
    assert told["counts"]["帮扶部门"] == {"rows": 1, "changed": 1}
    code, out, _ = said(held, "import", path, "--json")
    assert (code, orjson.loads(out)["sequence"]) == (DONE, 3)


def test_undo_takes_it_back(held: dict[str, str]) -> None:
    for version in (3, 2):
        code, out, _ = said(held, "undo")
        assert (code, f"data version {version}" in out) == (DONE, True)


def test_what_the_checks_find_is_told(held: dict[str, str], tmp_path: Path) -> None:
    """Exit code 1 where something is open; without an area, everywhere."""
    code, out, _ = said(held, "check", "--json", "--severities", "ERROR")
    told = orjson.loads(out)
    assert (code, told["totalCount"]) == (FOUND, len(told["nodes"]))
    assert {node["severity"] for node in told["nodes"]} == {"ERROR"}
    book = tmp_path / "findings.xlsx"
    code, _, err = said(held, "check", "--area", "513431", "--codes", "DOCUMENT_CHECK", "--out", str(book))
    assert code == FOUND
    assert openpyxl.load_workbook(book).worksheets[0].max_row == 2
    assert said(held, "check", "--codes", "TWO_HEADS", "--format", "csv")[0] == DONE
    lines = err.splitlines()
    assert "疑点变化 findings new or gone: 0" in lines
    assert len(lines) == len(set(lines)), "nothing is said twice"


def test_a_first_import_counts_what_the_checks_find(tmp_path: Path) -> None:
    _, out, err = said(environment(tmp_path), "import", str(REGISTER))
    [found] = re.findall(r"新发现疑点 (\d+)", out)
    assert [line for line in err.splitlines() if line.startswith("疑点: ")][-1] == f"疑点: {found}"


def test_refused_rows_are_told_to_people_and_machines(held: dict[str, str]) -> None:
    code, out, err = said(held, "import", str(REGISTER), "--json")
    assert (code, err) == (FOUND, "")
    told = orjson.loads(out)
    assert (told["sequence"], told["changed"]) == (None, 0)
    refused = [r for r in told["remarks"] if r["refused"]]
    assert len(refused) == 8
    for remark in refused:
        assert remark.keys() >= {"file", "sheet", "row", "column", "value", "code", "zh", "en"}
    code, out, err = said(held, "import", str(REGISTER))
    assert code == FOUND
    lines = [line for line in out.splitlines() if line.startswith("拒收 refused")]
    assert len(lines) == 8
    assert "sample-register.xlsx 股权!316 [股数] '十股' NUMBER_INVALID" in "\n".join(lines)
    assert "nothing changed" in out
    assert "\x1b[" not in out + err, "no bar in a pipe"


def test_a_bar_on_a_terminal(held: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "import", str(REGISTER), "--dry-run"],
        env=held | {"TERM": "xterm", "COLUMNS": "100"}, stdout=subprocess.DEVNULL, stderr=follower,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert process.wait(CAP_SECONDS) == FOUND
    assert "━".encode() in shown
    assert "贫困户".encode() in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "nowhere.xlsx"), "FILE_UNREADABLE"),
        (("import", str(REGISTER), "--mapping", "nowhere.toml"), "FILE_UNREADABLE"),
        (("import", str(REGISTER), "--mapping", __file__), "MAPPING_INVALID"),
        (("import", __file__), "FILE_UNREADABLE"),
    ],
)
def test_what_cannot_run_says_why(held: dict[str, str], words: tuple[str, ...], code: str) -> None:
    ended, out, err = said(held, *words)
    assert (ended, out) == (CANNOT, "")
    err = "\n".join(line for line in err.splitlines() if not line.startswith("数据 / data: "))
    assert re.fullmatch(rf"{code}: .*[一-鿿].*\n{code}: [\x00-\x7f]*", err.strip(), re.DOTALL), err
    ended, out, _ = said(held, *words, "--json")
    assert (ended, orjson.loads(out)["error"]["code"]) == (CANNOT, code)


def test_a_taken_port_and_wrong_words(held: dict[str, str]) -> None:
    with service(held) as (_, port):
        ended, _, err = said(held, "serve", "--port", str(port))
        assert (ended, "SETTING_INVALID" in err, str(port) in err) == (CANNOT, True, True)
    assert said(held, "serve", "--port", "ninety")[0] == CANNOT
    for words in (
        ("nonsense",),
        ("import",),
        ("import", "x", "--maping", "y"),
        ("import", "x", "--day", "2016"),
        ("import", "x", "--day", "2016-13-40"),
    ):
        ended, _, err = said(held, *words)
        assert (ended, re.search("[一-鿿]", err) is not None) == (CANNOT, True), err
    assert "2016-12-31" in err, "an example of a day"
    assert said(held | {"GRAPH_SERVICE_STATEMENT_SECONDS": "soon"}, "undo")[0] == CANNOT


def test_nothing_to_undo_and_no_engine(tmp_path: Path) -> None:
    ended, _, err = said(environment(tmp_path), "undo")
    assert (ended, "NOTHING_TO_UNDO" in err) == (CANNOT, True)
    with_nobody = environment(tmp_path, NEO4J_URI="bolt://127.0.0.1:9")
    ended, _, err = said(with_nobody, "undo")
    assert (ended, "ENGINE_UNAVAILABLE" in err, "bolt://127.0.0.1:9" in err) == (CANNOT, True, True)
    # What the driver says stands in a file of its own.
    log = tmp_path / "failures.log"
    assert err.strip().endswith(f"see {log}")
    assert "refused" not in err
    assert "refused" in log.read_text(encoding="utf-8")


def test_an_interrupted_import_is_taken_up_again(tmp_path: Path) -> None:
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        settings = environment(folder)
        process = command(settings, "import", str(REGISTER))
        wait_until(lambda folder=folder: read_endpoint(folder) is not None, "the engine", process.pid)  # type: ignore[misc]
        process.send_signal(signal.SIGINT)
        ended = process.wait(CAP_SECONDS)
        if ended == 130:
            break
        # Python loses an interrupt that comes while it clears something away: then the import has gone on to its end.
        assert ended == FOUND
    assert ended == 130
    code, out, _ = said(settings, "import", str(REGISTER), "--json")
    assert (code, orjson.loads(out)["sequence"]) == (FOUND, 1)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example(name: str) -> None:
    told = CliRunner().invoke(cli, [name, "--help"])
    assert told.exit_code == DONE
    assert f"Example: graph-service {name}" in re.sub(r"\s+", " ", told.output)


def test_a_command_loads_what_it_needs_alone() -> None:
    """Each is a process of its own: what the service needs takes longer to load than most of them run."""
    looks = "import sys, graph_service.cli.import_; print([m for m in ('strawberry', 'starlette', 'pypinyin') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_trouble_says_how_to_mend_it() -> None:
    for code, (zh, en) in ISSUE_MESSAGES.items():
        assert re.fullmatch(r"[A-Z_]+", code)
        assert re.search(r"[一-鿿]", zh)
        assert en.isascii()
