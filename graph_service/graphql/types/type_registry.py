"""How types are made for strawberry: from rows of name, type and description, types being named or given."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field
from enum import Enum
from keyword import iskeyword
from typing import Annotated, Any

import strawberry
from graphql import GraphQLField
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

ABSENT = inspect.Parameter.empty
REQUIRED = MISSING
SIZE_KEY = "size"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument. `type` as in `Field`."""

    name: str
    type: object
    doc: str
    default: object = strawberry.UNSET


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `type` is a Python type, or text in GraphQL's own notation: `[Village!]!`."""

    name: str
    type: object
    doc: str
    arguments: tuple[Argument, ...] = ()
    default: object = strawberry.UNSET
    """Of an input type's field; `MUST`: it must be given."""
    size: int = 0
    """Of a list: how many it is taken to have, whatever page is asked for; 0: not declared."""


def estimated_size(definition: GraphQLField | None) -> int:
    """How many objects a list is taken to have, as its field declares; 0 where it does not."""
    made = definition.extensions.get("strawberry-definition") if definition else None
    return int(made.metadata.get(SIZE_KEY, 0)) if isinstance(made, StrawberryField) else 0


@dataclass(frozen=True, slots=True)
class TypeRegistry:
    """The types made so far, by name. `finish` gives the fields their types when all are there."""

    by_name: dict[str, Any] = field(default_factory=dict)
    _unfinished: list[tuple[StrawberryField, Field]] = field(default_factory=list)

    def add_object(self, name: str, doc: str, fields: Sequence[Field], implements: str = "") -> None:
        """An object type; it may implement an interface made already."""
        self._add(name, doc, fields)
        if implements:
            self.by_name[name].__strawberry_definition__.interfaces = [
                self.by_name[implements].__strawberry_definition__
            ]

    def add_interface(self, name: str, doc: str, fields: Sequence[Field]) -> None:
        """An interface."""
        self._add(name, doc, fields, is_interface=True)

    def _add(
        self, name: str, doc: str, fields: Sequence[Field], *, is_input: bool = False, is_interface: bool = False
    ) -> None:
        made = []
        for one in fields:
            field_ = StrawberryField(
                python_name=f"{one.name}_" if iskeyword(one.name) else one.name,
                graphql_name=one.name,
                type_annotation=StrawberryAnnotation(str),
                description=one.doc,
                base_resolver=None,
                default=one.default if is_input else MISSING,
                metadata={SIZE_KEY: one.size},
            )
            made.append(field_)
        self.by_name[name] = create_type(name, made, is_input=is_input, is_interface=is_interface, description=doc)
        # create_type copies nothing: these are the fields of the definition.
        self._unfinished.extend(zip(self.by_name[name].__strawberry_definition__.fields, fields, strict=True))

    def add_enum(self, name: str, doc: str, members: Sequence[tuple[str, str]]) -> None:
        """An enumeration of (name, description)."""
        values = {member: strawberry.enum_value(member, description=text) for member, text in members}
        self.by_name[name] = strawberry.enum(Enum(name, values), description=doc)  # type: ignore[call-overload]

    def add_union(self, name: str, doc: str, labels: Sequence[str]) -> None:
        """A union of object types made already."""
        several: Any = None
        for label in labels:
            several = self.by_name[label] if several is None else several | self.by_name[label]
        self.by_name[name] = Annotated[several, strawberry.union(name, description=doc)]

    def add_input(self, name: str, doc: str, fields: Sequence[Field]) -> None:
        """An input type; what is not required may be left out."""
        self._add(name, doc, fields, is_input=True)

    def annotation(self, type_: object) -> Any:
        """The Python annotation of a type in GraphQL's notation."""
        if not isinstance(type_, str):
            return type_
        if type_.endswith("!"):
            inner = type_[:-1]
            return list[self.annotation(inner[1:-1])] if inner.startswith("[") else self._named_annotation(inner)  # type: ignore[misc]
        return self.annotation(type_ + "!") | None

    def _named_annotation(self, name: str) -> Any:
        plain = {"String": str, "Int": int, "Float": float, "Boolean": bool, "ID": strawberry.ID}
        return plain.get(name) or self.by_name[name]

    def finish(self) -> None:
        """Give every field its type and its arguments."""
        for made, one in self._unfinished:
            if one.arguments:
                made.base_resolver = StrawberryResolver(self._arguments_function(one))
            made.type_annotation = StrawberryAnnotation(self.annotation(one.type))
            made.type = made.type_annotation.resolve()

    def _arguments_function(self, field_: Field) -> Any:
        """A function that has the field's arguments: strawberry reads them from its signature."""

        def arguments() -> None:
            """Never called: answers are made of a whole selection (see compiler)."""

        parameters = [
            inspect.Parameter(
                f"{a.name}_" if iskeyword(a.name) else a.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=a.default,
                annotation=Annotated[self.annotation(a.type), strawberry.argument(name=a.name, description=a.doc)],
            )
            for a in field_.arguments
        ]
        arguments.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        arguments.__annotations__ = {p.name: p.annotation for p in parameters}
        return arguments
