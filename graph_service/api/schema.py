"""The schema: the model's types, the questions' types, the root fields."""

from __future__ import annotations

from functools import cache

import strawberry
from graphql import GraphQLSchema

from graph_service.api.root import RootField, add_area_types
from graph_service.api.roots import (
    catalogue,
    chains,
    checks,
    conflicts,
    coverage,
    deliveries,
    directory,
    dividend_changes,
    events,
    exits,
    findings,
    funds,
    inquiries,
    matching,
    mutations,
    nodes,
    responsibilities,
    results,
    search,
    share_changes,
    share_register,
    versions,
)
from graph_service.api.types.building import TypeRegistry
from graph_service.api.types.derived import derive_types
from graph_service.api.types.filters import derive_filters
from graph_service.api.types.scalars import CONFIG
from graph_service.model import MODEL

QUERY_MODULES = (
    coverage,
    inquiries,
    matching,
    checks,
    exits,
    chains,
    funds,
    conflicts,
    share_register,
    versions,
    search,
    catalogue,
    nodes,
    directory,
)
MUTATION_MODULES = (mutations, findings, responsibilities, deliveries, share_changes, dividend_changes)
ROOT_FIELDS: dict[str, dict[str, RootField]] = {
    "Query": {root.field.name: root for question in QUERY_MODULES for root in question.ROOT_FIELDS},
    "Mutation": {root.field.name: root for changes in MUTATION_MODULES for root in changes.ROOT_FIELDS},
    "Subscription": {root.field.name: root for root in events.ROOT_FIELDS},
}
"""Root fields, by the name of their operation's type."""
DOCS = {
    "Query": "查询:What can be asked.",
    "Mutation": "变更:What can be changed. Nothing is overwritten: what was before stays, and is asked for by `asKnownAt`.",
    "Subscription": "订阅:What is told as it happens, over graphql-transport-ws or server-sent events.",
}


@cache
def _schema() -> strawberry.Schema:
    types = TypeRegistry()
    derive_types(types, MODEL)
    derive_filters(types, MODEL)
    add_area_types(types)
    for question in (*QUERY_MODULES, results, *MUTATION_MODULES, events):
        question.add_types(types)
    for name, roots in ROOT_FIELDS.items():
        types.add_object(name, DOCS[name], [root.field for root in roots.values()])
    types.finish()
    return strawberry.Schema(
        query=types.by_name["Query"],
        mutation=types.by_name["Mutation"],
        subscription=types.by_name["Subscription"],
        config=CONFIG,
        types=[types.by_name[name] for name in MODEL.labels],
    )


def schema() -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return _schema()._schema


def sdl() -> str:
    """The text committed as `schema.graphql`."""
    return _schema().as_str() + "\n"
