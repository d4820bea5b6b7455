"""A statement under construction: its variables, and its parameters with their sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from graph_service.access.masking import AUDITED_CLASSES, RIGHT_BY_CLASS, MaskedClasses
from graph_service.access.rights import access_denied
from graph_service.core.duties import duties_by_name, duty_parameters
from graph_service.core.query_scope import QueryScope
from graph_service.core.rules import sensitive_checks
from graph_service.domain.fields import ValueField, lower_first, value_class
from graph_service.domain.metamodel import DataClassification, Label, Model
from graph_service.graphql.cursors import format_mark
from graph_service.graphql.plan_key import Arguments, Execution, ParameterSource
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.platform.catalog import expand
from graph_service.platform.codec import Codec

_HOUSEHOLD = re.compile(r"\bh\b")
"""Variable of a household in the parts of statements."""


class StatementBuilder:
    """Builder of the statement of one root field. `scoped`: every further node must lie in the ranges of codes of `$scope`. `masked`:
    classes of values that the caller sees masked. `has_purpose`: the caller states a purpose for what is sensitive.
    `selected_by` collects the names of confidential and sensitive values by which records are selected."""

    def __init__(
        self,
        model: Model,
        operation: Operation,
        codec: Codec,
        *,
        scoped: bool,
        masked: MaskedClasses,
        has_purpose: bool,
        selected_by: dict[str, None],
    ) -> None:
        self.model = model
        self.operation = operation
        self.codec = codec
        self.scoped = scoped
        self.masked = masked
        self.has_purpose = has_purpose
        self.selected_by = selected_by
        self._sources: dict[str, ParameterSource] = {}
        self._variable_count = 0
        self._uses_mark = False
        self._lacking_duties: set[str] = set()

    def new_variable(self) -> str:
        self._variable_count += 1
        return f"x{self._variable_count}"

    def add_parameter(self, selected: SelectedField, make: Callable[[Arguments], Any]) -> str:
        """Add a parameter made from a field's arguments at each run; return its text."""
        name = f"p{len(self._sources)}"
        self._sources[name] = ParameterSource(selected, make)
        return f"${name}"

    def require_selectable(self, leaf: ValueField) -> None:
        """Raise `AccessDenied` where records would be filtered, sorted or summed by a value that the caller sees masked: what is in the list
        would tell the value. Note a value by which only audited queries select."""
        self.require_class(leaf.name, value_class(leaf))

    def require_class(self, name: str, class_: DataClassification) -> None:
        """Raise `AccessDenied` where what is selected by a value, or told by a question, is of a class that the caller sees masked. Note its
        name where only audited queries may tell it."""
        if class_ in self.masked:
            raise access_denied(RIGHT_BY_CLASS[class_])
        if class_ in AUDITED_CLASSES:
            self.selected_by[name] = None

    def class_conditions(self, label: Label, variable: str) -> list[str]:
        """Return the condition that a node is not of a sensitive check; none where the caller states a purpose: then note the label's name,
        as always of a label that is sensitive as a whole. Raise `AccessDenied` for a caller who may not read what is sensitive."""
        self.require_class(lower_first(label.plural_name), label.classification)
        if not label.classed_by_check:
            return []
        if self.has_purpose:
            self.require_class(lower_first(label.name), DataClassification.SENSITIVE)
        return [f"NOT {variable}.{label.key.name} STARTS WITH '{check}!'" for check in self.withheld_checks()]

    def withheld_checks(self) -> list[str]:
        """Return the codes of the checks whose findings and waivers are left out of lists."""
        return [] if self.has_purpose else sorted(sensitive_checks())

    def mark_parameter(self) -> str:
        """Return the parameter with which ids mark the requested day and version."""
        self._uses_mark = True
        return "$mark"

    def lacks_duty(self, duty: str, variable: str) -> str:
        """Return the condition that a household lacks what a duty owes it."""
        self._lacking_duties.add(duty)
        terms = duties_by_name()[duty]
        condition = expand(f"part(lacks_{terms.kind.lower()})").replace(
            "$visitedSince", f"${_visited_since_name(terms.rank)}"
        )
        return _HOUSEHOLD.sub(variable, condition)

    def parameters(self, execution: Execution, query_scope: QueryScope) -> dict[str, Any]:
        """Return the values of the parameters at one run."""
        scope = {"scope": [list(r) for r in query_scope.granted_areas]} if self.scoped else {}
        mark = {"mark": format_mark(query_scope.requested_times)} if self._uses_mark else {}
        duty_values = duty_parameters(sorted(self._lacking_duties), query_scope.as_of) if self._lacking_duties else {}
        lacks_parameters = {name: duty_values[name] for name in ("year", "yearsAfterExit") if duty_values}
        for duty in duty_values.get("householdDuties", ()):
            lacks_parameters[_visited_since_name(duty["rank"])] = duty["visited_since"]
        return {**scope, **mark, **lacks_parameters, **execution.values.parameters(self._sources)}


def _visited_since_name(rank: int) -> str:
    """Return the name of a duty's own parameter: several duties of visits may have several periods."""
    return f"visitedSince{rank}"
