"""Files in a request, by the GraphQL multipart request specification (github.com/jaydenseric/graphql-multipart-request-spec)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from graph_service.access.masking import excerpt
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.errors import DocumentRefused
from graph_service.graphql.http.graphql_requests import parse_json
from graph_service.graphql.types.scalars import UploadedFile

FORM_MEDIA_TYPE = "multipart/form-data"
PREFLIGHT_HEADERS = ("graphql-require-preflight", "apollo-require-preflight")
"""Headers that no form of another page can send; one of them is required."""
MAX_FILES = 100
MAX_FORM_FIELDS = 10
EXTENSION_BY_SIGNATURE = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
MAX_NAME_LENGTH = 80
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
LIST_INDEX = re.compile(r"\d{1,6}")


def _uploaded_file(upload: UploadFile) -> UploadedFile:
    """Return the file under a name that any file system accepts and that leaves no folder, with the numbers of people in it masked; its
    extension is kept."""
    name = CONTROL_CHARACTERS.sub("", PurePath((upload.filename or "").replace("\\", "/")).name).strip(". ")
    name = mask_numbers(name)[-MAX_NAME_LENGTH:] or "upload"
    return UploadedFile(name if PurePath(name).suffix else name + _guess_extension(upload.file), upload.file)


def _guess_extension(file: BinaryIO) -> str:
    """Return the extension of a file that is sent without one, from its first bytes."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return EXTENSION_BY_SIGNATURE.get(head, ".csv")


async def read_form(http_request: Request) -> Mapping[str, Any]:
    """Return the parameters, with the files in their places; they are closed with the request. Raises `DocumentRefused`."""
    if not any(http_request.headers.get(mark) for mark in PREFLIGHT_HEADERS):
        raise DocumentRefused(
            reason_zh=f"上传文件须带请求头 {PREFLIGHT_HEADERS[0]}: 1",
            reason_en=f"file uploads require the header {PREFLIGHT_HEADERS[0]}: 1",
        )
    try:
        return _insert_files(await http_request.form(max_files=MAX_FILES, max_fields=MAX_FORM_FIELDS))
    except HTTPException as error:
        raise DocumentRefused(
            reason_zh=f"上传表单有误：须为 {FORM_MEDIA_TYPE}，最多 {MAX_FILES} 个文件、{MAX_FORM_FIELDS} 个字段",
            reason_en=f"the upload form is invalid ({error.detail})",
        ) from error


def _insert_files(form: FormData) -> Mapping[str, Any]:
    parameters, paths_by_file = _form_object(form, "operations"), _form_object(form, "map")
    for name, paths in paths_by_file.items():
        upload = form.get(name)
        if not isinstance(upload, UploadFile) or not isinstance(paths, list):
            raise _form_invalid(f"map.{name}")
        for path in paths:
            _insert_file(parameters, str(path), _uploaded_file(upload))
    return parameters


def _form_object(form: FormData, name: str) -> dict[str, Any]:
    text = form.get(name)
    value = parse_json(text) if isinstance(text, str) else None
    if not isinstance(value, dict):
        raise _form_invalid(name)
    return value


def _insert_file(request_parameters: dict[str, Any], path: str, upload: UploadedFile) -> None:
    """Replace a file's null by the file. Only nulls in variables are replaced."""
    first, *middle, last = path.split(".") if path.startswith("variables.") else ("", "")
    container: Any = request_parameters.get(first)
    for part in middle:
        container = _child(container, part)
    if isinstance(container, dict) and last in container and container[last] is None:
        container[last] = upload
    elif (
        isinstance(container, list)
        and LIST_INDEX.fullmatch(last)
        and int(last) < len(container)
        and container[int(last)] is None
    ):
        container[int(last)] = upload
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
        reason_zh=f"上传表单的 {excerpt(path, 80)} 有误", reason_en=f"{excerpt(path, 80)} of the upload form is invalid"
    )
