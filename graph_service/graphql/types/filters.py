"""Input types of filters: one for each kind of value, each label and each relationship of the model."""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.domain.fields import (
    ValueField,
    lower_first,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    yearly_label,
)
from graph_service.domain.metamodel import Label, Model, PropertyKind, Relationship
from graph_service.graphql.types.derived import bilingual, relationship_where_name, where_name
from graph_service.graphql.types.scalars import Date, Rate, Shares, Yuan
from graph_service.graphql.types.type_registry import Field, TypeRegistry

COMPARISONS = {
    "lt": "小于：Less than this value; for dates, before it.",
    "lte": "小于或等于：Less than or equal to this value; for dates, on or before it.",
    "gt": "大于：Greater than this value; for dates, after it.",
    "gte": "大于或等于：Greater than or equal to this value; for dates, on or after it.",
}
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


def filter_type(leaf: ValueField) -> str:
    """Return the input type that filters a value: codes are listed, and a sealed value can only be compared whole."""
    if is_code(leaf):
        assert leaf.property is not None
        assert leaf.property.enum is not None
        return f"[{leaf.property.enum.name}]"
    if leaf.kind is PropertyKind.FLAG:
        return "FlagFilter"
    if leaf.seal_name:
        return "ExactFilter"
    return SCALAR_FILTERS[leaf.kind][0] if leaf.kind in SCALAR_FILTERS else "TextFilter"


def is_code(leaf: ValueField) -> bool:
    """Tell whether a value is one of a code list, or several of them."""
    return leaf.kind in (PropertyKind.ENUM, PropertyKind.ENUMS)


def filterable_leaves(leaves: Iterable[ValueField]) -> list[ValueField]:
    return [leaf for leaf in leaves if leaf.name not in UNFILTERED]


def derive_filters(types: TypeRegistry, model: Model) -> None:
    """Add the input types."""
    _add_value_filters(types)
    for relationship in model.relationships.values():
        if relationship.type != "OF":
            _add_relationship_where(types, model, relationship)
    for label in model.directory_labels:
        _add_label_where(types, model, label)


def _add_value_filters(types: TypeRegistry) -> None:
    null = Field("isNull", "Boolean", "是否为空：True to match missing values, false to match existing ones.")

    def add_filter(name: str, type_: object, *extra_fields: Field) -> None:
        type_name = type_ if isinstance(type_, str) else None
        list_type = f"[{type_name}!]" if type_name else list[type_] | None  # type: ignore[valid-type]
        value_type = type_name or type_ | None  # type: ignore[operator]
        fields = [
            Field("eq", value_type, "等于：Equal to this value."),
            Field("in", list_type, "属于：Equal to one of these values."),
            *extra_fields,
            null,
        ]
        types.add_input(name, "取值条件：Conditions on a value. All given conditions must be met.", fields)

    add_filter(
        "TextFilter",
        "String",
        Field("startsWith", "String", "开头为：Starts with this text."),
        Field("contains", "String", "包含：Contains this text."),
    )
    add_filter("ExactFilter", "String")
    for name, type_ in dict(SCALAR_FILTERS.values()).items():
        comparisons = [
            Field(sign, type_ | None, doc)  # type: ignore[operator]
            for sign, doc in COMPARISONS.items()
        ]
        add_filter(name, type_, *comparisons)
    types.add_input(
        "FlagFilter",
        "是否条件：Conditions on a true/false value. All given conditions must be met.",
        [Field("eq", "Boolean", "等于：Equal to this value."), null],
    )


def _value_fields(leaves: Iterable[ValueField]) -> list[Field]:
    return [_value_field(leaf) for leaf in filterable_leaves(leaves)]


def _value_field(leaf: ValueField) -> Field:
    doc = bilingual(leaf.zh, leaf.doc)
    if leaf.kind is PropertyKind.ENUM:
        doc += " Matches any of the listed codes; null in the list matches a missing value."
    elif leaf.kind is PropertyKind.ENUMS:
        doc += " Matches if at least one of the listed codes is present; null in the list matches a missing value."
    return Field(leaf.name, filter_type(leaf), doc)


def _add_relationship_where(types: TypeRegistry, model: Model, relationship: Relationship) -> None:
    """Add the conditions on a relationship and on the node that it leads to."""
    ends = dict.fromkeys((*relationship.start, *relationship.end))
    types.add_input(
        relationship_where_name(relationship),
        f"{relationship.zh}条件：Conditions on a relationship. One relationship must meet all given conditions.",
        [
            *_value_fields(relationship_value_fields(relationship)),
            *(
                Field(
                    lower_first(name),
                    f"{name}Where",
                    f"{model.labels[name].zh}：Conditions on the related node of type `{name}`.",
                )
                for name in ends
            ),
            Field(
                "ever",
                "Boolean",
                "包括已结束和未开始的：True to include relationships that have ended or have not begun on the query date.",
            ),
        ],
    )


def _add_label_where(types: TypeRegistry, model: Model, label: Label) -> None:
    name, card = f"{label.name}Where", yearly_label(model, label)
    fields = _value_fields(node_value_fields(label))
    if card is not None:
        fields.append(
            Field("current", f"{card.name}Where", "当前年度：Conditions on the record in force on the query date.")
        )
    fields.extend(
        Field(hop.name, where_name(hop), bilingual(hop.relationship.zh, hop.relationship.doc))
        for hop in relationship_fields(model, label)
        if not hop.latest
    )
    if label.name == "Household":
        doc = "未落实的帮扶责任：At least one of these duties is not fulfilled on the query date, as defined by `coverageGaps`."
        fields.append(Field("lacks", "[HouseholdDuty!]", doc))
    fields += [
        Field("all", f"[{name}!]", "全部满足：All of these conditions must be met."),
        Field("any", f"[{name}!]", "任一满足：At least one of these conditions must be met."),
        Field("not", name, "不满足：These conditions must not be met."),
    ]
    types.add_input(
        name, f"{label.zh}条件：Conditions on {label.plural_name}. All given conditions must be met.", fields
    )
