"""Process of the embedded engine: `python -m graph_service.platform.engine.process FOLDER MILLISECONDS IMPORT_MILLISECONDS HEAP`.

Exit code 75: another process holds the lock of this folder.
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
from graph_service.platform.private_files import PRIVATE_UMASK

FOLDER_TAKEN = 75
TERMINATION_REASON = "time limit"
"""Reason of a termination in the engine's log."""
FIRST_CLIENT_SECONDS = 30.0
"""Seconds that an engine waits for its first client: the one that started it may have been killed meanwhile."""
LINGER_SECONDS = 0.5
"""Seconds that it stays when the last client has disconnected: one command often follows another."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, password: str, bolt_port: int, milliseconds: int, heap: str):  # type: ignore[no-untyped-def]
    import arcadedb_embedded
    import jpype
    from arcadedb_embedded.jvm import start_jvm

    start_jvm(heap_size=heap)
    # The engine keeps its users in a file, with the password of its first start; our password is new at each start.
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
    # These have no effect as `config=` keys, so they are set here and read back.
    required_settings = {
        "TX_WAL_FLUSH": 2,
        "COMMAND_TIMEOUT": milliseconds,
        "OPENCYPHER_LOAD_CSV_ALLOW_REMOTE_URLS": False,
    }
    for name, value in required_settings.items():
        setting = settings.valueOf(name)
        setting.setValue(value)
        if str(setting.getValue()).lower() != str(value).lower():
            raise RuntimeError(f"the engine did not take {name}={value}: {setting.getValue()}")
    return server


class Lifelines:
    """Open connections of the clients. `wait` returns when all are closed or `stopping` is set."""

    def __init__(self, password: str) -> None:
        self._secret = password.encode() + b"\n"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: set[socket.socket] = set()
        self.stopping = False
        self.port = int(self._listener.getsockname()[1])

    def wait(self, on_tick: Callable[[], None]) -> None:
        """Wait until the last client has disconnected, and call `on_tick` several times a second."""
        deadline = time.monotonic() + FIRST_CLIENT_SECONDS
        while not self.stopping and (self._connections or time.monotonic() < deadline):
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
                        deadline = time.monotonic() + LINGER_SECONDS

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
        """Tell whether the client has closed the line, died, or sent `BYE`; answer a `BYE` with whether it was the last client."""
        try:
            message = line.recv(64)
            if message == BYE:
                line.sendall(LAST_CLIENT if len(self._connections) == 1 else OTHER_CLIENTS)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return message in (b"", BYE)


def terminate_late_questions(registry: Any, milliseconds: int) -> None:
    """End statements of questions that have run longer than this. The engine has one limit for all statements: that of imports."""
    for statement in registry.getRunning():
        is_late = statement.getElapsedMillis() > milliseconds
        if is_late and not str(statement.getText() or "").startswith(IMPORT_MARK.strip()):
            statement.terminate(TERMINATION_REASON)


def main(folder: Path, milliseconds: int, import_milliseconds: int, heap: str) -> int:
    os.umask(PRIVATE_UMASK)
    lock = os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return FOLDER_TAKEN
    (folder / ENDPOINT_FILE).unlink(missing_ok=True)
    # Hexadecimal: on a command line, a password that begins with "-" would count as an option.
    password = secrets.token_hex(24)
    lifelines = Lifelines(password)
    bolt_port = _free_port()

    def stop(*_: object) -> None:
        lifelines.stopping = True

    server = _start(folder, password, bolt_port, import_milliseconds, heap)
    running_queries = server._java_server.getRunningQueries()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    write_endpoint(folder, {"pid": os.getpid(), "bolt": bolt_port, "lifeline": lifelines.port, "password": password})
    abandoned_statements = AbandonedStatements(running_queries, bolt_port)

    def terminate_statements() -> None:
        terminate_late_questions(running_queries, milliseconds)
        abandoned_statements.terminate()

    lifelines.wait(terminate_statements)
    (folder / ENDPOINT_FILE).unlink(missing_ok=True)
    server.stop()
    return 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    sys.stdout.flush()
    # Threads of the JVM must not keep the process alive.
    os._exit(code)
