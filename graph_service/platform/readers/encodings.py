"""Which encoding a text file is in, decided by the whole file, strictly."""

from __future__ import annotations

import codecs
from pathlib import Path

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.display_names import display_name
from graph_service.platform.readers.limits import MAX_CELL_LENGTH

_CHUNK_BYTES = 1 << 20
_ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}


class _DecodingFailure(Exception):
    """Where a file stops being text of an encoding."""

    def __init__(self, line: int, is_truncated: bool, has_non_ascii: bool) -> None:
        super().__init__(line)
        self.line, self.is_truncated, self.has_non_ascii = line, is_truncated, has_non_ascii


def detect_encoding(path: Path) -> str:
    """Return the encoding: by its mark, else UTF-8 where the whole file is, else GB18030. Raises `FileUnreadable` with the line."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    else:
        tried = ["utf-8", "gb18030"]
    failures: list[_DecodingFailure] = []
    for encoding in tried:
        try:
            _decode(path, encoding)
        except _DecodingFailure as error:
            failures.append(error)
            if error.is_truncated and error.has_non_ascii:
                # All of it but the last character: no other encoding reads so by chance.
                break
            continue
        return encoding
    # The encoding in which the most of it can be read is the one that was meant.
    first, name = max(
        zip(failures, (_ENCODING_NAMES[encoding] for encoding in tried), strict=False),
        key=lambda failure: failure[0].line,
    )
    if failures[-1].is_truncated:
        name = _ENCODING_NAMES[tried[len(failures) - 1]]
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"文件不完整,最后一个字符({name})被截断;请重新导出",
            reason_en=f"the file is cut short within its last character ({name}): export it again",
        )
    if len(tried) > 1:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"既不是 UTF-8 也不是 GB18030(第 {first.line} 行附近);请另存为 CSV UTF-8",
            reason_en=f"it is neither UTF-8 nor GB18030 (near line {first.line}): save it as CSV UTF-8",
        )
    raise FileUnreadable(
        file=display_name(path),
        reason_zh=f"第 {first.line} 行附近不是 {name} 文字;请另存为 CSV UTF-8",
        reason_en=f"near line {first.line} it is not {name}: save it as CSV UTF-8",
    )


def _decode(path: Path, encoding: str) -> None:
    """Decode the whole file. Raises `_Undecodable`, and `FileUnreadable` for a character that no text has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, wide, length = 1, False, 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                lines = error.object[: error.start].count(b"\n")
                before = error.object[: error.start]
                ends = "unexpected end" in error.reason or "incomplete" in error.reason or "truncated" in error.reason
                cut = ends and file.read(1) == b"" and error.end >= len(error.object)
                raise _DecodingFailure(line + lines, cut, wide or not before.isascii()) from error
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise FileUnreadable(
                    file=display_name(path),
                    reason_zh=f"第 {line} 行有空字符(NUL),不是完整的文本;请另存为 CSV UTF-8",
                    reason_en=f"line {line} has a NUL character, so it is not a whole text: save it as CSV UTF-8",
                )
            first, *others = text.replace("\r", "\n").split("\n")
            if max(length + len(first), max(map(len, others), default=0)) > MAX_CELL_LENGTH:
                raise FileUnreadable(
                    file=display_name(path),
                    reason_zh=f"第 {line} 行附近有一行超过 {MAX_CELL_LENGTH:,} 个字符;请检查分隔符和换行后重新导出",
                    reason_en=f"near line {line} a line has more than {MAX_CELL_LENGTH:,} characters: check its separators and line ends and export it again",
                )
            length = len(others[-1]) if others else length + len(first)
            line += text.count("\n") or text.count("\r")
            wide = wide or not text.isascii()
            if not piece:
                return
