"""Counts of an area and everything below it, on the requested day."""

from __future__ import annotations

from typing import Any

from graph_service.errors import AreaNotGranted
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.pages import Encoder, object_encoder
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.anchors import IN_RANGES
from graph_service.graphql.statements.slots import Slots
from graph_service.graphql.statements.statement_builder import StatementBuilder
from graph_service.platform.catalog import HOLDS_CONDITION, KNOWN_CONDITION

COUNT_PATTERNS = {
    "villages": ("({v}:Village)", ()),
    "households": ("({v}:Village)<-[{v}l:LIVES_IN]-(:Household)", ("l",)),
    "poorHouseholds": ("({v}:Village)<-[{v}p:POOR_IN]-(:Household)", ("p",)),
    "unclearHouseholds": ("({v}:Village)<-[{v}u:UNCLEAR_IN]-(:Household)", ("u",)),
    "persons": ("({v}:Village)<-[{v}l:LIVES_IN]-(:Household)<-[{v}m:MEMBER_OF]-(:Person)", ("l", "m")),
}


def counts_encoder(statement: StatementBuilder, variable: str, selected: SelectedField, slots: Slots) -> Encoder:
    """Add slots for the counts selected of an area, and return their encoder. It raises `AreaNotGranted` for an area of which the caller may
    not read everything: a part of the counts would look like all."""

    def on_field(count_field: SelectedField) -> Encoder:
        position = slots.add(_count_expression(statement, variable, count_field.name))
        return lambda row: row[position]

    encode = object_encoder(statement.operation, "AreaCounts", [selected], on_field)
    if not statement.scoped:
        return encode
    code_position = slots.add(f"{variable}.code")

    def encode_granted(row: Any) -> Any:
        if not row[code_position].startswith(current_trail().execution.granted_areas):
            raise AreaNotGranted(area=row[code_position])
        return encode(row)

    return encode_granted


def _count_expression(statement: StatementBuilder, area: str, name: str) -> str:
    v = statement.new_variable()
    pattern, dated_variables = COUNT_PATTERNS[name]
    # A colon sorts after every digit.
    conditions = [f"{v}.code >= {area}.code", f"{v}.code < {area}.code + ':'", f"{v}.recorded <= $seq"]
    # Matched down the tree: one engine does not use the index of codes from one node to another.
    descent = f"({area}) (()<-[{v}t:PART_OF WHERE {KNOWN_CONDITION.format(v + 't')}]-()){{0,4}} "
    conditions += [HOLDS_CONDITION.format(v + suffix) for suffix in dated_variables]
    if statement.scoped:
        conditions.append(IN_RANGES.format(v=v, ranges="scope"))
    return f"COUNT {{ MATCH {descent}{pattern.format(v=v)} WHERE {' AND '.join(conditions)} }}"
