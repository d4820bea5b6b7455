"""A service of two worker processes: one total of both, logs as JSON, spans at the collector, none with what clients sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import orjson
import psutil
import pytest
from prometheus_client.mmap_dict import MmapedDict

from graph_service.telemetry.worker_files import FOLDER
from tests.patience import CAP_SECONDS, wait_until
from tests.ports import free_port
from tests.processes import environment, ready
from tests.telemetry.conftest import DOCUMENT, PHONE, TRACE, TRACEPARENT
from tests.telemetry.test_metrics import Samples, parse

QUERY = "query Secret($text: String!) { search(text: $text, first: 1) { nodes { __typename } } }"
REQUESTS = (
    "graph_service_http_requests_total",
    frozenset({("method", "GET"), ("path", "/healthz"), ("status", "200")}),
)


class Collector(ThreadingHTTPServer):
    """A collector of spans that keeps the bodies that it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CollectorHandler)
        self.bodies: list[bytes] = []


class CollectorHandler(BaseHTTPRequestHandler):
    """A handler that accepts every body."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class RunningService(NamedTuple):
    """A service with its port, process, log and the collector of its spans."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path
    collector: Collector

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Send a request over a connection of its own, and return the body of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=CAP_SECONDS)
        try:
            connection.request(method, path, body, {"content-type": "application/json", "traceparent": TRACEPARENT})
            return connection.getresponse().read()
        finally:
            connection.close()

    def scrape(self) -> Samples:
        return parse(self.send("GET", "/metrics").decode())

    def counts(self) -> list[float]:
        """Return the requests that each worker has counted."""
        return [
            sum(value for key, value, *_ in MmapedDict.read_all_values_from_file(file) if "/healthz" in key)  # type: ignore[no-untyped-call]
            for file in (self.folder / FOLDER).glob("workers-*/counter_*.db")
        ]

    def send_until_both_count(self) -> int:
        """Send requests until each of two workers has answered one more; return their number."""
        sent, before = 0, self.counts()

        def is_reached() -> bool:
            nonlocal sent
            self.send("GET", "/healthz")
            sent += 1
            return all(now > earlier for now, earlier in zip(self.counts(), before, strict=True))

        wait_until(is_reached, "both workers", self.process.pid)
        return sent


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder, port, collector = tmp_path_factory.mktemp("data"), free_port(), Collector()
    Thread(target=collector.serve_forever, daemon=True).start()
    settings = environment(folder, GRAPH_SERVICE_OTLP=f"http://127.0.0.1:{collector.server_port}/v1/traces")
    settings["OTEL_BSP_SCHEDULE_DELAY"] = "100"
    log = folder / "service.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "graph_service", "serve", "--port", str(port), "--workers", "2"],
            env=settings, stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
    try:
        wait_until(lambda: ready(port) is not None, "the service", process.pid)
        running = RunningService(port, process, folder, log, collector)
        wait_until(lambda: len(running.counts()) == 2, "both workers", process.pid)
        yield running
    finally:
        process.terminate()
        process.wait(CAP_SECONDS)
        collector.shutdown()
        collector.server_close()


def test_two_workers_give_one_total(service: RunningService) -> None:
    before = service.scrape().get(REQUESTS, 0)
    sent = service.send_until_both_count()
    assert all(count > 0 for count in service.counts())
    assert {service.scrape()[REQUESTS] for _ in range(10)} == {before + sent}
    assert service.scrape()["graph_service_slots", frozenset()] == 32


def test_a_worker_that_dies_takes_no_count_along(service: RunningService) -> None:
    service.send_until_both_count()
    before = service.scrape()[REQUESTS]
    workers = [
        child for child in psutil.Process(service.process.pid).children() if "spawn_main" in " ".join(child.cmdline())
    ]
    os.kill(workers[0].pid, signal.SIGKILL)
    workers[0].wait(CAP_SECONDS)
    sent = service.send_until_both_count()
    assert service.scrape()[REQUESTS] == before + sent
    assert len(service.counts()) == 2
    assert service.scrape()["graph_service_slots", frozenset()] == 32


def test_spans_are_sent_without_what_clients_sent(service: RunningService) -> None:
    for text in (DOCUMENT, PHONE):
        body = orjson.dumps({"query": QUERY, "variables": {"text": text}})
        assert b"cost" in service.send("POST", "/graphql", body)
    wait_until(lambda: b"graphql query" in b"".join(service.collector.bodies), "the spans", service.process.pid)
    sent = b"".join(service.collector.bodies)
    assert bytes.fromhex(TRACE) in sent
    assert b"POST /graphql" in sent
    assert not [secret for secret in (DOCUMENT, PHONE, "Secret", "__typename") if secret.encode() in sent]


def test_every_line_of_the_log_is_json(service: RunningService) -> None:
    entries = [orjson.loads(line) for line in service.log.read_text(encoding="utf-8").splitlines()]
    [started] = [entry for entry in entries if entry["event"] == "service started"]
    assert (started["workers"], started["engine"], started["level"]) == (2, "embedded", "info")
