"""The schema: the model's types, the questions' types, the root fields."""

from __future__ import annotations

from functools import cache

import strawberry
from graphql import GraphQLSchema

from graph_service.api.root import Root, declare_area
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
from graph_service.api.types.building import Types
from graph_service.api.types.derived import derive_types
from graph_service.api.types.filters import derive_filters
from graph_service.api.types.scalars import CONFIG
from graph_service.model import MODEL

QUESTIONS = (
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
CHANGES = (mutations, findings, responsibilities, deliveries, share_changes, dividend_changes)
ROOTS: dict[str, dict[str, Root]] = {
    "Query": {root.field.name: root for question in QUESTIONS for root in question.ROOTS},
    "Mutation": {root.field.name: root for changes in CHANGES for root in changes.ROOTS},
    "Subscription": {root.field.name: root for root in events.ROOTS},
}
"""Root fields, by the name of their operation's type."""
DOCS = {
    "Query": "查询:What can be asked.",
    "Mutation": "变更:What can be changed. Nothing is overwritten: what was before stays, and is asked for by `asKnownAt`.",
    "Subscription": "订阅:What is told as it happens, over graphql-transport-ws or server-sent events.",
}


@cache
def _schema() -> strawberry.Schema:
    types = Types()
    derive_types(types, MODEL)
    derive_filters(types, MODEL)
    declare_area(types)
    for question in (*QUESTIONS, results, *CHANGES, events):
        question.declare(types)
    for name, roots in ROOTS.items():
        types.add_object(name, DOCS[name], [root.field for root in roots.values()])
    types.finish()
    return strawberry.Schema(
        query=types.made["Query"],
        mutation=types.made["Mutation"],
        subscription=types.made["Subscription"],
        config=CONFIG,
        types=[types.made[name] for name in MODEL.labels],
    )


def schema() -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return _schema()._schema


def sdl() -> str:
    """The text committed as `schema.graphql`."""
    return _schema().as_str() + "\n"
