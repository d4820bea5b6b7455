"""The command and the service as separate processes, each ended by its id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import orjson
import psutil

from graph_service.platform.engine.embedded import EmbeddedServer, read_endpoint
from tests.patience import CAP_SECONDS, wait_until
from tests.ports import free_port

SHORT_LIVED = {"ARCADEDB_JVM_ARGS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""Settings of an engine that lives for a command or two: what its second compiler does would be done when it ends."""


def environment(folder: Path, **overrides: str) -> dict[str, str]:
    """Return the variables of a command over a data folder, without those of the run of the tests."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "GRAPH_SERVICE_"))}
    settings = {"GRAPH_SERVICE_DATA": str(folder), "GRAPH_SERVICE_ENGINE_MEMORY": "512m"}
    return inherited | SHORT_LIVED | settings | overrides


def command(settings: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    """Start `graph-service …` as a separate process."""
    return subprocess.Popen(
        [sys.executable, "-m", "graph_service", *words],
        env=dict(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def run_command(settings: Mapping[str, str], *words: str, folder: Path | None = None) -> tuple[int, str, str]:
    """Run `graph-service …` to its end, in a folder, and return (exit code, standard output, standard error)."""
    process = subprocess.run(
        [sys.executable, "-m", "graph_service", *words],
        env=dict(settings), cwd=folder, capture_output=True, text=True, timeout=CAP_SECONDS, check=False,
    )  # fmt: skip
    return process.returncode, process.stdout, process.stderr


@contextmanager
def awake(settings: Mapping[str, str]) -> Iterator[None]:
    """Hold the embedded engine of a data folder, so that no command has to start it."""
    engine = EmbeddedServer(Path(settings["GRAPH_SERVICE_DATA"]), CAP_SECONDS, settings["GRAPH_SERVICE_ENGINE_MEMORY"])
    engine.address()
    try:
        yield
    finally:
        engine.close()


@contextmanager
def service(settings: Mapping[str, str], port: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Yield a running `graph-service serve` and its port, a free one by default."""
    port = port or free_port()
    process = command(settings, "serve", "--port", str(port))
    try:
        wait_until(lambda: ready(port) is not None, "the service", process.pid)
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(CAP_SECONDS)


def ready(port: int) -> dict[str, object] | None:
    """Return the body of /readyz; None where no service answers or it is not ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return dict(orjson.loads(answer.read())) if answer.status == 200 else None
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it has started: a launcher hands its work on."""
    with suppress(psutil.NoSuchProcess):
        launcher = psutil.Process(process.pid)
        started = [*launcher.children(recursive=True), launcher]
        for each in started:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait(CAP_SECONDS)
        psutil.wait_procs(started, CAP_SECONDS)
    process.wait(CAP_SECONDS)


def kill_engine(folder: Path) -> None:
    """End the embedded engine that the command has started, by the id in its endpoint file."""
    endpoint = read_endpoint(folder)
    if endpoint is not None:
        os.kill(int(endpoint["pid"]), signal.SIGKILL)
