"""Facts derived from a cell besides its value: the day of birth from a document, whether a telephone number has the right form."""

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


FactDeriver = Callable[[Cell, dict[str, Any]], None]
"""Adds the facts derived from a cell to a row's values."""
FACT_FUNCTIONS: dict[str, Callable[[str | None], Facts]] = {"id_document": _document_facts, "phone": _phone_facts}
FACT_NAMES = {check: tuple(facts(None)) for check, facts in FACT_FUNCTIONS.items()}


def derived_properties(label: Label, property_: Property) -> list[Property]:
    """Return the properties of a label that are derived from a cell of another property."""
    names = FACT_NAMES.get(property_.check, ())
    return [derived for derived in label.properties if derived.name in names]


def make_fact_deriver(label: Label, property_: Property, codec: Codec) -> FactDeriver | None:
    """Return a function that adds the facts derived from a cell to a row's values, as stored; None where nothing is derived. The
    value of a separate column stays where no fact is derived."""
    derived_fields = derived_properties(label, property_)
    if not derived_fields:
        return None
    derive_facts = FACT_FUNCTIONS[property_.check]
    targets = [
        (derived.name, f"{label.name}.{derived.name}", derived.seal_name(label.name)) for derived in derived_fields
    ]

    def add_facts(cell: Cell, values: dict[str, Any]) -> None:
        fact_values = derive_facts(None if has_lost_digits(cell) else cell_text(cell))
        for name, column, seal in targets:
            value = fact_values[name]
            if value is not None or column not in values:
                values[column] = codec.seal(seal, value) if seal else value

    return add_facts
