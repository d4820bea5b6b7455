"""Positional lists: what stands where in a row, and how each place is shown."""

from __future__ import annotations

from functools import partial

from graph_service.domain.fields import ValueField
from graph_service.graphql.pages import Encoder
from graph_service.graphql.types.scalars import FORMATTERS
from graph_service.platform.codec import Codec


class Slots:
    """A positional list in the making: equal expressions share a place."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def add(self, expression: str) -> int:
        return self._positions.setdefault(expression, len(self._positions))

    def text(self, prefix: str = "") -> str:
        """A list is never empty: an empty one could not be told from nothing."""
        return f"[{', '.join(prefix + expression for expression in self._positions) or 'true'}]"

    def __bool__(self) -> bool:
        return bool(self._positions)


def slot_encoder(position: int, encode: Encoder) -> Encoder:
    return lambda row: encode(row[position])


def value_encoder(position: int, leaf: ValueField, codec: Codec) -> Encoder:
    """A value as it is shown."""
    show = partial(codec.unseal, leaf.seal_name) if leaf.seal_name else FORMATTERS.get(leaf.kind)
    return (lambda row: row[position]) if show is None else (lambda row: show(row[position]))


def state_value_encoder(position: int, leaf: ValueField, codec: Codec) -> Encoder:
    """A value of the state, whose list is the row's last place."""
    inner = value_encoder(position, leaf, codec)
    return lambda row: None if row[-1] is None else inner(row[-1])
