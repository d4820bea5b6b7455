"""Codec of confidential values: every such value passes it into the store and out of it.

With a key, values are sealed by AES-SIV (RFC 5297): authenticated and deterministic, so that the same file still changes
nothing and an exact search still works; order and prefixes are lost. Each property is sealed separately: one value under
two properties gives two texts. Without a key, values are stored in plain text and stay readable later.

A key file may hold several keys. All of them open values, and one seals them: the key with which the store is sealed, so that equal
values stay equal. It is the former one until `graph-service keys rotate` has sealed everything with the first of the file.

Numbers that are derived from values (that of a bill: from person, day and cost) are shown to whoever sees the record, also where the
values are not. They are keyed hashes: without the store's random key, nobody can try values until one gives the number.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph_service.errors import SettingInvalid, unreadable_setting_file

_LETTERS, _DIGITS = str.maketrans("0123456789", "ghijklmnop"), str.maketrans("ghijklmnop", "0123456789")
"""Letters in place of digits: no part of a derived number looks like a telephone or the number of a document; and back."""
SEALED_PREFIX = "siv1:"
KEY_BYTES = 64
KEY_LENGTH = 88
"""Characters of a key in base64. A key may be wrapped over several lines."""
KEY_FILE_SETTING = "GRAPH_SERVICE_KEY_FILE"
NUMBER_LENGTH = 24
"""Characters of a derived number. What follows them distinguishes records that agree in the values from which it is derived."""
PLAIN = ""
"""Stands for the fingerprint of the key of values that are not sealed."""


class SealingKey:
    """A key. `fingerprint`: hash that distinguishes keys without disclosing them."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)
        self.fingerprint = hashlib.blake2b(key, digest_size=8, person=b"graph_service").hexdigest()

    def seal(self, name: str, value: str) -> str:
        return SEALED_PREFIX + base64.b64encode(self.seal_bytes(name, value.encode())).decode()

    def unseal(self, name: str, stored: str) -> str | None:
        """Return the original of a sealed value; None where it was sealed with another key, or under another name."""
        try:
            content = self.open_bytes(name, base64.b64decode(stored[len(SEALED_PREFIX) :]))
            return None if content is None else content.decode()
        except ValueError:
            return None

    def seal_bytes(self, name: str, content: bytes) -> bytes:
        return self._cipher.encrypt(content, [name.encode()])

    def open_bytes(self, name: str, sealed: bytes) -> bytes | None:
        """Return the original of sealed bytes; None where they were sealed with another key, under another name, or were changed."""
        try:
            return self._cipher.decrypt(sealed, [name.encode()])
        except (InvalidTag, ValueError):
            return None


class Codec:
    """Codec that seals and unseals the texts of confidential properties. Safe to share between threads."""

    def __init__(self, *keys: bytes) -> None:
        self._keys = {key.fingerprint: key for key in map(SealingKey, keys)}
        self.current_fingerprint = next(iter(self._keys), PLAIN)
        """Fingerprint of the first key of the file, with which all values shall be sealed."""
        self.key_fingerprint = self.current_fingerprint
        """Fingerprint of the key that seals, `PLAIN` where none does: that of the store, once it is known."""
        self.number_key = b""
        """Key of the numbers that are derived from values: that of the store, once it is known."""

    def derive_number(self, *values: object) -> str:
        """Return a number that stands for several values: always the same in a store, and without its key nothing can be learnt from it.
        Raises `ValueError` while the key is not known."""
        if not self.number_key:
            raise ValueError("the key of derived numbers is not known: prepare the store first")
        text = "\x1f".join("" if value is None else str(value) for value in values)
        digest = hashlib.blake2b(text.encode(), digest_size=NUMBER_LENGTH // 2, key=self.number_key).hexdigest()
        return digest.translate(_LETTERS)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Return the fingerprints of the keys of the file, the current one first."""
        return tuple(self._keys)

    def opens(self, fingerprint: str) -> bool:
        """Tell whether values of a key can be opened."""
        return fingerprint == PLAIN or fingerprint in self._keys

    def seal(self, name: str, value: str | None) -> str | None:
        """Return the value as it is stored; `name` is the name of the property with its label."""
        return self.seal_with(self.key_fingerprint, name, value)

    def seal_with(self, fingerprint: str, name: str, value: str | None) -> str | None:
        """Return the value as a key seals it; the same value for `PLAIN`."""
        return value if value is None or fingerprint == PLAIN else self._keys[fingerprint].seal(name, value)

    def sealings(self, name: str, value: str) -> list[str]:
        """Return all texts as which a value may be stored: sealed with each key, and plain."""
        return [*(key.seal(name, value) for key in self._keys.values()), value]

    def unseal(self, name: str, stored: str | None) -> str | None:
        """Return the original of a stored value; None where it was sealed with another key, or under another name."""
        return None if stored is None else self.open(name, stored)[1]

    def unseal_stored(self, name: str, stored: str | None) -> str | None:
        """Return the original of a value of the store. Raises `SettingInvalid` where no key of the file opens it: null would say that
        the record has none."""
        value = self.unseal(name, stored)
        if value is None and stored is not None:
            raise SettingInvalid(
                name=KEY_FILE_SETTING,
                reason_zh="所查数据中有号码用密钥文件中没有的密钥封存。请运行 graph-service keys status 查看，将所缺密钥加入密钥文件，并重新启动服务。",
                reason_en="a value that was asked for is sealed with a key that the file lacks. See graph-service keys status, add that key to the file, and restart the service.",
            )
        return value

    def seal_bytes(self, name: str, content: bytes) -> bytes:
        """Return bytes, which are not empty, sealed with the first key of the file. There must be one."""
        return self._keys[self.current_fingerprint].seal_bytes(name, content)

    def open_bytes(self, name: str, sealed: bytes) -> bytes | None:
        """Return the original of sealed bytes; None where no key opens them."""
        contents = (key.open_bytes(name, sealed) for key in self._keys.values())
        return next((content for content in contents if content is not None), None)

    def open(self, name: str, stored: str) -> tuple[str | None, str | None]:
        """Return the fingerprint of the key of a stored value, and its original; None for both where no key opens it."""
        if not stored.startswith(SEALED_PREFIX):
            return PLAIN, stored
        for key in self._keys.values():
            value = key.unseal(name, stored)
            if value is not None:
                return key.fingerprint, value
        return None, None


def number_bits(number: str) -> int:
    """Return the first 64 bits of a derived number."""
    return int(number[:16].translate(_DIGITS), 16)


def generate_key() -> str:
    """Return a new key as a line of a key file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def load_codec(path: Path | None) -> Codec:
    """Return the codec with the keys of a file, the current one first: each is 64 random bytes in base64. Lines that begin with # are
    comments. Raises `SettingInvalid`."""
    if path is None:
        return Codec()
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        text = "".join("".join(line.split()) for line in lines if not line.lstrip().startswith("#"))
        keys = [
            base64.b64decode(text[start : start + KEY_LENGTH], validate=True)
            for start in range(0, max(len(text), 1), KEY_LENGTH)
        ]
    except OSError as error:
        raise unreadable_setting_file(KEY_FILE_SETTING, path, error) from error
    except ValueError as error:
        raise SettingInvalid(
            name=KEY_FILE_SETTING,
            reason_zh=f"{path} 不是 base64 文本，可用 graph-service keys generate 生成密钥",
            reason_en=f"{path} is not text in base64; make a key with graph-service keys generate",
        ) from error
    for number, key in enumerate(keys, 1):
        if len(key) != KEY_BYTES:
            raise SettingInvalid(
                name=KEY_FILE_SETTING,
                reason_zh=f"{path} 中第 {number} 个密钥有 {len(key)} 字节，应为 {KEY_BYTES} 字节，可用 graph-service keys generate 生成",
                reason_en=f"{path}: key {number} has {len(key)} bytes instead of {KEY_BYTES}; make one with graph-service keys generate",
            )
    return Codec(*keys)
