"""questions: the hand-written questions, as the heads of their files have them."""

from __future__ import annotations

from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.types.type_registry import Field, TypeRegistry
from graph_service.platform.catalog import Statement, public_statements

QUESTION_ENCODERS: dict[str, Encoder] = {
    "name": lambda one: one.name,
    "title": lambda one: one.headline,
    "doc": lambda one: one.title,
    "params": lambda one: list(one.parameters),
    "returns": lambda one: list(one.columns),
}


def add_types(types: TypeRegistry) -> None:
    """The type of a question."""
    types.add_object(
        "Question",
        "问题:A question that the service asks of the graph: one Cypher file.",
        [
            Field("name", "String!", "名称:Topic and name, as its file is called."),
            Field("title", "String!", "标题:The question in a line."),
            Field("doc", "String!", "说明:All that its file says of it."),
            Field("params", "[String!]!", "参数:What it takes."),
            Field("returns", "[String!]!", "结果列:What it gives."),
        ],
    )


def _plan_questions(context: RootFieldContext) -> Resolver:
    encode = context.object_encoder("Question", context.selected, lambda one: QUESTION_ENCODERS[one.name])
    known: tuple[Statement, ...] = public_statements()
    return lambda _: [encode(one) for one in known]


ROOT_FIELDS = (
    RootField(
        Field("questions", "[Question!]", "问题目录:The questions that the service asks of the graph.", size=50),
        _plan_questions,
    ),
)
