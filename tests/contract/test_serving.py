"""Serving: small writes are sent at once, by every worker, over IPv4 and IPv6."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.delays import application
from tests.serving import running

HOSTS = ("127.0.0.1", "::1")
LOOPS = ("asyncio", "uvloop")


def answer(base: str) -> dict[str, Any]:
    address = urlsplit(base)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request("GET", "/")
        body: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return body


def is_served(base: str) -> bool:
    """Return True where a worker listens."""
    try:
        answer(base)
    except OSError:
        return False
    return True


@contextmanager
def workers(host: str, count: int, loop: str) -> Iterator[str]:
    """Run several workers that report on their connections, and yield their address."""
    command = [sys.executable, "-m", "tests.delays", host, str(count), loop]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            base = process.stdout.readline().strip()
            while not is_served(base):
                assert process.poll() is None
                time.sleep(0.1)
            yield base
        finally:
            process.terminate()


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("host", HOSTS)
def test_one_worker_sends_small_writes_at_once(host: str, loop: str) -> None:
    with running(application, host, loop=loop) as base:
        assert answer(base)["no_delay"]


@pytest.mark.parametrize(("host", "loop"), [("127.0.0.1", "asyncio"), ("::1", "asyncio"), ("127.0.0.1", "uvloop")])
def test_several_workers_send_small_writes_at_once(host: str, loop: str) -> None:
    with workers(host, 2, loop) as base:
        answers = [answer(base) for _ in range(8)]
    assert all(body["no_delay"] for body in answers)
