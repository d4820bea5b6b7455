"""Formatting of errors: with a code, in both languages, with the place in document and answer."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError

from graph_service.access.masking import mask_message
from graph_service.core.refusals import refusal_code
from graph_service.errors import (
    ArgumentInvalid,
    ChangeError,
    EngineError,
    GraphServiceError,
    ServiceFailed,
    StatementRefused,
    StorageFull,
)
from graph_service.graphql.argument_paths import ARGUMENT_KEY, argument_path
from graph_service.graphql.document_messages import remove_suggestions, translate_document_message
from graph_service.graphql.selection import SelectedField
from graph_service.telemetry.events import current_trace_id

log = logging.getLogger("graph_service.graphql")
LONG_WORD = re.compile(r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{100,}")
"""Words that nobody writes in a sentence: a number of many digits, a text without blanks."""
MAX_WORD_LENGTH = 40
MAX_MESSAGE_LENGTH = 1_000
MAX_READ_LENGTH = 20_000
"""Characters of a message that are read for what must not be repeated."""


def execute_root_field(selected: SelectedField, execute: Callable[[], Any]) -> tuple[Any, list[dict[str, Any]]]:
    """Return the value of a root field, None beside its error where it failed. An unexpected error is masked, with a trace."""
    try:
        return execute(), []
    except GraphServiceError as error:
        return None, [{**format_service_error(error), **error_location(selected)}]
    except GraphQLError as error:
        return None, [format_graphql_error(error) | error_location(selected)]
    except Exception as error:
        if is_storage_full(error):
            return None, [{**format_service_error(StorageFull()), **error_location(selected)}]
        return None, [mask_field_failure(selected)]


def mask_field_failure(selected: SelectedField) -> dict[str, Any]:
    """Return a field's unexpected error, with the number under which the log has it."""
    return {**mask_failure(selected.name), **error_location(selected)}


def mask_failure(failed_action: str) -> dict[str, Any]:
    """Write the current exception to the log, and return the error shown in its place."""
    return format_service_error(_log_failure(failed_action))


def _log_failure(failed_action: str) -> ServiceFailed:
    """Write the current exception to the log, and return the error that replaces it."""
    trace = current_trace_id()
    log.exception("unexpected failure %s in %s", trace, failed_action, extra={"trace_id": trace})
    return ServiceFailed(trace=trace)


def format_service_error(error: GraphServiceError) -> dict[str, Any]:
    """Return a service error in GraphQL's shape."""
    # An engine's message about a statement, and its address, are for the log, not for the client.
    if type(error) in (EngineError, StatementRefused):
        error = _log_failure(error.code)
    elif error.public_en:
        log.warning("%s", error)
    zh, en = shorten_message(error.public_message_zh), shorten_message(error.public_message_en)
    extensions: dict[str, Any] = {"code": error.code, "zh": zh, "en": en}
    if isinstance(error, ChangeError):
        extensions["refusal"] = refusal_code(error).name
    if error.retryable:
        extensions["retryable"] = True
    return {"message": f"{zh} / {en}", "extensions": extensions}


def shorten_message(text: str) -> str:
    """Return a message that repeats neither numbers of people nor long values that the client sent."""
    text = mask_message(_cut_middle(text, MAX_READ_LENGTH))
    text = LONG_WORD.sub(lambda match: f"{match[0][:MAX_WORD_LENGTH]}…", text)
    return _cut_middle(text, MAX_MESSAGE_LENGTH)


def _cut_middle(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length // 2]} … {text[-length // 2 :]}"


def is_storage_full(error: Exception) -> bool:
    """Tell whether a file could not be written for lack of space."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def format_graphql_error(error: GraphQLError, *, shows_names: bool = True) -> dict[str, Any]:
    """Return an error of a document or its variables; for a value refused by a scalar, the scalar's message with the path of the value.
    `shows_names` False leaves out names of the schema that the document does not have: by these, a caller could read the schema."""
    formatted: dict[str, Any] = dict(error.formatted)
    message = formatted["message"] = shorten_message(
        error.message if shows_names else remove_suggestions(error.message)
    )
    path = shorten_message(argument_path(error) or "")
    extensions = {"code": "DOCUMENT_INVALID", "zh": describe_document_error(error, message, path), "en": message}
    if path:
        extensions[ARGUMENT_KEY] = path
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, GraphServiceError):
        if isinstance(cause, ArgumentInvalid) and path:
            cause = ArgumentInvalid(**cause.details | {"name": path})
        service_error = format_service_error(cause)
        formatted["message"] = service_error["message"]
        extensions |= {"zh": service_error["extensions"]["zh"], "en": service_error["extensions"]["en"]}
    formatted["extensions"] = {**(error.extensions or {}), **extensions}
    return formatted


def describe_document_error(error: GraphQLError, message: str, path: str = "") -> str:
    """Return in Chinese what is wrong with a document or its variables, and where. `message`: the library's, which is English, as it is shown
    to the caller; no name is added to those that it has. `path`: that of the value that is refused."""
    fault = "查询文档有语法错误" if isinstance(error, GraphQLSyntaxError) else "查询文档或变量不符合接口定义"
    locations = "、".join(f"第 {location.line} 行第 {location.column} 列" for location in error.locations or ())
    reason = translate_document_message(message, path)
    return f"{fault}{f'（{locations}）' if locations else ''}{f'：{reason}' if reason else ''}。"


def json_reasons(error: orjson.JSONDecodeError) -> tuple[str, str]:
    """Return why a text is no JSON, in Chinese and English: of the library's message, which is English, the Chinese has the place alone."""
    return f"不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）", f"it is not valid JSON ({error})"


def error_location(selected: SelectedField, parents: Sequence[SelectedField] = ()) -> dict[str, Any]:
    """Return the place of an error in document and answer. `parents`: the fields above, from the root."""
    location = selected.nodes[0].loc
    fields: dict[str, Any] = {"path": [parent.key for parent in (*parents, selected)]}
    if location is not None:
        position = location.source.get_location(location.start)
        fields["locations"] = [{"line": position.line, "column": position.column}]
    return fields
