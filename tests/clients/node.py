"""Programs of Node.js, which is installed from PyPI; their npm packages are installed into this folder on first use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.patience import CAP_SECONDS

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent


class NotHereError(Exception):
    """Node.js or the packages are not available; `remedy` names what to install."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy


def find() -> Path:
    """Return the program `node` beside Python. Raises `NotHereError`."""
    program = BIN / "node"
    if not program.exists():
        raise NotHereError("no node is beside python", "`.venv/bin/pip install -e '.[test]'`")
    return program


def run(*command: str, folder: Path = HERE) -> str:
    """Return the output of a program. Raises `AssertionError` with output and errors where it fails."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    process = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=CAP_SECONDS,
        check=False,
    )
    assert process.returncode == 0, f"{command}\n{process.stdout}\n{process.stderr}"
    return process.stdout


@cache
def installed() -> Path:
    """Install the packages where they are missing and return their folder. Raises `NotHereError`."""
    lock, mark = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    find()
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        try:
            run(str(BIN / "npm"), "ci", "--no-progress")
        except (AssertionError, subprocess.TimeoutExpired) as error:
            raise NotHereError(f"npm ci: {error}", "a network, or a mirror in ~/.npmrc") from error
        mark.touch()
    return HERE


def told(*arguments: str) -> Any:
    """Run a script of this folder and return the JSON in its last line."""
    return json.loads(run(str(BIN / "node"), "--no-warnings", *arguments, folder=installed()).splitlines()[-1])


def package(name: str, *arguments: str) -> str:
    """Run a program of one of the packages and return its output."""
    return run(str(installed() / "node_modules" / ".bin" / name), *arguments)
