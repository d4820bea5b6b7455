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

MOST_TOKENS = 5_000
MOST_FIELDS = 1_000
MOST_ROOTS = 20
DEEPEST = 25


@dataclass(frozen=True, slots=True)
class Weight:
    """Fields when all fragments are spread out, and how deep they lie."""

    fields: int
    depth: int


def weigh(document: DocumentNode) -> None:
    """Raises `DocumentRefused` where one of the document's operations is too heavy, or its fragments go in a circle."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    known: dict[str, Weight] = {}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        weight = _of(operation.selection_set, fragments, known, ())
        if weight.fields > MOST_FIELDS:
            raise DocumentRefused(
                reason_zh=f"展开后有 {weight.fields} 个字段,上限 {MOST_FIELDS};请拆分查询",
                reason_en=f"it asks for {weight.fields} fields, at most {MOST_FIELDS}; split it",
            )
        if weight.depth > DEEPEST:
            raise DocumentRefused(
                reason_zh=f"嵌套 {weight.depth} 层,上限 {DEEPEST}",
                reason_en=f"it is {weight.depth} deep, at most {DEEPEST}",
            )


def _of(
    selection_set: SelectionSetNode | None,
    fragments: Mapping[str, FragmentDefinitionNode],
    known: dict[str, Weight],
    inside: tuple[str, ...],
) -> Weight:
    fields, depth = 0, 0
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            below = _of(selection.selection_set, fragments, known, inside)
            found = Weight(below.fields + 1, below.depth + 1)
        elif isinstance(selection, InlineFragmentNode):
            found = _of(selection.selection_set, fragments, known, inside)
        elif isinstance(selection, FragmentSpreadNode):
            found = _of_fragment(selection.name.value, fragments, known, inside)
        fields, depth = fields + found.fields, max(depth, found.depth)
    return Weight(fields, depth)


def _of_fragment(
    name: str, fragments: Mapping[str, FragmentDefinitionNode], known: dict[str, Weight], inside: tuple[str, ...]
) -> Weight:
    if name in inside:
        raise DocumentRefused(reason_zh=f"片段 {name} 引用了自身", reason_en=f"the fragment {name} contains itself")
    if name not in known:
        fragment = fragments.get(name)
        # One that is not there is for validation to tell.
        known[name] = _of(fragment.selection_set, fragments, known, (*inside, name)) if fragment else Weight(0, 0)
    return known[name]
