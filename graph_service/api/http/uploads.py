"""Files in a request, as the GraphQL multipart request specification has them (github.com/jaydenseric/graphql-multipart-request-spec)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from graph_service.api.http.asked import parsed
from graph_service.api.types.scalars import Uploaded
from graph_service.errors import DocumentRefused

FORM = "multipart/form-data"
MARKS = ("graphql-require-preflight", "apollo-require-preflight")
"""Headers that no form of another page can send: one of them must be there."""
MOST_FILES = 100
MOST_FIELDS = 10
ENDINGS = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
LONGEST_NAME = 80
UNUSUAL = re.compile(r"[\x00-\x1f\x7f]")
INDEX = re.compile(r"\d{1,6}")


def _uploaded(upload: UploadFile) -> Uploaded:
    """Under a name that any file system takes, and by which a folder is never left; its ending is kept."""
    name = UNUSUAL.sub("", PurePath((upload.filename or "").replace("\\", "/")).name).strip(". ")
    name = name[-LONGEST_NAME:] or "upload"
    return Uploaded(name if PurePath(name).suffix else name + _ending(upload.file), upload.file)


def _ending(file: BinaryIO) -> str:
    """Return the ending of a file that is sent without one: what it is shows from its bytes."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return ENDINGS.get(head, ".csv")


async def received(http: Request) -> Mapping[str, Any]:
    """What is asked, with the files in their places; they are closed with the request. Raises `DocumentRefused`."""
    if not any(http.headers.get(mark) for mark in MARKS):
        raise DocumentRefused(
            reason_zh=f"上传请带请求头 {MARKS[0]}: 1", reason_en=f"send the header {MARKS[0]}: 1 with uploads"
        )
    try:
        return _placed(await http.form(max_files=MOST_FILES, max_fields=MOST_FIELDS))
    except HTTPException as error:
        raise DocumentRefused(
            reason_zh=f"表单有误({error.detail})", reason_en=f"the form is not right ({error.detail})"
        ) from error


def _placed(form: FormData) -> Mapping[str, Any]:
    asked, places = _part(form, "operations"), _part(form, "map")
    for name, paths in places.items():
        upload = form.get(name)
        if not isinstance(upload, UploadFile) or not isinstance(paths, list):
            raise _wrong(f"map.{name}")
        for path in paths:
            _place(asked, str(path), _uploaded(upload))
    return asked


def _part(form: FormData, name: str) -> dict[str, Any]:
    found = form.get(name)
    value = parsed(found) if isinstance(found, str) else None
    if not isinstance(value, dict):
        raise _wrong(name)
    return value


def _place(asked: dict[str, Any], path: str, upload: Uploaded) -> None:
    """Put a file where its null stands. Nothing but nulls in variables is replaced."""
    first, *between, last = path.split(".") if path.startswith("variables.") else ("", "")
    found: Any = asked.get(first)
    for part in between:
        found = _below(found, part)
    if isinstance(found, dict) and last in found and found[last] is None:
        found[last] = upload
    elif isinstance(found, list) and INDEX.fullmatch(last) and int(last) < len(found) and found[int(last)] is None:
        found[int(last)] = upload
    else:
        raise _wrong(path)


def _below(found: Any, part: str) -> Any:
    if isinstance(found, dict):
        return found.get(part)
    if isinstance(found, list) and INDEX.fullmatch(part) and int(part) < len(found):
        return found[int(part)]
    return None


def _wrong(place: str) -> DocumentRefused:
    return DocumentRefused(
        reason_zh=f"上传表单的 {place[:80]} 有误", reason_en=f"{place[:80]} of the upload form is not right"
    )
