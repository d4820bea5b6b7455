"""Paths of values in a document and its variables, so that an error names the argument or input field that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ListValueNode,
    Node,
    ObjectFieldNode,
    ValueNode,
    VariableDefinitionNode,
)

ARGUMENT_KEY = "argument"
"""Key of the path in an error's extensions."""
_VARIABLE_ERROR = re.compile(r"Variable '(\$\w+)' has invalid value(?: at ([\w.\[\]]+))?: ")


def add_argument_paths(errors: Sequence[GraphQLError], document: DocumentNode) -> None:
    """Add to each error about a literal the path of its value, such as `input.payments[0].amount`."""
    errors_by_node = {
        id(error.nodes[0]): error
        for error in errors
        if error.nodes and isinstance(error.nodes[0], ValueNode | ObjectFieldNode)
    }
    if errors_by_node:
        for node, path in _node_paths(document, ""):
            error = errors_by_node.get(id(node))
            if error is not None and path:
                error.extensions = {**(error.extensions or {}), ARGUMENT_KEY: path}


def argument_path(error: GraphQLError) -> str:
    """Return the path of the value that an error is about, empty where it is about none. Variables have a dollar sign: `$input.since`."""
    match = _VARIABLE_ERROR.match(error.message)
    return f"{match[1]}{match[2] or ''}" if match else str((error.extensions or {}).get(ARGUMENT_KEY, ""))


def _node_paths(node: Node, path: str) -> Iterator[tuple[Node, str]]:
    """Yield every node below a node, with the path of the value that it belongs to."""
    if isinstance(node, ArgumentNode):
        path = node.name.value
    elif isinstance(node, VariableDefinitionNode):
        path = f"${node.variable.name.value}"
    elif isinstance(node, ObjectFieldNode):
        path = f"{path}.{node.name.value}"
    yield node, path
    for key in node.keys:
        child = getattr(node, key)
        if isinstance(child, Node):
            yield from _node_paths(child, path)
        elif isinstance(child, Sequence) and not isinstance(child, str):
            for index, item in enumerate(child):
                if isinstance(item, Node):
                    yield from _node_paths(item, f"{path}[{index}]" if isinstance(node, ListValueNode) else path)
