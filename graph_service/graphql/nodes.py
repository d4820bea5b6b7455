"""Nodes by their keys, of several labels, in one statement; `node` and `nodes` by global id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph_service.core.query_scope import NO_REQUESTED_TIMES, QueryScope, RequestedTimes
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid
from graph_service.graphql.cursors import MAX_INTEGER, decode_global_id
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import TIME_ARGUMENTS, Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.statements.matches import key_type
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

Key = tuple[Any, ...]
NodeValues = dict[tuple[str, Key], list[Any]]
"""What is selected of nodes, by label and key."""
NULL_PROJECTION: tuple[str, Encoder] = ("null", lambda _: None)
"""What is selected of a node of another label."""
MAX_IDS = 100
LABELS = tuple(name for name in MODEL.labels if name != "Import")


class NodeLookup:
    """A look-up of nodes that may be of any of these labels; selections are added, then `finish` makes the statement.

    `visible_only`: only what is known and in scope is found.
    """

    def __init__(self, compiler: Compiler, labels: Sequence[str], *, visible_only: bool = False) -> None:
        self._compiler, self._labels, self._visible_only = compiler, labels, visible_only
        self._selected: list[tuple[SelectedField, Sequence[str]]] = []
        self._projections: dict[str, tuple[str, list[Encoder]]] = {}

    def select(self, selected: SelectedField, labels: Sequence[str] = ()) -> int:
        """A further selection of every node, or of those of some labels; its place among a node's values."""
        self._selected.append((selected, labels or self._labels))
        return len(self._selected) - 1

    def finish(self) -> None:
        """One part for each label."""
        for name in self._labels:
            label = self._compiler.model.labels[name]
            key = ["key[0]", "key[1]"] if label.owner else ["key[0]"]
            made = [
                self._compiler.node_by_key(label, key, [one], visible_only=self._visible_only)
                if name in labels
                else NULL_PROJECTION
                for one, labels in self._selected
            ]
            columns = "".join(f", {text} AS node{i}" for i, (text, _) in enumerate(made))
            text = f"UNWIND $keys{name} AS key RETURN '{name}' AS label, key AS key{columns}"
            self._projections[name] = text, [encode for _, encode in made]

    def find(
        self, execution: Execution, scope: QueryScope, keys: Mapping[str, Sequence[Key]]
    ) -> dict[tuple[str, Key], list[Any]]:
        """Values by label and key; keys by label. Nothing is asked where nothing is wanted."""
        wanted = [name for name in self._labels if keys.get(name)]
        if not self._selected or not wanted:
            return {}
        asked = {f"keys{name}": [list(key) for key in keys[name]] for name in wanted}
        parameters = {**scope.parameters(), **self._compiler.parameters(execution, scope), **asked}
        rows = execution.store.query_text(
            " UNION ALL ".join(self._projections[name][0] for name in wanted), parameters, "nodes"
        )
        return {
            (label, tuple(key)): [
                encode(value) for encode, value in zip(self._projections[label][1], values, strict=True)
            ]
            for label, key, *values in rows
        }

    def find_nodes(self, execution: Execution, scope: QueryScope, nodes: Iterable[tuple[str, str]]) -> NodeValues:
        """The same of nodes, [label, key]; each is looked up once."""
        keys: dict[str, dict[Key, None]] = {}
        for label, key in nodes:
            keys.setdefault(label, {})[key,] = None
        return self.find(execution, scope, {label: list(some) for label, some in keys.items()})


def add_types(types: TypeRegistry) -> None:
    """Nothing of its own: the interface `Node` is the model's types'."""


def decode_node_id(id_: str) -> tuple[str, Key, RequestedTimes] | None:
    """Label and key of a global id, the day and version that it names; none where it names no node of ours."""
    label_name, text, named = decode_global_id(id_) or ("", "", NO_REQUESTED_TIMES)
    if label_name not in LABELS:
        return None
    label = MODEL.labels[label_name]
    parts = text.rsplit(":", 1) if label.owner else [text]
    kinds = [key_type(MODEL.labels[label.owner]), key_type(label)] if label.owner else [key_type(label)]
    try:
        key = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        return None
    return None if any(isinstance(part, int) and abs(part) > MAX_INTEGER for part in key) else (label_name, key, named)


def _node_finder(context: RootFieldContext) -> Any:
    """What gives the nodes of ids, in their order."""
    lookup = NodeLookup(context.compiler(), LABELS, visible_only=True)
    lookup.select(context.selected)
    lookup.finish()

    def find(execution: Execution, ids: Sequence[str]) -> list[Any]:
        # What is asked for one day and version is one statement, whether ids name them or arguments do.
        wanted: dict[QueryScope, dict[str, dict[Key, None]]] = {}
        nodes = [decode_node_id(id_) for id_ in ids]
        viewings = {node[2]: execution.query_scope(node[2]) for node in nodes if node}
        for label, key, named in filter(None, nodes):
            wanted.setdefault(viewings[named], {}).setdefault(label, {})[key] = None
        found: dict[QueryScope, NodeValues] = {
            viewing: lookup.find(execution, viewing, {label: list(some) for label, some in keys.items()})
            for viewing, keys in wanted.items()
        }
        return [found[viewings[node[2]]].get(node[:2], [None])[0] if node else None for node in nodes]

    return find


def _plan_node(context: RootFieldContext) -> Resolver:
    find = _node_finder(context)
    return lambda run: find(run, [run.argument("id")])[0]


def _plan_nodes(context: RootFieldContext) -> Resolver:
    find = _node_finder(context)

    def answer(execution: Execution) -> list[Any]:
        ids = execution.argument("ids")
        if len(ids) > MAX_IDS:
            raise ArgumentInvalid(
                name="ids", reason_zh=f"一次最多 {MAX_IDS} 个", reason_en=f"at most {MAX_IDS} at a time"
            )
        found: list[Any] = find(execution, ids)
        return found

    return answer


ROOT_FIELDS = (
    RootField(
        # Relay's compiler knows `node` only with this one argument.
        Field(
            "node",
            "Node",
            "节点:One node by its global id, for the day and version that the id was told for; `nodes` for another.",
            (Argument("id", "ID!", "全局标识:Its id."),),
        ),
        _plan_node,
    ),
    RootField(
        Field(
            "nodes",
            "[Node]",
            "节点:Nodes by their global ids, in the same order; null where there is none. Each is of the day and version that its id was told for, unless others are given.",
            (Argument("ids", "[ID!]!", f"全局标识:Their ids, at most {MAX_IDS}."), *TIME_ARGUMENTS),
        ),
        _plan_nodes,
    ),
)
