"""Documentation of the model as tables: `docs/model.md`, derived, never edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph_service.domain.generated_files import GENERATED_NOTE
from graph_service.domain.metamodel import (
    Label,
    LabelStorage,
    Model,
    Property,
    Relationship,
    Sheet,
)
from graph_service.domain.sheet_columns import columns_by_name, required_columns


def _markdown_table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |"
    yield ""


def _property_rows(properties: tuple[Property, ...]) -> Iterator[Sequence[str]]:
    for property_ in properties:
        kind = f"{property_.kind.lower()} ({property_.enum.name})" if property_.enum else property_.kind.lower()
        yield (
            f"`{property_.name}`",
            property_.zh,
            kind,
            property_.classification.lower(),
            "、".join(property_.headers),
            property_.doc,
        )


PROPERTY_COLUMNS = ("property", "中文", "kind", "class", "headers", "what it is")


def _deciding_texts(sheet: Sheet, column: str) -> str:
    """Return the texts of a column that decide which writes of the sheet apply to a row."""
    texts = (
        text or "(空)" for write in sheet.writes if write.when and write.when[0] == column for text in write.when[1]
    )
    return "、".join(dict.fromkeys(texts))


def _label_section(label: Label) -> Iterator[str]:
    yield f"### {label.name} {label.zh}\n"
    paths = (" → ".join(step.relationship for step in path) for path in label.anchors)
    anchor_note = "; lies in an area by " + ", or ".join(paths) if label.anchors else ""
    yield f"{label.doc} Key `{label.key.name}`; {_storage_note(label)}{anchor_note}.\n"
    yield from _markdown_table(PROPERTY_COLUMNS, _property_rows((label.key, *label.properties)))


def _storage_note(label: Label) -> str:
    if label.owner:
        return f"a {label.owner}'s, of one year, a version for each change"
    if label.state_label:
        return f"its values are kept in versions (`{label.state_label}`)"
    return {LabelStorage.ITSELF: "each node is a version", LabelStorage.FIXED: "reference data"}.get(
        label.storage, "identity only"
    )


def _relationship_rows(relationships: Iterator[Relationship]) -> Iterator[Sequence[str]]:
    for relationship in relationships:
        times = "on" if relationship.is_flow else "since, until"
        property_names = ", ".join((times, *(p.name for p in relationship.properties)))
        ends = f"{', '.join(relationship.start)} → {', '.join(relationship.end)}"
        yield (
            f"`{relationship.type}`",
            relationship.zh,
            ends,
            property_names,
            f"`{relationship.forward_name}`, `{relationship.backward_name}`",
            relationship.doc,
        )


def render_documentation(model: Model) -> str:
    """Return the page as Markdown."""
    lines = [GENERATED_NOTE.replace("//", "<!--").rstrip() + " -->\n", "# The model 模型\n"]
    lines.append(
        "Every dated relationship and every version carries two times: `since`/`until` (when it holds, both ends counting) and "
        "`recorded`/`superseded` (which import brought it, which replaced it). Money is stored in fen, days as YYYYMMDD, rates in millionths.\n"
    )
    lines.append("## Labels 节点\n")
    for label in model.labels.values():
        lines.extend(_label_section(label))
    lines.append("## Relationships 关系\n")
    head = ("type", "中文", "from → to", "carries", "names in the API, from start and end", "what it says")
    lines.extend(_markdown_table(head, _relationship_rows(iter(model.relationships.values()))))
    lines.append("## Sheets of a register 登记表\n")
    for sheet in model.sheets.values():
        names = "、".join((sheet.name, *sheet.aliases))
        completeness_note = (
            f" Complete for an area, it ends there what it lacks of {', '.join(sheet.ended_when_missing)}."
            if sheet.ended_when_missing
            else ""
        )
        lines.append(
            f"### {sheet.name}\n\n{sheet.doc} Called {names}; told apart by {', '.join(sheet.key)}.{completeness_note}\n"
        )
        columns, required = columns_by_name(model, sheet).items(), required_columns(model, sheet)
        rows = (
            (f"`{name}`", "、".join(column.headers), "yes" if name in required else "", _deciding_texts(sheet, name))
            for name, column in columns
        )
        lines.extend(_markdown_table(("column", "headers", "must be there", "its texts"), rows))
    lines.append("## Code lists 代码表\n")
    lines.append("What is in none of them is `OTHER`, its text kept beside it.\n")
    for enumeration in model.enumerations.values():
        lines.append(f"### {enumeration.name} {enumeration.zh}\n\n{enumeration.doc}\n")
        members = ((f"`{member.name}`", member.zh, "、".join(member.aliases)) for member in enumeration.members)
        lines.extend(_markdown_table(("name", "中文", "also written"), members))
    return "\n".join(lines).rstrip() + "\n"
