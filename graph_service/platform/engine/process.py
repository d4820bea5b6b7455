"""The embedded engine's own process: `python -m graph_service.platform.engine.process FOLDER MILLISECONDS IMPORT_MILLISECONDS HEAP`.

Exit code 75: another process has this folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph_service.platform.engine.abandoned_statements import AbandonedStatements
from graph_service.platform.engine.client import IMPORT_MARK
from graph_service.platform.engine.embedded import (
    BYE,
    DATABASE,
    ENDPOINT_FILE,
    LAST_CLIENT,
    OTHER_CLIENTS,
    write_endpoint,
)

FOLDER_TAKEN = 75
TERMINATION_REASON = "time limit"
"""By what a statement is said to be ended, in the engine's log."""
FIRST_CLIENT_SECONDS = 30.0
"""How long an engine waits for its first client: the one that started it may have been killed meanwhile."""
LINGER_SECONDS = 0.5
"""How long it stays when the last has gone: one command often follows another."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, password: str, bolt_port: int, milliseconds: int, heap: str):  # type: ignore[no-untyped-def]
    import arcadedb_embedded
    import jpype
    from arcadedb_embedded.jvm import start_jvm

    start_jvm(heap_size=heap)
    # The engine keeps its users in a file, with the password of its first start: ours is new each time.
    for users in (folder / "graph" / "config").glob("server-users*"):
        users.unlink()
    server = arcadedb_embedded.create_server(
        root_path=str(folder / "graph"),
        root_password=password,
        config={
            "mode": "production",
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": bolt_port,
            "http_port": _free_port(),
            "server_defaultDatabases": f"{DATABASE}[root]",
        },
    )
    server.start()
    settings = jpype.JClass("com.arcadedb.GlobalConfiguration")
    # As `config=` keys these did nothing; set here, and read back.
    wanted = {"TX_WAL_FLUSH": 2, "COMMAND_TIMEOUT": milliseconds, "OPENCYPHER_LOAD_CSV_ALLOW_REMOTE_URLS": False}
    for name, value in wanted.items():
        setting = settings.valueOf(name)
        setting.setValue(value)
        if str(setting.getValue()).lower() != str(value).lower():
            raise RuntimeError(f"the engine did not take {name}={value}: {setting.getValue()}")
    return server


class Lifelines:
    """The clients' open connections. `wait` returns when they are gone or `stop` was called; meanwhile it does `work` often."""

    def __init__(self, password: str) -> None:
        self._secret = password.encode() + b"\n"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: set[socket.socket] = set()
        self.stopping = False
        self.port = int(self._listener.getsockname()[1])

    def wait(self, on_tick: Callable[[], None]) -> None:
        """Wait until the last has gone, and do `on_tick` several times a second."""
        until = time.monotonic() + FIRST_CLIENT_SECONDS
        while not self.stopping and (self._connections or time.monotonic() < until):
            on_tick()
            for key, _ in self._selector.select(timeout=0.1):
                line = key.fileobj
                if line is self._listener:
                    self._accept()
                elif isinstance(line, socket.socket) and self._is_closed(line):
                    self._selector.unregister(line)
                    self._connections.discard(line)
                    line.close()
                    if not self._connections:
                        until = time.monotonic() + LINGER_SECONDS

    def _accept(self) -> None:
        line, _ = self._listener.accept()
        line.settimeout(2)
        with contextlib.suppress(OSError):
            if secrets.compare_digest(line.recv(len(self._secret)), self._secret):
                line.sendall(b"ok\n")
                line.setblocking(False)
                self._selector.register(line, selectors.EVENT_READ)
                self._connections.add(line)
                return
        line.close()

    def _is_closed(self, line: socket.socket) -> bool:
        """Whether its client has closed the line, died, or said goodbye: then it is told if it was the last."""
        try:
            heard = line.recv(64)
            if heard == BYE:
                line.sendall(LAST_CLIENT if len(self._connections) == 1 else OTHER_CLIENTS)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return heard in (b"", BYE)


def terminate_late_questions(registry: Any, milliseconds: int) -> None:
    """End statements of questions that have run for so long. The engine's own limit is one for all statements: that of imports."""
    for statement in registry.getRunning():
        late = statement.getElapsedMillis() > milliseconds
        if late and not str(statement.getText() or "").startswith(IMPORT_MARK.strip()):
            statement.terminate(TERMINATION_REASON)


def main(folder: Path, milliseconds: int, import_milliseconds: int, heap: str) -> int:
    lock = os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return FOLDER_TAKEN
    (folder / ENDPOINT_FILE).unlink(missing_ok=True)
    # Hexadecimal: typed into a command line, a password that begins with "-" is taken for an option.
    password = secrets.token_hex(24)
    lines = Lifelines(password)
    bolt = _free_port()

    def stop(*_: object) -> None:
        lines.stopping = True

    server = _start(folder, password, bolt, import_milliseconds, heap)
    running = server._java_server.getRunningQueries()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    write_endpoint(folder, {"pid": os.getpid(), "bolt": bolt, "lifeline": lines.port, "password": password})
    abandoned = AbandonedStatements(running, bolt)

    def work() -> None:
        terminate_late_questions(running, milliseconds)
        abandoned.terminate()

    lines.wait(work)
    (folder / ENDPOINT_FILE).unlink(missing_ok=True)
    server.stop()
    return 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    sys.stdout.flush()
    # The JVM's own threads must not hold the process.
    os._exit(code)
