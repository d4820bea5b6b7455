"""The mapping file: what a register calls its sheets and columns, and how one of its tables feeds several sheets (docs/mapping.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph_service.declare import Model
from graph_service.derive.sheets import columns
from graph_service.errors import MappingInvalid
from graph_service.services.imports.mapping_rules import FIELD, CellRule, HeaderMapping, SheetRule, TableRule
from graph_service.services.imports.name_columns import NAMEABLE, named_labels

LARGEST = 1_000_000  # characters of a mapping file
TABLE_KEYS = {"name", "area", "numbers", "sheets"}
SHEET_KEYS = {"sheet", "columns", "where", "once"}
RULE_KEYS = {"header", "constant", "format", "split", "part", "optional", "values", "lookup", "otherwise"}
SOURCES = ("header", "constant", "format", "lookup")
"""What a rule takes cells from: exactly one of these."""


def load_mapping(path: Path, model: Model) -> HeaderMapping:
    """Read a mapping file (TOML). Raises `MappingInvalid`, naming the place.

    [sheets."结对帮扶"]
    names = ["帮扶结对表"]                        # what the sheet or the CSV file is called
    columns."HELPS.since" = ["帮扶起始日"]        # what the column is called

    [[tables]]                                    # a table that is none of the sheets, or is several
    name = "已脱贫人口名单"
    area = "513431"
    [[tables.sheets]]
    sheet = "家庭成员"
    columns."PersonYear.year" = {constant = 2020}
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
        return _Loading(model).mapping(text, path.name)
    except _Wrong as error:
        raise MappingInvalid(file=path.name, where=error.where, reason_zh=error.zh, reason_en=error.en) from error
    except (OSError, ValueError, RecursionError) as error:
        zh, en, where = _reason(error)
        raise MappingInvalid(file=path.name, where=where, reason_zh=zh, reason_en=en) from error


def _reason(error: Exception) -> tuple[str, str, str]:
    """Why a file is no TOML, in both languages, and where."""
    if isinstance(error, UnicodeError):
        return "不是 UTF-8 编码;请另存为 UTF-8", "it is not UTF-8: save it as UTF-8", "-"
    if isinstance(error, RecursionError):
        return "嵌套过深", "it is nested too deep", "-"
    zh, en = f"读不出,文字须加引号、等号两边须完整({error})", f"it cannot be read, texts need quotation marks: {error}"
    return zh, en, next((f"line {line}" for line in re.findall(r"at line (\d+)", str(error))), "-")


class _Wrong(Exception):
    """What is wrong with a place of a mapping file."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.where, self.zh, self.en = where, zh, en


class _Loading:
    """A mapping file that is read for a model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def mapping(self, text: str, file: str) -> HeaderMapping:
        if len(text) > LARGEST:
            raise _Wrong("-", f"超过 {LARGEST:,} 字", f"it is longer than {LARGEST:,} characters")
        loaded = tomllib.loads(text)
        _no_others(loaded, {"sheets", "tables", "numbers"}, "")
        names: dict[str, tuple[str, ...]] = {}
        headers: dict[str, dict[str, tuple[str, ...]]] = {}
        declared = loaded.get("sheets", {})
        if not isinstance(declared, dict) or not all(isinstance(entry, dict) for entry in declared.values()):
            raise _Wrong("sheets", '应写成 [sheets."表名"] 的形式', 'write it as [sheets."name of the sheet"]')
        for name, entry in declared.items():
            where = f'sheets."{name}"'
            self._sheet(name, where)
            _no_others(entry, {"names", "columns"}, where)
            names[name] = _texts(entry.get("names", []), f"{where}.names")
            headers[name] = {}
            for column, texts in _table(entry.get("columns", {}), f"{where}.columns").items():
                at = self._column(name, column, where)
                if isinstance(texts, dict):
                    raise _Wrong(at, "规则应写在 [[tables]] 中", "a rule belongs into [[tables]]")
                headers[name][column] = _texts(texts, at)
        numbers = self._numbers(loaded.get("numbers", {}), "numbers")
        tables = loaded.get("tables", [])
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            raise _Wrong("tables", "应写成 [[tables]] 的形式", "write it as [[tables]]")
        rules = tuple(self._table_rule(entry, f"tables[{at}]", numbers) for at, entry in enumerate(tables, 1))
        return HeaderMapping(names, headers, text, rules, file)

    def _table_rule(self, entry: Mapping[str, Any], where: str, numbers: Mapping[str, Mapping[str, str]]) -> TableRule:
        _no_others(entry, TABLE_KEYS, where)
        names = _texts(entry.get("name", []), f"{where}.name")
        if not names:
            raise _Wrong(f"{where}.name", "缺少文件名或工作表名", "the name of the file or sheet is missing")
        sheets = entry.get("sheets", [])
        if not isinstance(sheets, list) or not sheets or not all(isinstance(sheet, dict) for sheet in sheets):
            raise _Wrong(f"{where}.sheets", "缺少 [[tables.sheets]]", "there is no [[tables.sheets]]")
        own = self._numbers(entry.get("numbers", {}), f"{where}.numbers")
        return TableRule(
            names,
            tuple(_code(code, f"{where}.area") for code in _texts(entry.get("area", []), f"{where}.area")),
            {label: {**numbers.get(label, {}), **own.get(label, {})} for label in NAMEABLE},
            tuple(self._sheet_rule(sheet, f"{where}.sheets[{at}]") for at, sheet in enumerate(sheets, 1)),
        )

    def _sheet_rule(self, entry: Mapping[str, Any], where: str) -> SheetRule:
        _no_others(entry, SHEET_KEYS, where)
        name = entry.get("sheet", "")
        self._sheet(name, f"{where}.sheet")
        rules = {
            column: self._rule(name, column, rule, self._column(name, column, where))
            for column, rule in _table(entry.get("columns", {}), f"{where}.columns").items()
        }
        conditions = {
            header: _texts(texts, f'{where}.where."{header}"')
            for header, texts in _table(entry.get("where", {}), f"{where}.where").items()
        }
        once = entry.get("once", False)
        if not isinstance(once, bool):
            raise _Wrong(f"{where}.once", "应为 true 或 false", "it is true or false")
        return SheetRule(name, rules, conditions, once)

    def _rule(self, sheet: str, column: str, rule: object, where: str) -> CellRule:
        if isinstance(rule, str | list):
            return CellRule(headers=_texts(rule, where))
        entry = _table(rule, where)
        _no_others(entry, RULE_KEYS, where)
        sources = [name for name in SOURCES if name in entry]
        if len(sources) != 1:
            listed = "、".join(SOURCES)
            raise _Wrong(where, f"{listed} 中应写且只写一个", f"exactly one of {', '.join(SOURCES)} is needed")
        constant, part, text = entry.get("constant"), entry.get("part", 0), entry.get("format", "")
        if constant is not None and not (isinstance(constant, str | int | float) and not isinstance(constant, bool)):
            raise _Wrong(f"{where}.constant", "应为文字或数字", "it is a text or a number")
        if (
            not isinstance(part, int)
            or isinstance(part, bool)
            or part < 0
            or ("part" in entry and "split" not in entry)
        ):
            raise _Wrong(f"{where}.part", "应与 split 同写,从 0 起", "it goes with split, and the first part is 0")
        optional = entry.get("optional", False)
        if not isinstance(optional, bool) or ("optional" in entry and "split" not in entry):
            raise _Wrong(
                f"{where}.optional", "应与 split 同写,为 true 或 false", "it goes with split, and is true or false"
            )
        if not isinstance(text, str) or ("format" in entry and FIELD.search(text) is None):
            raise _Wrong(f"{where}.format", "应含表头,如 P2020-{序号}", "it has a header in it, as P2020-{序号}")
        lookup = _texts(entry.get("lookup", []), f"{where}.lookup")
        if ("lookup" in entry or "otherwise" in entry) and column not in named_labels(sheet):
            listed = "、".join(named_labels(sheet)) or "-"
            raise _Wrong(
                where,
                f"此列不能按名称查找;可查找的列:{listed}",
                f"nothing is looked up by name there; but in: {listed}",
            )
        if "otherwise" in entry and not {"Village", "Area"} & set(named_labels(sheet)[column]):
            raise _Wrong(f"{where}.otherwise", "只能用于区划", "it is for areas alone")
        return CellRule(
            headers=_texts(entry.get("header", []), f"{where}.header"),
            constant=constant,
            format=text,
            split=_texts(entry.get("split", []), f"{where}.split"),
            part=part,
            optional=optional,
            values={
                key: _text(value, f"{where}.values") for key, value in _table(entry.get("values", {}), where).items()
            },
            lookup=lookup,
            otherwise=_code(entry["otherwise"], f"{where}.otherwise") if "otherwise" in entry else "",
        )

    def _numbers(self, entry: object, where: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for label, names in _table(entry, where).items():
            if label not in NAMEABLE:
                listed = "、".join(NAMEABLE)
                raise _Wrong(f"{where}.{label}", f"可用:{listed}", f"there are: {listed}")
            found[label] = {
                name: _text(number, f'{where}.{label}."{name}"') for name, number in _table(names, where).items()
            }
        return found

    def _sheet(self, name: object, where: str) -> None:
        if name not in self._model.sheets:
            known = "、".join(self._model.sheets)
            raise _Wrong(where, f"没有这个表;可用:{known}", f"there is no such sheet; there are: {known}")

    def _column(self, sheet: str, column: str, where: str) -> str:
        where, allowed = f'{where}.columns."{column}"', columns(self._model, self._model.sheets[sheet])
        if column not in allowed:
            known = ", ".join(allowed)
            raise _Wrong(where, f"没有这一列;可用:{known}", f"there is no such column; there are: {known}")
        return where


def _no_others(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for name in entry:
        if name not in allowed:
            listed = "、".join(sorted(allowed))
            raise _Wrong(
                f"{where}.{name}".lstrip("."), f"不认识;可用:{listed}", f"it is not known; there are: {listed}"
            )


def _table(entry: object, where: str) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise _Wrong(where, "应为表(键 = 值)", "it is a table (key = value)")
    return entry


def _text(entry: object, where: str) -> str:
    if not isinstance(entry, str):
        raise _Wrong(where, "应为文字", "it is a text")
    return entry


def _texts(entry: object, where: str) -> tuple[str, ...]:
    """One text or several."""
    if isinstance(entry, str):
        return (entry,)
    if not isinstance(entry, list) or not all(isinstance(text, str) for text in entry):
        raise _Wrong(where, "应为文字或文字的列表", "it is a text or a list of texts")
    return tuple(entry)


def _code(entry: object, where: str) -> str:
    text = _text(entry, where)
    if not (text.isascii() and text.isdigit()):
        raise _Wrong(where, "应为区划代码,如 513431", "it is the code of an area, as 513431")
    return text


def template(model: Model) -> str:
    """Return the default mapping as a file to edit."""
    lines = [
        "# 映射文件:左边是系统的列,右边是登记表里的表头(可写多个)。只保留要改的行即可。",
        "# Mapping: on the left the system's columns, on the right the headers of the register. Keep only what you change.",
    ]
    for sheet in model.sheets.values():
        lines.append(f'\n[sheets."{sheet.name}"]')
        lines.append(f"names = {_listed((sheet.name, *sheet.aliases))}")
        lines.extend(f'columns."{name}" = {_listed(c.headers)}' for name, c in columns(model, sheet).items())
    return "\n".join(lines) + "\n"


def _listed(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"
