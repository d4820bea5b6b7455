"""The parts of the suite that need more than every machine has: `python -m tests.parts` lists those that will be left out.

The check starts nothing heavy. With CI=true no part may be left out: the exit code is 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from tests import browser
from tests.clients import node
from tests.patience import CAP_SECONDS
from tests.servers import neo4j_server

COMPOSE_CLIENTS = (("docker", "compose"), ("docker-compose",))


@dataclass(frozen=True, slots=True)
class Absence:
    """A part that will be left out, the reason, and the remedy."""

    part: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"will be left out — {self.part}: {self.why}. To have it: {self.remedy}"


@cache
def absences() -> tuple[Absence, ...]:
    """Return the parts that will be left out on this machine."""
    missing = []
    try:
        neo4j_server.find_java()
        if not neo4j_server.LIBRARY.is_dir():
            neo4j_server.find_maven()
    except neo4j_server.NotHereError as error:
        part = "all tests on a real Neo4j (nearly half of the suite)"
        missing.append(Absence(part, str(error), error.remedy))
    try:
        node.find()
    except node.NotHereError as error:
        missing.append(
            Absence(
                "clients of npm (tests/contract/test_clients.py, parts of test_events.py)", str(error), error.remedy
            )
        )
    try:
        browser.find()
    except browser.NotHereError as error:
        missing.append(Absence("pages in a browser (parts of tests/sign_in)", str(error), error.remedy))
    if compose_client() is None:
        remedy = "the package `docker-compose` (no container engine is needed)"
        missing.append(Absence("docker-compose.yml read by its client", "no `docker compose` is here", remedy))
    return tuple(missing)


@cache
def compose_client() -> tuple[str, ...] | None:
    """Return the command that reads docker-compose.yml, if there is one."""
    return next((client for client in COMPOSE_CLIENTS if _works(client)), None)


def _works(client: tuple[str, ...]) -> bool:
    if shutil.which(client[0]) is None:
        return False
    command = [*client, "version"]
    return subprocess.run(command, capture_output=True, timeout=CAP_SECONDS, check=False).returncode == 0


def required() -> bool:
    """Return True where no part may be left out."""
    return os.environ.get("CI") == "true"


def lines() -> list[str]:
    """Return the lines written at the start of a run."""
    missing = absences()
    if not missing:
        return ["all parts of the suite will run: both engines, clients of npm, a browser, docker-compose.yml"]
    return [str(absence) for absence in missing]


def main() -> int:
    """Write the parts that will be left out. Return 1 where none may be."""
    for line in lines():
        sys.stdout.write(f"{line}\n")
    return 1 if absences() and required() else 0


if __name__ == "__main__":
    sys.exit(main())
