"""What an area and all below it have, on the day."""

from __future__ import annotations

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
    """Places for the counts selected of an area, and their encoder."""

    def on_field(count_field: SelectedField) -> Encoder:
        place = slots.add(_count_expression(statement, variable, count_field.name))
        return lambda row: row[place]

    return object_encoder(statement.operation, "AreaCounts", [selected], on_field)


def _count_expression(statement: StatementBuilder, area: str, name: str) -> str:
    v = statement.new_variable()
    pattern, dated = COUNT_PATTERNS[name]
    # A colon comes after every digit.
    conditions = [f"{v}.code >= {area}.code", f"{v}.code < {area}.code + ':'", f"{v}.recorded <= $seq"]
    # Down the tree: from one node to another one engine does not use the index of codes.
    down = f"({area}) (()<-[{v}t:PART_OF WHERE {KNOWN_CONDITION.format(v + 't')}]-()){{0,4}} "
    conditions += [HOLDS_CONDITION.format(v + r) for r in dated]
    if statement.scoped:
        conditions.append(IN_RANGES.format(v=v, ranges="scope"))
    return f"COUNT {{ MATCH {down}{pattern.format(v=v)} WHERE {' AND '.join(conditions)} }}"
