"""GraphQL requests from JSON, over any transport, with their parts checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson

from graph_service.access.callers import Caller
from graph_service.access.permissions import Permissions
from graph_service.errors import DocumentRefused, NotSignedIn, RateExceeded, ServiceBusy
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error, json_reasons
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest, GraphQLResponse, PreparedOperation
from graph_service.graphql.trusted_documents import TrustedDocuments
from graph_service.telemetry.events import operation_refused

T = TypeVar("T")


def parse_json(text: bytes | str) -> Any:
    """Parse JSON. Raises `DocumentRefused` for anything else."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        zh, en = json_reasons(error)
        raise DocumentRefused(reason_zh=zh, reason_en=en) from error


def parse_request(request_parameters: Mapping[str, Any], documents: TrustedDocuments) -> GraphQLRequest:
    """Return the request that parameters make, with the text of a trusted document that they name. Raises `DocumentRefused`."""
    query, name = documents.select_text(request_parameters), request_parameters.get("operationName")
    variables, extensions = request_parameters.get("variables"), request_parameters.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise DocumentRefused(
            reason_zh="缺少 query 或 documentId", reason_en="`query` is missing, and so is `documentId`"
        )
    if name is not None and not isinstance(name, str):
        raise DocumentRefused(reason_zh="operationName 应为字符串", reason_en="operationName must be a string")
    if not all(part is None or isinstance(part, dict) for part in (variables, extensions)):
        raise DocumentRefused(
            reason_zh="variables 和 extensions 应为 JSON 对象",
            reason_en="variables and extensions must be JSON objects",
        )
    return GraphQLRequest(query, name, variables or {})


def run_for_caller(caller: Caller, run: Callable[[Permissions], T]) -> T | GraphQLResponse:
    """Run with what the caller may do at this moment; return the response that refuses a caller who is not known any more."""
    result: T | GraphQLResponse
    try:
        permissions = caller.permissions()
    except NotSignedIn as error:
        result = GraphQLResponse(None, [format_service_error(error)], 401)
    else:
        result = run(permissions)
    if isinstance(result, GraphQLResponse) and result.status != 200:
        operation_refused(result.errors)
    return result


def prepare_for_caller(
    graphql: GraphQLApi, limits: CallerLimits, caller: Caller, request: GraphQLRequest
) -> PreparedOperation | GraphQLResponse:
    """Return an operation ready to run with what the caller may do at this moment, or the response that refuses it. Raises `RateExceeded`."""
    return run_for_caller(
        caller,
        lambda permissions: graphql.prepare(
            request, permissions=permissions, allowance=limits.allowance(caller, permissions)
        ),
    )


def busy_response(error: ServiceBusy) -> GraphQLResponse:
    """Return the response for a caller who has to come again later: 429 where it is the caller's own limit."""
    return GraphQLResponse(None, [format_service_error(error)], busy_status(error))


def busy_status(error: ServiceBusy) -> int:
    """Return the HTTP status for a caller who has to come again later."""
    return 429 if isinstance(error, RateExceeded) else 503
