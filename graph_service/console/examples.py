"""Questions worth asking and a front end's screens: GraphiQL's tabs, the README's examples; the questions are asked by the demo."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its variables; `title` and `headline` in both languages, the latter with places for the answer's data.

    They are the first two lines of its file; a screen has no headline.
    """

    name: str
    title: str
    headline: str
    query: str
    variables: dict[str, Any]

    def link(self, base_url: str) -> str:
        """Address of GraphiQL with this question in it."""
        return f"{base_url}/graphql?example={self.name}"


def load_examples(store: Store) -> list[Example]:
    """The examples, with variables for which the store's data have answers; none where there are no data."""
    found = store.query("areas/example")
    if not found or found[0][0] is None:
        return []
    county, fund, card = found[0]
    given = {"area": {"code": county}, "fund": fund, "card": card}
    made = []
    for file in sorted((files("graph_service") / "console" / "examples").iterdir(), key=lambda f: f.name):
        query = file.read_text(encoding="utf-8")
        variables = {name: value for name, value in given.items() if f"${name}:" in query and value is not None}
        title, query = query.split("\n", 1)
        headline = ""
        if query.startswith("# "):
            headline, query = query[2:].split("\n", 1)
        # An editor is narrow: each language has its line there.
        query = title.replace(" / ", "\n# ") + f"\n{query}"
        made.append(Example(file.name.removesuffix(".graphql"), title[2:], headline, query, variables))
    return made
