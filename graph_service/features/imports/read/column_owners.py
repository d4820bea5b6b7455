"""Owners of columns whose header alone does not tell them: a telephone in a table of households and their helpers."""

from __future__ import annotations

import re
from collections.abc import Iterable

COLUMN_UNCLEAR = "COLUMN_UNCLEAR"
_CADRE = re.compile(
    "帮扶责任人|帮扶干部|帮扶人|帮扶联系人|结对干部|责任人|干部姓名|包[户保]干部|联系干部|第一书记|^干部|工作队"
)
_HOUSEHOLD = re.compile("户主|贫困户|帮扶对象|农户|户编号|家庭")
_UNRELATED = re.compile(
    "监护人|担保人|经办人?|法人|申请人|代[理办]人|领款人|预计|计划|预算|目标|上年|去年|下年|明年|实际支出|支出情况?"
)
"""Words above a column that give it another meaning than its header alone."""
_TELEPHONE = re.compile("电话|手机|联系方式")
_FOREIGN_OWNERS = {
    "HouseholdYear": _CADRE,
    "PersonYear": _CADRE,
    "Household": _CADRE,
    "Person": _CADRE,
    "Cadre": _HOUSEHOLD,
}
"""Names of other owners that may stand in the same table, by the owner of a column."""


def is_foreign_column(column: str, upper_text: str) -> bool:
    """Return True where the text above a header names another owner than this column has: 联系电话 below 帮扶责任人 is not a household's."""
    foreign_pattern = _FOREIGN_OWNERS.get(column.partition(".")[0])
    return bool(upper_text) and bool(
        _UNRELATED.search(upper_text) or (foreign_pattern is not None and foreign_pattern.search(upper_text))
    )


def is_unclear_phone(column: str, header: str, other_headers: Iterable[str]) -> bool:
    """Return True where a bare telephone may belong to somebody else named in the table, because no other header is
    a telephone of that person."""
    foreign_pattern = _FOREIGN_OWNERS.get(column.partition(".")[0])
    if not column.endswith(".phone") or foreign_pattern is None or not _TELEPHONE.search(header):
        return False
    remaining_headers = [text for text in other_headers if text != header]
    return any(map(foreign_pattern.search, remaining_headers)) and not any(map(_TELEPHONE.search, remaining_headers))
