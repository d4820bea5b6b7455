"""Files in a request, as the GraphQL multipart request specification has them (github.com/jaydenseric/graphql-multipart-request-spec)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from graph_service.errors import DocumentRefused
from graph_service.graphql.http.graphql_requests import parse_json
from graph_service.graphql.types.scalars import UploadedFile

FORM_MEDIA_TYPE = "multipart/form-data"
PREFLIGHT_HEADERS = ("graphql-require-preflight", "apollo-require-preflight")
"""Headers that no form of another page can send: one of them must be there."""
MAX_FILES = 100
MAX_FORM_FIELDS = 10
EXTENSION_BY_SIGNATURE = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
MAX_NAME_LENGTH = 80
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
LIST_INDEX = re.compile(r"\d{1,6}")


def _uploaded_file(upload: UploadFile) -> UploadedFile:
    """Under a name that any file system takes, and by which a folder is never left; its ending is kept."""
    name = CONTROL_CHARACTERS.sub("", PurePath((upload.filename or "").replace("\\", "/")).name).strip(". ")
    name = name[-MAX_NAME_LENGTH:] or "upload"
    return UploadedFile(name if PurePath(name).suffix else name + _guess_extension(upload.file), upload.file)


def _guess_extension(file: BinaryIO) -> str:
    """Return the ending of a file that is sent without one: what it is shows from its bytes."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return EXTENSION_BY_SIGNATURE.get(head, ".csv")


async def read_form(http_request: Request) -> Mapping[str, Any]:
    """What is asked, with the files in their places; they are closed with the request. Raises `DocumentRefused`."""
    if not any(http_request.headers.get(mark) for mark in PREFLIGHT_HEADERS):
        raise DocumentRefused(
            reason_zh=f"上传请带请求头 {PREFLIGHT_HEADERS[0]}: 1",
            reason_en=f"send the header {PREFLIGHT_HEADERS[0]}: 1 with uploads",
        )
    try:
        return _insert_files(await http_request.form(max_files=MAX_FILES, max_fields=MAX_FORM_FIELDS))
    except HTTPException as error:
        raise DocumentRefused(
            reason_zh=f"表单有误({error.detail})", reason_en=f"the form is not right ({error.detail})"
        ) from error


def _insert_files(form: FormData) -> Mapping[str, Any]:
    asked, places = _form_object(form, "operations"), _form_object(form, "map")
    for name, paths in places.items():
        upload = form.get(name)
        if not isinstance(upload, UploadFile) or not isinstance(paths, list):
            raise _form_invalid(f"map.{name}")
        for path in paths:
            _insert_file(asked, str(path), _uploaded_file(upload))
    return asked


def _form_object(form: FormData, name: str) -> dict[str, Any]:
    found = form.get(name)
    value = parse_json(found) if isinstance(found, str) else None
    if not isinstance(value, dict):
        raise _form_invalid(name)
    return value


def _insert_file(request_parameters: dict[str, Any], path: str, upload: UploadedFile) -> None:
    """Put a file where its null stands. Nothing but nulls in variables is replaced."""
    first, *between, last = path.split(".") if path.startswith("variables.") else ("", "")
    found: Any = request_parameters.get(first)
    for part in between:
        found = _child(found, part)
    if isinstance(found, dict) and last in found and found[last] is None:
        found[last] = upload
    elif isinstance(found, list) and LIST_INDEX.fullmatch(last) and int(last) < len(found) and found[int(last)] is None:
        found[int(last)] = upload
    else:
        raise _form_invalid(path)


def _child(parent: Any, key: str) -> Any:
    if isinstance(parent, dict):
        return parent.get(key)
    if isinstance(parent, list) and LIST_INDEX.fullmatch(key) and int(key) < len(parent):
        return parent[int(key)]
    return None


def _form_invalid(path: str) -> DocumentRefused:
    return DocumentRefused(
        reason_zh=f"上传表单的 {path[:80]} 有误", reason_en=f"{path[:80]} of the upload form is not right"
    )
