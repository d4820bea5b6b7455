"""Redaction: no number of a document, bank account or telephone, no key and no token stays in what is logged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.telemetry.redaction import REDACTED, redact, redact_text
from tests.telemetry.conftest import DOCUMENT, KEY, PHONE

DIGEST = "e5cfdbb02ebe8d65b13912345678a78e532e7b707bbce39f5ef9178932857bc6"
"""A digest with the digits of a telephone."""
SECRETS = [
    DOCUMENT,
    "51990019700101002X",
    "51990019700101002x",
    "519900700101002",
    "6222020000000000000",
    PHONE,
    f"86{PHONE}",
    f"86-{PHONE}",
    "100-1234-5678",
    "100 1234 5678",
    "５１９９００１９７００１０１００２４",
    KEY,
    "Bearer abc.def-ghi",
    "bearer dG9rZW4=",
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ3YW5nIn0.c2ln",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("sentence", ["{}", "人员{}重复", "key={}, row 7", '["{}"]', "n{}x", "'{}'"])
def test_a_secret_is_removed_wherever_it_stands(secret: str, sentence: str) -> None:
    text = redact_text(sentence.format(secret))
    assert secret not in text
    assert REDACTED in text


@pytest.mark.parametrize(
    "text",
    ["513431100201", "2026-12-02T08:15:32.123456Z", "ZJ000", "imports/batch", "1733126132", "第 12 行", "gsk", "port 65535", f"audit entry 7 {DIGEST}", f"audit entry 174: 87785175{DIGEST[8:-1]}a", DIGEST[:32]],
)  # fmt: skip
def test_what_helps_an_administrator_stays(text: str) -> None:
    assert redact_text(text) == text


def test_values_in_lists_and_maps_are_redacted_with_their_keys() -> None:
    value = {"rows": [{DOCUMENT: int(PHONE)}, (KEY, DOCUMENT.encode())], "ok": True, "count": 7, "none": None}
    assert redact(value) == {
        "rows": [{REDACTED: REDACTED}, [REDACTED, REDACTED]], "ok": True, "count": 7, "none": None
    }  # fmt: skip


def test_an_object_is_logged_as_its_redacted_text() -> None:
    assert redact(ValueError(f"document {DOCUMENT}")) == f"document {REDACTED}"


@given(st.text(), st.sampled_from([DOCUMENT, PHONE]), st.text())
def test_a_number_between_any_texts_is_removed(before: str, number: str, after: str) -> None:
    """A number next to further digits is a part of a longer one, which is judged as a whole."""
    if not before[-1:].isdigit() and not after[:1].isdigit():
        assert number not in redact_text(before + number + after)
