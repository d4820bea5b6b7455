"""The command line as its users run it: processes, pipes, a terminal, signals, exit codes."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import openpyxl
import orjson
import pytest
from click.testing import CliRunner

from graph_service.__main__ import COMMANDS, cli
from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.entries import AuditEvent
from graph_service.audit.log import open_audit_log
from graph_service.config import Settings
from graph_service.features.imports.read.row_issues import ISSUE_MESSAGES
from graph_service.platform.engine.embedded import read_endpoint
from tests.conftest import REGISTER
from tests.patience import CAP_SECONDS, wait_until
from tests.processes import awake, command, environment, ready, run_command, service

SUCCESS, FINDINGS, FAILURE = 0, 1, 2


def is_alive(pid: int) -> bool:
    """Return True where a process runs; a dead process that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def has_ended(pid: int) -> bool:
    wait_until(lambda: not is_alive(pid), "the end of a process")
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that the tests of this module share, in their order."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def settings(folder: Path) -> dict[str, str]:
    return environment(folder)


@pytest.fixture(scope="module")
def held(settings: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the settings of the shared folder while its engine runs."""
    with awake(settings):
        yield settings


@pytest.fixture
def clean(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a workbook without refused rows."""

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
    code, out, err = run_command(settings, "demo", "--exit", "--port", "0")
    assert code == SUCCESS, err
    assert "贫困户: 674" in err, "a line a sheet, in a pipe"
    bodies = re.findall(r'^\{\n  "data"', out, re.MULTILINE)
    links = re.findall(r"http://127\.0\.0\.1:\d+/graphql\?example=\w+", out)
    assert (len(bodies), len(set(links))) == (3, 3)
    assert '"errors"' not in out
    assert read_endpoint(folder) is None, "the engine has left"


def test_a_second_start_finds_its_data(settings: dict[str, str]) -> None:
    code, out, err = run_command(settings, "demo", "--exit", "--port", "0")
    assert code == SUCCESS
    assert "贫困户: 674" not in err
    assert len(re.findall(r"example=\w+", out)) == 3
    assert "/demo-users" in err


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
    assert is_alive(endpoint["pid"])
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=CAP_SECONDS)
    assert demo.returncode == SUCCESS
    assert has_ended(endpoint["pid"])
    assert read_endpoint(folder) is None


def test_a_server_that_is_told_to_leave_lets_those_go_who_wait(settings: dict[str, str]) -> None:
    with service(settings) as (process, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
        body = orjson.dumps({"query": "subscription { dataVersionChanged { sequence } }"})
        connection.request(
            "POST", "/graphql", body, {"content-type": "application/json", "accept": "text/event-stream"}
        )
        answer = connection.getresponse()
        assert answer.readline() == b"event: next\n"
        process.terminate()
        assert b"event: complete" in answer.read(), "not cut off"
        connection.close()


def test_importing_beside_a_running_server(settings: dict[str, str], clean: Callable[..., Path]) -> None:
    with service(settings) as (_, port):
        readiness = ready(port)
        assert readiness is not None
        assert run_command(settings, "import", str(clean("某局")))[0] == SUCCESS
        assert readiness["dataVersion"] == 1
        wait_until(lambda: (ready(port) or {}).get("dataVersion") == 2, "the service sees it")
        # Queries are answered as before.
        connection = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
        connection.request(
            "GET", "/graphql?query=" + "{dataVersions{sequence}}", headers={"Accept": "application/json"}
        )
        assert orjson.loads(connection.getresponse().read())["data"]["dataVersions"] == [
            {"sequence": 2},
            {"sequence": 1},
        ]
        connection.close()


def test_a_dry_run_writes_nothing(held: dict[str, str], clean: Callable[..., Path]) -> None:
    path = str(clean("某厅"))
    code, out, _ = run_command(held, "import", path, "--dry-run", "--json")
    assert code == SUCCESS
    report = orjson.loads(out)
    assert (report["dry"], report["sequence"], report["changed"]) == (True, None, 1)
    assert report["counts"]["帮扶部门"] == {"rows": 1, "changed": 1}
    code, out, _ = run_command(held, "import", path, "--json")
    assert (code, orjson.loads(out)["sequence"]) == (SUCCESS, 3)


def run_on_terminal(settings: dict[str, str], answer: str, *words: str) -> tuple[int, str]:
    """Run `graph-service …` with a terminal at its standard input; return (exit code, output)."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graph_service", *words], env=settings,
        stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    os.close(follower)
    os.write(leader, answer.encode())
    output, _ = process.communicate(timeout=CAP_SECONDS)
    os.close(leader)
    return process.returncode, output


def test_undo_shows_what_it_takes_back(held: dict[str, str], clean: Callable[..., Path]) -> None:
    """Check that it asks on a terminal, unless it is told not to, and that a script is not asked."""
    assert run_command(held, "import", str(clean("某所")))[0] == SUCCESS
    code, output = run_on_terminal(held, "n\n", "undo")
    assert (code, "Undo it?" in output, "Nothing was undone" in output) == (FINDINGS, True, True)
    for text in ("Undoing data version 4: import of ", "clean.xlsx", "帮扶部门 1"):
        assert text in output
    code, output = run_on_terminal(held, "y\n", "undo")
    assert (code, "Data version 4 was undone" in output) == (SUCCESS, True)
    code, output = run_on_terminal(held, "", "undo", "--yes")
    assert (code, "Data version 3 was undone" in output, "Undo it?" in output) == (SUCCESS, True, False)
    code, out, err = run_command(held, "undo")
    assert (code, "Data version 2 was undone" in out, "Undo it?" in err) == (SUCCESS, True, False)
    assert "Undoing data version 2: import of " in err


def test_what_the_checks_find_is_told(held: dict[str, str], tmp_path: Path) -> None:
    """Exit with code 1 where findings are open; without an area, check everywhere."""
    code, out, _ = run_command(held, "check", "--json", "--severities", "ERROR")
    page = orjson.loads(out)
    assert (code, page["totalCount"]) == (FINDINGS, len(page["nodes"]))
    assert {node["severity"] for node in page["nodes"]} == {"ERROR"}
    book = tmp_path / "findings.xlsx"
    code, _, err = run_command(held, "check", "--area", "513431", "--codes", "DOCUMENT_CHECK", "--out", str(book))
    assert code == FINDINGS
    assert openpyxl.load_workbook(book).worksheets[0].max_row == 2
    assert run_command(held, "check", "--codes", "TWO_HEADS", "--format", "csv")[0] == SUCCESS
    _, out, warning = run_command(held, "check", "--area", "513431", "--format", "csv")
    _, in_full, _ = run_command(held, "check", "--area", "513431", "--format", "csv", "--purpose", "核查")
    assert "Findings of 11 checks that tell sensitive values were left out" in warning
    assert ("CAUSE_LABOUR" in out, "CAUSE_LABOUR" in in_full) == (False, True)
    lines = err.splitlines()
    assert "疑点变化 new or gone findings: 0" in lines
    assert len(lines) == len(set(lines)), "nothing is said twice"


def test_a_check_is_in_the_audit_log(held: dict[str, str]) -> None:
    run_command(held, "check", "--area", "513431", "--by", "li")
    with closing(open_audit_log(Settings.model_validate({"GRAPH_SERVICE_DATA": held["GRAPH_SERVICE_DATA"]}))) as log:
        outcome, request = (entry.record for entry in log.list_entries(EVERYWHERE, limit=2))
    assert (request.user, request.operation, request.event) == ("li", "check", AuditEvent.REQUEST)
    assert (outcome.event, outcome.outcome, isinstance(outcome.version, int)) == (AuditEvent.OUTCOME, "MADE", True)


def test_a_first_import_counts_what_the_checks_find(tmp_path: Path) -> None:
    _, out, err = run_command(environment(tmp_path), "import", str(REGISTER))
    [count] = re.findall(r"新发现疑点 (\d+)", out)
    assert [line for line in err.splitlines() if line.startswith("疑点")] == [f"疑点变化 new or gone findings: {count}"]


def test_refused_rows_are_told_to_people_and_machines(held: dict[str, str]) -> None:
    code, out, err = run_command(held, "import", str(REGISTER), "--json")
    assert (code, err) == (FINDINGS, "")
    report = orjson.loads(out)
    assert (report["sequence"], report["changed"]) == (None, 0)
    refused = [remark for remark in report["remarks"] if remark["refused"]]
    assert len(refused) == 8
    for remark in refused:
        assert remark.keys() >= {"file", "sheet", "row", "column", "value", "code", "zh", "en"}
    code, out, err = run_command(held, "import", str(REGISTER))
    assert code == FINDINGS
    lines = [line for line in out.splitlines() if line.startswith("拒收 refused")]
    assert len(lines) == 8
    assert "sample-register.xlsx 股权!316 [股数] '十股' NUMBER_INVALID" in "\n".join(lines)
    assert "No changes" in out
    assert "\x1b[" not in out + err, "no bar in a pipe"


def test_a_bar_on_a_terminal(held: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "import", str(REGISTER), "--dry-run"],
        env=held | {"TERM": "xterm", "COLUMNS": "100"}, stdout=subprocess.DEVNULL, stderr=follower,
    )  # fmt: skip
    os.close(follower)
    output = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(leader)
    assert process.wait(CAP_SECONDS) == FINDINGS
    assert "━".encode() in output
    assert "贫困户".encode() in output


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
    exit_code, out, err = run_command(held, *words)
    assert (exit_code, out) == (FAILURE, "")
    err = "\n".join(line for line in err.splitlines() if not line.startswith("数据 / Data: "))
    assert re.fullmatch(rf"{code}: .*[一-鿿].*\n{code}: [\x00-\x7f]*", err.strip(), re.DOTALL), err
    exit_code, out, _ = run_command(held, *words, "--json")
    assert (exit_code, orjson.loads(out)["error"]["code"]) == (FAILURE, code)


def test_a_taken_port_and_wrong_words(held: dict[str, str]) -> None:
    with service(held) as (_, port):
        exit_code, _, err = run_command(held, "serve", "--port", str(port))
        assert (exit_code, "SETTING_INVALID" in err, str(port) in err) == (FAILURE, True, True)
    assert run_command(held, "serve", "--port", "ninety")[0] == FAILURE
    for words in (
        ("nonsense",),
        ("import",),
        ("import", "x", "--maping", "y"),
        ("import", "x", "--day", "2016"),
        ("import", "x", "--day", "2016-13-40"),
    ):
        exit_code, _, err = run_command(held, *words)
        assert (exit_code, re.search("[一-鿿]", err) is not None) == (FAILURE, True), err
    assert "2016-12-31" in err, "an example of a day"
    assert run_command(held | {"GRAPH_SERVICE_STATEMENT_SECONDS": "soon"}, "undo")[0] == FAILURE


def test_nothing_to_undo_and_no_engine(tmp_path: Path) -> None:
    exit_code, _, err = run_command(environment(tmp_path), "undo")
    assert (exit_code, "NOTHING_TO_UNDO" in err) == (FAILURE, True)
    without_engine = environment(tmp_path, NEO4J_URI="bolt://127.0.0.1:9")
    exit_code, _, err = run_command(without_engine, "undo")
    assert (exit_code, "ENGINE_UNAVAILABLE" in err, "bolt://127.0.0.1:9" in err) == (FAILURE, True, True)
    # The driver's message is in a separate file.
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
        exit_code = process.wait(CAP_SECONDS)
        if exit_code == 130:
            break
        # Python loses an interrupt that arrives while it cleans up an object: the import then runs to its end.
        assert exit_code == FINDINGS
    assert exit_code == 130
    code, out, _ = run_command(settings, "import", str(REGISTER), "--json")
    assert (code, orjson.loads(out)["sequence"]) == (FINDINGS, 1)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == SUCCESS
    assert f"Example: graph-service {name}" in re.sub(r"\s+", " ", result.output)


def test_a_command_loads_what_it_needs_alone() -> None:
    """Load only the modules that a command needs: those of the service take longer to load than most commands run."""
    script = "import sys, graph_service.cli.import_; print([m for m in ('strawberry', 'starlette', 'pypinyin') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_trouble_says_how_to_mend_it() -> None:
    for code, (zh, en) in ISSUE_MESSAGES.items():
        assert re.fullmatch(r"[A-Z_]+", code)
        assert re.search(r"[一-鿿]", zh)
        assert en.isascii()
