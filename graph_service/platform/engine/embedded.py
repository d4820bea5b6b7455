"""The embedded engine: ArcadeDB in its own process, one a folder, alive as long as anybody holds a lifeline to it.

A client finds a running engine through the endpoint file (mode 0600) or starts one. It keeps a loopback connection open,
its lifeline: the kernel closes it when the client dies in whatever way, and the engine stops when the last one is gone.
So a service killed outright leaves no engine behind, and an import that started the engine does not take it from a
service that came later.
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

ENDPOINT_FILE = "engine.json"
DATABASE = "assist"
START_SECONDS = 600.0
"""The longest that a start may take, on a machine that is busy with other things."""
STALL_SECONDS = 60.0
"""A start in which nothing happens for so long is given up."""
STOP_SECONDS = 20.0
BYE, LAST_CLIENT, OTHER_CLIENTS = b"bye\n", b"last\n", b"more\n"


class EmbeddedServer:
    """The engine of one data folder, started or attached to on first use, and again after it has died."""

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
                raise EngineUnavailable(where=self._folder, reason="no address")
            return self._address

    def close(self) -> None:
        """Let the engine go; where nobody else holds it, wait until it has stopped."""
        with self._lock:
            held = self._lifeline is not None
            last = self._lifeline is not None and _say_goodbye(self._lifeline)
            self._drop_lifeline()
            if self._process is not None and self._process.poll() is None:
                if not held:
                    # Interrupted while it was starting: nobody has used it yet.
                    self._process.terminate()
                    last = True
                if last:
                    # Somebody may have taken hold of it after all: then it is theirs.
                    with suppress(subprocess.TimeoutExpired):
                        self._process.wait(STOP_SECONDS)
                if self._process.poll() is None:
                    # It serves others now; it ends by itself when they are gone.
                    self._process.returncode = 0
            self._process = None

    def _drop_lifeline(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None

    def _attach(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        began = moved = time.monotonic()
        work = 0.0
        # One that we started earlier and that has died since is no reason not to start another.
        process = self._process if self._process is not None and self._process.poll() is None else None
        while time.monotonic() < min(began + START_SECONDS, moved + STALL_SECONDS):
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
                process, work = self._start_process(), 0.0
                self._process = process
            if (done := _cpu_seconds(process)) > work:
                work, moved = done, time.monotonic()
            time.sleep(0.05)
        seconds = time.monotonic() - began
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
        with (self._folder / "engine.log").open("ab") as log:
            # A session of its own: Ctrl-C at the terminal is for the client; the engine leaves when its lifelines do.
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self._folder
            )

    def _log_tail(self) -> str:
        try:
            return "\n".join((self._folder / "engine.log").read_text("utf-8", "replace").splitlines()[-5:])
        except OSError:
            return ""


def _cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Return the processor seconds of a process so far: it goes on, however slowly."""
    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def read_endpoint(folder: Path) -> dict[str, Any] | None:
    """What the endpoint file says, or None where there is none or it is being written."""
    try:
        loaded = json.loads((folder / ENDPOINT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def write_endpoint(folder: Path, content: dict[str, Any]) -> None:
    """Write the endpoint file whole, readable by its owner only."""
    path = folder / (ENDPOINT_FILE + ".new")
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
    path.replace(folder / ENDPOINT_FILE)


def _connect_lifeline(endpoint: dict[str, Any]) -> socket.socket | None:
    """A lifeline to the engine at this endpoint, or None where nobody answers with the right word."""
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
    """Whether we were the last to hold the engine."""
    try:
        line.settimeout(5)
        line.sendall(BYE)
        return line.recv(len(LAST_CLIENT)) == LAST_CLIENT
    except OSError:
        return False


def _is_alive(line: socket.socket) -> bool:
    """Whether the other end still holds the line."""
    try:
        return line.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
