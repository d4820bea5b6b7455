"""Nodes by their keys, of several labels, in one statement; root fields `node` and `nodes` by global id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graph_service.access.masking import AUDITED_CLASSES
from graph_service.core.query_scope import NO_REQUESTED_TIMES, QueryScope, RequestedTimes
from graph_service.domain.fields import lower_first
from graph_service.domain.metamodel import Label
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
"""Selected values of nodes, by label and key."""
NULL_PROJECTION: tuple[str, Encoder] = ("null", lambda _: None)
"""Projection and encoder of a selection that is for other labels."""
MAX_IDS = 100
LABELS = tuple(label.name for label in MODEL.directory_labels)
LABELS_WITHOUT_PURPOSE = tuple(
    label.name for label in MODEL.directory_labels if label.classification not in AUDITED_CLASSES
)
"""Labels of the nodes that may be read by their ids: `node` and `nodes` take no purpose."""


class NodeLookup:
    """Lookup of nodes that may have any of these labels: add selections, then `finish` builds the statement.

    `visible_only`: find only nodes that are known and in scope.
    """

    def __init__(self, compiler: Compiler, labels: Sequence[str], *, visible_only: bool = False) -> None:
        self._compiler, self._labels, self._visible_only = compiler, labels, visible_only
        self._selected: list[tuple[SelectedField | None, Sequence[str]]] = []
        self._projections: dict[str, tuple[str, list[Encoder]]] = {}

    def select(self, selected: SelectedField, labels: Sequence[str] = ()) -> int:
        """Add a selection of every node, or of those of some labels; return its index among a node's values."""
        self._selected.append((selected, labels or self._labels))
        return len(self._selected) - 1

    def select_subject(self) -> int:
        """Add what the audit log tells of every node; return its index among a node's values."""
        self._selected.append((None, self._labels))
        return len(self._selected) - 1

    def finish(self) -> None:
        """Build one part of the statement for each label."""
        for name in self._labels:
            label = self._compiler.model.labels[name]
            projections = [
                self._project(label, selected) if name in labels else NULL_PROJECTION
                for selected, labels in self._selected
            ]
            columns = "".join(f", {text} AS node{i}" for i, (text, _) in enumerate(projections))
            text = f"UNWIND $keys{name} AS key RETURN '{name}' AS label, key AS key{columns}"
            self._projections[name] = text, [encode for _, encode in projections]

    def _project(self, label: Label, selected: SelectedField | None) -> tuple[str, Callable[[Any], Any]]:
        key = ["key[0]", "key[1]"] if label.owner else ["key[0]"]
        if selected is None:
            return self._compiler.subject_by_key(label, key)
        return self._compiler.node_by_key(label, key, [selected], visible_only=self._visible_only)

    def find(
        self, execution: Execution, scope: QueryScope, keys: Mapping[str, Sequence[Key]]
    ) -> dict[tuple[str, Key], list[Any]]:
        """Return values by label and key; `keys` are by label. Run no statement where nothing is selected or no key is given."""
        labels = [name for name in self._labels if keys.get(name)]
        if not self._selected or not labels:
            return {}
        keys_by_parameter = {f"keys{name}": [list(key) for key in keys[name]] for name in labels}
        parameters = {**scope.parameters(), **self._compiler.parameters(execution, scope), **keys_by_parameter}
        rows = execution.store.query_text(
            " UNION ALL ".join(self._projections[name][0] for name in labels), parameters, "nodes"
        )
        return {
            (label, tuple(key)): [
                encode(value) for encode, value in zip(self._projections[label][1], values, strict=True)
            ]
            for label, key, *values in rows
        }

    def find_nodes(self, execution: Execution, scope: QueryScope, nodes: Iterable[tuple[str, str]]) -> NodeValues:
        """Return the values of nodes given as (label, key); each is looked up once."""
        keys: dict[str, dict[Key, None]] = {}
        for label, key in nodes:
            keys.setdefault(label, {})[key,] = None
        return self.find(execution, scope, {label: list(label_keys) for label, label_keys in keys.items()})


def add_types(types: TypeRegistry) -> None:
    """Add nothing: the interface `Node` is added with the model's types."""


def decode_node_id(id_: str) -> tuple[str, Key, RequestedTimes] | None:
    """Return label and key of a global id, and the day and version that it names; None where it names no node."""
    label_name, text, requested_times = decode_global_id(id_) or ("", "", NO_REQUESTED_TIMES)
    if label_name not in LABELS:
        return None
    label = MODEL.labels[label_name]
    parts = text.rsplit(":", 1) if label.owner else [text]
    kinds = [key_type(MODEL.labels[label.owner]), key_type(label)] if label.owner else [key_type(label)]
    try:
        key = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        return None
    return (
        None
        if any(isinstance(part, int) and abs(part) > MAX_INTEGER for part in key)
        else (label_name, key, requested_times)
    )


def _node_finder(context: RootFieldContext, argument: str) -> Any:
    """Return a function that finds the nodes of ids, which an argument names, in their order."""
    lookup = NodeLookup(context.compiler(), LABELS_WITHOUT_PURPOSE, visible_only=True)
    lookup.select(context.selected)
    lookup.finish()

    def find(execution: Execution, ids: Sequence[str]) -> list[Any]:
        # One statement for each day and version, whether ids or arguments name them.
        keys_by_scope: dict[QueryScope, dict[str, dict[Key, None]]] = {}
        nodes = [decode_node_id(id_) for id_ in ids]
        for label, *_ in filter(None, nodes):
            if label not in LABELS_WITHOUT_PURPOSE:
                root_field = lower_first(label)
                raise ArgumentInvalid(
                    name=argument,
                    reason_zh=f"{label} 须说明用途才能查看；请用 {root_field}(purpose: …)",
                    reason_en=f"a {label} is read for a stated purpose only; use {root_field}(purpose: ...)",
                )
        scopes = {node[2]: execution.query_scope(node[2]) for node in nodes if node}
        for label, key, requested_times in filter(None, nodes):
            keys_by_scope.setdefault(scopes[requested_times], {}).setdefault(label, {})[key] = None
        values_by_scope: dict[QueryScope, NodeValues] = {
            scope: lookup.find(execution, scope, {label: list(label_keys) for label, label_keys in keys.items()})
            for scope, keys in keys_by_scope.items()
        }
        return [values_by_scope[scopes[node[2]]].get(node[:2], [None])[0] if node else None for node in nodes]

    return find


def _plan_node(context: RootFieldContext) -> Resolver:
    find = _node_finder(context, "id")
    return lambda execution: find(execution, [execution.argument("id")])[0]


def _plan_nodes(context: RootFieldContext) -> Resolver:
    find = _node_finder(context, "ids")

    def answer(execution: Execution) -> list[Any]:
        ids = execution.argument("ids")
        if len(ids) > MAX_IDS:
            raise ArgumentInvalid(
                name="ids", reason_zh=f"一次最多 {MAX_IDS} 个", reason_en=f"at most {MAX_IDS} ids per request"
            )
        nodes: list[Any] = find(execution, ids)
        return nodes

    return answer


ROOT_FIELDS = (
    RootField(
        # Relay's compiler accepts `node` only with this one argument.
        Field(
            "node",
            "Node",
            "节点：One node by its global id, for the day and data version that the id was issued for; null if there "
            "is none. Use `nodes` to query another day or version.",
            (Argument("id", "ID!", "全局标识：Global id of the node."),),
        ),
        _plan_node,
    ),
    RootField(
        Field(
            "nodes",
            "[Node]",
            "节点：Nodes by their global ids, in the order of `ids`; null for an id without a node. Each is shown for "
            "the day and data version that its id was issued for, unless `asOf` or `asKnownAt` is given.",
            (Argument("ids", "[ID!]!", f"全局标识：Global ids of the nodes (at most {MAX_IDS})."), *TIME_ARGUMENTS),
        ),
        _plan_nodes,
    ),
)
