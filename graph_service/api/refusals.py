"""How failures are told: with a code, in both languages, beside the place in document and answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from graph_service.api.selection import Selected
from graph_service.errors import EngineError, GraphServiceError, ServiceFailed, StatementRefused

log = logging.getLogger("graph_service.api")


def attempted(one: Selected, run: Callable[[], Any]) -> tuple[Any, list[dict[str, Any]]]:
    """What a root field gives; null beside its error where it failed. What nobody expected is masked, with a trace."""
    try:
        return run(), []
    except GraphServiceError as error:
        # What an engine says of a statement is for us to read, not for who asked.
        if type(error) not in (EngineError, StatementRefused):
            return None, [{**refusal(error), **place(one)}]
        return None, [masked(one)]
    except GraphQLError as error:
        return None, [told(error) | place(one)]
    except Exception:
        return None, [masked(one)]


def masked(one: Selected) -> dict[str, Any]:
    """What nobody expected, by the number under which the log has it."""
    trace = secrets.token_hex(8)
    log.exception("unexpected failure %s in %s", trace, one.name)
    return {**refusal(ServiceFailed(trace=trace)), **place(one)}


def refusal(error: GraphServiceError) -> dict[str, Any]:
    """One of our errors, in GraphQL's shape."""
    extensions = {"code": error.code, "zh": error.message_zh, "en": error.message_en}
    return {"message": f"{error.message_zh} / {error.message_en}", "extensions": extensions}


def told(error: GraphQLError) -> dict[str, Any]:
    """What is wrong with a document or its variables; of a value that a scalar refuses only that."""
    formatted: dict[str, Any] = dict(error.formatted)
    said = {"code": "DOCUMENT_INVALID", "zh": f"文档或变量与模式不符:{error.message}", "en": error.message}
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, GraphServiceError):
        formatted["message"] = str(cause)
        said |= {"zh": cause.message_zh, "en": cause.message_en}
    formatted["extensions"] = {**said, **(error.extensions or {})}
    return formatted


def place(selected: Selected) -> dict[str, Any]:
    """Where in document and answer an error stands."""
    location = selected.nodes[0].loc
    found: dict[str, Any] = {"path": [selected.key]}
    if location is not None:
        at = location.source.get_location(location.start)
        found["locations"] = [{"line": at.line, "column": at.column}]
    return found
