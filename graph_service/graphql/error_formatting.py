"""How failures are told: with a code, in both languages, beside the place in document and answer."""

from __future__ import annotations

import errno
import logging
import re
import secrets
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from graph_service.errors import (
    EngineError,
    GraphServiceError,
    ServiceFailed,
    StatementRefused,
    StorageFull,
)
from graph_service.graphql.selection import SelectedField

log = logging.getLogger("graph_service.graphql")
LONG_WORD = re.compile(r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{100,}")
"""What nobody writes in a sentence: a number of many digits, a text without blanks."""
MAX_WORD_LENGTH = 40
MAX_MESSAGE_LENGTH = 1_000


def execute_root_field(selected: SelectedField, execute: Callable[[], Any]) -> tuple[Any, list[dict[str, Any]]]:
    """What a root field gives; null beside its error where it failed. What nobody expected is masked, with a trace."""
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
    """What nobody expected, by the number under which the log has it."""
    return {**mask_failure(selected.name), **error_location(selected)}


def mask_failure(failed_action: str) -> dict[str, Any]:
    """Return what is told of the exception under way, which goes to the log."""
    return format_service_error(_log_failure(failed_action))


def _log_failure(failed_action: str) -> ServiceFailed:
    """Write the exception under way to the log, and return what is told instead of it."""
    trace = secrets.token_hex(8)
    log.exception("unexpected failure %s in %s", trace, failed_action)
    return ServiceFailed(trace=trace)


def format_service_error(error: GraphServiceError) -> dict[str, Any]:
    """One of our errors, in GraphQL's shape."""
    # What an engine says of a statement, and where it is, is for us to read, not for who asked.
    if type(error) in (EngineError, StatementRefused):
        error = _log_failure(error.code)
    elif error.public_en:
        log.warning("%s", error)
    zh, en = shorten_message(error.public_message_zh), shorten_message(error.public_message_en)
    extensions: dict[str, Any] = {"code": error.code, "zh": zh, "en": en}
    if error.retryable:
        extensions["retryable"] = True
    return {"message": f"{zh} / {en}", "extensions": extensions}


def shorten_message(text: str) -> str:
    """Return a message in which no value that somebody sent is repeated at length."""
    text = LONG_WORD.sub(lambda word: f"{word[0][:MAX_WORD_LENGTH]}…", text)
    return (
        text
        if len(text) <= MAX_MESSAGE_LENGTH
        else f"{text[: MAX_MESSAGE_LENGTH // 2]} … {text[-MAX_MESSAGE_LENGTH // 2 :]}"
    )


def is_storage_full(error: Exception) -> bool:
    """Return whether a file could not be written for want of room."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def format_graphql_error(error: GraphQLError) -> dict[str, Any]:
    """What is wrong with a document or its variables; of a value that a scalar refuses only that."""
    formatted: dict[str, Any] = dict(error.formatted)
    message = formatted["message"] = shorten_message(error.message)
    said = {"code": "DOCUMENT_INVALID", "zh": f"文档或变量与模式不符:{message}", "en": message}
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, GraphServiceError):
        ours = format_service_error(cause)
        formatted["message"] = ours["message"]
        said |= {"zh": ours["extensions"]["zh"], "en": ours["extensions"]["en"]}
    formatted["extensions"] = {**said, **(error.extensions or {})}
    return formatted


def error_location(selected: SelectedField) -> dict[str, Any]:
    """Where in document and answer an error stands."""
    location = selected.nodes[0].loc
    found: dict[str, Any] = {"path": [selected.key]}
    if location is not None:
        at = location.source.get_location(location.start)
        found["locations"] = [{"line": at.line, "column": at.column}]
    return found
