"""Limits on waiting: engines that hang, clients that are slow or disconnect, more questions than the service can answer."""

from __future__ import annotations

import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest
from starlette.routing import Route

from graph_service import app as app_module
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.errors import EngineError, EngineUnavailable, EngineUnresponsive, RequestAbandoned
from graph_service.graphql.http import admission, connections
from graph_service.platform.engine import client
from graph_service.platform.engine.client import Engine
from graph_service.platform.engine.embedded import EmbeddedServer, read_endpoint
from graph_service.platform.engine.remote import RemoteServer
from graph_service.platform.engine.watchdog import CANCELLATION, Cancellation
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log
from tests.patience import CAP_SECONDS, wait_until
from tests.serving import running

FOREVER = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b = -1 RETURN count(*)"
REQUEST_BODY = {"query": "{ dataVersions { sequence } }"}
BUSY_SECONDS = 0.08
"""Processor time that a working engine uses within two seconds on a crowded machine; at rest it uses a fifth of that."""


@pytest.fixture
def patient(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """Yield an engine of each kind whose statements may take ten minutes."""
    source = EmbeddedServer(tmp_path, 600.0, "512m") if engine.name == "embedded" else engine._server
    patient_engine = Engine(source, 600.0)
    yield patient_engine
    if patient_engine._driver is not None:
        patient_engine._driver.close()
    if engine.name == "embedded":
        source.close()


def work_probe(engine: Engine, folder: Path) -> Callable[[], bool]:
    """Return a function that tells whether an engine works on the endless statement."""
    if engine.name == "neo4j":
        text = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN count(*)"
        return lambda: engine.read(text, {})[0][0] > 0
    endpoint = read_endpoint(folder)
    assert endpoint is not None
    process = psutil.Process(endpoint["pid"])

    def is_busy() -> bool:
        seconds_before = sum(process.cpu_times()[:2])
        time.sleep(2)
        return sum(process.cpu_times()[:2]) - seconds_before > BUSY_SECONDS

    return is_busy


def test_a_statement_ends_when_nobody_waits_for_it(patient: Engine, tmp_path: Path) -> None:
    patient.read("RETURN 1", {})
    cancellation, errors = Cancellation(), []

    def run_statement() -> None:
        CANCELLATION.set(cancellation)
        try:
            patient.read(FOREVER, {})
        except RequestAbandoned as error:
            errors.append(error)

    thread = threading.Thread(target=run_statement)
    thread.start()
    is_busy = work_probe(patient, tmp_path)
    wait_until(is_busy, "the engine at work")
    cancellation.cancel()
    thread.join(CAP_SECONDS)
    assert len(errors) == 1
    wait_until(lambda: not is_busy(), "the engine or the service")
    assert patient.read("RETURN 1", {}) == [[1]]


def test_what_is_asked_for_nobody_is_not_run(engine: Engine) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    token = CANCELLATION.set(cancellation)
    try:
        with pytest.raises(RequestAbandoned):
            engine.read("RETURN 1", {})
    finally:
        CANCELLATION.reset(token)
    assert engine.read("RETURN 1", {}) == [[1]]


def process_of(engine: Engine) -> int:
    """Return the id of the engine process that the tests have started: the process that listens on the engine's port."""
    port = int(engine._server.address().uri.rpartition(":")[2])
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            sockets = process.net_connections("tcp")
            if any(sock.status == psutil.CONN_LISTEN and sock.laddr.port == port for sock in sockets):
                return process.pid
    raise LookupError(port)


def is_answering(store: Store) -> bool:
    """Return True where an engine answers in time; on a crowded machine it may need several attempts."""
    try:
        return store.query_text("RETURN 1", {}) == [[1]]
    except EngineError:
        return False


@pytest.fixture
def stopped(spare: Store) -> Iterator[Callable[[], None]]:
    """Yield a function that suspends the engine's process, as on a machine that swaps or hangs; resume it at the end."""
    spare.prepare()
    process = psutil.Process(process_of(spare._engine))

    def stop() -> None:
        process.suspend()
        # The threads stop one after another, and on a busy machine one may still answer.
        wait_until(lambda: process.status() == psutil.STATUS_STOPPED, "the engine to stop")

    yield stop
    process.resume()
    wait_until(lambda: is_answering(spare), "the engine or the service")


@pytest.fixture
def hasty(spare: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Yield a store on the second engine whose statements may take three seconds."""
    monkeypatch.setattr(client, "RESPONSE_GRACE_SECONDS", 1.0)
    monkeypatch.setattr(client, "CONNECT_TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(spare._engine._server, "retry_seconds", 2.0)
    hasty_store = Store(Engine(spare._engine._server, 3.0))
    wait_until(lambda: is_answering(hasty_store), "the engine or the service")
    yield hasty_store
    # The source belongs to the second engine and stays open.
    if hasty_store._engine._driver is not None:
        hasty_store._engine._driver.close()


def test_an_engine_that_hangs_is_told_of(hasty: Store, stopped: Callable[[], None]) -> None:
    stopped()
    with pytest.raises(EngineUnresponsive):
        hasty.query_text("RETURN 1", {})
    with pytest.raises(EngineUnavailable):
        hasty.write(lambda tx: tx.run("CREATE (:Scratch)", {}))


def test_readiness_is_told_whatever_the_engine_does(hasty: Store, stopped: Callable[[], None]) -> None:
    with LocalClient(build_app(hasty, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        wait_until(lambda: client.get("/readyz").status_code == 200, "the engine or the service")
        stopped()
        answers = [client.get("/readyz") for _ in range(3)]
        assert client.get("/healthz").json()["status"] == "ok"
        field = client.post("/graphql", json=REQUEST_BODY).json()
    assert {answer.status_code for answer in answers} == {503}
    errors = [answer.json()["errors"][0] for answer in answers] + field["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"ENGINE_UNAVAILABLE"}
    assert not any("127.0.0.1" in json.dumps(error) or "bolt" in json.dumps(error) for error in errors)


@pytest.mark.one_engine
def test_an_engine_that_takes_connections_and_says_nothing_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_TIMEOUT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        engine = Engine(RemoteServer(f"bolt://127.0.0.1:{silent_server.getsockname()[1]}", "neo4j", "x", "neo4j"), 1.0)
        with pytest.raises(EngineUnavailable):
            engine.read("RETURN 1", {})
        engine.close()


class Blocking:
    """A stand-in for long questions: each call blocks its thread until released."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.free = threading.Event()

    def __call__(self) -> None:
        self.begun.release()
        assert self.free.wait(CAP_SECONDS)


@pytest.fixture
def crowded(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Blocking]]:
    """Yield a server that runs two questions in parallel and queues one, with both places taken."""
    monkeypatch.setattr(admission, "MAX_WAITING", 1)
    blocking = Blocking()
    app = build_app(store, Settings.model_validate({"GRAPH_SERVICE_CONCURRENT": "2"}), audit_log=shared_audit_log())
    app.router.routes.insert(0, Route("/block", app_module._json_endpoint(lambda: app.state.admission.run(blocking))))
    with running(app) as base:
        threads = [threading.Thread(target=request, args=(base, "GET", "/block")) for _ in range(2)]
        for thread in threads:
            thread.start()
            assert blocking.begun.acquire(timeout=CAP_SECONDS)
        yield base, blocking
        blocking.free.set()
        for thread in threads:
            thread.join(CAP_SECONDS)


def request(base: str, method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
    """Send a request and return status, headers and body of the answer."""
    connection = HTTPConnection(base.removeprefix("http://"), timeout=CAP_SECONDS)
    try:
        connection.request(method, path, json.dumps(body) if body else None, {"content-type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    kind = answer.headers.get_content_type()
    return answer.status, dict(answer.headers), json.loads(text) if kind == "application/json" else text


@pytest.mark.one_engine
def test_health_and_pages_are_served_while_questions_take_long(crowded: tuple[str, Blocking]) -> None:
    base, _ = crowded
    assert request(base, "GET", "/healthz")[0] == 200
    wait_until(lambda: request(base, "GET", "/readyz")[0] == 200, "the engine or the service")
    assert request(base, "GET", "/assets/graphiql.html")[0] == 200


@pytest.mark.one_engine
def test_beyond_what_can_wait_clients_are_told_to_come_again(crowded: tuple[str, Blocking]) -> None:
    base, blocking = crowded
    status, headers, body = request(base, "POST", "/graphql", REQUEST_BODY)
    assert (status, headers["retry-after"]) == (503, "5")
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("SERVICE_BUSY", True)
    blocking.free.set()
    wait_until(lambda: request(base, "POST", "/graphql", REQUEST_BODY)[0] == 200, "the engine or the service")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "beginning",
    [
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{",
    ],
    ids=["headers", "body"],
)
def test_who_sends_too_slowly_is_cut(store: Store, monkeypatch: pytest.MonkeyPatch, beginning: bytes) -> None:
    for name, seconds in (("MAX_HEADER_SECONDS", 0.5), ("BODY_GRACE_SECONDS", 0.5), ("CHECK_INTERVAL_SECONDS", 0.1)):
        monkeypatch.setattr(connections, name, seconds)
    with running(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as base:
        host, _, port = base.removeprefix("http://").partition(":")
        slow_connections = [socket.create_connection((host, int(port)), CAP_SECONDS) for _ in range(50)]
        try:
            for connection in slow_connections:
                connection.sendall(beginning)
            answers = [connection.recv(1000) for connection in slow_connections]
        finally:
            for connection in slow_connections:
                connection.close()
        assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 408 Request Timeout"}
        assert request(base, "POST", "/graphql", REQUEST_BODY)[0] == 200


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "headers",
    [b"x: " + b"a" * 100_000, b"\r\n".join(b"h%d: v" % number for number in range(20_000))],
    ids=["one", "many"],
)
def test_who_sends_too_many_headers_is_refused(store: Store, headers: bytes) -> None:
    with running(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as base:
        host, _, port = base.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), CAP_SECONDS) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n" + headers)
            with suppress(OSError):
                connection.sendall(b"\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 431 ")
        assert request(base, "GET", "/healthz")[0] == 200


@pytest.mark.one_engine
def test_the_statement_of_a_client_that_goes_away_is_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[BaseException] = []
    is_started = threading.Event()
    read = store._engine.read

    def read_forever(text: str, parameters: Any, *, name: str = "") -> Any:
        is_started.set()
        try:
            return read(FOREVER, {}, name=name)
        except BaseException as error:
            errors.append(error)
            raise

    with running(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as base:
        monkeypatch.setattr(store._engine, "read", read_forever)
        host, _, port = base.removeprefix("http://").partition(":")
        body = json.dumps({"query": "{ dataVersions(before: 7) { sequence } }"}).encode()
        head = f"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        with socket.create_connection((host, int(port)), CAP_SECONDS) as connection:
            connection.sendall(head.encode() + body)
            assert is_started.wait(CAP_SECONDS)
        wait_until(lambda: bool(errors), "the engine or the service")
    assert isinstance(errors[0], RequestAbandoned)


@pytest.fixture
def little_room() -> Iterator[None]:
    """Limit the files of this process to 1.5 MB, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.one_engine
def test_an_upload_for_which_there_is_no_room_is_told_of(store: Store, little_room: None) -> None:
    operations = {
        "query": 'mutation($f: [Upload!]!) { importRegister(input: {clientKey: "1", files: $f}) { __typename } }',
        "variables": {"f": [None]},
    }
    form = {"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.f.0"]})}
    files = {"0": ("large.csv", b"x" * 3_000_000)}
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        answer = client.post("/graphql", data=form, files=files, headers={"graphql-require-preflight": "1"})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (507, "STORAGE_FULL")
        assert client.post("/graphql", json=REQUEST_BODY).status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("method", "path", "status", "code", "zh"),
    [
        ("GET", "/schema", 404, "NOT_FOUND", "/schema"),
        ("GET", "/assets/none.js", 404, "NOT_FOUND", "/assets/none.js"),
        ("DELETE", "/graphql", 405, "METHOD_REFUSED", "DELETE"),
        ("POST", "/healthz", 405, "METHOD_REFUSED", "POST"),
        ("GET", "/examples", 500, "INTERNAL", "编号"),
    ],
)
def test_what_is_not_answered_is_told_in_both_languages(
    store: Store, monkeypatch: pytest.MonkeyPatch, method: str, path: str, status: int, code: str, zh: str
) -> None:
    monkeypatch.setattr("graph_service.app.load_examples", lambda _: 1 // 0)
    with LocalClient(
        build_app(store, Settings.model_validate({}), audit_log=shared_audit_log()), raise_server_exceptions=False
    ) as client:
        answer = client.request(method, path)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (status, code)
        assert zh in error["extensions"]["zh"]
        assert "ZeroDivisionError" not in answer.text
        assert ("allow" in answer.headers) == (status == 405)
