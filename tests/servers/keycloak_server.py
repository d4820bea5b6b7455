"""A real Keycloak for the test of it, downloaded with Maven and started on a free local port with a realm."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.patience import CAP_SECONDS, wait_until
from tests.ports import free_port
from tests.processes import end_tree
from tests.servers.neo4j_server import find_java, find_maven

VERSION = "26.7.3"
ARCHIVE = Path(__file__).parents[2] / "var" / f"keycloak-quarkus-dist-{VERSION}.zip"


def fetch() -> Path:
    """Return the archive of Keycloak, downloaded with Maven once. Raises `NotHereError` without Maven."""
    if not ARCHIVE.exists():
        artifact = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
        plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
        for goal in (("get", "-Dtransitive=false"), ("copy", f"-DoutputDirectory={ARCHIVE.parent}")):
            command = [find_maven(), "-q", "-B", f"{plugin}:{goal[0]}", f"-Dartifact={artifact}", goal[1]]
            subprocess.run(command, check=True, timeout=CAP_SECONDS, stdin=subprocess.DEVNULL)
    return ARCHIVE


@contextmanager
def keycloak_server(folder: Path, realm: Mapping[str, Any]) -> Iterator[str]:
    """Start Keycloak in development mode with a realm, yield the realm's address, and end the processes that were started."""
    with zipfile.ZipFile(fetch()) as archive:
        archive.extractall(folder)
    home = folder / f"keycloak-{VERSION}"
    (home / "data" / "import").mkdir(parents=True)
    (home / "data" / "import" / "realm.json").write_text(json.dumps(realm), encoding="utf-8")
    port = free_port()
    command = ["bash", "bin/kc.sh", "start-dev", "--http-host=127.0.0.1", f"--http-port={port}", "--import-realm"]
    variables = {"JAVA_HOME": str(find_java().parent.parent), "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=home, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        path = f"/realms/{realm['realm']}"
        wait_until(lambda: _answers(port, path), "Keycloak", process.pid, folder / "server.log")
        yield f"http://127.0.0.1:{port}{path}"
    finally:
        end_tree(process)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=CAP_SECONDS)
    try:
        connection.request("GET", f"{path}/.well-known/openid-configuration")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
