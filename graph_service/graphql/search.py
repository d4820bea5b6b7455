"""search: nodes by the beginning of their number, their name, or its pinyin, whatever they are."""

from __future__ import annotations

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
from graph_service.graphql.statements.listing import is_within_counties
from graph_service.graphql.statements.text_search import SEARCH_TARGETS
from graph_service.graphql.types.derived import add_connection
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

MAX_TEXT_LENGTH = 50
SEARCH_METHODS = {
    "NUMBER": "编号:Its number begins so.",
    "NAME": "名称:Its name begins so.",
    "PINYIN": "拼音:The pinyin of its name begins so.",
    "INITIALS": "拼音首字母:The first letters of its name's pinyin begin so.",
}


def add_types(types: TypeRegistry) -> None:
    """Types of the question."""
    members = [(kind.member, f"{kind.label.zh}:{kind.label.doc}") for kind in SEARCH_TARGETS]
    types.add_enum("SearchKind", "查找类别:What is looked for.", members)
    types.add_enum("SearchWay", "匹配方式:By what something was found.", list(SEARCH_METHODS.items()))
    types.add_object(
        "SearchHit",
        "查找结果:Something that was found.",
        [
            Field("kind", "SearchKind!", "类别:What it is."),
            Field("way", "SearchWay!", "匹配方式:By what it was found; of several the first."),
            Field("text", "String!", "文本:Its number where that was found, else its name."),
            Field("node", "Node", "节点:What was found."),
        ],
    )
    doc = "查找结果:What was found, by kind, way, pinyin of the name and number."
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
    chosen = [
        kind for kind in SEARCH_TARGETS if context.argument("kinds") is None or kind.member in context.argument("kinds")
    ]
    shape = ConnectionSelection.from_field(context.operation, "SearchHitConnection", context.selected)
    nodes: list[SelectedField] = []

    def on_hit(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            place = len(nodes)
            nodes.append(selected)
            return lambda row: encoders[row[0]][place](row[5][place])
        return HIT_ENCODERS[selected.name]

    encode = shape.encoder(lambda one: context.object_encoder("SearchHit", one, on_hit))
    encoders: dict[int, list[Encoder]] = {}
    projections: dict[int, str] = {}
    for kind in chosen:
        made = [compiler.node(kind.label, "n", [one]) for one in nodes]
        encoders[SEARCH_TARGETS.index(kind)] = [inner for _, inner in made]
        projections[SEARCH_TARGETS.index(kind)] = f"[{', '.join(text for text, _ in made) or 'true'}]"
    everywhere = context.sees_everything and context.argument("area") is None
    text = compiler.add_parameter(context.selected, lambda given: given["text"].strip())
    small = compiler.add_parameter(context.selected, lambda given: given["text"].strip().lower())
    large = compiler.add_parameter(context.selected, lambda given: given["text"].strip().upper())
    limit = compiler.add_parameter(context.selected, lambda _: window.size + 1)

    texts = text_search.SearchTexts(text, small, large)

    def kept(target: text_search.SearchTarget, method: str, sort: str) -> list[str]:
        """That a kind's hits lie beyond the cursor."""
        key = f"n.{target.label.key.name}"
        terms = [
            OrderTerm(str(SEARCH_TARGETS.index(target)), int),
            OrderTerm(method, int),
            OrderTerm(sort, str),
            OrderTerm(key, str),
        ]
        return window.bounds(terms, context.selected, compiler.add_parameter)

    def returned(target: text_search.SearchTarget, method: str) -> str:
        at, key = SEARCH_TARGETS.index(target), f"n.{target.label.key.name}"
        return (
            f"ORDER BY {method}, sort, {key} LIMIT {limit} "
            f"RETURN {at} AS kind, {method} AS way, sort, {key} AS key, text, {projections[at]} AS node"
        )

    def by_index(target: text_search.SearchTarget, method: int, is_ascii_letters: bool) -> list[str]:
        parts = []
        for match, found, told, sort in text_search.index_parts(
            target, method, texts, is_ascii_letters=is_ascii_letters
        ):
            conditions = [*found, *node_conditions(MODEL, target.label, "n", scoped=False)]
            if not everywhere:
                conditions += text_search.area_conditions(target.label)
            conditions += kept(target, str(method), sort)
            shown = f"WITH n, {told} AS text, {sort} AS sort"
            parts.append(f"{match} WHERE {' AND '.join(conditions)} {shown} {returned(target, str(method))}")
        return parts

    def by_place(target: text_search.SearchTarget, method_count: int) -> str:
        beyond = " AND ".join(["true", *kept(target, "way", "sort")])
        return f"{text_search.area_match(target, method_count, texts)} WHERE {beyond} WITH n, way, text, sort {returned(target, 'way')}"

    def statement(*, is_ascii_letters: bool, within_counties: bool) -> str:
        # What is not written in letters is nobody's pinyin.
        ways, parts = 4 if is_ascii_letters else 2, list[str]()
        for kind in chosen:
            if within_counties and kind.label.anchors:
                parts.append(by_place(kind, ways))
            else:
                parts += [part for way in range(ways) for part in by_index(kind, way, is_ascii_letters)]
        # Not inside of CALL, where one engine uses no index: what the parts give is put in order here.
        return " UNION ALL ".join(parts)

    both = (False, True)
    statements = {
        (letters, near): statement(is_ascii_letters=letters, within_counties=near) for letters in both for near in both
    }

    def answer(execution: Execution) -> dict[str, Any]:
        wanted = execution.argument("text").strip()
        if not 0 < len(wanted) <= MAX_TEXT_LENGTH:
            raise ArgumentInvalid(
                name="text",
                reason_zh=f"应为 1 到 {MAX_TEXT_LENGTH} 个字符",
                reason_en=f"give 1 to {MAX_TEXT_LENGTH} characters",
            )
        viewing = execution.query_scope()
        rows: list[list[Any]] = []
        if chosen and shape.needs_rows:
            letters = wanted.isascii() and any(map(str.isalpha, wanted))
            parameters = {**viewing.parameters(), **compiler.parameters(execution, viewing)}
            found = execution.store.query_text(statements[letters, is_within_counties(viewing)], parameters, "search")
            rows = sorted(found, key=lambda row: row[:4])[: window.size + 1]
        shown = window.page_rows(rows)
        return encode(Page(shown, [row[:4] for row in shown], len(rows) > window.size, window, answer_values(viewing)))

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
            "查找:What begins with a text: numbers, names, their pinyin or its first letters. What lies in no area is found from each.",
            (
                Argument("text", "String!", f"文本:The beginning, 1 to {MAX_TEXT_LENGTH} characters."),
                Argument("kinds", "[SearchKind!]", "类别:What is looked for; everything where nothing is named."),
                Argument("area", "AreaScope", "区域范围:In which area; in all that may be seen where none is asked."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_search,
    ),
)
