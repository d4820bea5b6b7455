"""Encoding of a text file, detected strictly from the whole file."""

from __future__ import annotations

import codecs
from pathlib import Path

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.display_names import display_name
from graph_service.platform.readers.limits import MAX_CELL_LENGTH

_CHUNK_BYTES = 1 << 20
_ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}


class _DecodingFailure(Exception):
    """Line at which a file cannot be decoded in an encoding."""

    def __init__(self, line: int, is_truncated: bool, has_non_ascii: bool) -> None:
        super().__init__(line)
        self.line, self.is_truncated, self.has_non_ascii = line, is_truncated, has_non_ascii


def detect_encoding(path: Path) -> str:
    """Return the encoding: by byte order mark, else UTF-8 if the whole file decodes, else GB18030. Raises `FileUnreadable` with the line."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    failures: list[_DecodingFailure] = []
    for encoding in candidates:
        try:
            _decode(path, encoding)
        except _DecodingFailure as error:
            failures.append(error)
            if error.is_truncated and error.has_non_ascii:
                # Everything but the last character decodes: no other encoding would match by chance.
                break
            continue
        return encoding
    # The encoding that decodes the longest part is the intended one.
    furthest_failure, name = max(
        zip(failures, (_ENCODING_NAMES[encoding] for encoding in candidates), strict=False),
        key=lambda failure: failure[0].line,
    )
    if failures[-1].is_truncated:
        name = _ENCODING_NAMES[candidates[len(failures) - 1]]
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"文件不完整，最后一个字符（{name}）被截断；请重新导出",
            reason_en=f"the file is incomplete: its last character ({name}) is truncated; export it again",
        )
    if len(candidates) > 1:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"既不是 UTF-8 也不是 GB18030（第 {furthest_failure.line} 行附近）；请另存为 CSV UTF-8",
            reason_en=f"the file is neither UTF-8 nor GB18030 (near line {furthest_failure.line}); save it as CSV UTF-8",
        )
    raise FileUnreadable(
        file=display_name(path),
        reason_zh=f"第 {furthest_failure.line} 行附近不是 {name} 文字；请另存为 CSV UTF-8",
        reason_en=f"the text near line {furthest_failure.line} is not {name}; save the file as CSV UTF-8",
    )


def _decode(path: Path, encoding: str) -> None:
    """Decode the whole file. Raises `_DecodingFailure`, and `FileUnreadable` for a NUL character or an overlong line."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, has_non_ascii, length = 1, False, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line_count = error.object[: error.start].count(b"\n")
                decodable_bytes = error.object[: error.start]
                is_incomplete = (
                    "unexpected end" in error.reason or "incomplete" in error.reason or "truncated" in error.reason
                )
                is_truncated = is_incomplete and file.read(1) == b"" and error.end >= len(error.object)
                raise _DecodingFailure(
                    line + line_count, is_truncated, has_non_ascii or not decodable_bytes.isascii()
                ) from error
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise FileUnreadable(
                    file=display_name(path),
                    reason_zh=f"第 {line} 行有空字符（NUL），不是完整的文本；请另存为 CSV UTF-8",
                    reason_en=f"line {line} contains a NUL character, so the file is not plain text; save it as CSV UTF-8",
                )
            first_line, *further_lines = text.replace("\r", "\n").split("\n")
            if max(length + len(first_line), max(map(len, further_lines), default=0)) > MAX_CELL_LENGTH:
                raise FileUnreadable(
                    file=display_name(path),
                    reason_zh=f"第 {line} 行附近有一行超过 {MAX_CELL_LENGTH:,} 个字符；请检查分隔符和换行后重新导出",
                    reason_en=f"a line near line {line} has more than {MAX_CELL_LENGTH:,} characters; check the separators and line breaks and export the file again",
                )
            length = len(further_lines[-1]) if further_lines else length + len(first_line)
            line += text.count("\n") or text.count("\r")
            has_non_ascii = has_non_ascii or not text.isascii()
            if not chunk:
                return
