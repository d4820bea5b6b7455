"""Root fields: how one is declared, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_service.api.pages import Encode, object_encoder
from graph_service.api.paging import Window
from graph_service.api.planning import Run, plain
from graph_service.api.selection import Document, Selected
from graph_service.api.statements.compiler import Compiler
from graph_service.api.types.building import MUST, Argument, Field, Types
from graph_service.api.types.derived import FORWARDS
from graph_service.api.types.scalars import Date
from graph_service.codec import Codec
from graph_service.derive.days import iso_day
from graph_service.model import MODEL
from graph_service.services.viewing import Viewing

Answer = Callable[[Run], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A root field that is being planned: its selection, and whether its asker may see everything."""

    document: Document
    selected: Selected
    sees_all: bool
    codec: Codec

    def given(self, name: str) -> Any:
        """An argument that the plan depends on: see `planning.shape`."""
        return plain(self.selected.arguments.get(name))

    def window(self) -> Window:
        return Window.of(self.selected.arguments)

    def compiler(self) -> Compiler:
        return Compiler(MODEL, self.document, self.codec, scoped=not self.sees_all)

    def object(self, type_name: str, one: Selected, on_field: Callable[[Selected], Encode]) -> Encode:
        return object_encoder(self.document, type_name, [one], on_field)


@dataclass(frozen=True, slots=True)
class Root:
    """A root field and how it is planned: the answer is made, a run at a time, in the shape asked for, ready for JSON."""

    field: Field
    plan: Callable[[Asked], Answer]


AREA = Argument("area", "AreaScope!", "区域范围:For which area.")
AS_OF = Argument("asOf", Date | None, "截止日期:For which day; else for that of the last published collection.")
AS_KNOWN_AT = Argument("asKnownAt", "Int", "数据版本:On the data of an earlier version; else on the newest.")
TIMES = (AS_OF, AS_KNOWN_AT)
PAGED = FORWARDS
ANSWERED = (
    Field("asOf", Date, "截止日期:The day that it was answered for."),
    Field("dataVersion", "Int!", "数据版本:The data version that it was answered from."),
)


def answered(viewing: Viewing) -> dict[str, Any]:
    """Values of `ANSWERED`."""
    return {"asOf": iso_day(viewing.as_of), "dataVersion": viewing.sequence}


def declare_area(types: Types) -> None:
    """The argument that every question takes."""
    types.add_enum(
        "AreaMode",
        "区域范围方式:Which areas are meant by a code.",
        [
            ("SELF", "本级:The area itself."),
            ("CHILDREN", "下一级:The areas just below it."),
            ("DESCENDANTS", "本级及以下:It and all below."),
        ],
    )

    code = Field("code", "String!", "区划代码:2, 4, 6, 9 or 12 digits.", default=MUST)
    usual = types.made["AreaMode"]["DESCENDANTS"]
    mode = Field("mode", "AreaMode!", "范围方式:How much of it.", default=usual)
    types.add_input("AreaScope", "区域范围:An area and how much of it is meant.", [code, mode])
