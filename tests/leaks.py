"""Numbers of people where they may not be: what the scans of a test run look for, in every form in which it could stand.

Every test is watched: what is logged, what answers say that no purpose was stated for, their errors and cursors, and the files of access,
audit and metrics that it leaves behind. `tests/contract/test_scan.py` looks through all of a real service.
"""

from __future__ import annotations

import logging
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import openpyxl

from tests import PACKAGE_DATA

REGISTER = PACKAGE_DATA / "sample-register.xlsx"
PRIVATE_COLUMNS = {"证件号码", "联系电话"}
PLAIN = re.compile(rb"(?<!\d)(?:\d{17}[\dXx]|\d{11})(?!\d)")
"""A citizen ID number or a telephone. What stands within a longer number is none: numbers of persons and cards are longer."""
WIDE = re.compile(rb"(?<!\d\0)(?:(?:\d\0){17}[\dXx]\0|(?:\d\0){11})(?!\d\0)")
"""The same in UTF-16."""
DOCUMENT = re.compile(rb"(?<!\d)519900(?:19|20)\d{9}[\dXx](?!\d)")
"""An ID document of the tests: documents that begin with 519900 are assigned to nobody."""
TOKEN = re.compile(rb"[\w-]{12,}")
"""A text that could be base64: cursors and ids of answers."""
UNPROTECTED = re.compile(rb'"(?:message|zh|en|value|(?:end|start)?[cC]ursor)":"[^"]*"')
"""What an error says, and a cursor."""
OWN_FILES = ("access.sqlite*", "audit.sqlite*", "*anchor*.txt", "failures.log", "service.log", "metrics/**/*")
"""Files below a data folder in which no number may stand, whatever its key and its records."""
_hits: list[str] = []


@cache
def register_numbers() -> frozenset[bytes]:
    """Return the telephones and the citizen ID numbers of the sample register; of longer documents their first 18 characters."""
    numbers: set[bytes] = set()
    with REGISTER.open("rb") as file:
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(file, read_only=True)]
    for sheet in sheets:
        rows = [[str(cell or "") for cell in row] for row in sheet]
        header = next((row for row in rows if PRIVATE_COLUMNS & set(row)), [])
        for position, name in enumerate(header):
            if name in PRIVATE_COLUMNS:
                numbers |= {row[position][:18].encode() for row in rows}
    return frozenset(number for number in numbers if PLAIN.fullmatch(number))


def numbers_in(content: bytes) -> set[bytes]:
    """Return the numbers of the sample register that stand in a content, in UTF-8 or UTF-16."""
    candidates = {*PLAIN.findall(content), *(wide.replace(b"\0", b"") for wide in WIDE.findall(content))}
    return {candidate.upper() for candidate in candidates} & register_numbers()


def numbers_of_answer(content: bytes) -> set[bytes]:
    """Return the numbers that stand in an answer, in its cursors and ids, or in the parts of a workbook."""
    return {number for layer in _layers(content) for number in numbers_in(layer)}


def _layers(content: bytes) -> Iterator[bytes]:
    yield content
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
        return
    for token in TOKEN.findall(content):
        try:
            yield urlsafe_b64decode(token + b"=" * (-len(token) % 4))
        except ValueError:
            continue


def files_with_numbers(folder: Path) -> list[str]:
    """Return the names of the files below a folder in which a number stands."""
    assert len(register_numbers()) > 2_000
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if numbers_of_file(path)]


def numbers_of_file(path: Path) -> set[bytes]:
    """Return the numbers that stand in a file, or in its parts where it is a workbook; of a file that has gone meanwhile none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return set()
    return numbers_of_answer(content) if content[:2] == b"PK" else numbers_in(content)


def personal_numbers(content: bytes) -> set[bytes]:
    """Return the numbers that stand in a content: those of the register, and any ID document of the tests."""
    return numbers_of_answer(content) | set(DOCUMENT.findall(content))


def look_at_answer(asked: bytes, answer: bytes) -> None:
    """Note the numbers in an answer: none may stand in one to which no purpose was stated, nor ever in errors and cursors."""
    if not PLAIN.search(answer) and b"Cursor" not in answer and b"cursor" not in answer:
        return
    numbers = personal_numbers(answer if b"purpose" not in asked else b" ".join(UNPROTECTED.findall(answer)))
    if numbers:
        _hits.append(f"answer to {asked[:300]!r}: {sorted(numbers)[:3]}")


class LogWatch(logging.Handler):
    """A handler that notes the numbers in what is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record).encode("utf-8", "replace")
        if numbers := numbers_in(text) | set(DOCUMENT.findall(text)):
            _hits.append(f"log of {record.name}: {sorted(numbers)[:3]}")


LOG_WATCH = LogWatch()


def take_hits(folder: Path | None) -> list[str]:
    """Return what was noted since the last call, and the own files below a folder in which a number stands."""
    hits, _hits[:] = _hits[:], []
    files = {path for name in OWN_FILES for path in folder.rglob(name) if path.is_file()} if folder else set()
    return hits + [f"file {path.name}" for path in sorted(files) if numbers_of_file(path)]
