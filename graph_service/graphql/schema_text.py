"""The schema as text: compact, with the description of what many types share given once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from graphql import Visitor, print_ast, visit
from graphql.language import ast

SHARED_FIELDS = 12
"""Number of types from which on a field described alike in each is described in the head of the file alone."""
_COMMON_NAMES = frozenset({"cursor", "edges", "node", "nodes", "pageInfo", "totalCount"})


def compact_text(document: ast.DocumentNode) -> str:
    """Return the SDL of a schema without blank lines inside types, each description on one line.

    A field or an argument that many types have by the same name with the same description is described once, in a
    comment at the head of the file; introspection keeps every description. One blank line stands between types.
    """
    members = [member for definition in document.definitions for member in _members(definition)]
    shared = {
        key
        for key, count in Counter(map(_member_key, members)).items()
        if key[1] and (count >= SHARED_FIELDS or (count > 1 and key[0] in _COMMON_NAMES))
    }
    definitions = sorted(visit(document, _Shortening(shared)).definitions, key=_definition_name)
    head = [
        "# Described once, as many types have them alike (introspection has every description):",
        *sorted(f"#   {name}: {description}" for name, description in shared),
    ]
    return "\n".join(head) + "\n\n" + "\n\n".join(map(print_ast, definitions)) + "\n"


class _Shortening(Visitor):
    """Drops the descriptions of shared members and writes the others on one line."""

    def __init__(self, shared: set[tuple[str, str]]) -> None:
        super().__init__()
        self.shared = shared

    def leave_field_definition(self, node: ast.FieldDefinitionNode, *_: object) -> ast.FieldDefinitionNode:
        """Return a field of an object without a description that is shared."""
        return replace(node, description=None) if _member_key(node) in self.shared else node

    def leave_input_value_definition(
        self, node: ast.InputValueDefinitionNode, *_: object
    ) -> ast.InputValueDefinitionNode:
        """Return a field of an input, or an argument, without a description that is shared."""
        return replace(node, description=None) if _member_key(node) in self.shared else node

    def leave_string_value(self, node: ast.StringValueNode, *_: object) -> ast.StringValueNode:
        """Return a description on one line."""
        return replace(node, block=False)


def _definition_name(definition: ast.DefinitionNode) -> str:
    name = getattr(definition, "name", None)
    return name.value if name is not None else ""


def _members(definition: ast.DefinitionNode) -> Iterable[ast.FieldDefinitionNode | ast.InputValueDefinitionNode]:
    """Return the fields of a type and their arguments."""
    for field in getattr(definition, "fields", None) or ():
        yield field
        yield from getattr(field, "arguments", None) or ()
    yield from getattr(definition, "arguments", None) or ()


def _member_key(member: ast.FieldDefinitionNode | ast.InputValueDefinitionNode) -> tuple[str, str]:
    return member.name.value, member.description.value if member.description else ""
