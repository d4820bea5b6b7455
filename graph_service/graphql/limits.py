"""Parsing of a document within limits, which are checked before it is validated or run.

The sizes of fragments are computed once in a single pass, so that a small document of doubling fragments costs as much
as its length, not as its expansion. Validation compares each two selections of the same place in the answer; their number
is counted here, so that a field repeated a thousand times is refused before it is compared half a million times. It also
repeats a whole input object in the message of each of its fields that does not exist.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    parse,
)

from graph_service.errors import DocumentRefused

MAX_CHARACTERS = 200_000
"""Largest number of characters of a document: it is read character by character, up to half a second for a million of them."""
MAX_TOKENS = 5_000
MAX_FIELDS = 1_000
MAX_ROOT_FIELDS = 20
MAX_DEPTH = 25
MAX_OPERATIONS = 50
MAX_FRAGMENTS = 100
MAX_DIRECTIVES = 100
MAX_VALUES = {OperationType.QUERY: 5_000, OperationType.SUBSCRIPTION: 5_000, OperationType.MUTATION: 100_000}
"""Largest number of values in the variables of an operation: a change may have a list of 10,000 entries."""
MAX_REPEATED_PAIRS = 20_000
"""Largest number of pairs of selections that have the same place in the answer, as those of 100 fragments that select four fields of the same names."""
MAX_REPEATED_INPUTS = 20_000
"""Largest sum, over the input objects in a document, of their own fields times all fields within them."""


@dataclass(frozen=True, slots=True)
class SelectionSize:
    """Number of fields with all fragments expanded, and their depth."""

    fields: int
    depth: int


class InputSize(NamedTuple):
    """Number of fields of the input objects within a value, and how often a message could repeat them."""

    fields: int
    repeated: int


NO_INPUT = InputSize(0, 0)


def parse_document(text: str) -> DocumentNode:
    """Return the document of a text. Raises `GraphQLError` for its syntax, and `DocumentRefused` where it or one of its operations is too
    large, or its fragments form a circle or are not used."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentRefused(
            reason_zh=f"文档有 {len(text)} 个字符，超过上限 {MAX_CHARACTERS} 个；请将较长的值放入变量，或分次查询",
            reason_en=f"it has {len(text)} characters, above the limit of {MAX_CHARACTERS}; put long values into variables, or split it into several requests",
        )
    document = parse(text, max_tokens=MAX_TOKENS)
    _require_within_limits(document)
    return document


def _require_within_limits(document: DocumentNode) -> None:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    definitions = [d for d in document.definitions if isinstance(d, FragmentDefinitionNode)]
    fragments = {definition.name.value: definition for definition in definitions}
    _require_at_most(MAX_OPERATIONS, len(operations), "个操作", "operations")
    _require_at_most(MAX_FRAGMENTS, len(definitions), "个片段", "fragments")
    _require_at_most(MAX_DIRECTIVES, sum(map(_count_directives, (*operations, *definitions))), "个指令", "directives")
    if sum(map(_count_repeated_inputs, (*operations, *definitions))) > MAX_REPEATED_INPUTS:
        raise DocumentRefused(
            reason_zh="文档中写入的条件或输入过多；请放入变量，或分次查询",
            reason_en="it has too many conditions or inputs in its text; use variables, or split it into several requests",
        )
    fragment_sizes: dict[str, SelectionSize] = {}
    sizes = [_selection_size(operation.selection_set, fragments, fragment_sizes, ()) for operation in operations]
    fields, depth = sum(size.fields for size in sizes), max((size.depth for size in sizes), default=0)
    if fields > MAX_FIELDS:
        raise DocumentRefused(
            reason_zh=f"展开后有 {fields} 个字段，超过上限 {MAX_FIELDS} 个；请分次查询",
            reason_en=f"it selects {fields} fields, above the limit of {MAX_FIELDS}; split it into several requests",
        )
    if depth > MAX_DEPTH:
        raise DocumentRefused(
            reason_zh=f"嵌套 {depth} 层，超过上限 {MAX_DEPTH} 层；请减少嵌套",
            reason_en=f"its fields are nested {depth} levels deep, above the limit of {MAX_DEPTH}; reduce the nesting",
        )
    unused = [name for name in fragments if name not in fragment_sizes]
    if operations and (unused or len(definitions) > len(fragments)):
        # They would be validated without having been measured.
        raise DocumentRefused(
            reason_zh=f"有未使用或重名的片段（{unused[0] if unused else '重名'}）；请将其删去",
            reason_en=f"a fragment is not used or defined twice ({unused[0] if unused else 'twice'}); remove it",
        )
    pairs = sum(_count_repeated_pairs(operation.selection_set, fragments) for operation in operations)
    if pairs > MAX_REPEATED_PAIRS:
        raise DocumentRefused(
            reason_zh="同一字段重复选取过多；请去掉重复的字段，或分次查询",
            reason_en="it repeats the same fields too often; remove repeated fields, or split it into several requests",
        )


def require_few_values(variables: Mapping[str, Any], operation: OperationType) -> None:
    """Raise `DocumentRefused` where variables have too many values, before any of them is looked at. Counting ends at the limit."""
    limit, count = MAX_VALUES[operation], 0
    remaining: list[Any] = [variables]
    while remaining:
        value = remaining.pop()
        parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        count += len(parts)
        if count > limit:
            raise DocumentRefused(
                reason_zh=f"变量中的值超过上限 {limit} 个；请分次查询",
                reason_en=f"its variables have more than {limit} values; split it into several requests",
            )
        remaining += parts


def _require_at_most(limit: int, count: int, unit_zh: str, unit_en: str) -> None:
    if count > limit:
        raise DocumentRefused(
            reason_zh=f"文档含 {count} {unit_zh}，超过上限 {limit} 个；请分次查询",
            reason_en=f"it has {count} {unit_en}, above the limit of {limit}; split it into several requests",
        )


def _count_directives(definition: ExecutableDefinitionNode) -> int:
    """Return the number of directives in a definition, without those of the fragments that it spreads."""
    return sum(len(node.directives or ()) for node in _nodes_with_directives(definition))


def _nodes_with_directives(definition: ExecutableDefinitionNode) -> Iterator[Any]:
    """Yield a definition, its variables and its selections, without those of the fragments that it spreads."""
    yield definition
    yield from definition.variable_definitions or ()
    selection_sets = [definition.selection_set]
    while selection_sets:
        for selection in selection_sets.pop().selections:
            yield selection
            nested = getattr(selection, "selection_set", None)
            selection_sets += [nested] if nested else []


def _count_repeated_inputs(definition: ExecutableDefinitionNode) -> int:
    """Return the sum, over the input objects in a definition, of their own fields times all fields within them."""
    total = 0
    for node in _nodes_with_directives(definition):
        arguments = [
            *(getattr(node, "arguments", None) or ()),
            *(a for d in node.directives or () for a in d.arguments or ()),
        ]
        values = [argument.value for argument in arguments]
        values += [node.default_value] if isinstance(node, VariableDefinitionNode) and node.default_value else []
        total += sum(_input_size(value).repeated for value in values)
    return total


def _input_size(value: ValueNode) -> InputSize:
    if isinstance(value, ListValueNode):
        parts = [_input_size(part) for part in value.values]
        return InputSize(sum(part.fields for part in parts), sum(part.repeated for part in parts))
    if isinstance(value, ObjectValueNode):
        parts = [_input_size(part.value) for part in value.fields]
        own = len(parts)
        fields = own + sum(part.fields for part in parts)
        return InputSize(fields, own * fields + sum(part.repeated for part in parts))
    return NO_INPUT


def _count_repeated_pairs(selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return the number of pairs of selections of an operation that have the same place in the answer. A fragment counts once in a place."""
    pairs, places = 0, [[selection_set]]
    while places:
        selection_sets, spread_names = places.pop(), set()
        counts: Counter[str] = Counter()
        nested_sets: defaultdict[str, list[SelectionSetNode]] = defaultdict(list)
        while selection_sets:
            for selection in selection_sets.pop().selections:
                if isinstance(selection, FieldNode):
                    key = (selection.alias or selection.name).value
                    counts[key] += 1
                    if selection.selection_set:
                        nested_sets[key].append(selection.selection_set)
                elif isinstance(selection, InlineFragmentNode):
                    selection_sets.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread_names:
                    spread_names.add(selection.name.value)
                    fragment = fragments.get(selection.name.value)
                    selection_sets += [fragment.selection_set] if fragment else []
        pairs += sum(count * (count - 1) // 2 for count in counts.values())
        places += nested_sets.values()
    return pairs


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
        # A missing fragment is reported by validation; it counts, so that no expansion is longer than its size.
        fragment_sizes[name] = (
            _selection_size(fragment.selection_set, fragments, fragment_sizes, (*ancestors, name))
            if fragment
            else SelectionSize(1, 0)
        )
    return fragment_sizes[name]
