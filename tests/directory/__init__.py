"""Tests of the directory, with what all of them share: one way to query the API."""

from __future__ import annotations

from typing import Any

from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from tests.callers import permissions_in


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    """Return the answer of a query that has no errors."""
    body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]
    return answer


def ask_refused(api: GraphQLApi, query: str, **variables: Any) -> dict[str, Any]:
    """Return the only error of a query."""
    [error] = api.execute(GraphQLRequest(query, variables=variables)).body()["errors"]
    return dict(error)
