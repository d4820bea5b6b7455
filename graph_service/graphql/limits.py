"""Limits of a document, checked before it is validated or run.

The sizes of fragments are computed once in a single pass, so that a small document of doubling fragments costs as much
as its length, not as its expansion.
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
    """Number of fields with all fragments expanded, and their depth."""

    fields: int
    depth: int


def require_within_limits(document: DocumentNode) -> None:
    """Raise `DocumentRefused` where one of the document's operations is too large, or its fragments form a circle."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    fragment_sizes: dict[str, SelectionSize] = {}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        size = _selection_size(operation.selection_set, fragments, fragment_sizes, ())
        if size.fields > MAX_FIELDS:
            raise DocumentRefused(
                reason_zh=f"展开后有 {size.fields} 个字段，超过上限 {MAX_FIELDS} 个；请分次查询",
                reason_en=f"it selects {size.fields} fields, above the limit of {MAX_FIELDS}; split it into several requests",
            )
        if size.depth > MAX_DEPTH:
            raise DocumentRefused(
                reason_zh=f"嵌套 {size.depth} 层，超过上限 {MAX_DEPTH} 层；请减少嵌套",
                reason_en=f"its fields are nested {size.depth} levels deep, above the limit of {MAX_DEPTH}; reduce the nesting",
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
            nested = _selection_size(selection.selection_set, fragments, fragment_sizes, ancestors)
            size = SelectionSize(nested.fields + 1, nested.depth + 1)
        elif isinstance(selection, InlineFragmentNode):
            size = _selection_size(selection.selection_set, fragments, fragment_sizes, ancestors)
        elif isinstance(selection, FragmentSpreadNode):
            size = _fragment_size(selection.name.value, fragments, fragment_sizes, ancestors)
        fields, depth = fields + size.fields, max(depth, size.depth)
    return SelectionSize(fields, depth)


def _fragment_size(
    name: str,
    fragments: Mapping[str, FragmentDefinitionNode],
    fragment_sizes: dict[str, SelectionSize],
    ancestors: tuple[str, ...],
) -> SelectionSize:
    if name in ancestors:
        raise DocumentRefused(reason_zh=f"片段 {name} 引用了自身", reason_en=f"fragment {name} contains itself")
    if name not in fragment_sizes:
        fragment = fragments.get(name)
        # A missing fragment is reported by validation.
        fragment_sizes[name] = (
            _selection_size(fragment.selection_set, fragments, fragment_sizes, (*ancestors, name))
            if fragment
            else SelectionSize(0, 0)
        )
    return fragment_sizes[name]
