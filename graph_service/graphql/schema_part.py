"""The part of the schema that a feature adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph_service.core.question import Question
from graph_service.graphql.root_fields import RootField
from graph_service.graphql.types.type_registry import TypeRegistry


@dataclass(frozen=True, slots=True)
class SchemaPart:
    """Questions, root fields and types of a feature. A feature registers its part as `SCHEMA` in its module `schema`."""

    questions: tuple[Question, ...] = ()
    """Declared questions whose types and root fields are derived."""
    types: tuple[Callable[[TypeRegistry], None], ...] = ()
    """Functions that add further types."""
    queries: tuple[RootField, ...] = ()
    mutations: tuple[RootField, ...] = ()
    subscriptions: tuple[RootField, ...] = ()
