"""Host names: loopback names and those of the setting, and nothing that only looks like them."""

from __future__ import annotations

import pytest

from graph_service.sign_in.hosts import is_host_allowed, is_loopback

ALLOWED = ("fp.example.gov.cn",)


@pytest.mark.parametrize(
    "header",
    ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]", "[::1]:8000", "fp.example.gov.cn", "FP.example.gov.cn:443", "fp.example.gov.cn.", "localhost:", "localhost:65535"],
)  # fmt: skip
def test_names_of_the_service_are_accepted(header: str) -> None:
    assert is_host_allowed(header, ALLOWED)


@pytest.mark.parametrize(
    "header",
    ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "fp.example.gov.cn.evil", "evil.example#127.0.0.1", "evil.example/localhost", "localhost@evil.example", "user@localhost", "localhost:port", "localhost:65536", "[::1", "xfp.example.gov.cn", "1270.0.1", "[::1].evil.example", "[::1]evil.example:80", "127.0.0.1..", "localhost...", "127.0.0.1, evil.example"],
)  # fmt: skip
def test_other_names_are_refused(header: str) -> None:
    assert not is_host_allowed(header, ALLOWED)


def test_any_name_is_accepted_where_the_setting_says_so() -> None:
    assert is_host_allowed("evil.example", ("*",))


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("127.evil.example", False)])  # fmt: skip
def test_an_address_is_of_this_machine_alone_or_not(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
