"""Questions worth asking: printed by the demo, GraphiQL's tabs, the README's examples."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its variables; `title` and `headline` in both languages, the latter with places for the answer's data.

    They are the first two lines of its file.
    """

    name: str
    title: str
    headline: str
    query: str
    variables: dict[str, Any]

    def link(self, base: str) -> str:
        """Address of GraphiQL with this question in it."""
        return f"{base}/graphql?example={self.name}"


def examples(store: Store) -> list[Example]:
    """The examples, with variables for which the store's data have answers; none where there are no data."""
    found = store.ask("areas/example")
    if not found or found[0][0] is None:
        return []
    county, fund = found[0]
    given = {"area": {"code": county}, "fund": fund}
    made = []
    for file in sorted((files("graph_service") / "console" / "examples").iterdir(), key=lambda f: f.name):
        query = file.read_text(encoding="utf-8")
        variables = {name: value for name, value in given.items() if f"${name}:" in query and value is not None}
        title, headline, query = query.split("\n", 2)
        made.append(
            Example(file.name.removesuffix(".graphql"), title[2:], headline[2:], f"{title}\n{query}", variables)
        )
    return made
