"""search: nodes by the beginning of their number, their name, or its pinyin, whatever they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.paging import Term
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.statements.anchors import within
from graph_service.api.statements.compiler import known_node
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import declare_connection
from graph_service.catalog import KNOWN
from graph_service.declare import Label, Property
from graph_service.derive.fields import yearly
from graph_service.errors import ArgumentInvalid
from graph_service.model import MODEL

LONGEST = 50
WAYS = {
    "NUMBER": "编号:Its number begins so.",
    "NAME": "名称:Its name begins so.",
    "PINYIN": "拼音:The pinyin of its name begins so.",
    "INITIALS": "拼音首字母:The first letters of its name's pinyin begin so.",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A label that is looked for, where its name stands, and which of its properties that is."""

    label: Label
    named: Label
    name: Property

    @property
    def member(self) -> str:
        return self.label.name.upper()


def _kinds() -> tuple[Kind, ...]:
    found = []
    for label in MODEL.labels.values():
        card = yearly(MODEL, label)
        named = label if label.searched else card
        if named is not None and named.searched is not None and not label.also and not label.owner:
            found.append(Kind(label, named, named.searched))
    return tuple(found)


KINDS = _kinds()


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
    doc = "查找结果:What was found, by kind, way, text and number."
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
            return lambda row: encoders[row[0]][place](row[4][place])
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

    def part(kind: Kind, way: int) -> str:
        at, n = KINDS.index(kind), kind.label
        match, conditions, told = _found(kind, way, text, small, large)
        conditions += known_node(MODEL, n, "n", scoped=False)
        if not everywhere:
            conditions += _placed(n)
        terms = [Term(str(at), int), Term(str(way), int), Term(told, str), Term(f"n.{n.key.name}", str)]
        conditions += window.bounds(terms, asked.selected, compiler.parameter)
        return (
            f"{match} WHERE {' AND '.join(conditions)} WITH n, {told} AS text ORDER BY text, n.{n.key.name} LIMIT {limit} "
            f"RETURN {at} AS kind, {way} AS way, text, n.{n.key.name} AS key, {projections[at]} AS node"
        )

    def statement(ways: Sequence[int]) -> str:
        parts = " UNION ALL ".join(part(kind, way) for kind in chosen for way in ways)
        returned = "RETURN kind, way, text, key, node ORDER BY kind, way, text, key"
        return f"CALL {{ {parts} }} {returned} LIMIT {limit}"

    # What is not written in letters is nobody's pinyin.
    statements = {letters: statement(range(4 if letters else 2)) for letters in (False, True)} if chosen else {}

    def answer(run: Run) -> dict[str, Any]:
        wanted = run.given("text").strip()
        if not 0 < len(wanted) <= LONGEST:
            raise ArgumentInvalid(
                name="text", reason_zh=f"应为 1 到 {LONGEST} 个字符", reason_en=f"give 1 to {LONGEST} characters"
            )
        viewing = run.viewing()
        rows: list[list[Any]] = []
        if statements and shape.paged:
            letters = wanted.isascii() and any(map(str.isalpha, wanted))
            parameters = {**viewing.parameters(), **compiler.parameters(run, viewing)}
            rows = run.store.lookup(statements[letters], parameters, "search")
        shown = window.shown(rows)
        return encode(Page(shown, [row[:4] for row in shown], len(rows) > window.size, window, answered(viewing)))

    return answer


HIT: dict[str, Encode] = {
    "kind": lambda row: KINDS[row[0]].member,
    "way": lambda row: list(WAYS)[row[1]],
    "text": lambda row: row[2],
}


def _found(kind: Kind, way: int, text: str, small: str, large: str) -> tuple[str, list[str], str]:
    """(what is matched, its conditions, the text that is told) of one way; none finds again what one before it has found."""
    label, named, name = kind.label, kind.named, kind.name
    # Numbers have capital letters, where they have any; who looks for one may not.
    number = f"(n.{label.key.name} STARTS WITH {text} OR n.{label.key.name} STARTS WITH {large})"
    if way == 0:
        return f"MATCH (n:{label.name})", [number], f"n.{label.key.name}"
    s = "n" if label is named and not label.state else "s"
    match = f"MATCH (n:{label.name})"
    if s == "s":
        match = f"MATCH (s:{label.state if label is named else named.name})-[:OF]->(n:{label.name})"
    ways = [f"{s}.{name.name} STARTS WITH {text}", *(f"{s}.{spelt} STARTS WITH {small}" for spelt in name.spelt)]
    conditions = [ways[way - 1], f"NOT {number}", *(f"NOT {earlier}" for earlier in ways[: way - 1])]
    if s == "s":
        conditions.append(KNOWN.format("s"))
    if label is not named:
        later = f"MATCH (n)<-[:OF]-(l:{named.name}) WHERE {KNOWN.format('l')} AND l.year > s.year AND l.year <= $asOf / 10000"
        conditions += ["s.year <= $asOf / 10000", f"NOT EXISTS {{ {later} }}"]
    return match, conditions, f"{s}.{name.name}"


def _placed(label: Label) -> list[str]:
    """That a node lies in the areas asked for; of what lies nowhere nothing."""
    if label.name == "Area":
        return ["size([r IN $areas WHERE n.code >= r[0] AND n.code < r[1]]) > 0"]
    inside = within(MODEL, label, "n", "areas")
    return [f"({inside})"] if inside else []


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
