"""Plans of operations, kept by document, operation, shape of variables and whether the asker sees everything."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.values import VariableValues

from graph_service.api.cost import BUDGET, Cost, cost_of
from graph_service.api.limits import MOST_ROOTS
from graph_service.api.planning import Run, extent, shape
from graph_service.api.root import Answer, Asked
from graph_service.api.schema import ROOTS
from graph_service.api.selection import Document, Selected
from graph_service.codec import Codec
from graph_service.errors import DocumentRefused, GraphServiceError

TYPES = {OperationType.QUERY: "Query", OperationType.MUTATION: "Mutation", OperationType.SUBSCRIPTION: "Subscription"}
KEPT = 1_000
LONGEST = 20_000
MOST_VALUES = 500
"""Plans of documents longer, or of variables larger than this are made anew each time: what is kept stays small."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An operation of a validated document, with its variables."""

    query: str
    name: str | None
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: VariableValues


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is answered: its root fields, each with its own plan; its document's fragments; what it may cost."""

    type_name: str
    roots: tuple[tuple[Selected, Answer], ...]
    fragments: Mapping[str, FragmentDefinitionNode]
    cost: Cost


class Plans:
    """The plans made so far. Safe to share between threads."""

    def __init__(self, schema: GraphQLSchema, codec: Codec, budget: int = BUDGET) -> None:
        self._schema, self._codec, self._budget = schema, codec, budget
        self._kept: LRUCache[Hashable, Plan] = LRUCache(KEPT)
        self._lock = Lock()

    def of(self, asking: Asking, *, sees_all: bool) -> Plan:
        """Raises `DocumentRefused` where too much is asked at once, `GraphQLError` for an argument."""
        shaped = shape(self._schema, asking.operation.variable_definitions or (), asking.variables)
        name = (asking.query, asking.name, shaped, sees_all)
        with self._lock:
            kept = self._kept.get(name)
        if kept is None:
            kept = self._made(asking, sees_all=sees_all)
            if len(asking.query) <= LONGEST and extent(shaped) <= MOST_VALUES:
                with self._lock:
                    self._kept[name] = kept
        return kept

    def _made(self, asking: Asking, *, sees_all: bool) -> Plan:
        fragments = {d.name.value: d for d in asking.document.definitions if isinstance(d, FragmentDefinitionNode)}
        document = Document(self._schema, fragments, asking.variables)
        type_name = TYPES[asking.operation.operation]
        selected = document.fields(type_name, [asking.operation.selection_set])
        if len(selected) > MOST_ROOTS:
            raise DocumentRefused(
                reason_zh=f"一次最多 {MOST_ROOTS} 个查询", reason_en=f"at most {MOST_ROOTS} questions at a time"
            )
        cost = cost_of(document, selected, self._budget)
        made = (self._planned(type_name, Asked(document, one, sees_all, self._codec)) for one in selected)
        return Plan(type_name, tuple(zip(selected, made, strict=True)), fragments, cost)

    @staticmethod
    def _planned(type_name: str, asked: Asked) -> Answer:
        """A root field's plan. What is wrong with it is told when it is run, beside the others' answers."""
        root = ROOTS[type_name].get(asked.selected.name)
        try:
            return _elsewhere if root is None else root.plan(asked)
        except (GraphServiceError, GraphQLError) as error:
            return _failing(error)


def _elsewhere(_: Run) -> None:
    """What is asked about the schema itself is answered by graphql-core."""


def _failing(error: Exception) -> Answer:
    def answer(_: Run) -> None:
        raise error.with_traceback(None)

    return answer
