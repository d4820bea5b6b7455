"""Positional lists: what stands where in a row, and how each place is shown."""

from __future__ import annotations

from functools import partial

from graph_service.api.pages import Encode
from graph_service.api.types.scalars import SHOWN
from graph_service.codec import Codec
from graph_service.derive.fields import Leaf


class Slots:
    """A positional list in the making: equal expressions share a place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, expression: str) -> int:
        return self._places.setdefault(expression, len(self._places))

    def text(self, before: str = "") -> str:
        """A list is never empty: an empty one could not be told from nothing."""
        return f"[{', '.join(before + expression for expression in self._places) or 'true'}]"

    def __bool__(self) -> bool:
        return bool(self._places)


def at(place: int, encode: Encode) -> Encode:
    return lambda row: encode(row[place])


def shown(place: int, leaf: Leaf, codec: Codec) -> Encode:
    """A value as it is shown."""
    show = partial(codec.opened, leaf.sealed_as) if leaf.sealed_as else SHOWN.get(leaf.kind)
    return (lambda row: row[place]) if show is None else (lambda row: show(row[place]))


def of_state(place: int, leaf: Leaf, codec: Codec) -> Encode:
    """A value of the state, whose list is the row's last place."""
    inner = shown(place, leaf, codec)
    return lambda row: None if row[-1] is None else inner(row[-1])
