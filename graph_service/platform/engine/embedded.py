"""The embedded engine: ArcadeDB in its own process, one for each folder, alive as long as a client holds a lifeline to it.

A client finds a running engine through the endpoint file (mode 0600) or starts one. It keeps a loopback connection open,
its lifeline: the kernel closes it however the client dies, and the engine stops when the last one is closed.
So a killed service leaves no engine behind, and an import that started the engine does not stop it for a service that
attached later.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from graph_service.errors import EngineUnavailable
from graph_service.platform.engine.client import IMPORT_FACTOR, Address
from graph_service.platform.private_files import make_private

ENDPOINT_FILE = "engine.json"
LOG_FILE = "engine.log"
DATABASE = "assist"
START_SECONDS = 600.0
"""Time limit of a start, on a busy machine."""
STALL_SECONDS = 60.0
"""Seconds without progress after which a start is given up."""
STOP_SECONDS = 20.0
BYE, LAST_CLIENT, OTHER_CLIENTS = b"bye\n", b"last\n", b"more\n"


class EmbeddedServer:
    """Engine of one data folder, started or attached to on first use, and again after it has died."""

    name = "embedded"
    marks_imports = True
    retry_seconds = 5.0

    def __init__(
        self, folder: Path, statement_seconds: float, memory: str, import_seconds: float | None = None
    ) -> None:
        self._folder = folder.absolute()
        self._statement_seconds, self._import_seconds = (
            statement_seconds,
            import_seconds or statement_seconds * IMPORT_FACTOR,
        )
        self._memory = memory
        self._lifeline: socket.socket | None = None
        self._address: Address | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def address(self) -> Address:
        with self._lock:
            if self._lifeline is None or not _is_alive(self._lifeline):
                self._drop_lifeline()
                self._attach()
            if self._address is None:
                raise EngineUnavailable(where=self._folder, reason="the engine did not provide an address")
            return self._address

    def close(self) -> None:
        """Release the engine; where no other client holds it, wait until it has stopped."""
        with self._lock:
            had_lifeline = self._lifeline is not None
            is_last = self._lifeline is not None and _say_goodbye(self._lifeline)
            self._drop_lifeline()
            if self._process is not None and self._process.poll() is None:
                if not had_lifeline:
                    # Interrupted during the start: no client has used the engine yet.
                    self._process.terminate()
                    is_last = True
                if is_last:
                    # Another client may have attached meanwhile: then the engine keeps running for it.
                    with suppress(subprocess.TimeoutExpired):
                        self._process.wait(STOP_SECONDS)
                if self._process.poll() is None:
                    # It serves other clients now and ends by itself when they have disconnected.
                    self._process.returncode = 0
            self._process = None

    def _drop_lifeline(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None

    def _attach(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        started_at = progressed_at = time.monotonic()
        cpu_seconds = 0.0
        # An engine that we started earlier and that has died since is started again.
        process = self._process if self._process is not None and self._process.poll() is None else None
        while time.monotonic() < min(started_at + START_SECONDS, progressed_at + STALL_SECONDS):
            endpoint = read_endpoint(self._folder)
            if endpoint is not None and (lifeline := _connect_lifeline(endpoint)) is not None:
                self._lifeline = lifeline
                self._address = Address(
                    f"bolt://127.0.0.1:{endpoint['bolt']}", ("root", endpoint["password"]), DATABASE
                )
                return
            if process is None or process.poll() is not None:
                if process is not None and process.returncode not in (0, 75):
                    raise EngineUnavailable(where=self._folder, reason=self._log_tail())
                process, cpu_seconds = self._start_process(), 0.0
                self._process = process
            if (current_cpu_seconds := _cpu_seconds(process)) > cpu_seconds:
                cpu_seconds, progressed_at = current_cpu_seconds, time.monotonic()
            time.sleep(0.05)
        seconds = time.monotonic() - started_at
        raise EngineUnavailable(where=self._folder, reason=f"not ready after {seconds:.0f} s; {self._log_tail()}")

    def _start_process(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "graph_service.platform.engine.process",
            str(self._folder),
            str(int(self._statement_seconds * 1000)),
            str(int(self._import_seconds * 1000)),
            self._memory,
        ]
        make_private(self._folder)
        descriptor = os.open(self._folder / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            # A separate session: Ctrl-C at the terminal is for the client; the engine stops when its lifelines are closed.
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self._folder
            )

    def _log_tail(self) -> str:
        try:
            return "\n".join((self._folder / LOG_FILE).read_text("utf-8", "replace").splitlines()[-5:])
        except OSError:
            return ""


def _cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Return the processor seconds of a process so far: growing seconds mean progress, however slow."""
    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def read_endpoint(folder: Path) -> dict[str, Any] | None:
    """Return the content of the endpoint file, or None where it is missing or being written."""
    try:
        content = json.loads((folder / ENDPOINT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def write_endpoint(folder: Path, content: dict[str, Any]) -> None:
    """Write the endpoint file atomically, readable by its owner only."""
    path = folder / (ENDPOINT_FILE + ".new")
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
    path.replace(folder / ENDPOINT_FILE)


def _connect_lifeline(endpoint: dict[str, Any]) -> socket.socket | None:
    """Return a lifeline to the engine at this endpoint, or None where nothing accepts the password there."""
    try:
        line = socket.create_connection(("127.0.0.1", int(endpoint["lifeline"])), timeout=5)
    except (OSError, KeyError, ValueError):
        return None
    try:
        line.sendall(str(endpoint["password"]).encode() + b"\n")
        if line.recv(3) == b"ok\n":
            line.settimeout(None)
            return line
    except OSError:
        pass
    line.close()
    return None


def _say_goodbye(line: socket.socket) -> bool:
    """Send `BYE`; tell whether we were the last client of the engine."""
    try:
        line.settimeout(5)
        line.sendall(BYE)
        return line.recv(len(LAST_CLIENT)) == LAST_CLIENT
    except OSError:
        return False


def _is_alive(line: socket.socket) -> bool:
    """Tell whether the other end still holds the line open."""
    try:
        return line.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
