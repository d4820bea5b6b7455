"""The mapping file: what a register calls its sheets and columns (TOML)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph_service.declare import Model
from graph_service.derive.sheets import columns
from graph_service.errors import MappingInvalid


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """A user's mapping file: other names of sheets, other headers of columns."""

    sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    source: str = ""


def load_mapping(path: Path, model: Model) -> HeaderMapping:
    """Read a mapping file (TOML). Raises `MappingInvalid`, naming the place.

    [sheets."结对帮扶"]
    names = ["帮扶结对表"]                        # what the sheet or the CSV file is called
    columns."HELPS.since" = ["帮扶起始日"]        # what the column is called
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        loaded: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingInvalid(
            file=path.name, where="-", reason_zh=f"读不出:{error}", reason_en=f"it cannot be read: {error}"
        ) from error
    sheets: dict[str, tuple[str, ...]] = {}
    headers: dict[str, dict[str, tuple[str, ...]]] = {}
    declared = loaded.get("sheets", {})
    if not isinstance(declared, dict) or not all(isinstance(entry, dict) for entry in declared.values()):
        raise MappingInvalid(
            file=path.name,
            where="sheets",
            reason_zh='应写成 [sheets."表名"] 的形式',
            reason_en='write it as [sheets."name of the sheet"]',
        )
    for name, entry in declared.items():
        if name not in model.sheets:
            known = "、".join(model.sheets)
            raise MappingInvalid(
                file=path.name,
                where=f'sheets."{name}"',
                reason_zh=f"没有这个表;可用:{known}",
                reason_en=f"there is no such sheet; there are: {known}",
            )
        sheets[name] = _several(entry.get("names", ()))
        allowed = columns(model, model.sheets[name])
        headers[name] = {}
        for column, texts in entry.get("columns", {}).items():
            if column not in allowed:
                known = ", ".join(allowed)
                raise MappingInvalid(
                    file=path.name,
                    where=f'sheets."{name}".columns."{column}"',
                    reason_zh=f"没有这一列;可用:{known}",
                    reason_en=f"there is no such column; there are: {known}",
                )
            headers[name][column] = _several(texts)
    return HeaderMapping(sheets, headers, text)


def _several(given: object) -> tuple[str, ...]:
    """One text or several."""
    return (
        (given,)
        if isinstance(given, str)
        else tuple(str(text) for text in given)
        if isinstance(given, list | tuple)
        else ()
    )


def template(model: Model) -> str:
    """The default mapping as a file to edit."""
    lines = [
        "# 映射文件:左边是系统的列,右边是登记表里的表头(可写多个)。只保留要改的行即可。",
        "# Mapping: on the left the system's columns, on the right the headers of the register. Keep only what you change.",
    ]
    for sheet in model.sheets.values():
        lines.append(f'\n[sheets."{sheet.name}"]')
        lines.append(f"names = {_texts((sheet.name, *sheet.aliases))}")
        lines.extend(f'columns."{name}" = {_texts(c.headers)}' for name, c in columns(model, sheet).items())
    return "\n".join(lines) + "\n"


def _texts(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"
