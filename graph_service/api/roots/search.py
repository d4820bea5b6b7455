"""search: nodes by the beginning of their number, their name, or its pinyin, whatever they are."""

from __future__ import annotations

from typing import Any

from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.paging import Term
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.statements import finding
from graph_service.api.statements.compiler import known_node
from graph_service.api.statements.finding import KINDS
from graph_service.api.statements.listing import is_near
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import declare_connection
from graph_service.errors import ArgumentInvalid
from graph_service.model import MODEL

LONGEST = 50
WAYS = {
    "NUMBER": "编号:Its number begins so.",
    "NAME": "名称:Its name begins so.",
    "PINYIN": "拼音:The pinyin of its name begins so.",
    "INITIALS": "拼音首字母:The first letters of its name's pinyin begin so.",
}


def declare(types: Types) -> None:
    """Types of the question."""
    members = [(kind.member, f"{kind.label.zh}:{kind.label.doc}") for kind in KINDS]
    types.add_enum("SearchKind", "查找类别:What is looked for.", members)
    types.add_enum("SearchWay", "匹配方式:By what something was found.", list(WAYS.items()))
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
    declare_connection(types, "SearchHitConnection", "SearchHitEdge", "SearchHit!", doc, more=ANSWERED, counted=False)


def _search(asked: Asked) -> Answer:
    compiler, window = asked.compiler(), asked.window()
    chosen = [kind for kind in KINDS if asked.given("kinds") is None or kind.member in asked.given("kinds")]
    shape = ConnectionShape.of(asked.document, "SearchHitConnection", asked.selected)
    nodes: list[Selected] = []

    def on_hit(one: Selected) -> Encode:
        if one.name == "node":
            place = len(nodes)
            nodes.append(one)
            return lambda row: encoders[row[0]][place](row[5][place])
        return HIT[one.name]

    encode = shape.encoder(lambda one: asked.object("SearchHit", one, on_hit))
    encoders: dict[int, list[Encode]] = {}
    projections: dict[int, str] = {}
    for kind in chosen:
        made = [compiler.node(kind.label, "n", [one]) for one in nodes]
        encoders[KINDS.index(kind)] = [inner for _, inner in made]
        projections[KINDS.index(kind)] = f"[{', '.join(text for text, _ in made) or 'true'}]"
    everywhere = asked.sees_all and asked.given("area") is None
    text = compiler.parameter(asked.selected, lambda given: given["text"].strip())
    small = compiler.parameter(asked.selected, lambda given: given["text"].strip().lower())
    large = compiler.parameter(asked.selected, lambda given: given["text"].strip().upper())
    limit = compiler.parameter(asked.selected, lambda _: window.size + 1)

    texts = finding.Texts(text, small, large)

    def kept(kind: finding.Kind, way: str, sort: str) -> list[str]:
        """That a kind's hits lie beyond the cursor."""
        key = f"n.{kind.label.key.name}"
        terms = [Term(str(KINDS.index(kind)), int), Term(way, int), Term(sort, str), Term(key, str)]
        return window.bounds(terms, asked.selected, compiler.parameter)

    def returned(kind: finding.Kind, way: str) -> str:
        at, key = KINDS.index(kind), f"n.{kind.label.key.name}"
        return (
            f"ORDER BY {way}, sort, {key} LIMIT {limit} "
            f"RETURN {at} AS kind, {way} AS way, sort, {key} AS key, text, {projections[at]} AS node"
        )

    def by_index(kind: finding.Kind, way: int, letters: bool) -> list[str]:
        parts = []
        for match, found, told, sort in finding.by_way(kind, way, texts, letters=letters):
            conditions = [*found, *known_node(MODEL, kind.label, "n", scoped=False)]
            if not everywhere:
                conditions += finding.placed(kind.label)
            conditions += kept(kind, str(way), sort)
            shown = f"WITH n, {told} AS text, {sort} AS sort"
            parts.append(f"{match} WHERE {' AND '.join(conditions)} {shown} {returned(kind, str(way))}")
        return parts

    def by_place(kind: finding.Kind, ways: int) -> str:
        beyond = " AND ".join(["true", *kept(kind, "way", "sort")])
        return f"{finding.by_place(kind, ways, texts)} WHERE {beyond} WITH n, way, text, sort {returned(kind, 'way')}"

    def statement(*, letters: bool, near: bool) -> str:
        # What is not written in letters is nobody's pinyin.
        ways, parts = 4 if letters else 2, list[str]()
        for kind in chosen:
            if near and kind.label.anchors:
                parts.append(by_place(kind, ways))
            else:
                parts += [part for way in range(ways) for part in by_index(kind, way, letters)]
        # Not inside of CALL, where one engine uses no index: what the parts give is put in order here.
        return " UNION ALL ".join(parts)

    both = (False, True)
    statements = {(letters, near): statement(letters=letters, near=near) for letters in both for near in both}

    def answer(run: Run) -> dict[str, Any]:
        wanted = run.given("text").strip()
        if not 0 < len(wanted) <= LONGEST:
            raise ArgumentInvalid(
                name="text", reason_zh=f"应为 1 到 {LONGEST} 个字符", reason_en=f"give 1 to {LONGEST} characters"
            )
        viewing = run.viewing()
        rows: list[list[Any]] = []
        if chosen and shape.paged:
            letters = wanted.isascii() and any(map(str.isalpha, wanted))
            parameters = {**viewing.parameters(), **compiler.parameters(run, viewing)}
            found = run.store.lookup(statements[letters, is_near(viewing)], parameters, "search")
            rows = sorted(found, key=lambda row: row[:4])[: window.size + 1]
        shown = window.shown(rows)
        return encode(Page(shown, [row[:4] for row in shown], len(rows) > window.size, window, answered(viewing)))

    return answer


HIT: dict[str, Encode] = {
    "kind": lambda row: KINDS[row[0]].member,
    "way": lambda row: list(WAYS)[row[1]],
    "text": lambda row: row[4],
}


ROOTS = (
    Root(
        Field(
            "search",
            "SearchHitConnection",
            "查找:What begins with a text: numbers, names, their pinyin or its first letters. What lies in no area is found from each.",
            (
                Argument("text", "String!", f"文本:The beginning, 1 to {LONGEST} characters."),
                Argument("kinds", "[SearchKind!]", "类别:What is looked for; everything where nothing is named."),
                Argument("area", "AreaScope", "区域范围:In which area; in all that may be seen where none is asked."),
                *TIMES,
                *PAGED,
            ),
        ),
        _search,
    ),
)
