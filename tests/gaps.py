"""Pages of the questions about duties of help, read by their engine statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import ResultPage, fetch_page
from graph_service.features.coverage.coverage_gaps import COVERAGE_GAPS
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY, NO_LIMIT
from graph_service.platform.store.graph import Store


def coverage_gaps(
    store: Store, scope: QueryScope, *, first: int = 50, after: Sequence[Any] | None = None, **arguments: Any
) -> ResultPage:
    """Return a page of gaps."""
    return fetch_page(store, scope, COVERAGE_GAPS, arguments, first=first, after=after)


def coverage_summary(store: Store, scope: QueryScope, **arguments: Any) -> Sequence[Any]:
    """Return the shares of all areas and duties."""
    return fetch_page(store, scope, COVERAGE_SUMMARY, arguments, first=NO_LIMIT).rows
