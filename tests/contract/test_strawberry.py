"""The parts of strawberry that are not public: they are used in one module, and a release that changes them is told here."""

from __future__ import annotations

from pathlib import Path

import pytest
import strawberry
from graphql import GraphQLSchema
from strawberry.tools import create_type

from graph_service.graphql.types.type_registry import REQUIRED, Argument, Field, TypeRegistry, estimated_size

PACKAGE = Path(__file__).parents[2] / "graph_service"
PRIVATE = ("__strawberry_definition__", "strawberry-definition", "schema._schema", "StrawberryResolver", "create_type")


@pytest.mark.parametrize("name", PRIVATE)
def test_what_is_not_public_is_used_in_one_module(name: str) -> None:
    modules = [path for path in sorted(PACKAGE.rglob("*.py")) if name in path.read_text(encoding="utf-8")]
    assert [path.name for path in modules] == ["type_registry.py"]


def test_the_fields_of_a_type_can_be_completed_later() -> None:
    field = strawberry.field(name="code")
    field.python_name = "code"
    definition = create_type("Place", [field]).__strawberry_definition__  # type: ignore[attr-defined]
    assert definition.fields == [field]
    assert definition.interfaces == []


def test_a_registry_makes_a_schema() -> None:
    types = TypeRegistry()
    types.add_interface("Thing", "An interface.", [Field("id", "ID!", "Its id.")])
    place = [
        Field("id", "ID!", "Its id."),
        Field("in", "[Place!]!", "A list.", (Argument("first", "Int", "n"),), size=7),
    ]
    types.add_object("Place", "A type.", place, implements="Thing")
    types.add_input("Wish", "An input.", [Field("name", "String!", "A name.", default=REQUIRED)])
    for name in ("Query", "Mutation", "Subscription"):
        types.add_object(name, name, [Field("place", "Place", "One.", (Argument("wish", "Wish", "w"),))])
    schema = types.build_schema(strawberry.schema.config.StrawberryConfig(auto_camel_case=False), ["Place"])
    assert isinstance(schema, GraphQLSchema)
    type_ = schema.get_type("Place")
    assert [interface.name for interface in type_.interfaces] == ["Thing"]  # type: ignore[union-attr]
    assert estimated_size(type_.fields["in"]) == 7  # type: ignore[union-attr]
    assert type_.fields["in"].args["first"].description == "n"  # type: ignore[union-attr]
    assert str(schema.get_type("Wish").fields["name"].type) == "String!"  # type: ignore[union-attr]
