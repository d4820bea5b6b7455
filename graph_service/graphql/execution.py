"""Execution of an operation: parse it, check its limits, validate and plan it, run each root field, collect errors."""

from __future__ import annotations

import logging
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
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from graph_service.access.masking import masked_classes
from graph_service.access.permissions import EVERYWHERE, UNRESTRICTED, Permissions
from graph_service.access.rights import Right, access_denied
from graph_service.audit.changes import recorded_change
from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.core.query_scope import newest_version
from graph_service.errors import AuditLogFailed, DocumentRefused, GraphServiceError, RateExceeded
from graph_service.graphql.allowances import Allowance
from graph_service.graphql.argument_paths import add_argument_paths
from graph_service.graphql.audit_trail import AuditTrail, append_record, audit_trail, stated_purpose
from graph_service.graphql.cost import DEFAULT_BUDGET, Cost
from graph_service.graphql.error_formatting import execute_root_field, format_graphql_error, format_service_error
from graph_service.graphql.limits import parse_document, require_few_values
from graph_service.graphql.plan_cache import OperationPlan, ParsedOperation, PlanCache
from graph_service.graphql.plan_key import ApiServices, ArgumentValues, Execution
from graph_service.graphql.requested_records import requested_records
from graph_service.graphql.root_fields import Resolver
from graph_service.graphql.schema import schema
from graph_service.graphql.selection import SelectedField
from graph_service.platform.engine.watchdog import CANCELLATION
from graph_service.platform.store.graph import Store
from graph_service.telemetry.events import current_trace_id, observe_operation

log = logging.getLogger("graph_service.graphql")
NO_SERVICES = ApiServices()
MAX_CACHED_DOCUMENTS = 500
MAX_CACHED_DOCUMENT_LENGTH = 20_000
"""Largest number of characters of a cached document; longer ones are parsed each time, so that the cache stays small."""
MAX_VALIDATION_ERRORS = 3
"""Number of errors after which validation stops: each may compare a name with all names of the schema."""
INTROSPECTION_FIELDS = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A client's request: a document, the name of the operation to run, values of its variables."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphQLResponse:
    """A response. `status`: the HTTP status, 200 where the operation was run; otherwise nothing was run and there is no data.
    `granted_parts`: areas that the request names and of which only parts are granted, with the parts that the answer is about."""

    data: dict[str, Any] | None
    errors: Sequence[dict[str, Any]] = ()
    status: int = 200
    cost: Cost | None = None
    granted_parts: Mapping[str, list[str]] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the body as GraphQL over HTTP defines it."""
        payload: dict[str, Any] = {"errors": list(self.errors)} if self.errors else {}
        if self.status == 200:
            payload["data"] = self.data
        extensions: dict[str, Any] = {} if self.cost is None else {"cost": self.cost.to_dict()}
        if self.granted_parts:
            extensions["grantedParts"] = self.granted_parts
        if extensions:
            payload["extensions"] = extensions
        return payload


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that is ready to run any number of times. `topic`: the topic that a subscription waits for."""

    kind: OperationType
    topic: str
    run: Callable[[], GraphQLResponse]

    def execute(self) -> GraphQLResponse:
        """Run the operation once. A mutation runs to its end even if its client disconnects meanwhile."""
        with observe_operation(self.kind.value) as observed:
            response = self._run_to_end() if self.kind is OperationType.MUTATION else self.run()
            observed.finish(response.errors, response.cost.counted if response.cost else None)
            return response

    def _run_to_end(self) -> GraphQLResponse:
        token = CANCELLATION.set(None)
        try:
            return self.run()
        finally:
            CANCELLATION.reset(token)


class GraphQLApi:
    """GraphQL API over one store. It is safe to share between threads."""

    def __init__(self, store: Store, budget: int = DEFAULT_BUDGET, services: ApiServices = NO_SERVICES) -> None:
        self._store = store
        self._services = services
        self._schema: GraphQLSchema = schema()
        self._document_cache: LRUCache[str, DocumentNode | list[GraphQLError]] = LRUCache(MAX_CACHED_DOCUMENTS)
        self._plan_cache = PlanCache(self._schema, store.codec)
        self._default_allowance = Allowance(budget)
        self._lock = Lock()

    def execute(
        self,
        request: GraphQLRequest,
        *,
        permissions: Permissions = UNRESTRICTED,
        allowance: Allowance | None = None,
        read_only: bool = False,
    ) -> GraphQLResponse:
        """Run one operation for a caller with these permissions. `read_only` refuses mutations. Raises `RateExceeded`."""
        operation = self.prepare(request, permissions=permissions, allowance=allowance)
        if isinstance(operation, GraphQLResponse):
            return operation
        if operation.kind is OperationType.SUBSCRIPTION:
            return _refusal_response(
                "订阅须使用 graphql-transport-ws 或 SSE",
                "subscriptions require graphql-transport-ws or server-sent events",
            )
        if read_only and operation.kind is not OperationType.QUERY:
            return _refusal_response(
                "GET 请求只能查询，变更请用 POST", "GET allows queries only; use POST for mutations", 405
            )
        return operation.execute()

    def newest_version(self) -> int | None:
        """Return the newest data version, as it was at most a second ago."""
        version = newest_version(self._store)
        return None if version is None else version.sequence

    def prepare(
        self,
        request: GraphQLRequest,
        *,
        permissions: Permissions = UNRESTRICTED,
        allowance: Allowance | None = None,
        approver: str = "",
    ) -> PreparedOperation | GraphQLResponse:
        """Return an operation ready to run for a caller with these permissions, or the response that refuses it. Its cost is counted
        against the caller's allowance. `approver`: user who has approved its change. Raises `RateExceeded`."""
        allowance = allowance or self._default_allowance
        shows_names = permissions.allows_anywhere(Right.INTROSPECT)
        try:
            document = self._parse_document(request.query)
            if isinstance(document, list):
                return GraphQLResponse(
                    None, [format_graphql_error(error, shows_names=shows_names) for error in document], 400
                )
            operation = _select_operation(document, request.operation_name)
            require_few_values(request.variables, operation.operation)
            variables = get_variable_values(
                self._schema, operation.variable_definitions or (), dict(request.variables), max_errors=10
            )
            if not isinstance(variables, VariableValues):
                return GraphQLResponse(
                    None, [format_graphql_error(error, shows_names=shows_names) for error in variables], 400
                )
            parsed = ParsedOperation(request.query, request.operation_name, document, operation, variables)
            granted_areas = permissions.areas_for(Right.READ_RECORDS)
            plan = self._plan_cache.get(
                parsed,
                allowance.max_cost,
                sees_everything=granted_areas == EVERYWHERE,
                masked=masked_classes(permissions),
            )
            values = ArgumentValues(variables)
            cost = plan.cost.for_arguments(values, allowance.max_cost)
            allowance.spend(cost.counted)
        except RateExceeded:
            raise
        except GraphQLError as error:
            return GraphQLResponse(None, [format_graphql_error(error, shows_names=shows_names)], 400)
        except GraphServiceError as error:
            return GraphQLResponse(None, [format_service_error(error)], 400)
        except RecursionError:
            return _refusal_response(
                "片段或字段嵌套过深；请减少嵌套", "its fragments or fields are nested too deeply; reduce the nesting"
            )
        topic = plan.root_fields[0][0].name if plan.type_name == "Subscription" and plan.root_fields else ""
        run = partial(self._execute_plan, plan, cost, operation, request, values, permissions, approver)
        return PreparedOperation(operation.operation, topic, run)

    def _run_approved(
        self, query: str, variables: Mapping[str, Any], permissions: Permissions, approver: str
    ) -> dict[str, Any]:
        """Run a change that was approved, for its author; return the body of the response."""
        operation = self.prepare(GraphQLRequest(query, variables=variables), permissions=permissions, approver=approver)
        return (operation if isinstance(operation, GraphQLResponse) else operation.execute()).body()

    def _parse_document(self, query: str) -> DocumentNode | list[GraphQLError]:
        """Return the parsed document, or its validation errors. Raises `GraphQLError` for its syntax, `DocumentRefused` for its size."""
        with self._lock:
            cached = self._document_cache.get(query)
        if cached is None:
            document = parse_document(query)
            errors = validate(self._schema, document, max_errors=MAX_VALIDATION_ERRORS)
            add_argument_paths(errors, document)
            cached = errors or document
            if len(query) <= MAX_CACHED_DOCUMENT_LENGTH:
                with self._lock:
                    self._document_cache[query] = cached
        return cached

    def _execute_plan(
        self,
        plan: OperationPlan,
        cost: Cost,
        operation: OperationDefinitionNode,
        request: GraphQLRequest,
        values: ArgumentValues,
        permissions: Permissions,
        approver: str,
    ) -> GraphQLResponse:
        data: dict[str, Any] = {}
        errors: list[dict[str, Any]] = []
        granted_parts: dict[str, list[str]] = {}
        request_id = current_trace_id()
        for selected, resolver in plan.root_fields:
            if selected.name == "__typename":
                data[selected.key] = plan.type_name
            elif selected.name in INTROSPECTION_FIELDS and not permissions.allows_anywhere(Right.INTROSPECT):
                data[selected.key], field_errors = execute_root_field(selected, _refuse_introspection)
                errors += field_errors
            elif selected.name in INTROSPECTION_FIELDS:
                schema_data, field_errors = self._introspect(operation, selected, plan.fragments, request)
                data |= schema_data
                errors += field_errors
            else:
                execution = Execution(
                    self._store, permissions, self._services, selected, values, request_id, approver, self._run_approved
                )
                run = _run_mutation if plan.type_name == "Mutation" else _run_query
                data[selected.key], field_errors = execute_root_field(selected, partial(run, resolver, execution))
                errors += [*field_errors, *execution.field_errors]
                granted_parts |= execution.granted_parts
        return GraphQLResponse(data, errors, cost=cost, granted_parts=granted_parts)

    def _introspect(
        self,
        operation: OperationDefinitionNode,
        selected: SelectedField,
        fragments: Mapping[str, FragmentDefinitionNode],
        request: GraphQLRequest,
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Answer a field about the schema itself with graphql-core."""
        single_field = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=selected.nodes),
        )
        document = DocumentNode(definitions=(single_field, *fragments.values()))
        result = execute_sync(self._schema, document, variable_values=dict(request.variables))
        return result.data or {selected.key: None}, [format_graphql_error(error) for error in result.errors or ()]


def _run_query(resolver: Resolver, execution: Execution) -> Any:
    """Run a root field; what the audit log must tell of it is written before its answer leaves."""
    with audit_trail(AuditTrail(execution)):
        return resolver(execution)


def _run_mutation(resolver: Resolver, execution: Execution) -> Any:
    """Run a mutation between two entries of the audit log: its request, without which it is not run, and its outcome."""
    if execution.services.audit_log is None:
        return _run_query(resolver, execution)
    request = AuditRecord(
        execution.permissions.user,
        AuditEvent.REQUEST,
        execution.selected.name,
        stated_purpose(execution.selected, execution.root_arguments) or "",
        execution.permissions.write_areas or execution.permissions.areas,
        request=execution.request_id,
        requested=requested_records(execution.root_arguments),
    )
    trail = AuditTrail(execution)
    append, append_outcome = partial(append_record, execution), partial(_append_outcome, execution)
    with recorded_change(request, trail.change, append, append_outcome), audit_trail(trail):
        return resolver(execution)


def _append_outcome(execution: Execution, record: AuditRecord) -> None:
    """Add the outcome of a change to the audit log. A change that is made stays made: where this fails, the service's log tells it."""
    try:
        append_record(execution, record)
    except AuditLogFailed:
        log.exception("outcome of %s %s not in the audit log: %s", record.operation, record.request, record.outcome)


def _refuse_introspection() -> None:
    """Raise `AccessDenied` for a caller who has no use for the schema."""
    raise access_denied(Right.INTROSPECT)


def _refusal_response(zh: str, en: str, status: int = 400) -> GraphQLResponse:
    return GraphQLResponse(None, [format_service_error(DocumentRefused(reason_zh=zh, reason_en=en))], status)


def _select_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Return the requested operation. Raises `DocumentRefused`."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    matching = [d for d in operations if name is None or (d.name is not None and d.name.value == name)]
    if len(matching) != 1:
        names = ", ".join(d.name.value for d in operations if d.name)
        raise DocumentRefused(
            reason_zh=f"请用 operationName 指明要执行的操作；文档中有：{names or '-'}",
            reason_en=f"operationName must name one operation of the document; it contains: {names or '-'}",
        )
    return matching[0]
