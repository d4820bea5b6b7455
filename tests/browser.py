"""Chromium without a window, driven by its own protocol (CDP)."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.patience import CAP_SECONDS, wait_until
from tests.processes import end_tree

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # The browser reaches this machine only, as other sites by the name `localhost` and by the address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
)


class NotHereError(Exception):
    """No browser is available; `remedy` names what to install."""

    remedy = "the package `chromium`"


class PageError(Exception):
    """The page or the browser reports an error, as while it leaves one document for the next."""


def find() -> str:
    """Return the program of the browser. Raises `NotHereError`."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NotHereError("no Chromium is here")
    return program


class Page:
    """A page of the browser, with the cookies of its own profile."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ids, self._session = socket, count(1), ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method: str, **parameters: Any) -> Any:
        """Return the result of a command of the protocol. Raises `PageError`."""
        id_ = next(self._ids)
        session = {"sessionId": self._session} if self._session else {}
        self._socket.send(json.dumps({"id": id_, "method": method, "params": parameters, **session}))
        while True:
            message = json.loads(self._socket.recv(CAP_SECONDS))
            if message.get("id") == id_:
                if "error" in message:
                    raise PageError(message["error"]["message"])
                return message["result"]

    def open(self, url: str) -> None:
        """Go to an address, as if it had been typed."""
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression on the page, awaited. Raises `PageError`."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True)  # fmt: skip
        if "exceptionDetails" in result:
            raise PageError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true on the page."""

        def is_true() -> bool:
            with suppress(PageError):
                return bool(self.evaluate(f"Boolean({condition})"))
            return False

        try:
            wait_until(is_true, condition)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.address}: {self.text[:500]}") from error

    def leave_by(self, selector: str) -> None:
        """Click on an element, and wait until another document has been loaded."""
        self.evaluate("window.wasHere = true")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        self.wait_for("!window.wasHere && document.readyState === 'complete'")

    def fill(self, selector: str, value: str) -> None:
        """Enter a value in a field."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(value)}")

    @property
    def address(self) -> str:
        return str(self.evaluate("location.href"))

    @property
    def text(self) -> str:
        return str(self.evaluate("document.body.innerText"))

    def cookies(self) -> dict[str, dict[str, Any]]:
        """Return the cookies of all sites by name, those that scripts cannot read included."""
        return {cookie["name"]: cookie for cookie in self.call("Storage.getCookies")["cookies"]}

    def picture(self, width: int = 1200, height: int = 900) -> bytes:
        """Return a picture of the page (PNG)."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """Yield a page of a browser with a profile of its own, which ends with it. Raises `NotHereError`."""
    flags = (*FLAGS, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else []))
    process = subprocess.Popen([find(), *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = profile / "DevToolsActivePort"
    try:
        wait_until(lambda: endpoint.exists() and len(endpoint.read_text().split()) == 2, "the browser", process.pid)
        port, path = endpoint.read_text().split()
        with connect(f"ws://127.0.0.1:{port}{path}", max_size=None, proxy=None) as socket:
            yield Page(socket)
            socket.send(json.dumps({"id": 0, "method": "Browser.close"}))
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
    finally:
        end_tree(process)
