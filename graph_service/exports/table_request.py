"""Requests of tables, parsed from the texts of addresses and command lines."""

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

from graph_service.access.masking import excerpt
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.errors import ArgumentInvalid
from graph_service.exports.cells import FLAG_LABELS
from graph_service.exports.columns import VALUE_SEPARATOR
from graph_service.exports.table_definition import AREA, SCOPE, ExportTable, TableParameter
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.error_formatting import json_reasons
from graph_service.graphql.types.derived import split_bilingual

COMMA_PATTERN = re.compile(r"\s*[,,、]\s*")
BOOLEANS = {"true": True, "false": False} | {zh: flag for flag, zh in FLAG_LABELS.items()}


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table, the variables of its document, and the request in the field's words: names of parameters to values."""

    table: ExportTable
    variables: Mapping[str, Any]
    conditions: Mapping[str, str]

    @property
    def area_code(self) -> str:
        """Return the requested code; blank where none was requested."""
        return str(self.variables.get(AREA, {}).get("code", ""))

    @property
    def subject(self) -> str:
        """Return the area's code, or the number of the requested subject; blank where everything is requested."""
        if AREA in self.table.parameters:
            return self.area_code
        candidates = [self.variables[input_name].get(name) for name, input_name in self.table.inputs.items()]
        candidates += [self.variables[name] for name, parameter in self.table.parameters.items() if parameter.required]
        return next((str(value) for value in candidates if value is not None), "")


def parse_table_request(table: ExportTable, parameters: Iterable[tuple[str, str]]) -> TableRequest:
    """Parse the parameters of a table. Blank values are left out; values of lists are separated by commas, codes are names or Chinese,
    conditions (`where`, `orderBy`) are JSON. Raises `ArgumentInvalid`."""
    texts: dict[str, str] = {}
    for name, text in parameters:
        if name not in table.parameters:
            available = ", ".join(table.parameters)
            raise ArgumentInvalid(
                name=excerpt(name),
                reason_zh=f"没有此参数；可选参数：{available}",
                reason_en=f"unknown argument; available: {available}",
            )
        if name in texts:
            raise ArgumentInvalid(name=name, reason_zh="重复给出", reason_en="it is given more than once")
        if text.strip():
            texts[name] = text.strip()
    for name, parameter in table.parameters.items():
        if parameter.required and name not in texts:
            raise ArgumentInvalid(name=name, reason_zh=f"必填（{parameter.zh}）", reason_en="it is required")
    if SCOPE in texts and AREA not in texts:
        raise ArgumentInvalid(name=SCOPE, reason_zh=f"须与 {AREA} 一起使用", reason_en=f"it requires {AREA}")
    values = {name: _parse_value(name, table.parameters[name].type, text) for name, text in texts.items()}
    conditions = {
        table.parameters[name].zh: mask_numbers(_describe_value(table.parameters[name], values[name], text))
        for name, text in texts.items()
    }
    if AREA in values:
        mode = {"mode": values.pop(SCOPE)} if SCOPE in values else {}
        values[AREA] = {"code": values[AREA], **mode}
    for name, input_name in table.inputs.items():
        values.setdefault(input_name, {})
        if name in values:
            values[input_name][name] = values.pop(name)
    if PURPOSE in values and table.full_table is not None:
        table = table.full_table
    return TableRequest(table, values, conditions)


def _parse_value(name: str, type_: GraphQLInputType, text: str) -> Any:
    """Parse a value by its type; the API reports what else is wrong with it."""
    if isinstance(type_, GraphQLNonNull):
        return _parse_value(name, type_.of_type, text)
    if isinstance(type_, GraphQLList):
        return [_parse_value(name, type_.of_type, part) for part in COMMA_PATTERN.split(text) if part]
    if isinstance(type_, GraphQLEnumType):
        names = {
            split_bilingual(member.description)[0]: member_name for member_name, member in type_.values.items()
        } | {member_name: member_name for member_name in type_.values}
        return _parse_choice(
            name,
            names,
            text,
            [f"{split_bilingual(member.description)[0]} {member_name}" for member_name, member in type_.values.items()],
        )
    if type_ is GraphQLBoolean:
        return _parse_choice(name, BOOLEANS, text.lower(), list(BOOLEANS))
    if type_ is GraphQLInt:
        if re.fullmatch(r"-?[0-9]{1,10}", text) is None:
            raise ArgumentInvalid(
                name=name, reason_zh=f"{excerpt(text)} 不是整数", reason_en=f"{excerpt(text)} is not an integer"
            )
        return int(text)
    if isinstance(type_, GraphQLInputObjectType):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            zh, en = json_reasons(error)
            raise ArgumentInvalid(name=name, reason_zh=zh, reason_en=en) from error
    return text


def _parse_choice(name: str, choices: Mapping[str, Any], text: str, descriptions: list[str]) -> Any:
    if text not in choices:
        available = ", ".join(descriptions)
        raise ArgumentInvalid(
            name=name,
            reason_zh=f"没有 {excerpt(text)}；可选值：{available}",
            reason_en=f"unknown value {excerpt(text)}; available: {available}",
        )
    return choices[text]


def _describe_value(parameter: TableParameter, value: Any, text: str) -> str:
    """Return codes in Chinese, all else as it was written."""
    type_: object = parameter.type
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    if isinstance(type_, GraphQLEnumType):
        names = value if isinstance(value, list) else [value]
        return VALUE_SEPARATOR.join(split_bilingual(type_.values[name].description)[0] for name in names)
    return FLAG_LABELS[value] if isinstance(value, bool) else text
