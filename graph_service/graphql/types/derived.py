"""GraphQL types of the model: one for each label, connection and enumeration, with their descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph_service.access.masking import AUDITED_CLASSES, RIGHT_BY_CLASS
from graph_service.core.question import SENSITIVE_TOPICS, WITHHELD_FIELD
from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    camel_case,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    sentence_case,
    subtype_labels,
    value_class,
)
from graph_service.domain.metamodel import DataClassification, Enumeration, Label, Model, PropertyKind, Relationship
from graph_service.domain.sheet_columns import stated_properties
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from graph_service.graphql.types.counts import COUNTS_FIELD, has_counts
from graph_service.graphql.types.counts import add_types as declare_counts
from graph_service.graphql.types.scalars import TYPE_BY_KIND, Purpose
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

FEW_SIZE = 5
"""Estimated size of a list that is short for its node, as the members or yearly cards of a household."""
FORWARD_PAGE_ARGUMENTS = (
    Argument(
        "first",
        "Int",
        f"每页条数：Maximum number of items to return (at most {MAX_PAGE_SIZE}, default {DEFAULT_PAGE_SIZE}).",
    ),
    Argument("after", "String", "起点游标：Cursor to start after: the `endCursor` of the previous page."),
)
PAGE_ARGUMENTS = (
    *FORWARD_PAGE_ARGUMENTS,
    Argument(
        "last",
        "Int",
        f"末尾条数：Maximum number of items to return from the end of the list (at most {MAX_PAGE_SIZE}). Cannot be combined with `first`.",
    ),
    Argument("before", "String", "终点游标：Cursor to end before: the `startCursor` of the next page."),
)
FULL_STATUSES = (
    ("SHOWN", "已显示：All selected values are shown."),
    ("PARTLY", "部分显示：Some are shown; those for which the right is missing are null."),
    ("DENIED", "无权查看：The right is missing; all values are null."),
)
OTHER_MEMBER = (
    "OTHER",
    "其他：A value that is not in the list; the field with the suffix `Text` has the original text.",
)
ID_FIELD = Field(
    "id",
    "ID!",
    "全局标识：Global id. It differs for each `asOf` and `asKnownAt` requested, so that client caches keep days and data versions apart.",
)
EVER_ARGUMENT = Argument(
    "ever",
    "Boolean!",
    "包括已结束和未开始的：True to include relationships that have ended or have not begun on the query date.",
    False,
)


FULL_FIELD = "full"
MASKED_FIELDS = Field(
    "maskedFields",
    "[String!]!",
    "已脱敏字段：Names of the fields of this record whose values are shown masked.",
)
FULL_STATUS = "FullStatus"


def full_type_name(owner: str) -> str:
    """Return the name of the type with a label's personal values in full."""
    return f"{owner}Full"


def full_leaves(leaves: Iterable[ValueField]) -> list[ValueField]:
    """Return the values that are shown in full only for a stated purpose."""
    return [leaf for leaf in leaves if value_class(leaf) in AUDITED_CLASSES]


def plain_leaves(leaves: Iterable[ValueField]) -> list[ValueField]:
    """Return the values that a record shows by itself, some of them masked. Sensitive values have no masked form."""
    return [leaf for leaf in leaves if value_class(leaf) is not DataClassification.SENSITIVE]


def maskable_leaves(leaves: Iterable[ValueField]) -> list[ValueField]:
    """Return the values that a record shows masked, always or to some callers."""
    return [leaf for leaf in plain_leaves(leaves) if value_class(leaf) in RIGHT_BY_CLASS]


def bilingual(zh: str, doc: str) -> str:
    """Return a description: the field's own term, then English."""
    return f"{zh}：{doc}"


def split_bilingual(description: str | None) -> tuple[str, str]:
    """Return the parts of a description made by `bilingual`: the field's own term, and English."""
    zh, _, doc = (description or "").partition("：")
    return zh, doc


def end_type_name(model: Model, targets: tuple[str, ...]) -> str:
    """Return the name of the type at a hop's far end: a label's, or a union's."""
    if len(targets) == 1:
        return targets[0]
    return next(u.name for u in model.unions.values() if u.labels == targets)


def relationship_where_name(relationship: Relationship) -> str:
    """Return the name of the input type that filters a relationship, seen from either end: HELPS → HelpsWhere."""
    return f"{_type_prefix(relationship)}Where"


def where_name(hop: RelationshipField) -> str:
    """Return the name of the input type that filters a hop: that of its relationship, or of the yearly records that it leads to."""
    return relationship_where_name(hop.relationship) if hop.dated else f"{hop.targets[0]}Where"


def connection_name(model: Model, hop: RelationshipField) -> str:
    """Return the name of a hop's connection; its edges are named alike.

    A relationship with properties of its own has one for each end (HELPS from a household → HelpsCadreConnection). The
    others share one for each type that they lead to (RelatedVillageConnection), and yearly records have that of their label.
    """
    end = end_type_name(model, hop.targets)
    if not hop.dated:
        return f"{end}Connection"
    if has_own_values(hop.relationship):
        return f"{_type_prefix(hop.relationship)}{end}Connection"
    return f"Related{end}Connection"


def has_own_values(relationship: Relationship) -> bool:
    """Tell whether a relationship has more to tell than when it holds and where it is recorded."""
    return relationship.is_flow or bool(relationship.properties)


def _type_prefix(relationship: Relationship) -> str:
    name = camel_case(relationship.type.lower())
    return f"{name[:1].upper()}{name[1:]}"


def add_code_list(types: TypeRegistry, codes: Enumeration, extra_members: Sequence[tuple[str, str]] = ()) -> None:
    """Add a code list, its members described in the field's words."""
    members = [(m.name, bilingual(m.zh, f"{sentence_case(m.name)}.")) for m in codes.members]
    types.add_enum(codes.name, bilingual(codes.zh, codes.doc), [*members, *extra_members])


def derive_types(types: TypeRegistry, model: Model) -> None:
    """Add all types of the model."""
    for enumeration in model.enumerations.values():
        has_other = any(member.name == "OTHER" for member in enumeration.members)
        add_code_list(types, enumeration, () if has_other else (OTHER_MEMBER,))
    types.add_object(
        "PageInfo",
        "分页信息：Position of a page in its list.",
        [
            Field(
                "hasNextPage",
                "Boolean!",
                "是否有下一页：True if more items follow. When paging backward: true if `before` is given.",
            ),
            Field(
                "hasPreviousPage",
                "Boolean!",
                "是否有上一页：True if `after` is given. When paging backward: true if more items precede.",
            ),
            Field("startCursor", "String", "首条游标：Cursor of the first item; null if the page is empty."),
            Field("endCursor", "String", "末条游标：Cursor of the last item; null if the page is empty."),
        ],
    )
    declare_counts(types)
    types.add_enum(FULL_STATUS, "完整信息状态：Whether personal values are shown in full.", FULL_STATUSES)
    types.add_interface("Node", "节点：A record with a global id.", [ID_FIELD])
    for label in model.directory_labels:
        _add_full_type(types, label)
        types.add_object(label.name, bilingual(label.zh, label.doc), _label_fields(model, label), implements="Node")
    for union in model.unions.values():
        types.add_union(union.name, bilingual(union.zh, union.doc), union.labels)
    for label in model.directory_labels:
        for hop in relationship_fields(model, label):
            if not hop.single and connection_name(model, hop) not in types.by_name:
                _add_hop_connection(types, model, hop)


def _label_fields(model: Model, label: Label) -> list[Field]:
    fields = [ID_FIELD]
    never_blank = {label.key.name, "source", "recorded", *stated_properties(model, label)}
    leaves = node_value_fields(label)
    fields.extend(_leaf_field(leaf, required=leaf.stored_name in never_blank) for leaf in plain_leaves(leaves))
    if maskable_leaves(leaves):
        fields.append(MASKED_FIELDS)
    if full_leaves(leaves):
        fields.append(_full_field(label))
    fields.extend(
        Field(
            subtype.name.lower(),
            subtype.name,
            bilingual(subtype.zh, f"The same record as {subtype.name}; null if it is not one."),
        )
        for subtype in subtype_labels(model, label)
    )
    fields.extend(_hop_field(model, hop) for hop in relationship_fields(model, label))
    return [*fields, COUNTS_FIELD] if has_counts(label) else fields


def _full_field(label: Label) -> Field:
    purpose = Argument(
        PURPOSE,
        Purpose,
        "用途：Purpose for which the values are read; it is kept in the audit log with the record and your name.",
    )
    doc = "完整信息：Personal values in full. They need a right in an area of the record and a purpose, and leave an entry in the audit log."
    return Field(FULL_FIELD, f"{full_type_name(label.name)}!", doc, (purpose,))


def _add_full_type(types: TypeRegistry, label: Label) -> None:
    """Add the type with a label's personal values in full, where it has any."""
    leaves = full_leaves(node_value_fields(label))
    if leaves:
        status = Field(
            "status", f"{FULL_STATUS}!", "状态：Whether the values are shown; without the right they are null."
        )
        doc = bilingual(f"{label.zh}完整信息", f"Personal values of a {label.name} in full.")
        types.add_object(full_type_name(label.name), doc, [status, *map(_leaf_field, leaves)])


def _leaf_field(leaf: ValueField, *, required: bool = False) -> Field:
    p = leaf.property
    type_: object
    if p is not None and p.enum is not None and leaf.stored_name == p.name:
        type_ = f"[{p.enum.name}!]" if leaf.kind is PropertyKind.ENUMS else p.enum.name
    else:
        type_ = TYPE_BY_KIND[leaf.kind]
    if required:
        return Field(leaf.name, type_ if not isinstance(type_, str) else f"{type_}!", bilingual(leaf.zh, leaf.doc))
    return Field(leaf.name, type_ if isinstance(type_, str) else type_ | None, bilingual(leaf.zh, leaf.doc))  # type: ignore[operator]


def _hop_field(model: Model, hop: RelationshipField) -> Field:
    r = hop.relationship
    if hop.latest:
        doc = "Record in force on the query date: the record of its year, or the latest before it."
        return Field(hop.name, hop.targets[0], bilingual("当前年度", doc))
    if hop.single:
        return Field(hop.name, end_type_name(model, hop.targets), bilingual(r.zh, r.doc))
    where = Argument("where", where_name(hop), "条件：Conditions that the returned items must meet.")
    arguments = (*PAGE_ARGUMENTS, EVER_ARGUMENT, where) if hop.dated else (*PAGE_ARGUMENTS, where)
    size = FEW_SIZE if hop.has_few else 0
    return Field(hop.name, f"{connection_name(model, hop)}!", bilingual(r.zh, r.doc), arguments, size=size)


def _add_hop_connection(types: TypeRegistry, model: Model, hop: RelationshipField) -> None:
    name, end, r = connection_name(model, hop), end_type_name(model, hop.targets), hop.relationship
    edge = name.removesuffix("Connection") + "Edge"
    never_blank = {"source", "recorded", *stated_properties(model, r)}
    values = (
        [_leaf_field(leaf, required=leaf.stored_name in never_blank) for leaf in relationship_value_fields(r)]
        if hop.dated
        else []
    )
    if len(hop.targets) == 1:
        target = model.labels[hop.targets[0]]
        target_zh, target_doc = target.zh, target.doc
    else:
        union = model.unions[end]
        target_zh, target_doc = union.zh, union.doc
    doc = bilingual(r.zh, r.doc) if hop.dated and has_own_values(r) else bilingual(target_zh, target_doc)
    targets = [model.labels[name] for name in hop.targets]
    add_connection(types, name, edge, f"{end}!", doc, tuple(values), withheld_fields(targets))


def withheld_fields(labels: Iterable[Label]) -> tuple[Field, ...]:
    """Return the field of a list that names what is left out of it; none where the list is complete without a purpose."""
    doc = f"Checks whose findings and waivers are left out because no purpose is stated: they tell {SENSITIVE_TOPICS}."
    field = Field(WITHHELD_FIELD, "[CheckCode!]!", bilingual("未列检查", doc))
    return (field,) if any(label.classed_by_check for label in labels) else ()


def add_connection(
    types: TypeRegistry,
    name: str,
    edge: str,
    node: str,
    doc: str,
    edge_fields: tuple[Field, ...] = (),
    extra_fields: tuple[Field, ...] = (),
    *,
    has_total_count: bool = True,
) -> None:
    """Add a connection and its edge."""
    types.add_object(
        edge,
        doc,
        [
            Field("cursor", "String!", "游标：Cursor of the item, for `after` and `before`."),
            Field("node", node, "节点：The item itself."),
            *edge_fields,
        ],
    )
    types.add_object(
        name,
        doc,
        [
            Field(
                "edges",
                f"[{edge}!]!",
                "边：Items of this page, each with its cursor and the properties of the relationship.",
            ),
            Field("nodes", f"[{node}]!", "节点：Items of this page, without cursors and relationship properties."),
            Field("pageInfo", "PageInfo!", "分页信息：Position of this page in the list."),
            *(
                [Field("totalCount", "Int!", "总数：Number of items on all pages. Computed only if selected.")]
                * has_total_count
            ),
            *extra_fields,
        ],
    )
