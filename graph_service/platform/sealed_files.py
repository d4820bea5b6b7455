"""Files that are kept sealed: in blocks, each bound to the name of the file and to its position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO

from graph_service.platform.codec import Codec

BLOCK_SIZE = 1 << 20
LENGTH_BYTES = 4
MORE, LAST = b"\0", b"\1"
"""First byte of a block's content: of a file that was cut, the last block is missing."""


def seal_file(codec: Codec, name: str, source: BinaryIO, target: BinaryIO) -> None:
    """Write the content of a file sealed with the first key of the codec. `name`: what distinguishes it from all other files."""
    block, index = source.read(BLOCK_SIZE), 0
    while True:
        following = source.read(BLOCK_SIZE)
        sealed = codec.seal_bytes(_block_name(name, index), (MORE if following else LAST) + block)
        target.write(len(sealed).to_bytes(LENGTH_BYTES) + sealed)
        if not following:
            return
        block, index = following, index + 1


def unseal_file(codec: Codec, name: str, source: BinaryIO) -> BinaryIO:
    """Return a file without a name in a folder that has the content of a sealed one. Raises `ValueError` where no key opens it, or it was
    changed."""
    with ExitStack() as stack:
        target: BinaryIO = stack.enter_context(TemporaryFile())
        for block in _open_blocks(codec, name, source):
            target.write(block)
        target.seek(0)
        stack.pop_all()
        return target


def _open_blocks(codec: Codec, name: str, source: BinaryIO) -> Iterator[bytes]:
    """Yield the blocks of a sealed file. Raises `ValueError`."""
    mark, index = MORE, 0
    while mark == MORE:
        sealed = source.read(int.from_bytes(source.read(LENGTH_BYTES)))
        content = codec.open_bytes(_block_name(name, index), sealed)
        if content is None:
            raise ValueError(f"block {index} of {name} cannot be opened")
        mark, index = content[:1], index + 1
        yield content[1:]
    if source.read(1):
        raise ValueError(f"{name} has more blocks than were sealed")


def _block_name(name: str, index: int) -> str:
    return f"{name}!{index}"
