"""Example questions and the queries of a front end's screens: tabs of GraphiQL, examples of the README; the demo runs the questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its variables; `title` and `headline` in both languages, the latter with placeholders for the answer's data.

    They are the first two lines of its file; a screen has no headline.
    """

    name: str
    title: str
    headline: str
    query: str
    variables: dict[str, Any]

    def link(self, base_url: str) -> str:
        """Return the address of GraphiQL with this question in it."""
        return f"{base_url}/graphql?example={self.name}"


def load_examples(store: Store) -> list[Example]:
    """Return the examples, with variables for which the store has answers; an empty list where it has no data."""
    rows = store.query("areas/example")
    if not rows or rows[0][0] is None:
        return []
    county, fund, card = rows[0]
    return read_examples({"area": {"code": county}, "fund": fund, "card": card})


def read_examples(sample_values: Mapping[str, object]) -> list[Example]:
    """Return the examples, with those of the values that they use as variables."""
    examples = []
    for file in sorted((files("graph_service") / "console" / "examples").iterdir(), key=lambda f: f.name):
        query = file.read_text(encoding="utf-8")
        variables = {name: value for name, value in sample_values.items() if f"${name}:" in query and value is not None}
        title, query = query.split("\n", 1)
        headline = ""
        if query.startswith("# "):
            headline, query = query[2:].split("\n", 1)
        # The editor is narrow: each language gets a separate line.
        query = title.replace(" / ", "\n# ") + f"\n{query}"
        examples.append(Example(file.name.removesuffix(".graphql"), title[2:], headline, query, variables))
    return examples
