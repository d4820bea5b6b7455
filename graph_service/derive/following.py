"""What follows from a cell besides its own value: a document tells the day of birth, a telephone whether it has the shape of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_service.codec import Codec
from graph_service.declare import Label, Property
from graph_service.derive.cell_texts import lost_digits, text_of
from graph_service.derive.cells import phone_shaped
from graph_service.derive.documents import Document, document
from graph_service.readers.cells import Cell

Facts = Mapping[str, Any]
NOTHING = Document().stored()


def _of_document(text: str | None) -> Facts:
    return document(text).stored() if text else NOTHING


def _of_phone(text: str | None) -> Facts:
    return {"phone_shaped": phone_shaped(text) if text else None}


FACTS: dict[str, Callable[[str | None], Facts]] = {"id_document": _of_document, "phone": _of_phone}
NAMES = {check: tuple(facts(None)) for check, facts in FACTS.items()}


def follows(label: Label, property_: Property) -> list[Property]:
    """The properties of a label that follow from a cell of one of them."""
    names = NAMES.get(property_.check, ())
    return [one for one in label.properties if one.name in names]


def follower(label: Label, property_: Property, codec: Codec) -> Callable[[Cell, dict[str, Any]], None] | None:
    """Adds to a row's values, as stored, what follows from a cell; none where nothing does. What a column of its own says stays
    where nothing follows."""
    some = follows(label, property_)
    if not some:
        return None
    facts = FACTS[property_.check]
    places = [(one.name, f"{label.name}.{one.name}", one.sealed_as(label.name)) for one in some]

    def follow(cell: Cell, values: dict[str, Any]) -> None:
        found = facts(None if lost_digits(cell) else text_of(cell))
        for name, column, seal in places:
            value = found[name]
            if value is not None or column not in values:
                values[column] = codec.sealed(seal, value) if seal else value

    return follow
