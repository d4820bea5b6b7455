"""An operation from its text to its answer: parse, weigh, validate, ask each root field, gather errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from graph_service.api.cost import BUDGET, Cost
from graph_service.api.limits import MOST_TOKENS, weigh
from graph_service.api.planning import Run, Values
from graph_service.api.plans import Asking, Plan, Plans
from graph_service.api.refusals import attempted, refusal, told
from graph_service.api.schema import schema
from graph_service.api.selection import Selected
from graph_service.engine.watchdog import CANCELLATION
from graph_service.errors import DocumentRefused, GraphServiceError
from graph_service.services.areas import EVERYWHERE
from graph_service.services.viewing import newest
from graph_service.store.graph import Store

KEPT_DOCUMENTS = 500
LONGEST_KEPT = 20_000
"""Documents longer than this are read anew each time: what is kept stays small."""
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks: a document, which of its operations, values of its variables."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """`status` as HTTP counts them: 200 where it was run, else nothing was run and there are no data."""

    data: dict[str, Any] | None
    errors: Sequence[dict[str, Any]] = ()
    status: int = 200
    cost: Cost | None = None

    def body(self) -> dict[str, Any]:
        """As GraphQL over HTTP has it."""
        told: dict[str, Any] = {"errors": list(self.errors)} if self.errors else {}
        if self.status == 200:
            told["data"] = self.data
        if self.cost is not None:
            told["extensions"] = {"cost": self.cost.told()}
        return told


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may run, each time anew; `topic`: what a subscription waits for."""

    kind: OperationType
    topic: str
    run: Callable[[], Response]

    def answer(self) -> Response:
        """Answer it once. A change goes on to its end, whoever has gone meanwhile."""
        if self.kind is not OperationType.MUTATION:
            return self.run()
        attached = CANCELLATION.set(None)
        try:
            return self.run()
        finally:
            CANCELLATION.reset(attached)


class Graphql:
    """The API over one store. Safe to share between threads."""

    def __init__(self, store: Store, budget: int = BUDGET) -> None:
        self._store = store
        self._schema: GraphQLSchema = schema()
        self._documents: LRUCache[str, DocumentNode | list[GraphQLError]] = LRUCache(KEPT_DOCUMENTS)
        self._plans = Plans(self._schema, store.codec, budget)
        self._lock = Lock()

    def execute(self, request: Request, *, granted: tuple[str, ...] = EVERYWHERE, read_only: bool = False) -> Response:
        """Answer one operation for one who may see `granted` areas. `read_only` refuses mutations."""
        operation = self.prepare(request, granted=granted)
        if isinstance(operation, Response):
            return operation
        if operation.kind is OperationType.SUBSCRIPTION:
            return _refused(
                "订阅请用 graphql-transport-ws 或 SSE", "subscribe over graphql-transport-ws or server-sent events"
            )
        if read_only and operation.kind is not OperationType.QUERY:
            return _refused("GET 只能查询", "GET may only query", 405)
        return operation.answer()

    def version(self) -> int | None:
        """The newest data version, as it was at most a second ago."""
        found = newest(self._store)
        return None if found is None else found.sequence

    def prepare(self, request: Request, *, granted: tuple[str, ...] = EVERYWHERE) -> Operation | Response:
        """An operation that may run, for one who may see `granted` areas; or why it may not."""
        try:
            document = self._document(request.query)
            if isinstance(document, list):
                return Response(None, [told(error) for error in document], 400)
            operation = _operation(document, request.operation_name)
            variables = get_variable_values(
                self._schema, operation.variable_definitions or (), dict(request.variables), max_errors=10
            )
            if not isinstance(variables, VariableValues):
                return Response(None, [told(error) for error in variables], 400)
            asking = Asking(request.query, request.operation_name, document, operation, variables)
            plan = self._plans.of(asking, sees_all=granted == EVERYWHERE)
            values = Values(variables)
            cost = plan.cost.of_run(values)
        except GraphQLError as error:
            return Response(None, [told(error)], 400)
        except GraphServiceError as error:
            return Response(None, [refusal(error)], 400)
        except RecursionError:
            return _refused("片段或字段嵌套过深", "its fragments or fields are nested too deep")
        topic = plan.roots[0][0].name if plan.type_name == "Subscription" and plan.roots else ""
        run = partial(self._run, plan, cost, operation, request, values, granted)
        return Operation(operation.operation, topic, run)

    def _document(self, query: str) -> DocumentNode | list[GraphQLError]:
        """The parsed document, or what is wrong with it. Raises `GraphQLError` for its syntax."""
        with self._lock:
            kept = self._documents.get(query)
        if kept is None:
            document = parse(query, max_tokens=MOST_TOKENS, no_location=False)
            weigh(document)
            kept = validate(self._schema, document, max_errors=10) or document
            if len(query) <= LONGEST_KEPT:
                with self._lock:
                    self._documents[query] = kept
        return kept

    def _run(
        self,
        plan: Plan,
        cost: Cost,
        operation: OperationDefinitionNode,
        request: Request,
        values: Values,
        granted: tuple[str, ...],
    ) -> Response:
        data: dict[str, Any] = {}
        errors: list[dict[str, Any]] = []
        for one, answer in plan.roots:
            if one.name == "__typename":
                data[one.key] = plan.type_name
            elif one.name in INTROSPECTION:
                found, wrong = self._introspected(operation, one, plan.fragments, request)
                data |= found
                errors += wrong
            else:
                run = Run(self._store, granted, one, values)
                data[one.key], wrong = attempted(one, partial(answer, run))
                errors += wrong
        return Response(data, errors, cost=cost)

    def _introspected(
        self,
        operation: OperationDefinitionNode,
        one: Selected,
        fragments: Mapping[str, FragmentDefinitionNode],
        request: Request,
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """graphql-core answers what is asked about the schema itself."""
        alone = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=one.nodes),
        )
        document = DocumentNode(definitions=(alone, *fragments.values()))
        result = execute_sync(self._schema, document, variable_values=dict(request.variables))
        return result.data or {one.key: None}, [told(error) for error in result.errors or ()]


def _refused(zh: str, en: str, status: int = 400) -> Response:
    return Response(None, [refusal(DocumentRefused(reason_zh=zh, reason_en=en))], status)


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is asked for. Raises `DocumentRefused`."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    named = [d for d in operations if name is None or (d.name is not None and d.name.value == name)]
    if len(named) != 1:
        known = ", ".join(d.name.value for d in operations if d.name)
        raise DocumentRefused(
            reason_zh=f"请用 operationName 指明要执行的操作;文档中有:{known or '-'}",
            reason_en=f"say with operationName which operation to run; there are: {known or '-'}",
        )
    return named[0]
