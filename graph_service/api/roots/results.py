"""Results of mutations: a union of success and refusals, which are data. Failures of the engine are errors, as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.refusals import refusal
from graph_service.api.root import Answer, Asked, Root
from graph_service.api.selection import Selected
from graph_service.api.types.building import MUST, Argument, Field, Types
from graph_service.derive.fields import small
from graph_service.errors import ChangeConflict, ChangeError, ChangeForbidden, ChangeInvalid

REFUSALS: dict[type[ChangeError], str] = {
    ChangeInvalid: "Invalid",
    ChangeForbidden: "Forbidden",
    ChangeConflict: "Conflict",
}
KEY = Field(
    "clientKey",
    "String!",
    "请求键:The client's own key, new for each change: sent again, the change is made once.",
    default=MUST,
)
BY = Field("by", "String", "操作人:Who makes it.")
SAID = (
    Field("code", "String!", "代码:What it is."),
    Field("zh", "String!", "中文说明:In Chinese."),
    Field("en", "String!", "英文说明:In English."),
)


def declare(types: Types) -> None:
    """Types of the refusals."""
    field = Field("field", "String", "字段:Which part of the input.")
    types.add_object("Invalid", "不成立:It cannot be as it is asked for.", [field, *SAID])
    types.add_object("Forbidden", "无权:It is not the asker's to make.", SAID)
    types.add_object("Conflict", "冲突:It goes against what is there, or is being done.", SAID)


def declare_result(types: Types, name: str, doc: str, inputs: Sequence[Field], success: Sequence[Field]) -> None:
    """Types of one mutation: its input, what its success tells, the union."""
    types.add_input(f"{name}Input", doc, inputs)
    types.add_object(f"{name}Success", doc, success)
    members = (f"{name}Success", *REFUSALS.values())
    types.add_union(f"{name}Result", f"{doc.partition(':')[0]}结果:What came of it.", members)


def resulting(asked: Asked, name: str, on_field: Callable[[Selected], Encode], act: Callable[[Run], Any]) -> Answer:
    """What `act` gives, as the mutation's success; what it refuses as a refusal."""
    encode = asked.object(f"{name}Success", asked.selected, on_field)
    encoders = {kind: asked.object(kind, asked.selected, _told) for kind in REFUSALS.values()}

    def answer(run: Run) -> Any:
        try:
            done = act(run)
        except ChangeError as error:
            return encoders[REFUSALS[type(error)]](error)
        return encode(done)

    return answer


def root(name: str, doc: str, plan: Callable[[Asked], Answer]) -> Root:
    """The root field of a mutation, with its one input."""
    argument = Argument("input", f"{name}Input!", "内容:What is asked for.")
    return Root(Field(small(name), f"{name}Result", doc, (argument,)), plan)


def _told(one: Selected) -> Encode:
    if one.name == "field":
        return lambda error: error.details.get("field")
    return lambda error: refusal(error)["extensions"][one.name]
