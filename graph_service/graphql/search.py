"""search: nodes of any label by the beginning of their number, their name, or its pinyin."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.paging import OrderTerm
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements import text_search
from graph_service.graphql.statements.compiler import node_conditions
from graph_service.graphql.statements.listing import ScopedStatement
from graph_service.graphql.statements.text_search import SEARCH_TARGETS
from graph_service.graphql.types.derived import add_connection
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

MAX_TEXT_LENGTH = 50
SEARCH_METHODS = {
    "NUMBER": "编号：The number starts with the text.",
    "NAME": "名称：The name starts with the text.",
    "PINYIN": "拼音：The pinyin of the name starts with the text.",
    "INITIALS": "拼音首字母：The pinyin initials of the name start with the text.",
}


def add_types(types: TypeRegistry) -> None:
    """Add the types of the root field `search`."""
    members = [(target.member, f"{target.label.zh}：{target.label.doc}") for target in SEARCH_TARGETS]
    types.add_enum("SearchKind", "查找类别：Type of record to search for.", members)
    types.add_enum("SearchWay", "匹配方式：How a record matched the search text.", list(SEARCH_METHODS.items()))
    types.add_object(
        "SearchHit",
        "查找结果：A record that matches the search text.",
        [
            Field("kind", "SearchKind!", "类别：Type of the record."),
            Field(
                "way",
                "SearchWay!",
                "匹配方式：How the record matched; if in several ways, the first of NUMBER, NAME, PINYIN and INITIALS.",
            ),
            Field("text", "String!", "文本：Number of the record if it was matched by number, otherwise its name."),
            Field("node", "Node", "节点：The record that matches."),
        ],
    )
    doc = (
        "查找结果：Records that match the search text, sorted by type, way of matching, pinyin of the name and number."
    )
    add_connection(
        types,
        "SearchHitConnection",
        "SearchHitEdge",
        "SearchHit!",
        doc,
        extra_fields=ANSWER_FIELDS,
        has_total_count=False,
    )


def _plan_search(context: RootFieldContext) -> Resolver:
    compiler, window = context.compiler(), context.window()
    targets = [
        target
        for target in SEARCH_TARGETS
        if context.argument("kinds") is None or target.member in context.argument("kinds")
    ]
    shape = ConnectionSelection.from_field(context.operation, "SearchHitConnection", context.selected)
    nodes: list[SelectedField] = []

    def on_hit(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            index = len(nodes)
            nodes.append(selected)
            return lambda row: encoders[row[0]][index](row[5][index])
        return HIT_ENCODERS[selected.name]

    encode = shape.encoder(lambda selected: context.object_encoder("SearchHit", selected, on_hit))
    encoders: dict[int, list[Encoder]] = {}
    projections: dict[int, str] = {}
    for target in targets:
        projected_nodes = [compiler.node(target.label, "n", [selected]) for selected in nodes]
        encoders[SEARCH_TARGETS.index(target)] = [inner for _, inner in projected_nodes]
        projections[SEARCH_TARGETS.index(target)] = f"[{', '.join(text for text, _ in projected_nodes) or 'true'}]"
    everywhere = context.sees_everything and context.argument("area") is None
    text = compiler.add_parameter(context.selected, lambda arguments: arguments["text"].strip())
    lower = compiler.add_parameter(context.selected, lambda arguments: arguments["text"].strip().lower())
    upper = compiler.add_parameter(context.selected, lambda arguments: arguments["text"].strip().upper())
    limit = compiler.add_parameter(context.selected, lambda _: window.size + 1)

    texts = text_search.SearchTexts(text, lower, upper)

    def build_bounds(target: text_search.SearchTarget, method: str, sort: str) -> list[str]:
        """Return the conditions that a target's hits lie beyond the cursor."""
        key = f"n.{target.label.key.name}"
        terms = [
            OrderTerm(str(SEARCH_TARGETS.index(target)), int),
            OrderTerm(method, int),
            OrderTerm(sort, str),
            OrderTerm(key, str),
        ]
        return window.bounds(terms, context.selected, compiler.add_parameter)

    def build_return(target: text_search.SearchTarget, method: str) -> str:
        index, key = SEARCH_TARGETS.index(target), f"n.{target.label.key.name}"
        return (
            f"ORDER BY {method}, sort, {key} LIMIT {limit} "
            f"RETURN {index} AS kind, {method} AS way, sort, {key} AS key, text, {projections[index]} AS node"
        )

    def match_by_index(target: text_search.SearchTarget, method: int, is_ascii_letters: bool) -> list[str]:
        parts = []
        for match, match_conditions, hit_text, sort in text_search.index_parts(
            target, method, texts, is_ascii_letters=is_ascii_letters
        ):
            conditions = [*match_conditions, *node_conditions(MODEL, target.label, "n", scoped=False)]
            if not everywhere:
                conditions += text_search.area_conditions(target.label)
            conditions += build_bounds(target, str(method), sort)
            with_clause = f"WITH n, {hit_text} AS text, {sort} AS sort"
            parts.append(f"{match} WHERE {' AND '.join(conditions)} {with_clause} {build_return(target, str(method))}")
        return parts

    def match_by_area(target: text_search.SearchTarget, method_count: int) -> str:
        bounds = " AND ".join(["true", *build_bounds(target, "way", "sort")])
        return f"{text_search.area_match(target, method_count, texts)} WHERE {bounds} WITH n, way, text, sort {build_return(target, 'way')}"

    def build_text(within_counties: bool, is_ascii_letters: bool) -> str:
        # Only ASCII letters can be pinyin: other texts are searched by number and name.
        parts = list[str]()
        for target in targets:
            # A hit would tell a masked name: such nodes are searched by number alone.
            is_masked = target.name.classification in context.masked
            method_count = 1 if is_masked else 4 if is_ascii_letters else 2
            if within_counties and target.label.anchors:
                parts.append(match_by_area(target, method_count))
            else:
                parts += [
                    part for method in range(method_count) for part in match_by_index(target, method, is_ascii_letters)
                ]
        # Not inside of CALL, where one engine uses no index: `answer` sorts the rows of all parts.
        return " UNION ALL ".join(parts)

    letters_statement, text_statement = (
        ScopedStatement.build(partial(build_text, is_ascii_letters=is_ascii_letters))
        for is_ascii_letters in (True, False)
    )

    def answer(execution: Execution) -> dict[str, Any]:
        search_text = execution.argument("text").strip()
        if not 0 < len(search_text) <= MAX_TEXT_LENGTH:
            raise ArgumentInvalid(
                name="text",
                reason_zh=f"应为 1 至 {MAX_TEXT_LENGTH} 个字符",
                reason_en=f"it must have 1 to {MAX_TEXT_LENGTH} characters",
            )
        scope = execution.query_scope()
        rows: list[list[Any]] = []
        if targets and shape.needs_rows:
            is_ascii_letters = search_text.isascii() and any(map(str.isalpha, search_text))
            parameters = {**scope.parameters(), **compiler.parameters(execution, scope)}
            statement = letters_statement if is_ascii_letters else text_statement
            hits = execution.store.query_text(statement.text(scope), parameters, "search")
            rows = sorted(hits, key=lambda row: row[:4])[: window.size + 1]
        page = window.page_rows(rows)
        return encode(Page(page, [row[:4] for row in page], len(rows) > window.size, window, answer_values(scope)))

    return answer


HIT_ENCODERS: dict[str, Encoder] = {
    "kind": lambda row: SEARCH_TARGETS[row[0]].member,
    "way": lambda row: list(SEARCH_METHODS)[row[1]],
    "text": lambda row: row[4],
}


ROOT_FIELDS = (
    RootField(
        Field(
            "search",
            "SearchHitConnection",
            "查找：Records whose number, name, pinyin or pinyin initials start with a text. Records that belong to no "
            "area are found whatever the `area`.",
            (
                Argument(
                    "text", "String!", f"文本：Beginning of the number or name, 1 to {MAX_TEXT_LENGTH} characters."
                ),
                Argument("kinds", "[SearchKind!]", "类别：Types of record to search for; all types if omitted."),
                Argument("area", "AreaScope", "区域范围：Area to query; all granted areas if omitted."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_search,
    ),
)
