"""A change by an official, as a mutation: its input, what it does, the node that its success shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.roots.nodes import Lookup
from graph_service.api.roots.results import BY, KEY, declare_result, resulting, root
from graph_service.api.selection import Selected
from graph_service.api.types.building import Field, Types
from graph_service.api.types.derived import end_name
from graph_service.api.types.scalars import Date
from graph_service.derive.days import iso_day
from graph_service.model import MODEL
from graph_service.services.imports.changes import Recorded
from graph_service.services.viewing import Viewing


@dataclass(frozen=True, slots=True)
class Done:
    """What a change came to; its day, the label and key of what it shows, and what else its success tells."""

    recorded: Recorded
    label: str = ""
    key: str = ""
    day: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)


Act = Callable[[Run, dict[str, Any]], Done]
Made = tuple[Done, list[Any], int]
"""What was done, the node as it is shown, the day for which."""
TOLD: dict[str, Encode] = {
    "dataVersion": lambda made: made[0].recorded.sequence,
    "changed": lambda made: made[0].recorded.changed,
    "asOf": lambda made: iso_day(made[2]),
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`name`: as types have it, AssignDuty. `shown`: the field of its success that shows a node of one of `labels`, where there are any; `more`: what
    else that tells, of `Done.told`."""

    name: str
    doc: str
    fields: Sequence[Field]
    act: Act
    labels: tuple[str, ...] = ()
    shown: str = "subject"
    shown_doc: str = "对象:Whom it is about, on that day."
    more: Sequence[Field] = ()

    def declare(self, types: Types) -> None:
        """Types of its input and result."""
        success = [
            Field("dataVersion", "Int!", "数据版本:The one that has it: `asKnownAt` asks on it."),
            Field("changed", "Boolean!", "是否变更:Whether this call changed anything; not, where it was so already."),
            Field(
                "asOf",
                Date,
                f"截至日期:The day for which the {self.shown} is shown: that of the change, or of the last collection where that is later. Questions for this day see the change."
                if self.labels
                else "截至日期:The day of the change, or of the last collection where that is later. Questions for this day see the change.",
            ),
        ]
        if self.labels:
            success.append(Field(self.shown, f"{end_name(MODEL, self.labels)}!", self.shown_doc))
        declare_result(types, self.name, self.doc, [KEY, BY, *self.fields], [*success, *self.more])

    def root(self) -> Root:
        """Its root field."""
        return root(self.name, self.doc, self._plan)

    def _plan(self, asked: Asked) -> Answer:
        lookup = Lookup(asked.compiler(), self.labels)

        def on_field(one: Selected) -> Encode:
            if one.name == self.shown:
                place = lookup.select(one)
                return lambda made: made[1][place]
            return TOLD.get(one.name) or (lambda made: made[0].told[one.name])

        def made(run: Run) -> Made:
            done = self.act(run, run.given("input"))
            viewing = Viewing.of(run.store, None, as_known_at=done.recorded.sequence, granted=run.granted).not_before(
                done.day
            )
            key = (done.key,)
            found = lookup.find(run, viewing, {done.label: [key]}).get((done.label, key), [])
            return done, found, viewing.as_of

        answer = resulting(asked, self.name, on_field, made)
        lookup.finish()
        return answer
