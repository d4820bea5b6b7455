"""What a document may weigh, counted before it is validated or run.

One pass that remembers fragments, so that a small document of doubling fragments costs what it is long, not what it
would expand to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from graph_service.errors import DocumentRefused

MAX_TOKENS = 5_000
MAX_FIELDS = 1_000
MAX_ROOT_FIELDS = 20
MAX_DEPTH = 25


@dataclass(frozen=True, slots=True)
class SelectionSize:
    """Fields when all fragments are spread out, and how deep they lie."""

    fields: int
    depth: int


def require_within_limits(document: DocumentNode) -> None:
    """Raises `DocumentRefused` where one of the document's operations is too heavy, or its fragments go in a circle."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    known: dict[str, SelectionSize] = {}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        weight = _selection_size(operation.selection_set, fragments, known, ())
        if weight.fields > MAX_FIELDS:
            raise DocumentRefused(
                reason_zh=f"展开后有 {weight.fields} 个字段,上限 {MAX_FIELDS};请拆分查询",
                reason_en=f"it asks for {weight.fields} fields, at most {MAX_FIELDS}; split it",
            )
        if weight.depth > MAX_DEPTH:
            raise DocumentRefused(
                reason_zh=f"嵌套 {weight.depth} 层,上限 {MAX_DEPTH}",
                reason_en=f"it is {weight.depth} deep, at most {MAX_DEPTH}",
            )


def _selection_size(
    selection_set: SelectionSetNode | None,
    fragments: Mapping[str, FragmentDefinitionNode],
    fragment_sizes: dict[str, SelectionSize],
    ancestors: tuple[str, ...],
) -> SelectionSize:
    fields, depth = 0, 0
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            below = _selection_size(selection.selection_set, fragments, fragment_sizes, ancestors)
            found = SelectionSize(below.fields + 1, below.depth + 1)
        elif isinstance(selection, InlineFragmentNode):
            found = _selection_size(selection.selection_set, fragments, fragment_sizes, ancestors)
        elif isinstance(selection, FragmentSpreadNode):
            found = _fragment_size(selection.name.value, fragments, fragment_sizes, ancestors)
        fields, depth = fields + found.fields, max(depth, found.depth)
    return SelectionSize(fields, depth)


def _fragment_size(
    name: str,
    fragments: Mapping[str, FragmentDefinitionNode],
    fragment_sizes: dict[str, SelectionSize],
    ancestors: tuple[str, ...],
) -> SelectionSize:
    if name in ancestors:
        raise DocumentRefused(reason_zh=f"片段 {name} 引用了自身", reason_en=f"the fragment {name} contains itself")
    if name not in fragment_sizes:
        fragment = fragments.get(name)
        # One that is not there is for validation to tell.
        fragment_sizes[name] = (
            _selection_size(fragment.selection_set, fragments, fragment_sizes, (*ancestors, name))
            if fragment
            else SelectionSize(0, 0)
        )
    return fragment_sizes[name]
