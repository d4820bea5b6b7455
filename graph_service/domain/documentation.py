"""The model as tables for people: `docs/model.md`, derived, never edited."""

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
    for p in properties:
        kind = f"{p.kind.lower()} ({p.enum.name})" if p.enum else p.kind.lower()
        yield f"`{p.name}`", p.zh, kind, p.classification.lower(), "、".join(p.headers), p.doc


PROPERTY_COLUMNS = ("property", "中文", "kind", "class", "headers", "what it is")


def _deciding_texts(sheet: Sheet, column: str) -> str:
    """The texts that decide what a row writes."""
    texts = (
        text or "(空)" for write in sheet.writes if write.when and write.when[0] == column for text in write.when[1]
    )
    return "、".join(dict.fromkeys(texts))


def _label_section(label: Label) -> Iterator[str]:
    yield f"### {label.name} {label.zh}\n"
    ways = (" → ".join(step.relationship for step in path) for path in label.anchors)
    anchored = "; lies in an area by " + ", or ".join(ways) if label.anchors else ""
    yield f"{label.doc} Key `{label.key.name}`; {_storage_note(label)}{anchored}.\n"
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
    for r in relationships:
        times = "on" if r.is_flow else "since, until"
        carries = ", ".join((times, *(p.name for p in r.properties)))
        ends = f"{', '.join(r.start)} → {', '.join(r.end)}"
        yield f"`{r.type}`", r.zh, ends, carries, f"`{r.forward_name}`, `{r.backward_name}`", r.doc


def render_documentation(model: Model) -> str:
    """The page."""
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
        ends = (
            f" Complete for an area, it ends there what it lacks of {', '.join(sheet.ended_when_missing)}."
            if sheet.ended_when_missing
            else ""
        )
        lines.append(f"### {sheet.name}\n\n{sheet.doc} Called {names}; told apart by {', '.join(sheet.key)}.{ends}\n")
        wanted, needed = columns_by_name(model, sheet).items(), required_columns(model, sheet)
        rows = (
            (f"`{name}`", "、".join(c.headers), "yes" if name in needed else "", _deciding_texts(sheet, name))
            for name, c in wanted
        )
        lines.extend(_markdown_table(("column", "headers", "must be there", "its texts"), rows))
    lines.append("## Code lists 代码表\n")
    lines.append("What is in none of them is `OTHER`, its text kept beside it.\n")
    for enumeration in model.enumerations.values():
        lines.append(f"### {enumeration.name} {enumeration.zh}\n\n{enumeration.doc}\n")
        members = ((f"`{m.name}`", m.zh, "、".join(m.aliases)) for m in enumeration.members)
        lines.extend(_markdown_table(("name", "中文", "also written"), members))
    return "\n".join(lines).rstrip() + "\n"
