"""questions: the hand-written questions, with the descriptions at the head of their files."""

from __future__ import annotations

from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.type_registry import Field, TypeRegistry
from graph_service.platform.catalog import Statement, public_statements

QUESTION_ENCODERS: dict[str, Encoder] = {
    "name": lambda statement: statement.name,
    "title": lambda statement: statement.headline,
    "doc": lambda statement: statement.title,
    "params": lambda statement: list(statement.parameters),
    "returns": lambda statement: list(statement.columns),
}


def add_types(types: TypeRegistry) -> None:
    """Add the type of a question."""
    types.add_object(
        "Question",
        "内置查询：A query that the service runs on the graph, stored in a Cypher file of its own.",
        [
            Field("name", "String!", "名称：Topic and name of the query, as in the path of its file."),
            Field("title", "String!", "标题：One-line title in Chinese and English."),
            Field("doc", "String!", "说明：Full description at the head of the file."),
            Field("params", "[String!]!", "参数：Names of the parameters."),
            Field("returns", "[String!]!", "结果列：Names of the result columns."),
        ],
    )


def _plan_questions(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("Question", context.selected, lambda field: QUESTION_ENCODERS[field.name])
    statements: tuple[Statement, ...] = public_statements()
    return lambda _: [encode(statement) for statement in statements]


ROOT_FIELDS = (
    RootField(
        Field("questions", "[Question!]", "内置查询目录：Queries that the service runs on the graph.", size=50),
        _plan_questions,
    ),
)
