"""Codec of confidential values: every such value passes it into the store and out of it.

With a key, values are sealed by AES-SIV (RFC 5297): authenticated and deterministic, so that the same file still changes
nothing and an exact search still works; order and prefixes are lost. Each property is sealed separately: one value under
two properties gives two texts. Without a key, values are stored in plain text and stay readable later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph_service.errors import SettingInvalid

SEALED_PREFIX = "siv1:"
KEY_BYTES = 64
KEY_FILE_SETTING = "GRAPH_SERVICE_KEY_FILE"


class Codec:
    """Codec that seals and unseals the texts of confidential properties. Safe to share between threads."""

    def __init__(self, key: bytes | None = None) -> None:
        self._cipher = AESSIV(key) if key else None
        self.key_fingerprint = hashlib.blake2b(key, digest_size=8, person=b"graph_service").hexdigest() if key else ""
        """Hash that distinguishes keys without disclosing them; empty without a key."""

    def seal(self, name: str, value: str | None) -> str | None:
        """Return the value as it is stored; `name` is the name of the property with its label."""
        if value is None or self._cipher is None:
            return value
        return SEALED_PREFIX + base64.b64encode(self._cipher.encrypt(value.encode(), [name.encode()])).decode()

    def unseal(self, name: str, stored: str | None) -> str | None:
        """Return the original of a stored value; None where it was sealed with another key, or under another name."""
        if stored is None or not stored.startswith(SEALED_PREFIX):
            return stored
        if self._cipher is None:
            return None
        try:
            return self._cipher.decrypt(base64.b64decode(stored[len(SEALED_PREFIX) :]), [name.encode()]).decode()
        except (InvalidTag, binascii.Error, ValueError):
            return None


def load_codec(path: Path | None) -> Codec:
    """Return the codec with the key of a file: 64 random bytes in base64. Raises `SettingInvalid`."""
    if path is None:
        return Codec()
    try:
        key = base64.b64decode("".join(path.read_text(encoding="ascii").split()), validate=True)
    except (OSError, ValueError) as error:
        raise SettingInvalid(name=KEY_FILE_SETTING, reason=error) from error
    if len(key) != KEY_BYTES:
        raise SettingInvalid(
            name=KEY_FILE_SETTING,
            reason=f"{path}: {len(key)} 字节，应为 {KEY_BYTES} 字节 / {len(key)} bytes instead of {KEY_BYTES}; openssl rand -base64 {KEY_BYTES}",
        )
    return Codec(key)
