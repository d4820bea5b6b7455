"""Nodes by their keys, of several labels, in one statement; `node` and `nodes` by global id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph_service.api.cursors import LARGEST, node_of
from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import TIMES, Answer, Asked, Root
from graph_service.api.selection import Selected
from graph_service.api.statements.compiler import Compiler
from graph_service.api.statements.matches import key_type
from graph_service.api.types.building import Argument, Field, Types
from graph_service.errors import ArgumentInvalid
from graph_service.model import MODEL
from graph_service.services.viewing import UNNAMED, Named, Viewing

Key = tuple[Any, ...]
Found = dict[tuple[str, Key], list[Any]]
"""What is selected of nodes, by label and key."""
NOTHING: tuple[str, Encode] = ("null", lambda _: None)
"""What is selected of a node of another label."""
MOST_IDS = 100
LABELS = tuple(name for name in MODEL.labels if name != "Import")


class Lookup:
    """A look-up of nodes that may be of any of these labels; selections are added, then `finish` makes the statement.

    `guarded`: only what is known and in scope is found.
    """

    def __init__(self, compiler: Compiler, labels: Sequence[str], *, guarded: bool = False) -> None:
        self._compiler, self._labels, self._guarded = compiler, labels, guarded
        self._selected: list[tuple[Selected, Sequence[str]]] = []
        self._parts: dict[str, tuple[str, list[Encode]]] = {}

    def select(self, one: Selected, labels: Sequence[str] = ()) -> int:
        """A further selection of every node, or of those of some labels; its place among a node's values."""
        self._selected.append((one, labels or self._labels))
        return len(self._selected) - 1

    def finish(self) -> None:
        """One part for each label."""
        for name in self._labels:
            label = self._compiler.model.labels[name]
            key = ["key[0]", "key[1]"] if label.owner else ["key[0]"]
            made = [
                self._compiler.by_key(label, key, [one], guarded=self._guarded) if name in labels else NOTHING
                for one, labels in self._selected
            ]
            columns = "".join(f", {text} AS node{i}" for i, (text, _) in enumerate(made))
            text = f"UNWIND $keys{name} AS key RETURN '{name}' AS label, key AS key{columns}"
            self._parts[name] = text, [encode for _, encode in made]

    def find(self, run: Run, viewing: Viewing, keys: Mapping[str, Sequence[Key]]) -> dict[tuple[str, Key], list[Any]]:
        """Values by label and key; keys by label. Nothing is asked where nothing is wanted."""
        wanted = [name for name in self._labels if keys.get(name)]
        if not self._selected or not wanted:
            return {}
        asked = {f"keys{name}": [list(key) for key in keys[name]] for name in wanted}
        parameters = {**viewing.parameters(), **self._compiler.parameters(run, viewing), **asked}
        rows = run.store.lookup(" UNION ALL ".join(self._parts[name][0] for name in wanted), parameters, "nodes")
        return {
            (label, tuple(key)): [encode(value) for encode, value in zip(self._parts[label][1], values, strict=True)]
            for label, key, *values in rows
        }

    def find_nodes(self, run: Run, viewing: Viewing, nodes: Iterable[tuple[str, str]]) -> Found:
        """The same of nodes, [label, key]; each is looked up once."""
        keys: dict[str, dict[Key, None]] = {}
        for label, key in nodes:
            keys.setdefault(label, {})[key,] = None
        return self.find(run, viewing, {label: list(some) for label, some in keys.items()})


def declare(types: Types) -> None:
    """Nothing of its own: the interface `Node` is the model's types'."""


def key_of_id(id_: str) -> tuple[str, Key, Named] | None:
    """Label and key of a global id, the day and version that it names; none where it names no node of ours."""
    label_name, text, named = node_of(id_) or ("", "", UNNAMED)
    if label_name not in LABELS:
        return None
    label = MODEL.labels[label_name]
    parts = text.rsplit(":", 1) if label.owner else [text]
    kinds = [key_type(MODEL.labels[label.owner]), key_type(label)] if label.owner else [key_type(label)]
    try:
        key = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        return None
    return None if any(isinstance(part, int) and abs(part) > LARGEST for part in key) else (label_name, key, named)


def _found(asked: Asked) -> Any:
    """What gives the nodes of ids, in their order."""
    lookup = Lookup(asked.compiler(), LABELS, guarded=True)
    lookup.select(asked.selected)
    lookup.finish()

    def find(run: Run, ids: Sequence[str]) -> list[Any]:
        # What is asked for one day and version is one statement, whether ids name them or arguments do.
        wanted: dict[Viewing, dict[str, dict[Key, None]]] = {}
        nodes = [key_of_id(id_) for id_ in ids]
        viewings = {node[2]: run.viewing(node[2]) for node in nodes if node}
        for label, key, named in filter(None, nodes):
            wanted.setdefault(viewings[named], {}).setdefault(label, {})[key] = None
        found: dict[Viewing, Found] = {
            viewing: lookup.find(run, viewing, {label: list(some) for label, some in keys.items()})
            for viewing, keys in wanted.items()
        }
        return [found[viewings[node[2]]].get(node[:2], [None])[0] if node else None for node in nodes]

    return find


def _node(asked: Asked) -> Answer:
    find = _found(asked)
    return lambda run: find(run, [run.given("id")])[0]


def _nodes(asked: Asked) -> Answer:
    find = _found(asked)

    def answer(run: Run) -> list[Any]:
        ids = run.given("ids")
        if len(ids) > MOST_IDS:
            raise ArgumentInvalid(
                name="ids", reason_zh=f"一次最多 {MOST_IDS} 个", reason_en=f"at most {MOST_IDS} at a time"
            )
        found: list[Any] = find(run, ids)
        return found

    return answer


ROOTS = (
    Root(
        # Relay's compiler knows `node` only with this one argument.
        Field(
            "node",
            "Node",
            "节点:One node by its global id, for the day and version that the id was told for; `nodes` for another.",
            (Argument("id", "ID!", "全局标识:Its id."),),
        ),
        _node,
    ),
    Root(
        Field(
            "nodes",
            "[Node]",
            "节点:Nodes by their global ids, in the same order; null where there is none. Each is of the day and version that its id was told for, unless others are given.",
            (Argument("ids", "[ID!]!", f"全局标识:Their ids, at most {MOST_IDS}."), *TIMES),
        ),
        _nodes,
    ),
)
