"""What follows from a cell besides its own value: a document tells the day of birth, a telephone whether it has the shape of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_service.core.cells.cell_parsers import is_phone_number
from graph_service.core.cells.cell_texts import cell_text, has_lost_digits
from graph_service.domain.id_documents import IdDocument, parse_id_document
from graph_service.domain.metamodel import Label, Property
from graph_service.platform.codec import Codec
from graph_service.platform.readers.cells import Cell

Facts = Mapping[str, Any]
NO_FACTS = IdDocument().stored_values()


def _document_facts(text: str | None) -> Facts:
    return parse_id_document(text).stored_values() if text else NO_FACTS


def _phone_facts(text: str | None) -> Facts:
    return {"phone_shaped": is_phone_number(text) if text else None}


FACT_FUNCTIONS: dict[str, Callable[[str | None], Facts]] = {"id_document": _document_facts, "phone": _phone_facts}
FACT_NAMES = {check: tuple(facts(None)) for check, facts in FACT_FUNCTIONS.items()}


def derived_properties(label: Label, property_: Property) -> list[Property]:
    """The properties of a label that follow from a cell of one of them."""
    names = FACT_NAMES.get(property_.check, ())
    return [one for one in label.properties if one.name in names]


def make_fact_deriver(label: Label, property_: Property, codec: Codec) -> Callable[[Cell, dict[str, Any]], None] | None:
    """Adds to a row's values, as stored, what follows from a cell; none where nothing does. What a column of its own says stays
    where nothing follows."""
    some = derived_properties(label, property_)
    if not some:
        return None
    facts = FACT_FUNCTIONS[property_.check]
    places = [(one.name, f"{label.name}.{one.name}", one.seal_name(label.name)) for one in some]

    def follow(cell: Cell, values: dict[str, Any]) -> None:
        found = facts(None if has_lost_digits(cell) else cell_text(cell))
        for name, column, seal in places:
            value = found[name]
            if value is not None or column not in values:
                values[column] = codec.seal(seal, value) if seal else value

    return follow
