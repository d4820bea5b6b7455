"""Registry of strawberry types, made from rows of name, type and description; a type is a Python type or a name.

The only module that uses what strawberry does not publish: `tests/contract/test_strawberry.py` tells when a release changes it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, field
from enum import Enum
from keyword import iskeyword
from typing import Annotated, Any

import strawberry
from graphql import GraphQLField, GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
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
    """Default of an input type's field; `REQUIRED`: it must be given."""
    size: int = 0
    """Estimated size of a list, whatever page is requested; 0: not declared."""


def estimated_size(definition: GraphQLField | None) -> int:
    """Return the estimated number of objects of a list, as its field declares; 0 where it declares none."""
    strawberry_field = definition.extensions.get("strawberry-definition") if definition else None
    return int(strawberry_field.metadata.get(SIZE_KEY, 0)) if isinstance(strawberry_field, StrawberryField) else 0


@dataclass(frozen=True, slots=True)
class TypeRegistry:
    """Types made so far, by name. `finish` sets the types of their fields when all are added."""

    by_name: dict[str, Any] = field(default_factory=dict)
    _unfinished: list[tuple[StrawberryField, Field]] = field(default_factory=list)

    def add_object(self, name: str, doc: str, fields: Sequence[Field], implements: str = "") -> None:
        """Add an object type; it may implement an interface added before."""
        self._add(name, doc, fields)
        if implements:
            self.by_name[name].__strawberry_definition__.interfaces = [
                self.by_name[implements].__strawberry_definition__
            ]

    def add_interface(self, name: str, doc: str, fields: Sequence[Field]) -> None:
        """Add an interface."""
        self._add(name, doc, fields, is_interface=True)

    def _add(
        self, name: str, doc: str, fields: Sequence[Field], *, is_input: bool = False, is_interface: bool = False
    ) -> None:
        strawberry_fields = []
        for declared in fields:
            strawberry_field = StrawberryField(
                python_name=f"{declared.name}_" if iskeyword(declared.name) else declared.name,
                graphql_name=declared.name,
                type_annotation=StrawberryAnnotation(str),
                description=declared.doc,
                base_resolver=None,
                default=declared.default if is_input else MISSING,
                metadata={SIZE_KEY: declared.size},
            )
            strawberry_fields.append(strawberry_field)
        self.by_name[name] = create_type(
            name, strawberry_fields, is_input=is_input, is_interface=is_interface, description=doc
        )
        # create_type copies nothing: these are the fields of the definition.
        self._unfinished.extend(zip(self.by_name[name].__strawberry_definition__.fields, fields, strict=True))

    def add_enum(self, name: str, doc: str, members: Sequence[tuple[str, str]]) -> None:
        """Add an enumeration of (name, description)."""
        values = {member: strawberry.enum_value(member, description=text) for member, text in members}
        self.by_name[name] = strawberry.enum(Enum(name, values), description=doc)  # type: ignore[call-overload]

    def add_union(self, name: str, doc: str, labels: Sequence[str]) -> None:
        """Add a union of object types added before."""
        union: Any = None
        for label in labels:
            union = self.by_name[label] if union is None else union | self.by_name[label]
        self.by_name[name] = Annotated[union, strawberry.union(name, description=doc)]

    def add_input(self, name: str, doc: str, fields: Sequence[Field]) -> None:
        """Add an input type; fields that are not required may be left out."""
        self._add(name, doc, fields, is_input=True)

    def annotation(self, type_: object) -> Any:
        """Return the Python annotation of a type in GraphQL's notation."""
        if not isinstance(type_, str):
            return type_
        if type_.endswith("!"):
            inner = type_[:-1]
            return list[self.annotation(inner[1:-1])] if inner.startswith("[") else self._named_annotation(inner)  # type: ignore[misc]
        return self.annotation(type_ + "!") | None

    def _named_annotation(self, name: str) -> Any:
        scalars = {"String": str, "Int": int, "Float": float, "Boolean": bool, "ID": strawberry.ID}
        return scalars.get(name) or self.by_name[name]

    def finish(self) -> None:
        """Set the type and the arguments of every field."""
        for strawberry_field, declared in self._unfinished:
            if declared.arguments:
                strawberry_field.base_resolver = StrawberryResolver(self._arguments_function(declared))
            strawberry_field.type_annotation = StrawberryAnnotation(self.annotation(declared.type))
            strawberry_field.type = strawberry_field.type_annotation.resolve()

    def build_schema(self, config: StrawberryConfig, extra_types: Iterable[str]) -> GraphQLSchema:
        """Return the finished schema as a graphql-core object. `extra_types`: types to include even if no field leads to them."""
        self.finish()
        schema = strawberry.Schema(
            query=self.by_name["Query"],
            mutation=self.by_name["Mutation"],
            subscription=self.by_name["Subscription"],
            config=config,
            types=[self.by_name[name] for name in extra_types],
        )
        return schema._schema

    def _arguments_function(self, field_: Field) -> Any:
        """Return a function that has the field's arguments: strawberry reads them from its signature."""

        def arguments() -> None:
            """Do nothing: it is never called, because answers are made from a whole selection (see compiler)."""

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
