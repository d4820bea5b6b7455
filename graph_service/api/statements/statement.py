"""A statement in the making: its variables, and its parameters with their origins."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from graph_service.api.cursors import mark_of
from graph_service.api.planning import Arguments, Origin, Run
from graph_service.api.selection import Document, Selected
from graph_service.catalog import expanded
from graph_service.codec import Codec
from graph_service.declare import Model
from graph_service.services.coverage import duty_parameters
from graph_service.services.viewing import Viewing

_HOUSEHOLD = re.compile(r"\bh\b")
"""What the parts of statements call a household."""


class Statement:
    """What is made for one root field. `scoped`: every further node must lie in the ranges of codes of `$scope`."""

    def __init__(self, model: Model, document: Document, codec: Codec, *, scoped: bool) -> None:
        self.model = model
        self.document = document
        self.codec = codec
        self.scoped = scoped
        self._origins: dict[str, Origin] = {}
        self._variables = 0
        self._marked = False
        self._duties: set[str] = set()

    def variable(self) -> str:
        self._variables += 1
        return f"x{self._variables}"

    def parameter(self, selected: Selected, make: Callable[[Arguments], Any]) -> str:
        """A parameter made of a field's arguments, at each run."""
        name = f"p{len(self._origins)}"
        self._origins[name] = Origin(selected, make)
        return f"${name}"

    def mark(self) -> str:
        """The parameter that tells in ids for which day and version it was asked."""
        self._marked = True
        return "$mark"

    def lacking(self, duty: str, variable: str) -> str:
        """Whether a household lacks what a duty owes it."""
        self._duties.add(duty)
        return _HOUSEHOLD.sub(variable, expanded(f"part(lacks_{duty.lower()})"))

    def parameters(self, run: Run, viewing: Viewing) -> dict[str, Any]:
        """Values of the parameters, at one run."""
        scope = {"scope": [list(r) for r in viewing.scope]} if self.scoped else {}
        mark = {"mark": mark_of(viewing.named)} if self._marked else {}
        terms = duty_parameters(sorted(self._duties), viewing.as_of) if self._duties else {}
        lacking = {name: terms[name] for name in ("year", "yearsAfterExit", "visitedSince") if terms}
        return {**scope, **mark, **lacking, **run.values.made(self._origins)}
