"""The mapping file: a register's names of sheets and columns, and rules by which one of its tables feeds several
sheets (docs/how-to/roster.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph_service.domain.metamodel import Model
from graph_service.domain.sheet_columns import columns_by_name
from graph_service.errors import MappingInvalid
from graph_service.features.imports.read.mapping_rules import (
    HEADER_FIELD,
    CellRule,
    HeaderMapping,
    SheetRule,
    TableRule,
)
from graph_service.features.imports.read.name_columns import NAMEABLE_LABELS, labels_by_name_column

MAX_CHARACTERS = 1_000_000  # characters of a mapping file
TABLE_KEYS = {"name", "area", "numbers", "sheets"}
SHEET_KEYS = {"sheet", "columns", "where", "once"}
RULE_KEYS = {"header", "constant", "format", "split", "part", "optional", "values", "lookup", "otherwise"}
RULE_SOURCES = ("header", "constant", "format", "lookup")
"""The sources of a rule's cells: a rule has exactly one of these."""


def load_mapping(path: Path, model: Model) -> HeaderMapping:
    """Read a mapping file (TOML). Raises `MappingInvalid`, with the location of the fault.

    [sheets."结对帮扶"]
    names = ["帮扶结对表"]                        # names of the sheet or the CSV file
    columns."HELPS.since" = ["帮扶起始日"]        # headers of the column

    [[tables]]                                    # a table that matches no sheet, or several
    name = "已脱贫人口名单"
    area = "513431"
    [[tables.sheets]]
    sheet = "家庭成员"
    columns."PersonYear.year" = {constant = 2020}
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MAX_CHARACTERS + 1)
        return _MappingLoader(model).load(text, path.name)
    except _MappingError as error:
        raise MappingInvalid(file=path.name, where=error.location, reason_zh=error.zh, reason_en=error.en) from error
    except (OSError, ValueError, RecursionError) as error:
        zh, en, location = _parse_error_reason(error)
        raise MappingInvalid(file=path.name, where=location, reason_zh=zh, reason_en=en) from error


def _parse_error_reason(error: Exception) -> tuple[str, str, str]:
    """Return the reason why a file is not valid TOML, in both languages, and its location."""
    if isinstance(error, UnicodeError):
        return "不是 UTF-8 编码；请另存为 UTF-8", "the file is not in UTF-8; save it as UTF-8", "-"
    if isinstance(error, RecursionError):
        return "嵌套过深", "the file is nested too deeply", "-"
    zh, en = (
        "不是有效的 TOML，文字须加引号、等号两边须完整",
        f"the file is not valid TOML; text needs quotation marks, and both sides of = are required ({error})",
    )
    return zh, en, next((f"line {line}" for line in re.findall(r"at line (\d+)", str(error))), "-")


class _MappingError(Exception):
    """A fault at a location of a mapping file."""

    def __init__(self, location: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.location, self.zh, self.en = location, zh, en


class _MappingLoader:
    """Loader of a mapping file for a model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def load(self, text: str, file: str) -> HeaderMapping:
        if len(text) > MAX_CHARACTERS:
            raise _MappingError(
                "-", f"超过 {MAX_CHARACTERS:,} 个字符", f"the file has more than {MAX_CHARACTERS:,} characters"
            )
        document = tomllib.loads(text)
        _require_known_keys(document, {"sheets", "tables", "numbers"}, "")
        names: dict[str, tuple[str, ...]] = {}
        headers: dict[str, dict[str, tuple[str, ...]]] = {}
        sheet_entries = document.get("sheets", {})
        if not isinstance(sheet_entries, dict) or not all(isinstance(entry, dict) for entry in sheet_entries.values()):
            raise _MappingError("sheets", '应写成 [sheets."表名"] 的形式', 'must be written as [sheets."sheet name"]')
        for name, entry in sheet_entries.items():
            location = f'sheets."{name}"'
            self._require_sheet(name, location)
            _require_known_keys(entry, {"names", "columns"}, location)
            names[name] = _require_texts(entry.get("names", []), f"{location}.names")
            headers[name] = {}
            for column, texts in _require_table(entry.get("columns", {}), f"{location}.columns").items():
                column_location = self._require_column(name, column, location)
                if isinstance(texts, dict):
                    raise _MappingError(column_location, "规则应写在 [[tables]] 中", "rules must be in [[tables]]")
                headers[name][column] = _require_texts(texts, column_location)
        numbers = self._numbers(document.get("numbers", {}), "numbers")
        tables = document.get("tables", [])
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            raise _MappingError("tables", "应写成 [[tables]] 的形式", "must be written as [[tables]]")
        rules = tuple(
            self._table_rule(entry, f"tables[{table_number}]", numbers) for table_number, entry in enumerate(tables, 1)
        )
        return HeaderMapping(names, headers, text, rules, file)

    def _table_rule(
        self, entry: Mapping[str, Any], location: str, numbers: Mapping[str, Mapping[str, str]]
    ) -> TableRule:
        _require_known_keys(entry, TABLE_KEYS, location)
        names = _require_texts(entry.get("name", []), f"{location}.name")
        if not names:
            raise _MappingError(f"{location}.name", "缺少文件名或工作表名", "the name of the file or sheet is missing")
        sheets = entry.get("sheets", [])
        if not isinstance(sheets, list) or not sheets or not all(isinstance(sheet, dict) for sheet in sheets):
            raise _MappingError(f"{location}.sheets", "缺少 [[tables.sheets]]", "[[tables.sheets]] is missing")
        table_numbers = self._numbers(entry.get("numbers", {}), f"{location}.numbers")
        return TableRule(
            names,
            tuple(
                _require_area_code(code, f"{location}.area")
                for code in _require_texts(entry.get("area", []), f"{location}.area")
            ),
            {label: {**numbers.get(label, {}), **table_numbers.get(label, {})} for label in NAMEABLE_LABELS},
            tuple(
                self._sheet_rule(sheet, f"{location}.sheets[{sheet_number}]")
                for sheet_number, sheet in enumerate(sheets, 1)
            ),
        )

    def _sheet_rule(self, entry: Mapping[str, Any], location: str) -> SheetRule:
        _require_known_keys(entry, SHEET_KEYS, location)
        name = entry.get("sheet", "")
        self._require_sheet(name, f"{location}.sheet")
        rules = {
            column: self._cell_rule(name, column, rule, self._require_column(name, column, location))
            for column, rule in _require_table(entry.get("columns", {}), f"{location}.columns").items()
        }
        conditions = {
            header: _require_texts(texts, f'{location}.where."{header}"')
            for header, texts in _require_table(entry.get("where", {}), f"{location}.where").items()
        }
        once = entry.get("once", False)
        if not isinstance(once, bool):
            raise _MappingError(f"{location}.once", "应为 true 或 false", "must be true or false")
        return SheetRule(name, rules, conditions, once)

    def _cell_rule(self, sheet: str, column: str, rule: object, location: str) -> CellRule:
        if isinstance(rule, str | list):
            return CellRule(headers=_require_texts(rule, location))
        entry = _require_table(rule, location)
        _require_known_keys(entry, RULE_KEYS, location)
        sources = [name for name in RULE_SOURCES if name in entry]
        if len(sources) != 1:
            listed_names = "、".join(RULE_SOURCES)
            raise _MappingError(
                location, f"{listed_names} 中应写且只写一个", f"exactly one of {', '.join(RULE_SOURCES)} is required"
            )
        constant, part, text = entry.get("constant"), entry.get("part", 0), entry.get("format", "")
        if constant is not None and not (isinstance(constant, str | int | float) and not isinstance(constant, bool)):
            raise _MappingError(f"{location}.constant", "应为文字或数字", "must be text or a number")
        if (
            not isinstance(part, int)
            or isinstance(part, bool)
            or part < 0
            or ("part" in entry and "split" not in entry)
        ):
            raise _MappingError(
                f"{location}.part", "应与 split 同用，从 0 起", "must be used with split and be 0 or greater"
            )
        optional = entry.get("optional", False)
        if not isinstance(optional, bool) or ("optional" in entry and "split" not in entry):
            raise _MappingError(
                f"{location}.optional",
                "应与 split 同用，为 true 或 false",
                "must be used with split and be true or false",
            )
        if not isinstance(text, str) or ("format" in entry and HEADER_FIELD.search(text) is None):
            raise _MappingError(
                f"{location}.format",
                "应含表头，如 P2020-{序号}",
                "must contain a header in braces, such as P2020-{header}",
            )
        lookup = _require_texts(entry.get("lookup", []), f"{location}.lookup")
        if ("lookup" in entry or "otherwise" in entry) and column not in labels_by_name_column(sheet):
            listed_names = "、".join(labels_by_name_column(sheet)) or "-"
            raise _MappingError(
                location,
                f"此列不能按名称查找；可查找的列：{listed_names}",
                f"this column cannot be looked up by name; columns that can: {listed_names}",
            )
        if "otherwise" in entry and not {"Village", "Area"} & set(labels_by_name_column(sheet)[column]):
            raise _MappingError(f"{location}.otherwise", "只能用于区划", "can be used only for areas")
        return CellRule(
            headers=_require_texts(entry.get("header", []), f"{location}.header"),
            constant=constant,
            format=text,
            split=_require_texts(entry.get("split", []), f"{location}.split"),
            part=part,
            optional=optional,
            values={
                key: _require_text(value, f"{location}.values")
                for key, value in _require_table(entry.get("values", {}), location).items()
            },
            lookup=lookup,
            otherwise=_require_area_code(entry["otherwise"], f"{location}.otherwise") if "otherwise" in entry else "",
        )

    def _numbers(self, entry: object, location: str) -> dict[str, dict[str, str]]:
        numbers_by_label: dict[str, dict[str, str]] = {}
        for label, names in _require_table(entry, location).items():
            if label not in NAMEABLE_LABELS:
                listed_labels = "、".join(NAMEABLE_LABELS)
                raise _MappingError(
                    f"{location}.{label}",
                    f"没有这种对象；可用：{listed_labels}",
                    f"unknown label; available: {listed_labels}",
                )
            numbers_by_label[label] = {
                name: _require_text(number, f'{location}.{label}."{name}"')
                for name, number in _require_table(names, location).items()
            }
        return numbers_by_label

    def _require_sheet(self, name: object, location: str) -> None:
        if name not in self._model.sheets:
            known_sheets = "、".join(self._model.sheets)
            raise _MappingError(
                location, f"没有这个表；可用：{known_sheets}", f"unknown sheet; available: {known_sheets}"
            )

    def _require_column(self, sheet: str, column: str, location: str) -> str:
        location, allowed = f'{location}.columns."{column}"', columns_by_name(self._model, self._model.sheets[sheet])
        if column not in allowed:
            known_columns = ", ".join(allowed)
            raise _MappingError(
                location, f"没有这一列；可用：{known_columns}", f"unknown column; available: {known_columns}"
            )
        return location


def _require_known_keys(entry: Mapping[str, Any], allowed: set[str], location: str) -> None:
    for name in entry:
        if name not in allowed:
            listed_keys = "、".join(sorted(allowed))
            raise _MappingError(
                f"{location}.{name}".lstrip("."),
                f"没有这一项；可用：{listed_keys}",
                f"unknown key; available: {listed_keys}",
            )


def _require_table(entry: object, location: str) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise _MappingError(location, "应为表（键 = 值）", "must be a table (key = value)")
    return entry


def _require_text(entry: object, location: str) -> str:
    if not isinstance(entry, str):
        raise _MappingError(location, "应为文字", "must be text")
    return entry


def _require_texts(entry: object, location: str) -> tuple[str, ...]:
    """Return one text or several as a tuple."""
    if isinstance(entry, str):
        return (entry,)
    if not isinstance(entry, list) or not all(isinstance(text, str) for text in entry):
        raise _MappingError(location, "应为文字或文字的列表", "must be text or a list of texts")
    return tuple(entry)


def _require_area_code(entry: object, location: str) -> str:
    text = _require_text(entry, location)
    if not (text.isascii() and text.isdigit()):
        raise _MappingError(location, "应为区划代码，如 513431", "must be an area code, such as 513431")
    return text


def mapping_template(model: Model) -> str:
    """Return the default mapping as a file to edit."""
    lines = [
        "# 映射文件：左边是系统的列，右边是登记表里的表头（可写多个）。只保留要改的行即可。",
        "# Mapping file: columns of the system on the left, headers of the register on the right (several are allowed). Keep only the lines that you change.",
    ]
    for sheet in model.sheets.values():
        lines.append(f'\n[sheets."{sheet.name}"]')
        lines.append(f"names = {_toml_list((sheet.name, *sheet.aliases))}")
        lines.extend(f'columns."{name}" = {_toml_list(c.headers)}' for name, c in columns_by_name(model, sheet).items())
    return "\n".join(lines) + "\n"


def _toml_list(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"
