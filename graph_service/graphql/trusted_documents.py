"""Trusted documents: those of manifests that build tools of front ends write, which requests name by an id instead of sending their text.

Manifests of three forms are read: `{id: text}`, as the client preset of graphql-codegen and the Relay compiler write it, and
Apollo's `{"format": "apollo-persisted-query-manifest", "operations": [{"id", "body"}]}`. Requests name a document as
`documentId` (GraphQL over HTTP; urql), as `doc_id` (Relay), or as `extensions.persistedQuery.sha256Hash` (Apollo).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError, get_introspection_query, validate

from graph_service.errors import (
    DocumentRefused,
    DocumentUnknown,
    DocumentUntrusted,
    ManifestInvalid,
    unreadable_setting_file,
)
from graph_service.graphql.error_formatting import describe_document_error, json_reasons
from graph_service.graphql.limits import parse_document
from graph_service.graphql.schema import schema

SETTING = "GRAPH_SERVICE_DOCUMENTS"
PREFIX = "sha256:"
"""Prefix of an id that is the hash of its text; it may be left out."""
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
APOLLO_FORMAT = "apollo-persisted-query-manifest"
INTROSPECTION_ID = "introspection"
"""Id by which the console asks for the schema."""
SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True)
class TrustedDocuments:
    """Trusted documents by id. `is_required`: nothing else is served; a text is served if it is that of a trusted document."""

    text_by_id: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False
    texts: frozenset[str] = frozenset()

    def select_text(self, request_parameters: Mapping[str, Any]) -> object:
        """Return the text that a request names or sends, as it is, None where it does neither. Raises `DocumentUnknown`,
        `DocumentUntrusted`, and `DocumentRefused` where a text comes with the id of another one."""
        query, id_ = request_parameters.get("query") or None, document_id(request_parameters)
        text = None if id_ is None else self.text_by_id.get(id_.removeprefix(PREFIX))
        if query is None and id_ is not None and text is None:
            raise DocumentUnknown(id=id_[:SHOWN_LENGTH])
        if query is None:
            return text
        if text is not None and text != query:
            raise DocumentRefused(
                reason_zh="query 与文档编号不符；请只给出其中之一",
                reason_en="`query` is not the document that the id names; send one of them only",
            )
        if self.is_required and query not in self.texts:
            raise DocumentUntrusted()
        return query


def document_id(request_parameters: Mapping[str, Any]) -> str | None:
    """Return the id of the document that a request names, None where it names none. Raises `DocumentRefused` where it is no text."""
    extensions = request_parameters.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
    candidates = (
        request_parameters.get("documentId"),
        request_parameters.get("doc_id"),
        persisted.get("sha256Hash") if isinstance(persisted, Mapping) else None,
    )
    id_ = next((candidate for candidate in candidates if candidate not in (None, "")), None)
    if id_ is not None and not isinstance(id_, str):
        raise DocumentRefused(reason_zh="文档编号应为字符串", reason_en="the id of the document must be a string")
    return id_


def load_trusted_documents(
    paths: Iterable[Path], console_texts: Iterable[str] = (), *, is_required: bool = False
) -> TrustedDocuments:
    """Return the documents of manifests, and those of the console. Raises `SettingInvalid`."""
    text_by_id: dict[str, str] = {}
    for path in paths:
        for id_, text in _read_manifest(path):
            _check_document(path, id_, text)
            key = id_.removeprefix(PREFIX)
            if text_by_id.setdefault(key, text) != text:
                raise _manifest_invalid(path, id_, "同一编号另有文档", "the id has another document too")
    text_by_id |= {sha256(text.encode()).hexdigest(): text for text in console_texts}
    text_by_id.setdefault(INTROSPECTION_ID, get_introspection_query())
    return TrustedDocuments(text_by_id, is_required, frozenset(text_by_id.values()))


def _read_manifest(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of a manifest."""
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise unreadable_setting_file(SETTING, path, error) from error
    except orjson.JSONDecodeError as error:
        raise _manifest_invalid(path, "", *json_reasons(error)) from error
    if isinstance(content, dict) and "format" in content:
        operations = content.get("operations")
        if content["format"] != APOLLO_FORMAT or content.get("version") != 1 or not isinstance(operations, list):
            raise _manifest_invalid(
                path, "", f"格式应为 {APOLLO_FORMAT} 第 1 版", f"its format must be {APOLLO_FORMAT}, version 1"
            )
        entries: list[tuple[object, object]] = [
            (operation.get("id"), operation.get("body")) if isinstance(operation, dict) else (None, None)
            for operation in operations
        ]
    elif isinstance(content, dict):
        entries = list(content.items())
    else:
        raise _manifest_invalid(path, "", "应为 JSON 对象", "it must be a JSON object")
    for id_, text in entries:
        if not isinstance(id_, str) or not id_ or not isinstance(text, str):
            raise _manifest_invalid(path, str(id_), "编号和文档应为字符串", "id and document must be strings")
        yield id_, text


def _check_document(path: Path, id_: str, text: str) -> None:
    """Raise `ManifestInvalid` for a document that the service would refuse, or that is not the one of its hash."""
    hash_ = id_.removeprefix(PREFIX)
    if (SHA256_HEX.fullmatch(hash_) or id_.startswith(PREFIX)) and sha256(text.encode()).hexdigest() != hash_:
        raise _manifest_invalid(
            path, id_, "编号不是文档的 SHA-256 值", "the id is not the SHA-256 hash of the document"
        )
    try:
        document = parse_document(text)
        errors = validate(schema(), document, max_errors=1, hide_suggestions=True)
    except GraphQLError as error:
        errors = [error]
    except DocumentRefused as error:
        raise _manifest_invalid(path, id_, error.details["reason_zh"], error.details["reason_en"]) from error
    if errors:
        message = errors[0].message.rstrip(".")
        raise _manifest_invalid(path, id_, describe_document_error(errors[0], message).rstrip("。"), message)


def _manifest_invalid(path: Path, id_: str, reason_zh: object, reason_en: object) -> ManifestInvalid:
    return ManifestInvalid(
        name=SETTING, file=path, id=id_[:SHOWN_LENGTH] or "-", reason_zh=reason_zh, reason_en=reason_en
    )
