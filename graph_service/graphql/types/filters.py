"""Input types of filters: one for each kind of value, for each label, for each relationship of the model."""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    yearly_label,
)
from graph_service.domain.metamodel import Label, Model, PropertyKind
from graph_service.graphql.types.derived import bilingual, end_type_name, hop_name
from graph_service.graphql.types.scalars import Date, Rate, Shares, Yuan
from graph_service.graphql.types.type_registry import Field, TypeRegistry

COMPARISONS = {"lt": "before", "lte": "before, or the same as,", "gt": "after", "gte": "after, or the same as,"}
SCALAR_FILTERS: dict[PropertyKind, tuple[str, object]] = {
    PropertyKind.INTEGER: ("IntFilter", int),
    PropertyKind.YEAR: ("IntFilter", int),
    PropertyKind.NUMBER: ("FloatFilter", float),
    PropertyKind.DATE: ("DateFilter", Date),
    PropertyKind.YUAN: ("YuanFilter", Yuan),
    PropertyKind.SHARES: ("SharesFilter", Shares),
    PropertyKind.RATE: ("RateFilter", Rate),
}
UNFILTERED = ("source", "recorded")
"""Values that can be selected, but not filtered by."""


def filter_name(leaf: ValueField) -> str:
    """Return the name of the input type that filters a value. A sealed value can only be compared whole."""
    if (
        leaf.kind in (PropertyKind.ENUM, PropertyKind.ENUMS)
        and leaf.property is not None
        and leaf.property.enum is not None
    ):
        return f"{leaf.property.enum.name}{'List' if leaf.kind is PropertyKind.ENUMS else ''}Filter"
    if leaf.kind is PropertyKind.FLAG:
        return "FlagFilter"
    if leaf.seal_name:
        return "ExactFilter"
    return SCALAR_FILTERS[leaf.kind][0] if leaf.kind in SCALAR_FILTERS else "TextFilter"


def filterable_leaves(leaves: Iterable[ValueField]) -> list[ValueField]:
    return [leaf for leaf in leaves if leaf.name not in UNFILTERED]


def match_name(model: Model, hop: RelationshipField) -> str:
    """Return the name of a hop's match: HELPS from a household → HelpsCadreMatch."""
    return f"{hop_name(model, hop)}Match"


def derive_filters(types: TypeRegistry, model: Model) -> None:
    """Add the input types."""
    _add_value_filters(types, model)
    for label in model.labels.values():
        doc = f"{label.zh}条件:Values of {label.name}; all that are given must be so."
        types.add_input(f"{label.name}Properties", doc, _own_fields(model, label))
    for label in model.labels.values():
        for hop in relationship_fields(model, label):
            if match_name(model, hop) not in types.by_name:
                _add_match_type(types, model, hop)
    for label in model.labels.values():
        _add_where_type(types, model, label)


def _add_value_filters(types: TypeRegistry, model: Model) -> None:
    null = Field("isNull", "Boolean", "是否为空:Whether there is none.")

    def add_filter(name: str, type_: object, *extra_fields: Field) -> None:
        type_name = type_ if isinstance(type_, str) else None
        list_type = f"[{type_name}!]" if type_name else list[type_] | None  # type: ignore[valid-type]
        value_type = type_name or type_ | None  # type: ignore[operator]
        fields = [
            Field("eq", value_type, "等于:The same."),
            Field("in", list_type, "属于:One of these."),
            *extra_fields,
            null,
        ]
        types.add_input(name, "取值条件:Conditions on a value; all that are given must be so.", fields)

    add_filter("TextFilter", "String", Field("startsWith", "String", "开头:It begins so."))
    add_filter("ExactFilter", "String")
    for name, type_ in dict(SCALAR_FILTERS.values()).items():
        comparisons = [
            Field(sign, type_ | None, f"比较:It lies {phrase} this.")  # type: ignore[operator]
            for sign, phrase in COMPARISONS.items()
        ]
        add_filter(name, type_, *comparisons)
    types.add_input("FlagFilter", "是否条件:Conditions on a flag.", [Field("eq", "Boolean", "等于:The same."), null])
    for enumeration in model.enumerations.values():
        add_filter(f"{enumeration.name}Filter", enumeration.name)
        has_field = Field("has", enumeration.name, "包含:It has this one.")
        types.add_input(f"{enumeration.name}ListFilter", "多值条件:Conditions on a list.", [has_field, null])


def _value_fields(leaves: Iterable[ValueField]) -> list[Field]:
    return [Field(leaf.name, filter_name(leaf), bilingual(leaf.zh, leaf.doc)) for leaf in filterable_leaves(leaves)]


def _own_fields(model: Model, label: Label) -> list[Field]:
    """Return the filters of a label's values, and of those of its yearly record in force."""
    fields, card = _value_fields(node_value_fields(label)), yearly_label(model, label)
    if card is not None:
        fields.append(Field("current", f"{card.name}Properties", "当前年度:The record in force on the day asked."))
    return fields


def _add_match_type(types: TypeRegistry, model: Model, hop: RelationshipField) -> None:
    """Add the conditions on a hop's far ends, which some or none of them must meet."""
    name, end = hop_name(model, hop), end_type_name(model, hop.targets)
    where = f"{name}Where"
    if hop.dated:
        far_fields = [
            Field(
                hop.end_filter_name(target),
                f"{target}Properties",
                f"{model.labels[target].zh}:What it leads to, where that is one.",
            )
            for target in hop.targets
        ]
        types.add_input(
            where,
            f"关系条件:A relationship to {end}; all that is given must be so.",
            [*_value_fields(relationship_value_fields(hop.relationship)), *far_fields],
        )
    else:
        where = f"{hop.targets[0]}Properties"
    fields = [
        Field("some", where, "存在:There is one such."),
        Field("none", where, "不存在:There is no such one."),
    ]
    if hop.dated:
        fields.append(
            Field("ever", "Boolean", "包括已结束和未开始的:Also those that have ended or not begun on the day asked.")
        )
    types.add_input(f"{name}Match", f"关系存在条件:Whether there are such relationships to {end}.", fields)


def _add_where_type(types: TypeRegistry, model: Model, label: Label) -> None:
    name = f"{label.name}Where"
    fields = _own_fields(model, label)
    fields.extend(
        Field(hop.name, match_name(model, hop), bilingual(hop.relationship.zh, hop.relationship.doc))
        for hop in relationship_fields(model, label)
        if not hop.latest
    )
    if label.name == "Household":
        doc = "未落实的帮扶责任:One of these duties does not reach it on the day, by the definition of `coverageGaps`."
        fields.append(Field("lacks", "[HouseholdDuty!]", doc))
    fields += [
        Field("all", f"[{name}!]", "全部满足:All of these."),
        Field("any", f"[{name}!]", "任一满足:One of these."),
        Field("not", name, "不满足:Not this."),
    ]
    types.add_input(name, f"{label.zh}条件:Which {label.plural_name} are meant; all that is given must be so.", fields)
