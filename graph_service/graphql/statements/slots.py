"""Positional lists: the expressions of a row, and the encoders of its positions."""

from __future__ import annotations

from functools import partial

from graph_service.access.masking import AUDITED_CLASSES, MaskedClasses, mask_value
from graph_service.domain.fields import ValueField, value_class
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


def value_encoder(position: int, leaf: ValueField, codec: Codec, masked: MaskedClasses) -> Encoder:
    """Return the encoder that formats a stored value, masked where the caller sees its class so."""
    class_ = value_class(leaf)
    encode = full_value_encoder(position, leaf, codec)
    return (lambda row: mask_value(class_, encode(row))) if is_masked(leaf, masked) else encode


def full_value_encoder(position: int, leaf: ValueField, codec: Codec) -> Encoder:
    """Return the encoder that formats a stored value in full."""
    format_value = partial(codec.unseal_stored, leaf.seal_name) if leaf.seal_name else FORMATTERS.get(leaf.kind)
    return (lambda row: row[position]) if format_value is None else (lambda row: format_value(row[position]))


def is_masked(leaf: ValueField, masked: MaskedClasses) -> bool:
    """Tell whether a value is shown masked: what leaves an entry in the audit log always is, outside of `full`."""
    class_ = value_class(leaf)
    return class_ in masked or class_ in AUDITED_CLASSES


def on_record(leaf: ValueField, encode: Encoder) -> Encoder:
    """Return the encoder that reads from the record which has the value: the node, or its state, whose list is at the row's last position."""
    if leaf.stored_on == "node":
        return encode
    return lambda row: None if row[-1] is None else encode(row[-1])
