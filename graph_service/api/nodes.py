"""Nodes by their keys, of several labels, in one statement; `node` and `nodes` by global id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.api.compiler import Compiler
from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.selection import Selected
from graph_service.services.viewing import Viewing

Key = tuple[Any, ...]


class Lookup:
    """A look-up of nodes that may be of any of these labels; selections are added, then `finish` makes the statement.

    `guarded`: only what is known and in scope is found.
    """

    def __init__(self, compiler: Compiler, labels: Sequence[str], *, guarded: bool = False) -> None:
        self._compiler, self._labels, self._guarded = compiler, labels, guarded
        self._selected: list[Selected] = []
        self._text = ""
        self._encoders: dict[str, list[Encode]] = {}

    def select(self, one: Selected) -> int:
        """A further selection of every node; its place among a node's values."""
        self._selected.append(one)
        return len(self._selected) - 1

    def finish(self) -> None:
        """One part for each label, whether or not a run asks for one of it: so the text is the same."""
        parts = []
        for name in self._labels:
            label = self._compiler.model.labels[name]
            key = ["key[0]", "key[1]"] if label.owner else ["key[0]"]
            made = [self._compiler.by_key(label, key, [one], guarded=self._guarded) for one in self._selected]
            self._encoders[name] = [encode for _, encode in made]
            columns = "".join(f", {text} AS node{i}" for i, (text, _) in enumerate(made))
            parts.append(f"UNWIND $keys{name} AS key RETURN '{name}' AS label, key AS key{columns}")
        self._text = " UNION ALL ".join(parts)

    def find(self, run: Run, viewing: Viewing, keys: Mapping[str, Sequence[Key]]) -> dict[tuple[str, Key], list[Any]]:
        """Values by label and key; keys by label. Nothing is asked where nothing is wanted."""
        if not self._selected or not any(keys.values()):
            return {}
        asked = {f"keys{name}": [list(key) for key in keys.get(name, ())] for name in self._labels}
        parameters = {**viewing.parameters(), **self._compiler.parameters(run, viewing), **asked}
        rows = run.store.lookup(self._text, parameters, "nodes")
        return {
            (label, tuple(key)): [encode(value) for encode, value in zip(self._encoders[label], values, strict=True)]
            for label, key, *values in rows
        }
