"""What is asked of a table, from texts as addresses and command lines have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
)

from graph_service.api.types.derived import both
from graph_service.errors import ArgumentInvalid
from graph_service.exports.cells import FLAGS
from graph_service.exports.columns import BETWEEN_VALUES
from graph_service.exports.shapes import AREA, SCOPE, Parameter, Table

COMMAS = re.compile(r"\s*[,,、]\s*")
TRUE = {"true": True, "false": False} | {zh: flag for flag, zh in FLAGS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A table, the variables of its document, and what was asked in the field's words: names of parameters to values."""

    table: Table
    variables: Mapping[str, Any]
    said: Mapping[str, str]

    @property
    def area(self) -> str:
        """The code that was asked for; blank where none was."""
        return str(self.variables.get(AREA, {}).get("code", ""))

    @property
    def about(self) -> str:
        """The area's code, or the number of whom is asked about; blank where it is everything."""
        if AREA in self.table.parameters:
            return self.area
        named = [self.variables[of].get(name) for name, of in self.table.inputs.items()]
        named += [self.variables[name] for name, one in self.table.parameters.items() if one.required]
        return next((str(one) for one in named if one is not None), "")


def asked(table: Table, given: Iterable[tuple[str, str]]) -> Asked:
    """Raises `ArgumentInvalid`. What is blank is not given; values of lists are parted by commas, codes are names or
    Chinese, conditions (`where`, `orderBy`) are JSON."""
    texts: dict[str, str] = {}
    for name, text in given:
        if name not in table.parameters:
            known = ", ".join(table.parameters)
            raise ArgumentInvalid(
                name=name[:40], reason_zh=f"没有此参数;可用:{known}", reason_en=f"there is no such; there are: {known}"
            )
        if name in texts:
            raise ArgumentInvalid(name=name, reason_zh="给了两次", reason_en="it is given twice")
        if text.strip():
            texts[name] = text.strip()
    for name, parameter in table.parameters.items():
        if parameter.required and name not in texts:
            raise ArgumentInvalid(name=name, reason_zh=f"必须给出({parameter.zh})", reason_en="it must be given")
    if SCOPE in texts and AREA not in texts:
        raise ArgumentInvalid(name=SCOPE, reason_zh=f"须与 {AREA} 同用", reason_en=f"it goes with {AREA}")
    values = {name: _value(name, table.parameters[name].type, text) for name, text in texts.items()}
    said = {
        table.parameters[name].zh: _said(table.parameters[name], values[name], text) for name, text in texts.items()
    }
    if AREA in values:
        mode = {"mode": values.pop(SCOPE)} if SCOPE in values else {}
        values[AREA] = {"code": values[AREA], **mode}
    for name, of in table.inputs.items():
        values.setdefault(of, {})
        if name in values:
            values[of][name] = values.pop(name)
    return Asked(table, values, said)


def _value(name: str, type_: GraphQLInputType, text: str) -> Any:
    """What else is wrong with a value the API tells."""
    if isinstance(type_, GraphQLNonNull):
        return _value(name, type_.of_type, text)
    if isinstance(type_, GraphQLList):
        return [_value(name, type_.of_type, part) for part in COMMAS.split(text) if part]
    if isinstance(type_, GraphQLEnumType):
        names = {both(member.description)[0]: one for one, member in type_.values.items()} | {
            one: one for one in type_.values
        }
        return _known(name, names, text, [f"{both(m.description)[0]} {one}" for one, m in type_.values.items()])
    if type_ is GraphQLBoolean:
        return _known(name, TRUE, text.lower(), list(TRUE))
    if type_ is GraphQLInt:
        if re.fullmatch(r"-?[0-9]{1,10}", text) is None:
            raise ArgumentInvalid(
                name=name, reason_zh=f"{text[:40]} 不是整数", reason_en=f"{text[:40]} is not a whole number"
            )
        return int(text)
    if isinstance(type_, GraphQLInputObjectType):
        try:
            return orjson.loads(text)
        except ValueError as error:
            raise ArgumentInvalid(
                name=name, reason_zh=f"不是有效的 JSON({error})", reason_en=f"it is not JSON ({error})"
            ) from error
    return text


def _known(name: str, values: Mapping[str, Any], text: str, offered: list[str]) -> Any:
    if text not in values:
        there = ", ".join(offered)
        raise ArgumentInvalid(
            name=name,
            reason_zh=f"没有 {text[:40]};可用:{there}",
            reason_en=f"there is no {text[:40]}; there are: {there}",
        )
    return values[text]


def _said(parameter: Parameter, value: Any, text: str) -> str:
    """Codes in Chinese, all else as it was written."""
    type_: object = parameter.type
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    if isinstance(type_, GraphQLEnumType):
        names = value if isinstance(value, list) else [value]
        return BETWEEN_VALUES.join(both(type_.values[name].description)[0] for name in names)
    return FLAGS[value] if isinstance(value, bool) else text
