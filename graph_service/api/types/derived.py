"""GraphQL types of the model: one for each label, connection and enumeration, with their descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.api.paging import LARGEST_PAGE, USUAL_PAGE
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.counts import COUNTS, has_counts
from graph_service.api.types.counts import declare as declare_counts
from graph_service.api.types.scalars import TYPES
from graph_service.declare import Enumeration, Kind, Label, Model
from graph_service.derive.fields import Hop, Leaf, camel, facets, hops, node_leaves, relationship_leaves, spoken

FEW = 5
"""How many a node is taken to have of what it has few of: a household its members, its yearly cards."""
FORWARDS = (
    Argument("first", "Int", f"每页条数:How many, at most {LARGEST_PAGE}; {USUAL_PAGE} where none is asked."),
    Argument("after", "String", "起点游标:The `endCursor` of the page before."),
)
PAGE = (
    *FORWARDS,
    Argument("last", "Int", f"末尾条数:How many from the end, at most {LARGEST_PAGE}; instead of `first`."),
    Argument("before", "String", "终点游标:The `startCursor` of the page after."),
)
OTHER = ("OTHER", "其他:Not in the list; its text stands beside it.")
ID = Field(
    "id",
    "ID!",
    "全局标识:Global id: another for each day and version that were asked for by `asOf` and `asKnownAt`, so that a client keeps each apart.",
)
EVER = Argument(
    "ever", "Boolean!", "包括已结束和未开始的:Also those that have ended or not begun on the day asked.", False
)


def told(zh: str, doc: str) -> str:
    """A description: the field's own term, then English."""
    return f"{zh}:{doc}"


def both(description: str | None) -> tuple[str, str]:
    """What `told` was made of: the field's own term, and English."""
    zh, _, doc = (description or "").partition(":")
    return zh, doc


def end_name(model: Model, targets: tuple[str, ...]) -> str:
    """Name of the type at a hop's far end: a label's, or a union's."""
    if len(targets) == 1:
        return targets[0]
    return next(u.name for u in model.unions.values() if u.labels == targets)


def hop_name(model: Model, hop: Hop) -> str:
    """HELPS from a household → HelpsCadre."""
    end = end_name(model, hop.targets)
    verb = camel(hop.relationship.type.lower()) if hop.dated else ""
    return f"{verb[:1].upper()}{verb[1:]}{end}"


def connection_name(model: Model, hop: Hop) -> str:
    """HELPS from a household → HelpsCadreConnection; its edges are HelpsCadreEdge."""
    return f"{hop_name(model, hop)}Connection"


def declare_codes(types: Types, codes: Enumeration, further: Sequence[tuple[str, str]] = ()) -> None:
    """A code list, its members described in the field's words."""
    members = [(m.name, told(m.zh, "、".join((f"{spoken(m.name)}.", *m.aliases)))) for m in codes.members]
    types.add_enum(codes.name, told(codes.zh, codes.doc), [*members, *further])


def derive_types(types: Types, model: Model) -> None:
    """Make all types of the model."""
    for enumeration in model.enumerations.values():
        known = any(member.name == "OTHER" for member in enumeration.members)
        declare_codes(types, enumeration, () if known else (OTHER,))
    types.add_object(
        "PageInfo",
        "分页信息:Where a page stands in its list.",
        [
            Field("hasNextPage", "Boolean!", "是否有下一页:Whether more follow."),
            Field("hasPreviousPage", "Boolean!", "是否有上一页:Whether this page begins after a cursor."),
            Field("startCursor", "String", "首条游标:Cursor of the first."),
            Field("endCursor", "String", "末条游标:Cursor of the last."),
        ],
    )
    declare_counts(types)
    types.add_interface("Node", "节点:What has a global id.", [ID])
    for label in model.labels.values():
        types.add_object(label.name, told(label.zh, label.doc), _fields(model, label), implements="Node")
    for union in model.unions.values():
        types.add_union(union.name, told(union.zh, union.doc), union.labels)
    for label in model.labels.values():
        for hop in hops(model, label):
            if not hop.single and connection_name(model, hop) not in types.made:
                _connection(types, model, hop)


def _fields(model: Model, label: Label) -> list[Field]:
    made = [ID]
    made.extend(_leaf(leaf, required=leaf.property is label.key) for leaf in node_leaves(label))
    made.extend(
        Field(other.name.lower(), other.name, told(other.zh, f"The same as {other.name}, where it is one."))
        for other in facets(model, label)
    )
    made.extend(_hop(model, hop) for hop in hops(model, label))
    return [*made, COUNTS] if has_counts(label) else made


def _leaf(leaf: Leaf, *, required: bool = False) -> Field:
    p = leaf.property
    given: object
    if p is not None and p.enum is not None and leaf.stored == p.name:
        given = f"[{p.enum.name}!]" if leaf.kind is Kind.ENUMS else p.enum.name
    else:
        given = TYPES[leaf.kind]
    if required:
        return Field(leaf.name, given if not isinstance(given, str) else f"{given}!", told(leaf.zh, leaf.doc))
    return Field(leaf.name, given if isinstance(given, str) else given | None, told(leaf.zh, leaf.doc))  # type: ignore[operator]


def _hop(model: Model, hop: Hop) -> Field:
    r = hop.relationship
    if hop.latest:
        doc = "The record in force on the day asked: of its year, else the latest before."
        return Field(hop.name, hop.targets[0], told("当前年度", doc))
    if hop.single:
        return Field(hop.name, end_name(model, hop.targets), told(r.zh, r.doc))
    arguments = (*PAGE, EVER, _meant(model, hop)) if hop.dated else (*PAGE, _meant(model, hop))
    size = FEW if hop.few else 0
    return Field(hop.name, f"{connection_name(model, hop)}!", told(r.zh, r.doc), arguments, size=size)


def _meant(model: Model, hop: Hop) -> Argument:
    name = f"{hop_name(model, hop)}Where" if hop.dated else f"{hop.targets[0]}Properties"
    return Argument("where", name, "条件:Which of them are meant.")


def _connection(types: Types, model: Model, hop: Hop) -> None:
    name, end, r = connection_name(model, hop), end_name(model, hop.targets), hop.relationship
    edge = name.removesuffix("Connection") + "Edge"
    values = [_leaf(leaf) for leaf in relationship_leaves(r)] if hop.dated else []
    declare_connection(types, name, edge, f"{end}!", told(r.zh, r.doc), tuple(values))


def declare_connection(
    types: Types,
    name: str,
    edge: str,
    node: str,
    doc: str,
    on_edge: tuple[Field, ...] = (),
    more: tuple[Field, ...] = (),
    *,
    counted: bool = True,
) -> None:
    """A connection and its edge."""
    types.add_object(
        edge,
        doc,
        [Field("cursor", "String!", "游标:Where it stands."), Field("node", node, "节点:What it leads to."), *on_edge],
    )
    types.add_object(
        name,
        doc,
        [
            Field("edges", f"[{edge}!]!", "边:With what the relationship carries."),
            Field("nodes", f"[{node}]!", "节点:Without it."),
            Field("pageInfo", "PageInfo!", "分页信息:Where this page stands."),
            *(
                [Field("totalCount", "Int!", "总数:How many there are on all pages; counted only when asked for.")]
                * counted
            ),
            *more,
        ],
    )
