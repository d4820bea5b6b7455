"""Columns of a sheet, and the columns that each of its writes uses: derived once for a sheet, before any row."""

from __future__ import annotations

from graph_service.domain.metamodel import (
    Label,
    Model,
    Property,
    PropertyKind,
    Relationship,
    Sheet,
    SheetColumn,
    Write,
)

SINCE = Property("since", PropertyKind.DATE, "开始时间", "First day of validity.")
UNTIL = Property("until", PropertyKind.DATE, "结束时间", "Last day of validity.")


def column_name(owner: Label | Relationship, property_: str) -> str:
    return f"{owner.name if isinstance(owner, Label) else owner.type}.{property_}"


def end_labels(relationship: Relationship, write: Write) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the start and end labels of a write: those that it names, else all that the relationship allows."""
    start = tuple(write.start_label.split("|")) if write.start_label else relationship.start
    end = tuple(write.end_label.split("|")) if write.end_label else relationship.end
    return start, end


def columns_by_name(model: Model, sheet: Sheet) -> dict[str, SheetColumn]:
    """Return all columns of a sheet by name: declared columns first, then those of its labels and relationships."""
    columns = {column.name: column for column in sheet.columns}
    required = {name for name in sheet.key if name not in sheet.optional_key and not name.endswith(".year")}

    def add(name: str, property_: Property, headers: tuple[str, ...]) -> None:
        if headers and name not in columns:
            columns[name] = SheetColumn(
                name, sheet.header_overrides.get(name, headers), property_, name in required or property_.required
            )

    for write in sheet.writes:
        label = model.labels.get(write.target)
        if label is not None:
            if label.owner:
                owner = model.labels[label.owner]
                add(column_name(owner, owner.key.name), owner.key, owner.key.headers)
            if not write.key_column:
                add(column_name(label, label.key.name), label.key, label.key.headers)
            for property_ in label.properties:
                add(column_name(label, property_.name), property_, property_.headers)
            continue
        relationship = model.relationships[write.target]
        for end_column, labels in zip(
            (write.start_column, write.end_column), end_labels(relationship, write), strict=True
        ):
            end_label = (
                end_column.split(".")[0]
                if "." in end_column
                else labels[0]
                if not end_column and len(labels) == 1
                else ""
            )
            if end_label:
                end = model.labels["Village" if end_label == "Area" else end_label]
                add(column_name(end, end.key.name), end.key, end.key.headers)
        add(column_name(relationship, "since"), SINCE, relationship.since_headers)
        if not relationship.is_flow:
            add(column_name(relationship, "until"), UNTIL, relationship.until_headers)
        for property_ in relationship.properties:
            add(column_name(relationship, property_.name), property_, property_.headers)
    return columns


def end_columns(model: Model, write: Write) -> tuple[str, str]:
    """Return the columns with the keys of a relationship's start and end."""

    def column(declared_name: str, labels: tuple[str, ...]) -> str:
        label = model.labels["Village" if labels[0] == "Area" else labels[0]]
        return declared_name or column_name(label, label.key.name)

    start, end = end_labels(model.relationships[write.target], write)
    return column(write.start_column, start), column(write.end_column, end)


def required_columns(model: Model, sheet: Sheet) -> set[str]:
    """Return the columns that every row of a sheet needs: its key, required properties, and the ends of unconditional relationships."""
    written_targets = {write.target for write in sheet.writes}
    required = {name for name, column in columns_by_name(model, sheet).items() if column.required}
    for write in sheet.writes:
        label = model.labels.get(write.target)
        if write.when is not None or write.optional:
            continue
        if label is not None and label.owner and label.owner not in written_targets:
            required.add(column_name(model.labels[label.owner], model.labels[label.owner].key.name))
        elif label is None:
            ends = zip(end_columns(model, write), end_labels(model.relationships[write.target], write), strict=True)
            required.update(column for column, labels in ends if not written_targets.intersection(labels))
    return required


def stated_properties(model: Model, owner: Label | Relationship) -> frozenset[str]:
    """Return the names of the properties that every record has: those without which each of its sheets refuses a row. Codes are not
    among them: a text that is in no code list has none."""
    target = owner.name if isinstance(owner, Label) else owner.type
    required_by_sheet = [
        required_columns(model, sheet)
        for sheet in model.sheets.values()
        if any(write.target == target for write in sheet.writes)
    ]
    return frozenset(
        property_.name
        for property_ in owner.properties
        if required_by_sheet
        and property_.enum is None
        and all(column_name(owner, property_.name) in required for required in required_by_sheet)
    )


def absent_names(model: Model, write: Write, present_columns: set[str]) -> frozenset[str]:
    """Return the stored names of the values of a write, and of the days of a relationship (`since`, `until`), whose columns are not among
    `present_columns`."""
    label, relationship = model.labels.get(write.target), model.relationships.get(write.target)
    properties = label.properties if label else model.relationships[write.target].properties
    columns = {
        stored_name: f"{write.target}.{property_.name}"
        for property_ in properties
        for stored_name in property_.stored_names
    }
    if relationship:
        columns["since"] = f"{write.target}.since"
        # Where registers have no column for the end, every row states that the relationship holds.
        if relationship.until_headers:
            columns["until"] = f"{write.target}.until"
    return frozenset(name for name, column in columns.items() if column not in present_columns)


def identifying_columns(model: Model, write: Write) -> set[str]:
    """Return the columns that identify a record of a write."""
    label = model.labels.get(write.target)
    if label is not None:
        owner = model.labels.get(label.owner)
        key_column = write.key_column or column_name(label, label.key.name)
        return {key_column, column_name(owner, owner.key.name)} if owner else {key_column}
    relationship = model.relationships[write.target]
    start, end = end_columns(model, write)
    ends = {"start": {start}, "end": {end}, "both": {start, end}}[relationship.identified_by]
    return ends | {column_name(relationship, name) for name in relationship.key}
