"""Mutations by which an official makes a change: the input, the action, the node that the success shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph_service.access.permissions import Permissions
from graph_service.access.rights import RIGHT_DESCRIPTIONS, Right
from graph_service.audit.entries import AuditSubject
from graph_service.core.change_request import ChangeRequest, require_name
from graph_service.core.query_scope import QueryScope
from graph_service.core.recording.changes import ChangeResult
from graph_service.core.refusals import RefusalCode, forbidden_change, invalid_change
from graph_service.domain.days import iso_day
from graph_service.domain.fields import lower_first
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.errors import ChangeForbidden
from graph_service.graphql.audit_trail import current_trail
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
    """Outcome of a change: its result and day, label and key of the node to show, and further values of the success. `keys`: those of all nodes
    of the label that it concerns, where they are several and none is shown."""

    recorded: ChangeResult
    label: str = ""
    key: str = ""
    day: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    keys: Sequence[str] = ()


MutationAction = Callable[[Execution, dict[str, Any]], MutationOutcome]


class ShownOutcome(NamedTuple):
    """An outcome, the selected values of its node, the day for which the node is shown, and the records that the change concerns."""

    outcome: MutationOutcome
    node_values: list[Any]
    day: int
    subjects: tuple[AuditSubject, ...]


OUTCOME_ENCODERS: dict[str, Encoder] = {
    "dataVersion": lambda view: view.outcome.recorded.sequence,
    "changed": lambda view: view.outcome.recorded.changed,
    "asOf": lambda view: iso_day(view.day),
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mutation. `name`: as in type names, AssignDuty. `node_field`: the field of its success that shows a node of one of `labels`,
    where there are any; `subject_labels`: those of the records that it concerns, where it shows none; `extra_fields`: further fields of its
    success, from `MutationOutcome.values`."""

    name: str
    doc: str
    fields: Sequence[Field]
    action: MutationAction
    labels: tuple[str, ...] = ()
    node_field: str = "subject"
    node_doc: str = "对象：Household or village that the change concerns, as of the day in `asOf`."
    extra_fields: Sequence[Field] = ()
    subject_labels: tuple[str, ...] = ()

    def add_types(self, types: TypeRegistry) -> None:
        """Add the types of its input and result."""
        success = [
            Field(
                "dataVersion",
                "Int!",
                "数据版本：Data version that contains the change; pass it as `asKnownAt` to query that version.",
            ),
            Field(
                "changed",
                "Boolean!",
                "是否变更：True if this request changed the data; false if they were already as requested.",
            ),
            Field(
                "asOf",
                Date,
                f"截至日期：Day for which `{self.node_field}` is shown: the day of the change, or of the last collection "
                "if that is later. Queries for this day see the change."
                if self.labels
                else "截至日期：Day of the change, or of the last collection if that is later. Queries for this day see the change.",
            ),
        ]
        if self.labels:
            success.append(Field(self.node_field, f"{end_type_name(MODEL, self.labels)}!", self.node_doc))
        add_mutation_types(types, self.name, self.doc, [CLIENT_KEY, BY, *self.fields], [*success, *self.extra_fields])

    def root_field(self) -> RootField:
        """Return its root field."""
        return mutation_root_field(self.name, self.doc, self._plan)

    def _plan(self, context: RootFieldContext) -> Resolver:
        compiler = context.compiler()
        if context.has_purpose:
            compiler.require_class(self.node_field, DataClassification.SENSITIVE)
        lookup = NodeLookup(compiler, self.labels or self.subject_labels)
        subject_index = lookup.select_subject()

        def on_field(selected: SelectedField) -> Encoder:
            if selected.name == self.node_field:
                index = lookup.select(selected)
                return lambda view: view.node_values[index]
            return OUTCOME_ENCODERS.get(selected.name) or (lambda view: view.outcome.values[selected.name])

        def run_action(execution: Execution) -> ShownOutcome:
            outcome = self.action(execution, execution.argument("input"))
            scope = QueryScope.resolve(
                execution.store, None, as_known_at=outcome.recorded.sequence, granted_areas=execution.granted_areas
            ).not_before(outcome.day)
            keys = [(key,) for key in outcome.keys or (outcome.key,)]
            nodes = lookup.find(execution, scope, {outcome.label: keys})
            subjects = tuple(values[subject_index] for values in nodes.values())
            trail = current_trail()
            if trail.selected_by:
                trail.row_count = len(subjects)
                for subject in subjects:
                    trail.add_row(subject)
            return ShownOutcome(outcome, nodes.get((outcome.label, keys[0]), []), scope.as_of, subjects)

        resolver = mutation_resolver(
            context,
            self.name,
            on_field,
            run_action,
            lambda view: view.outcome.recorded.sequence if view.outcome.recorded.changed else None,
            subjects=lambda view: view.subjects,
        )
        lookup.finish()
        return resolver


def change_request(
    execution: Execution, arguments: dict[str, Any], right: Right = Right.CHANGE_DUTIES
) -> ChangeRequest:
    """Return the request for a change, from a mutation's input: its client key, its author, and the areas in which the caller has the
    right, or may read records. An emergency access is none to change by: a cadre who was assigned meanwhile could be read ever after.
    Raises `ChangeForbidden` where that is nowhere, `ChangeInvalid` for another author than the caller."""
    areas = require_right(execution.permissions, right)
    author = change_author(execution.permissions, arguments.get("by"))
    read_areas = execution.permissions.without_emergencies().areas_for(Right.READ_RECORDS)
    return ChangeRequest(arguments["clientKey"], author, areas, read_areas)


def require_right(permissions: Permissions, right: Right) -> tuple[str, ...]:
    """Return the areas in which a caller has a right. Raises `ChangeForbidden` where that is nowhere."""
    areas = permissions.areas_for(right)
    if not areas:
        raise missing_right(right)
    return areas


def missing_right(right: Right) -> ChangeForbidden:
    """Return the refusal of a change for which the caller lacks a right."""
    zh, en = RIGHT_DESCRIPTIONS[right].split("：", 1)
    return forbidden_change(
        RefusalCode.RIGHT_MISSING,
        f"您没有“{zh}”的权限。请向系统管理员申请。",
        f"You do not have the right {right}: {lower_first(en)} Ask the administrator for it.",
    )


def change_author(permissions: Permissions, name: str | None) -> str:
    """Return the author of a change: the caller who has signed in, otherwise the name that the request gives. Raises `ChangeInvalid`
    where it names somebody else, or is a number of a person."""
    if permissions.user and name and name != permissions.user:
        raise invalid_change(
            RefusalCode.AUTHOR_DIFFERS,
            "by",
            "登录后，操作人即登录用户。请省略此项。",
            "The author of a change is the user who has signed in. Leave it out.",
        )
    if name:
        require_name("by", name)
    return permissions.user or name or ""
