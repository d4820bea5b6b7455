"""Redaction of texts for the log, as the last line of defence: nothing should write such values there in the first place."""

from __future__ import annotations

import re
from collections.abc import Mapping

REDACTED = "[redacted]"
SECRETS = re.compile(r"gsk_[\w-]+|(?i:bearer)\s+[\w.~+/=-]+|eyJ[\w-]+\.[\w-]+\.[\w-]*")
"""API keys, the credentials of an Authorization header, and signed tokens."""
NUMBERS = re.compile(
    r"(?P<digest>(?<![0-9A-Za-z])(?=\d*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{32})(?![0-9A-Za-z]))"
    r"|(?<!\d)(?:\d{15,}[Xx]?|(?:86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4})(?!\d)"
)
"""ID documents and bank accounts, which have 15 digits and more, and telephones of 11, with or without the country's code; before them digests
and the ids of traces, whose digits may resemble these."""


def redact_text(text: str) -> str:
    """Return a text without numbers of ID documents, bank accounts and telephones, and without keys and tokens."""
    return NUMBERS.sub(lambda match: match["digest"] or REDACTED, SECRETS.sub(REDACTED, text))


def redact(value: object) -> object:
    """Return a value made of texts, numbers, lists and maps, redacted; anything else as its redacted text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = redact_text(str(value))
        return text if text == REDACTED else value
    if isinstance(value, Mapping):
        return {redact_text(str(key)): redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item) for item in value]
    if isinstance(value, bytes | bytearray):
        return redact_text(value.decode("utf-8", "replace"))
    return redact_text(str(value))
