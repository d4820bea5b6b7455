"""The answer to a table's question: page by page through the API, all pages of one day and one data version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.access.permissions import UNRESTRICTED, Permissions
from graph_service.core.question import WITHHELD_FIELD, WITHHELD_FIELDS, WITHHELD_PROPERTIES_FIELD
from graph_service.errors import AccessDenied, ApiError, AreaNotGranted
from graph_service.exports.table_definition import AS_KNOWN_AT, AS_OF
from graph_service.exports.table_request import TableRequest
from graph_service.graphql.allowances import Allowance
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.paging import MAX_PAGE_SIZE

ACCESS_ERROR_CODES = frozenset((AccessDenied.code, AreaNotGranted.code))
"""Codes of the API's errors for what the caller may not read."""
AREA_NAME_QUERY = "query($code: String!) { found: area(code: $code) { name } }"


@dataclass(frozen=True, slots=True)
class GraphQLClient:
    """An API, and what its client may do and spend."""

    graphql: GraphQLApi
    permissions: Permissions = UNRESTRICTED
    allowance: Allowance | None = None

    def fetch(self, document: str, variables: Mapping[str, Any]) -> Any:
        """Return the value of the field `found` of a document. Raises `ApiError` with the API's error, `RateExceeded`."""
        return self.fetch_with_parts(document, variables)[0]

    def fetch_with_parts(self, document: str, variables: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
        """Return the value of the field `found`, and the parts of the requested area that it is about, where only these are granted."""
        body = self.graphql.execute(
            GraphQLRequest(document, variables=variables),
            permissions=self.permissions,
            allowance=self.allowance,
            read_only=True,
        ).body()
        if "errors" in body:
            error = body["errors"][0]["extensions"]
            raise ApiError(error["code"], error["zh"], error["en"])
        granted_parts = body.get("extensions", {}).get("grantedParts", {}).values()
        return body["data"]["found"], tuple(code for codes in granted_parts for code in codes)


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An answer of which the first page is fetched: its day (ISO), its data version, the counts that were requested. `granted_parts`: the
    parts of the requested area that it is about, where only these are granted."""

    client: GraphQLClient
    request: TableRequest
    page_size: int
    first_page: Mapping[str, Any]
    granted_parts: tuple[str, ...] = ()

    @property
    def as_of(self) -> str:
        return str(self.first_page["asOf"])

    @property
    def version(self) -> int:
        return int(self.first_page["dataVersion"])

    @property
    def counts(self) -> dict[str, Any]:
        """Return the number of rows and of eligible rows, and the checks or properties left out if there are any, by the names of their fields; empty where
        they were not requested."""
        return {
            name: self.first_page[name]
            for name in self.request.table.counts
            if self.first_page.get(name) not in (None, [])
        }

    @property
    def withheld_checks(self) -> Sequence[str]:
        """Return the codes of the checks whose findings are left out, because no purpose is stated."""
        return self.first_page.get(WITHHELD_FIELD) or ()

    @property
    def withheld_properties(self) -> Sequence[str]:
        """Return the names of the properties whose values are left out, because no purpose is stated."""
        return self.first_page.get(WITHHELD_PROPERTIES_FIELD) or ()

    def format_counts(self) -> dict[str, str]:
        """Return the counts as texts, by their Chinese and English names."""
        return {
            f"{self.request.table.counts[name]} {name}": ", ".join(count) if isinstance(count, list) else str(count)
            for name, count in self.counts.items()
        }

    def pages(self) -> Iterator[Sequence[Any]]:
        """Yield rows, a page at a time. Raises `ApiError`."""
        page, offset = self.first_page, 0
        yield self.request.table.build_rows(page["nodes"], offset)
        variables = {**self.request.variables, AS_OF: self.as_of, AS_KNOWN_AT: self.version, "first": self.page_size}
        while _has_next_page(page):
            offset += len(page["nodes"])
            page = self.client.fetch(self.request.table.document, {**variables, "after": page["pageInfo"]["endCursor"]})
            yield self.request.table.build_rows(page["nodes"], offset)

    @property
    def first_rows(self) -> Sequence[Any]:
        """Return the rows of the first page."""
        return self.request.table.build_rows(self.first_page["nodes"], 0)

    @property
    def has_next_page(self) -> bool:
        """Return True where more pages follow the first."""
        return _has_next_page(self.first_page)

    def fetch_area_name(self) -> str:
        """Return the name of the requested area; blank where none was requested, or the caller may not read the area itself: published totals
        are for others too."""
        if not self.request.area_code:
            return ""
        try:
            area = self.client.fetch(AREA_NAME_QUERY, {"code": self.request.area_code})
        except ApiError as error:
            if error.code not in ACCESS_ERROR_CODES:
                raise
            return ""
        return (area["name"] or "") if area else ""


def _has_next_page(page: Mapping[str, Any]) -> bool:
    """Return True where more pages follow; an answer that comes whole has no pages."""
    return "pageInfo" in page and bool(page["pageInfo"]["hasNextPage"])


def open_answer(
    client: GraphQLClient, request: TableRequest, *, with_counts: bool, page_size: int = MAX_PAGE_SIZE
) -> TableAnswer:
    """Fetch the first page, and `with_counts` the number of rows; also where checks or properties may be left out, which are requested with it. Raises
    `ApiError`."""
    counted = with_counts or not request.table.counts.keys().isdisjoint(WITHHELD_FIELDS)
    variables = {**request.variables, "first": page_size, "counted": counted}
    return TableAnswer(client, request, page_size, *client.fetch_with_parts(request.table.document, variables))
