"""The answer to a table's question: page by page through the API, all pages of one day and one data version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.areas import ALL_AREAS
from graph_service.errors import ApiError
from graph_service.exports.table_definition import AS_KNOWN_AT, AS_OF
from graph_service.exports.table_request import TableRequest
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.paging import MAX_PAGE_SIZE

AREA_NAME_QUERY = "query($code: String!) { found: area(code: $code) { name } }"


@dataclass(frozen=True, slots=True)
class GraphQLClient:
    """Who asks which API: one who may see `granted_areas`."""

    graphql: GraphQLApi
    granted_areas: tuple[str, ...] = ALL_AREAS

    def fetch(self, document: str, variables: Mapping[str, Any]) -> Any:
        """What the field `found` of a document gives. Raises `Unanswered` with the API's own error."""
        body = self.graphql.execute(
            GraphQLRequest(document, variables=variables), granted_areas=self.granted_areas, read_only=True
        ).body()
        if "errors" in body:
            said = body["errors"][0]["extensions"]
            raise ApiError(said["code"], said["zh"], said["en"])
        return body["data"]["found"]


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An answer that has begun: its day (ISO), its data version, the counts that were asked for, its first page."""

    client: GraphQLClient
    request: TableRequest
    page_size: int
    first_page: Mapping[str, Any]

    @property
    def as_of(self) -> str:
        return str(self.first_page["asOf"])

    @property
    def version(self) -> int:
        return int(self.first_page["dataVersion"])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows, of how many, by the names of their fields; empty where they were not asked for."""
        return {name: self.first_page[name] for name in self.request.table.counts if name in self.first_page}

    def pages(self) -> Iterator[Sequence[Any]]:
        """Rows, a page at a time. Raises `Unanswered`."""
        page, before = self.first_page, 0
        yield self.request.table.build_rows(page["nodes"], before)
        same = {**self.request.variables, AS_OF: self.as_of, AS_KNOWN_AT: self.version, "first": self.page_size}
        while _has_next_page(page):
            before += len(page["nodes"])
            page = self.client.fetch(self.request.table.document, {**same, "after": page["pageInfo"]["endCursor"]})
            yield self.request.table.build_rows(page["nodes"], before)

    @property
    def first_rows(self) -> Sequence[Any]:
        """Rows of the first page."""
        return self.request.table.build_rows(self.first_page["nodes"], 0)

    @property
    def has_next_page(self) -> bool:
        """Whether more pages follow the first."""
        return _has_next_page(self.first_page)

    def fetch_area_name(self) -> str:
        """The name of the area asked for; blank where none was."""
        area = self.client.fetch(AREA_NAME_QUERY, {"code": self.request.area_code}) if self.request.area_code else None
        return (area["name"] or "") if area else ""


def _has_next_page(page: Mapping[str, Any]) -> bool:
    """What is one whole has no pages."""
    return "pageInfo" in page and bool(page["pageInfo"]["hasNextPage"])


def open_answer(
    client: GraphQLClient, request: TableRequest, *, with_counts: bool, page_size: int = MAX_PAGE_SIZE
) -> TableAnswer:
    """Ask for the first page, and `with_counts` for how many rows there are. Raises `Unanswered`."""
    variables = {**request.variables, "first": page_size, "counted": with_counts}
    return TableAnswer(client, request, page_size, client.fetch(request.table.document, variables))
