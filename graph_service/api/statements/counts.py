"""What an area and all below it have, on the day."""

from __future__ import annotations

from graph_service.api.pages import Encode, object_encoder
from graph_service.api.selection import Selected
from graph_service.api.statements.anchors import RANGES
from graph_service.api.statements.slots import Slots
from graph_service.api.statements.statement import Statement
from graph_service.catalog import HOLDS, KNOWN

PATTERNS = {
    "villages": ("({v}:Village)", ()),
    "households": ("({v}:Village)<-[{v}l:LIVES_IN]-(:Household)", ("l",)),
    "poorHouseholds": ("({v}:Village)<-[{v}p:POOR_IN]-(:Household)", ("p",)),
    "unclearHouseholds": ("({v}:Village)<-[{v}u:UNCLEAR_IN]-(:Household)", ("u",)),
    "persons": ("({v}:Village)<-[{v}l:LIVES_IN]-(:Household)<-[{v}m:MEMBER_OF]-(:Person)", ("l", "m")),
}


def counts(statement: Statement, variable: str, one: Selected, slots: Slots) -> Encode:
    """Places for the counts selected of an area, and their encoder."""

    def on_field(field: Selected) -> Encode:
        place = slots.place(_count(statement, variable, field.name))
        return lambda row: row[place]

    return object_encoder(statement.document, "AreaCounts", [one], on_field)


def _count(statement: Statement, area: str, name: str) -> str:
    v = statement.variable()
    pattern, dated = PATTERNS[name]
    # A colon comes after every digit.
    conditions = [f"{v}.code >= {area}.code", f"{v}.code < {area}.code + ':'", f"{v}.recorded <= $seq"]
    # Down the tree: from one node to another one engine does not use the index of codes.
    down = f"({area}) (()<-[{v}t:PART_OF WHERE {KNOWN.format(v + 't')}]-()){{0,4}} "
    conditions += [HOLDS.format(v + r) for r in dated]
    if statement.scoped:
        conditions.append(RANGES.format(v=v, ranges="scope"))
    return f"COUNT {{ MATCH {down}{pattern.format(v=v)} WHERE {' AND '.join(conditions)} }}"
