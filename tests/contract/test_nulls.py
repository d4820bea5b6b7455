"""Nullable fields: only what can be unknown, hidden or inapplicable is nullable, and what is not nullable is never null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from graph_service.access.rights import Right
from graph_service.core.question import Question
from graph_service.domain.fields import camel_case, node_value_fields, relationship_fields
from graph_service.domain.metamodel import Label
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import stated_properties
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLRequest
from graph_service.graphql.schema import questions, schema
from graph_service.graphql.types.derived import connection_name, plain_leaves
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in

COUNTY = "513431"
OBJECT_TYPES = {
    name: type_
    for name, type_ in schema().type_map.items()
    if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)) and not name.startswith("__")
}
ARGUMENTS = {
    "area": f'{{code: "{COUNTY}"}}', "cardNo": '"5134311002000000"', "personNo": '"513431100200000000"', "code": '"513431100200"',
    "fundNo": '"ZJ000"', "assetNo": '"ZC000"', "projectNo": '"XM000"', "cadreNo": '"GB0000"', "departmentNo": '"DW000"', "year": "2016",
    "purpose": '"核对"', "distributionNo": '"FP000"', "by": "VILLAGE", "text": '"5134"', "ids": "[]", "from": '{fundNo: "ZJ000"}', "subject": '{villageCode: "513431100200"}',
}  # fmt: skip


def is_nullable(type_name: str, field: str) -> bool:
    return not is_non_null_type(OBJECT_TYPES[type_name].fields[field].type)


@pytest.mark.parametrize("label", MODEL.directory_labels, ids=lambda label: label.name)
def test_keys_and_required_properties_are_never_null(label: Label) -> None:
    shown = {leaf.stored_name for leaf in plain_leaves(node_value_fields(label))}
    names = {label.key.name, "recorded", *stated_properties(MODEL, label)} & shown
    assert not [name for name in names if is_nullable(label.name, camel_case(name))]
    for hop in relationship_fields(MODEL, label):
        if not hop.single and hop.dated:
            edge = connection_name(MODEL, hop).removesuffix("Connection") + "Edge"
            names = {"source", "recorded", *stated_properties(MODEL, hop.relationship)}
            assert not [name for name in names if is_nullable(edge, camel_case(name))]


def test_amounts_of_vouchers_are_required() -> None:
    assert stated_properties(MODEL, MODEL.relationships["ALLOCATED"]) == {"amount"}
    assert stated_properties(MODEL, MODEL.relationships["PAID"]) == {"amount", "voucher"}
    assert stated_properties(MODEL, MODEL.labels["Fund"]) == set()


@pytest.mark.parametrize("name", [name for name in OBJECT_TYPES if name.endswith("Connection")])
def test_a_list_is_never_null_and_has_no_nulls(name: str) -> None:
    fields = OBJECT_TYPES[name].fields
    for field in ("edges", "nodes"):
        list_type = fields[field].type
        assert isinstance(list_type, GraphQLNonNull)
        assert is_list_type(list_type.of_type)
        assert is_non_null_type(list_type.of_type.of_type)
    counts = {field for field in fields if field.endswith("Count")} | {"pageInfo"}
    assert not [field for field in counts if is_nullable(name, field)]


def test_a_root_field_that_may_fail_is_nullable() -> None:
    """A field that fails is null and leaves the others their answers. The catalogues are read without a store."""
    assert [name for name in OBJECT_TYPES["Query"].fields if not is_nullable("Query", name)] == ["checks", "codeLists"]
    assert not [name for name in OBJECT_TYPES["Mutation"].fields if not is_nullable("Mutation", name)]


def selection(type_: GraphQLOutputType, depth: int) -> str:
    """Return the selection of everything below a type that needs no argument, to a depth of objects; of lists, the first items."""
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if not isinstance(named, GraphQLObjectType):
        return "{ __typename }"
    texts = ["__typename"]
    for name, field in named.fields.items():
        inner = get_named_type(field.type)
        if any(isinstance(argument.type, GraphQLNonNull) and name_ != "ever" for name_, argument in field.args.items()):
            continue
        if is_leaf_type(inner):
            texts.append(name)
        elif depth > 0 and name != "nodes":
            page = "(first: 2)" if "first" in field.args else ""
            # A page is no level of its own.
            is_page = inner.name.endswith(("Connection", "Edge", "PageInfo"))
            texts.append(f"{name}{page} {selection(inner, depth if is_page else depth - 1)}")
    return f"{{ {' '.join(texts)} }}"


def arguments_of(field: GraphQLField) -> str | None:
    """Return the arguments of a root field for the sample register; None where it needs one that is not known here."""
    required = [name for name, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]
    if not {*required} <= ARGUMENTS.keys():
        return None
    names = dict.fromkeys([*required, *(name for name in ("area", "purpose") if name in field.args)])
    texts = [f"{name}: {ARGUMENTS[name]}" for name in names]
    texts += ["first: 10"] if "first" in field.args else []
    return f"({', '.join(texts)})" if texts else ""


def nulls(value: Any, type_: GraphQLOutputType, path: str) -> Iterator[str]:
    """Yield the paths of the fields that are null and may not be."""
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            yield path
            return
        type_ = type_.of_type
    if value is None:
        return
    if is_list_type(type_):
        for item in value:
            yield from nulls(item, type_.of_type, path)
        return
    named = OBJECT_TYPES.get(value["__typename"]) if isinstance(value, dict) else None
    if named is not None:
        for name, inner in value.items():
            if name != "__typename":
                yield from nulls(inner, named.fields[name].type, f"{path}.{name}" if path else name)


SIGNED_IN_FIELDS = ("accessGrants", "apiKeys", "emergencyAccess", "proposals")
"""Fields of a service with sign-in: see tests/sign_in."""
ROOT_FIELDS = [
    name
    for name, field in OBJECT_TYPES["Query"].fields.items()
    if arguments_of(field) is not None and name not in SIGNED_IN_FIELDS
]


def nulls_of_answer(store: Store, name: str, depth: int, granted: str = "") -> list[str]:
    """Ask a root field of the sample register; return the paths of the fields of its answer that are null and may not be."""
    field = OBJECT_TYPES["Query"].fields[name]
    query = f"{{ {name}{arguments_of(field)} {selection(field.type, depth)} }}"
    body = local_api(store).execute(GraphQLRequest(query), permissions=permissions_in((granted,))).body()
    assert "errors" not in body, body["errors"]
    return sorted(set(nulls(body["data"][name], field.type, name)))


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ROOT_FIELDS)
def test_what_is_not_nullable_is_never_null(store: Store, imported: ImportReport, name: str) -> None:
    is_list = get_named_type(OBJECT_TYPES["Query"].fields[name].type).name.endswith("Connection")
    assert nulls_of_answer(store, name, depth=2 if is_list else 1) == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "question",
    [question for question in questions() if question.takes_area and question.right is Right.READ_RECORDS],
    ids=lambda question: question.name,
)
def test_nor_is_it_hidden_from_who_may_see_a_township(store: Store, imported: ImportReport, question: Question) -> None:
    assert nulls_of_answer(store, question.name, depth=2, granted=f"{COUNTY}100") == []
