"""codeLists: the code lists of the answers, with their terms in both languages, for labels and menus of a front end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLEnumType, GraphQLSchema, get_named_type, is_object_type

from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import split_bilingual
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry


@dataclass(frozen=True, slots=True)
class CodeListTerm:
    """A code list, or one of its codes, with its Chinese term and its English description."""

    name: str
    zh: str
    en: str
    values: tuple[CodeListTerm, ...] = ()


def add_types(types: TypeRegistry) -> None:
    """Add the types of a code list and its codes."""
    term = (
        Field("zh", "String!", "中文：Chinese term, as a county office writes it."),
        Field("en", "String!", "英文：English term or description."),
    )
    types.add_object("CodeListValue", "代码：A code and its terms.", [Field("code", "String!", "代码：Code."), *term])
    types.add_object(
        "CodeList",
        "代码表：A list of codes, an enumeration type of the answers.",
        [
            Field("name", "String!", "名称：Name of the enumeration type."),
            *term,
            Field("values", "[CodeListValue!]!", "代码：Codes of the list, in its order.", size=10),
        ],
    )


def code_lists(schema: GraphQLSchema) -> list[CodeListTerm]:
    """Return the enumerations that fields of answers have, sorted by name."""
    enumerations = {type_.name: type_ for type_ in _answer_enumerations(schema)}
    return [
        CodeListTerm(
            name,
            *_terms(type_.description),
            tuple(CodeListTerm(code, *_terms(value.description)) for code, value in type_.values.items()),
        )
        for name, type_ in sorted(enumerations.items())
    ]


def _terms(description: str | None) -> tuple[str, str]:
    zh, en = split_bilingual(description)
    return zh, en.removesuffix(".")


def _answer_enumerations(schema: GraphQLSchema) -> Iterator[GraphQLEnumType]:
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not type_.name.startswith("__"):
            for field in type_.fields.values():
                named_type = get_named_type(field.type)
                if isinstance(named_type, GraphQLEnumType):
                    yield named_type


def _plan_code_lists(context: RootFieldContext) -> Resolver:
    lists = code_lists(context.operation.schema)

    def on_value(field: SelectedField) -> Encoder:
        if field.name == "code":
            return lambda term: term.name
        return lambda term: getattr(term, field.name)

    def on_field(field: SelectedField) -> Encoder:
        if field.name != "values":
            return lambda term: getattr(term, field.name)
        encode_value = context.object_encoder("CodeListValue", field, on_value)
        return lambda term: [encode_value(value) for value in term.values]

    encode = context.object_encoder("CodeList", context.selected, on_field)

    def answer(execution: Execution) -> list[object]:
        names = execution.argument("names")
        return [encode(term) for term in lists if names is None or term.name in names]

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "codeLists",
            "[CodeList!]!",
            "代码表：Code lists of the answers with their Chinese and English terms, sorted by name.",
            (Argument("names", "[String!]", "名称：Names of the code lists to return; all if omitted."),),
            size=60,
        ),
        _plan_code_lists,
        right=None,
    ),
)
