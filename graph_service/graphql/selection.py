"""Selections of a document by type: fragments spread, equal keys merged, @skip and @include applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values
from graphql.type import GraphQLAbstractType


@dataclass(frozen=True, slots=True)
class SelectedField:
    """A field under its response key. `nodes`: its occurrences in the document, whose selections are merged. `arguments`: their values
    when the document was planned."""

    key: str
    name: str
    arguments: dict[str, Any]
    nodes: tuple[FieldNode, ...]
    definition: GraphQLField | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a validated document, with its variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def object_type(self, name: str) -> GraphQLObjectType:
        type_ = self.schema.get_type(name)
        if not isinstance(type_, GraphQLObjectType):
            raise TypeError(f"{name} is not an object type")
        return type_

    def subfields(self, type_name: str, nodes: Iterable[FieldNode]) -> list[SelectedField]:
        """Return the fields selected of an object type under these fields, in the document's order."""
        return self.collect_fields(type_name, [n.selection_set for n in nodes if n.selection_set])

    def collect_fields(self, type_name: str, selection_sets: Sequence[SelectionSetNode]) -> list[SelectedField]:
        """Return the fields selected of an object type in these selection sets."""
        parent = self.object_type(type_name)
        nodes_by_key: dict[str, list[FieldNode]] = {}
        visited_fragments: set[str] = set()
        for selection_set in selection_sets:
            self._collect(parent, selection_set, nodes_by_key, visited_fragments)
        selected = []
        for key, nodes in nodes_by_key.items():
            name = nodes[0].name.value
            definition = parent.fields.get(name)
            arguments = get_argument_values(definition, nodes[0], self.variables) if definition is not None else {}
            selected.append(SelectedField(key, name, arguments, tuple(nodes), definition))
        return selected

    def _collect(
        self,
        parent: GraphQLObjectType,
        selection_set: SelectionSetNode,
        collected: dict[str, list[FieldNode]],
        visited_fragments: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._is_included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                collected.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self._type_applies(condition.name.value, parent):
                    self._collect(parent, selection.selection_set, collected, visited_fragments)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self.fragments[name]
                if name not in visited_fragments and self._type_applies(fragment.type_condition.name.value, parent):
                    visited_fragments.add(name)
                    self._collect(parent, fragment.selection_set, collected, visited_fragments)

    def _type_applies(self, condition: str, parent: GraphQLObjectType) -> bool:
        if condition == parent.name:
            return True
        condition_type = self.schema.get_type(condition)
        return is_abstract_type(condition_type) and self.schema.is_sub_type(_as_abstract(condition_type), parent)

    def _is_included(self, node: Any) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not include or bool(include["if"])


def _as_abstract(type_: object) -> GraphQLAbstractType:
    return type_  # type: ignore[return-value]
