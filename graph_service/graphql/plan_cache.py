"""Cache of operations' plans by document, operation, shape of variables, and what its caller sees: everything or not, and which classes masked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
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
)
from graphql.execution.values import VariableValues

from graph_service.access.masking import MaskedClasses
from graph_service.errors import ArgumentInvalid, DocumentRefused, GraphServiceError
from graph_service.graphql.audit_trail import PURPOSE, current_trail
from graph_service.graphql.cost import Cost, estimate_cost
from graph_service.graphql.limits import MAX_ROOT_FIELDS
from graph_service.graphql.plan_key import Execution, shape_size, variables_shape
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.schema import root_fields
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.platform.codec import Codec

ROOT_TYPES = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}
MAX_CACHED_PLANS = 1_000
MAX_CACHED_QUERY_LENGTH = 20_000
MAX_CACHED_VALUES = 500
"""Largest shape of variables of a cached plan. Larger ones, and longer documents, are planned each time, so that the cache stays small."""


@dataclass(frozen=True, slots=True)
class ParsedOperation:
    """An operation of a validated document, with its variables."""

    query: str
    name: str | None
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: VariableValues


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """Plan of an operation: its root fields, each with its resolver; its document's fragments; its cost."""

    type_name: str
    root_fields: tuple[tuple[SelectedField, Resolver], ...]
    fragments: Mapping[str, FragmentDefinitionNode]
    cost: Cost


class PlanCache:
    """Cache of plans. It is safe to share between threads."""

    def __init__(self, schema: GraphQLSchema, codec: Codec) -> None:
        self._schema, self._codec = schema, codec
        self._cache: LRUCache[Hashable, OperationPlan] = LRUCache(MAX_CACHED_PLANS)
        self._lock = Lock()

    def get(
        self, parsed: ParsedOperation, budget: int, *, sees_everything: bool, masked: MaskedClasses
    ) -> OperationPlan:
        """Return the plan of an operation for callers of a kind. Raises `DocumentRefused` where it requests too much, `GraphQLError` for an argument.
        Plans do not depend on the budget: one that is above it is not made, and of one that is cached the caller checks the cost."""
        shape = variables_shape(self._schema, parsed.operation.variable_definitions or (), parsed.variables)
        key = (parsed.query, parsed.name, shape, sees_everything, masked)
        with self._lock:
            plan = self._cache.get(key)
        if plan is None:
            plan = self._build_plan(parsed, budget, sees_everything=sees_everything, masked=masked)
            if len(parsed.query) <= MAX_CACHED_QUERY_LENGTH and shape_size(shape) <= MAX_CACHED_VALUES:
                with self._lock:
                    self._cache[key] = plan
        return plan

    def _build_plan(
        self, parsed: ParsedOperation, budget: int, *, sees_everything: bool, masked: MaskedClasses
    ) -> OperationPlan:
        fragments = {d.name.value: d for d in parsed.document.definitions if isinstance(d, FragmentDefinitionNode)}
        document = Operation(self._schema, fragments, parsed.variables)
        type_name = ROOT_TYPES[parsed.operation.operation]
        selected = document.collect_fields(type_name, [parsed.operation.selection_set])
        if len(selected) > MAX_ROOT_FIELDS:
            raise DocumentRefused(
                reason_zh=f"一次请求最多 {MAX_ROOT_FIELDS} 个顶层字段；请分次查询",
                reason_en=f"at most {MAX_ROOT_FIELDS} root fields are allowed per request; split it into several requests",
            )
        cost = estimate_cost(document, selected, budget)
        resolvers = (
            self._plan_field(type_name, RootFieldContext(document, field, sees_everything, self._codec, masked))
            for field in selected
        )
        return OperationPlan(type_name, tuple(zip(selected, resolvers, strict=True)), fragments, cost)

    @staticmethod
    def _plan_field(type_name: str, context: RootFieldContext) -> Resolver:
        """Return a root field's resolver. An error of its plan is raised at the run, beside the answers of the other fields."""
        root = root_fields()[type_name].get(context.selected.name)
        try:
            return (
                _answered_by_graphql_core
                if root is None
                else _with_right(root, _with_purpose(context, root.plan(context)))
            )
        except (GraphServiceError, GraphQLError) as error:
            return _raise_when_run(error)


def _with_right(root: RootField, resolver: Resolver) -> Resolver:
    def answer(execution: Execution) -> Any:
        root.require_right(execution.permissions)
        return resolver(execution)

    return answer


def _with_purpose(context: RootFieldContext, resolver: Resolver) -> Resolver:
    """Return the resolver, which tells the audit trail by what values it selects records. Raises `ArgumentInvalid` where it selects by such
    values without a purpose."""
    names = tuple(context.selected_by)
    if not names:
        return resolver
    if not context.has_purpose:
        raise ArgumentInvalid(
            name=PURPOSE,
            reason_zh=f"查询用到个人信息（{'、'.join(names)}），须说明用途；请用带 purpose 参数的顶层字段，如 persons",
            reason_en=f"records are selected by personal values ({', '.join(names)}); state the purpose, in a root field with this argument such as persons",
        )

    def answer(execution: Execution) -> Any:
        current_trail().selected_by = names
        return resolver(execution)

    return answer


def _answered_by_graphql_core(_: Execution) -> None:
    """Do nothing: graphql-core answers fields about the schema itself."""


def _raise_when_run(error: Exception) -> Resolver:
    def answer(_: Execution) -> None:
        raise error.with_traceback(None)

    return answer
