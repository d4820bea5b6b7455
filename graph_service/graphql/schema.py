"""The schema: the model's types, the fields of the directory, and the parts that features add."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from graphql import GraphQLSchema, parse, print_schema

from graph_service import features
from graph_service.core.question import Question
from graph_service.domain.model import MODEL
from graph_service.graphql import code_lists, data_versions, directory, mutation_result, nodes, search, statement_list
from graph_service.graphql.question_fields import add_question_types, derive_root_field
from graph_service.graphql.root_fields import RootField, add_area_types
from graph_service.graphql.schema_part import SchemaPart
from graph_service.graphql.schema_text import compact_text
from graph_service.graphql.types.derived import derive_types
from graph_service.graphql.types.filters import derive_filters
from graph_service.graphql.types.scalars import CONFIG
from graph_service.graphql.types.type_registry import TypeRegistry

DIRECTORY = SchemaPart(
    types=(
        code_lists.add_types,
        data_versions.add_types,
        search.add_types,
        statement_list.add_types,
        directory.add_types,
    ),
    queries=(
        *code_lists.ROOT_FIELDS,
        *data_versions.ROOT_FIELDS,
        *search.ROOT_FIELDS,
        *statement_list.ROOT_FIELDS,
        *nodes.ROOT_FIELDS,
        *directory.ROOT_FIELDS,
    ),
)
"""The part without any feature: records found by number, by name and by filter."""
DOCS = {
    "Query": "查询：Root type of all queries.",
    "Mutation": "变更：Root type of all mutations. Nothing is overwritten; earlier data remain and can be queried with `asKnownAt`.",
    "Subscription": "订阅：Root type of all subscriptions, which report events as they happen over graphql-transport-ws or server-sent events.",
}


@cache
def schema_parts() -> tuple[SchemaPart, ...]:
    """Return the parts of the schema: each feature's, in order of their names, then the directory's."""
    names = sorted(module.name for module in iter_modules(features.__path__) if module.ispkg)
    return (*(import_module(f"{features.__name__}.{name}.schema").SCHEMA for name in names), DIRECTORY)


def questions() -> tuple[Question, ...]:
    """Return every declared question."""
    return tuple(question for part in schema_parts() for question in part.questions)


@cache
def root_fields() -> dict[str, dict[str, RootField]]:
    """Return the root fields by name, by the name of their operation's type."""
    parts = schema_parts()
    queries = [field for part in parts for field in (*map(derive_root_field, part.questions), *part.queries)]
    return {
        "Query": {field.field.name: field for field in queries},
        "Mutation": {field.field.name: field for part in parts for field in part.mutations},
        "Subscription": {field.field.name: field for part in parts for field in part.subscriptions},
    }


@cache
def schema() -> GraphQLSchema:
    """Return the schema as a graphql-core object."""
    types = TypeRegistry()
    derive_types(types, MODEL)
    derive_filters(types, MODEL)
    add_area_types(types)
    mutation_result.add_types(types)
    for part in schema_parts():
        for question in part.questions:
            add_question_types(types, question)
        for add_types in part.types:
            add_types(types)
    for name, fields in root_fields().items():
        types.add_object(name, DOCS[name], [field.field for field in fields.values()])
    return types.build_schema(CONFIG, [label.name for label in MODEL.directory_labels])


@cache
def sdl() -> str:
    """Return the text committed as `schema.graphql` and served under that path."""
    return compact_text(parse(print_schema(schema())))
