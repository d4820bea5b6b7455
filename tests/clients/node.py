"""Programs of Node.js, which comes from PyPI; their packages from npm, into this folder, when they are first wanted."""

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
    """Node.js or the packages cannot be had; `remedy` says how to have them."""

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
    """What a program says. Raises `AssertionError` with all that it said where it fails."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=CAP_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@cache
def installed() -> Path:
    """The folder with the packages there. Raises `NotHereError`."""
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
    """What a script of this folder says, as JSON."""
    return json.loads(run(str(BIN / "node"), "--no-warnings", *arguments, folder=installed()).splitlines()[-1])


def package(name: str, *arguments: str) -> str:
    """Run a program that one of the packages brings."""
    return run(str(installed() / "node_modules" / ".bin" / name), *arguments)
