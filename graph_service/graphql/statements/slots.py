"""Positional lists: the expressions of a row, and the encoders of its positions."""

from __future__ import annotations

from functools import partial

from graph_service.access.masking import RIGHT_BY_CLASS, MaskedClasses, mask_value
from graph_service.access.rights import access_denied
from graph_service.domain.fields import ValueField
from graph_service.domain.metamodel import DataClassification
from graph_service.graphql.pages import Encoder
from graph_service.graphql.types.scalars import FORMATTERS
from graph_service.platform.codec import Codec


class Slots:
    """A positional list under construction; equal expressions share a position."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def add(self, expression: str) -> int:
        return self._positions.setdefault(expression, len(self._positions))

    def text(self, prefix: str = "") -> str:
        """Return the list's text. It is never empty: an empty list could not be distinguished from null."""
        return f"[{', '.join(prefix + expression for expression in self._positions) or 'true'}]"

    def __bool__(self) -> bool:
        return bool(self._positions)


def slot_encoder(position: int, encode: Encoder) -> Encoder:
    return lambda row: encode(row[position])


def value_class(leaf: ValueField) -> DataClassification:
    """Return the class of a value; sources and versions are internal."""
    return leaf.property.classification if leaf.property is not None else DataClassification.INTERNAL


def require_unmasked(leaf: ValueField, masked: MaskedClasses) -> None:
    """Raise `AccessDenied` where a list would be filtered, sorted or summed by a value that the caller sees masked: what is in the list
    would tell the value."""
    class_ = value_class(leaf)
    if class_ in masked:
        raise access_denied(RIGHT_BY_CLASS[class_])


def value_encoder(position: int, leaf: ValueField, codec: Codec, masked: MaskedClasses) -> Encoder:
    """Return the encoder that formats a stored value, masked where the caller sees its class so."""
    format_value = partial(codec.unseal, leaf.seal_name) if leaf.seal_name else FORMATTERS.get(leaf.kind)
    class_ = value_class(leaf)
    if class_ in masked:
        unmask = format_value or (lambda value: value)
        return lambda row: mask_value(class_, unmask(row[position]))
    return (lambda row: row[position]) if format_value is None else (lambda row: format_value(row[position]))


def state_value_encoder(position: int, leaf: ValueField, codec: Codec, masked: MaskedClasses) -> Encoder:
    """Return the encoder of a value of the state, whose list is at the row's last position."""
    encode = value_encoder(position, leaf, codec, masked)
    return lambda row: None if row[-1] is None else encode(row[-1])
