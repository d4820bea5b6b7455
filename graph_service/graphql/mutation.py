"""A change by an official, as a mutation: its input, what it does, the node that its success shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.core.change_request import ChangeRequest
from graph_service.core.query_scope import QueryScope
from graph_service.core.recording.changes import ChangeResult
from graph_service.domain.days import iso_day
from graph_service.domain.model import MODEL
from graph_service.graphql.mutation_result import (
    BY,
    CLIENT_KEY,
    add_mutation_types,
    mutation_resolver,
    mutation_root_field,
)
from graph_service.graphql.nodes import NodeLookup
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import end_type_name
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import Field, TypeRegistry


@dataclass(frozen=True, slots=True)
class MutationOutcome:
    """What a change came to; its day, the label and key of what it shows, and what else its success tells."""

    recorded: ChangeResult
    label: str = ""
    key: str = ""
    day: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)


MutationAction = Callable[[Execution, dict[str, Any]], MutationOutcome]
ShownOutcome = tuple[MutationOutcome, list[Any], int]
"""What was done, the node as it is shown, the day for which."""
OUTCOME_ENCODERS: dict[str, Encoder] = {
    "dataVersion": lambda made: made[0].recorded.sequence,
    "changed": lambda made: made[0].recorded.changed,
    "asOf": lambda made: iso_day(made[2]),
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`name`: as types have it, AssignDuty. `node_field`: the field of its success that shows a node of one of `labels`, where there are any; `extra_fields`: what
    else that tells, of `Done.told`."""

    name: str
    doc: str
    fields: Sequence[Field]
    action: MutationAction
    labels: tuple[str, ...] = ()
    node_field: str = "subject"
    node_doc: str = "对象:Whom it is about, on that day."
    extra_fields: Sequence[Field] = ()

    def add_types(self, types: TypeRegistry) -> None:
        """Types of its input and result."""
        success = [
            Field("dataVersion", "Int!", "数据版本:The one that has it: `asKnownAt` asks on it."),
            Field("changed", "Boolean!", "是否变更:Whether this call changed anything; not, where it was so already."),
            Field(
                "asOf",
                Date,
                f"截至日期:The day for which the {self.node_field} is shown: that of the change, or of the last collection where that is later. Questions for this day see the change."
                if self.labels
                else "截至日期:The day of the change, or of the last collection where that is later. Questions for this day see the change.",
            ),
        ]
        if self.labels:
            success.append(Field(self.node_field, f"{end_type_name(MODEL, self.labels)}!", self.node_doc))
        add_mutation_types(types, self.name, self.doc, [CLIENT_KEY, BY, *self.fields], [*success, *self.extra_fields])

    def root_field(self) -> RootField:
        """Its root field."""
        return mutation_root_field(self.name, self.doc, self._plan)

    def _plan(self, context: RootFieldContext) -> Resolver:
        lookup = NodeLookup(context.compiler(), self.labels)

        def on_field(selected: SelectedField) -> Encoder:
            if selected.name == self.node_field:
                place = lookup.select(selected)
                return lambda made: made[1][place]
            return OUTCOME_ENCODERS.get(selected.name) or (lambda made: made[0].values[selected.name])

        def made(execution: Execution) -> ShownOutcome:
            done = self.action(execution, execution.argument("input"))
            viewing = QueryScope.resolve(
                execution.store, None, as_known_at=done.recorded.sequence, granted_areas=execution.granted_areas
            ).not_before(done.day)
            key = (done.key,)
            found = lookup.find(execution, viewing, {done.label: [key]}).get((done.label, key), [])
            return done, found, viewing.as_of

        answer = mutation_resolver(context, self.name, on_field, made)
        lookup.finish()
        return answer


def change_request(execution: Execution, arguments: dict[str, Any]) -> ChangeRequest:
    """Who asks, under which key, of a mutation's input."""
    return ChangeRequest(arguments["clientKey"], arguments.get("by") or "", execution.granted_areas)
