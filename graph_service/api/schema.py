"""The schema: the model's types, the questions' types, the root fields."""

from __future__ import annotations

from functools import cache

import strawberry
from graphql import GraphQLSchema

from graph_service.api import chains, coverage, directory, nodes, versions
from graph_service.api.building import Types
from graph_service.api.filters import derive_filters
from graph_service.api.root import Root, declare_area
from graph_service.api.scalars import CONFIG
from graph_service.api.types import derive_types
from graph_service.model import MODEL

QUESTIONS = (coverage, chains, versions, nodes, directory)
ROOTS: dict[str, Root] = {root.field.name: root for question in QUESTIONS for root in question.ROOTS}


@cache
def _schema() -> strawberry.Schema:
    types = Types()
    derive_types(types, MODEL)
    derive_filters(types, MODEL)
    declare_area(types)
    for question in QUESTIONS:
        question.declare(types)
    types.add_object("Query", "查询:What can be asked.", [root.field for root in ROOTS.values()])
    types.finish()
    return strawberry.Schema(
        query=types.made["Query"], config=CONFIG, types=[types.made[name] for name in MODEL.labels]
    )


def schema() -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return _schema()._schema


def sdl() -> str:
    """The text committed as `schema.graphql`."""
    return _schema().as_str() + "\n"
