"""The answer to a table's question: page by page through the API, all pages of one day and one data version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.api.execution import Graphql, Request
from graph_service.api.paging import LARGEST_PAGE
from graph_service.errors import Unanswered
from graph_service.exports.asked import Asked
from graph_service.exports.shapes import AS_KNOWN_AT, AS_OF
from graph_service.services.areas import EVERYWHERE

PLACE = "query($code: String!) { found: area(code: $code) { name } }"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks which API: one who may see `granted` areas."""

    graphql: Graphql
    granted: tuple[str, ...] = EVERYWHERE

    def found(self, query: str, variables: Mapping[str, Any]) -> Any:
        """What the field `found` of a document gives. Raises `Unanswered` with the API's own error."""
        body = self.graphql.execute(Request(query, variables=variables), granted=self.granted, read_only=True).body()
        if "errors" in body:
            said = body["errors"][0]["extensions"]
            raise Unanswered(said["code"], said["zh"], said["en"])
        return body["data"]["found"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has begun: its day (ISO), its data version, the counts that were asked for, its first page."""

    asker: Asker
    asked: Asked
    size: int
    first: Mapping[str, Any]

    @property
    def as_of(self) -> str:
        return str(self.first["asOf"])

    @property
    def version(self) -> int:
        return int(self.first["dataVersion"])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows, of how many, by the names of their fields; empty where they were not asked for."""
        return {name: self.first[name] for name in self.asked.table.counts if name in self.first}

    def pages(self) -> Iterator[Sequence[Any]]:
        """Rows, a page at a time. Raises `Unanswered`."""
        page, before = self.first, 0
        yield self.asked.table.rows(page["nodes"], before)
        same = {**self.asked.variables, AS_OF: self.as_of, AS_KNOWN_AT: self.version, "first": self.size}
        while _goes_on(page):
            before += len(page["nodes"])
            page = self.asker.found(self.asked.table.document, {**same, "after": page["pageInfo"]["endCursor"]})
            yield self.asked.table.rows(page["nodes"], before)

    @property
    def beginning(self) -> Sequence[Any]:
        """Rows of the first page."""
        return self.asked.table.rows(self.first["nodes"], 0)

    @property
    def goes_on(self) -> bool:
        """Whether more pages follow the first."""
        return _goes_on(self.first)

    def place(self) -> str:
        """The name of the area asked for; blank where none was."""
        area = self.asker.found(PLACE, {"code": self.asked.area}) if self.asked.area else None
        return (area["name"] or "") if area else ""


def _goes_on(page: Mapping[str, Any]) -> bool:
    """What is one whole has no pages."""
    return "pageInfo" in page and bool(page["pageInfo"]["hasNextPage"])


def begun(asker: Asker, asked: Asked, *, counted: bool, size: int = LARGEST_PAGE) -> Answer:
    """Ask for the first page, and `counted` for how many rows there are. Raises `Unanswered`."""
    variables = {**asked.variables, "first": size, "counted": counted}
    return Answer(asker, asked, size, asker.found(asked.table.document, variables))
