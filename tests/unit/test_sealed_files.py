"""Sealed files: they open as they were, and only whole, unchanged, under their name and with their key."""

from __future__ import annotations

from io import BytesIO

import pytest

from graph_service.platform.codec import Codec
from graph_service.platform.sealed_files import BLOCK_SIZE, LENGTH_BYTES, seal_file, unseal_file

KEY, OTHER_KEY = bytes(range(64)), bytes(range(64))[::-1]
NAME = "proposal!1!0"


def sealed(content: bytes, codec: Codec | None = None) -> bytes:
    target = BytesIO()
    seal_file(codec or Codec(KEY), NAME, BytesIO(content), target)
    return target.getvalue()


def opened(stored: bytes, name: str = NAME, codec: Codec | None = None) -> bytes:
    with unseal_file(codec or Codec(KEY), name, BytesIO(stored)) as file:
        return file.read()


@pytest.mark.parametrize("size", [0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE])
def test_a_file_opens_as_it_was(size: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    stored = sealed(content[:size])
    assert opened(stored) == content[:size]
    assert content[:40] not in stored
    assert opened(stored, codec=Codec(OTHER_KEY, KEY)) == content[:size], "former keys open what they sealed"


def test_a_file_that_was_changed_does_not_open() -> None:
    stored = sealed(b"a" * BLOCK_SIZE + b"b" * BLOCK_SIZE + b"c")
    end = LENGTH_BYTES + int.from_bytes(stored[:LENGTH_BYTES])
    first, second, third = stored[:end], stored[end : 2 * end], stored[2 * end :]
    for changed in (
        b"",
        stored[:-1],
        stored + b"x",
        first,
        first + second,
        first + third,
        second + first + third,
        stored + third,
        b"\0" * 100,
    ):
        with pytest.raises(ValueError, match=r"proposal!1!0"):
            opened(changed)


def test_a_file_opens_under_its_name_and_with_its_key_only() -> None:
    stored = sealed(b"content")
    with pytest.raises(ValueError, match="block 0"):
        opened(stored, "proposal!2!0")
    for codec in (Codec(OTHER_KEY), Codec()):
        with pytest.raises(ValueError, match="block 0"):
            opened(stored, codec=codec)
