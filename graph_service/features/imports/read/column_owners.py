"""Whose a column is, where its header alone does not say: a telephone in a table of households and their helpers."""

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
"""Words above a column that say that it is not what its header alone says."""
_TELEPHONE = re.compile("电话|手机|联系方式")
_FOREIGN_OWNERS = {
    "HouseholdYear": _CADRE,
    "PersonYear": _CADRE,
    "Household": _CADRE,
    "Person": _CADRE,
    "Cadre": _HOUSEHOLD,
}
"""For the owner of a column, what others are called that may stand in the same table."""


def is_foreign_column(column: str, upper_text: str) -> bool:
    """Whether the text above a header says that the column is not of the owner of this one: 联系电话 below 帮扶责任人 is no household's."""
    strangers = _FOREIGN_OWNERS.get(column.partition(".")[0])
    return bool(upper_text) and bool(
        _UNRELATED.search(upper_text) or (strangers is not None and strangers.search(upper_text))
    )


def is_unclear_phone(column: str, header: str, other_headers: Iterable[str]) -> bool:
    """Whether a bare telephone may be of somebody else whom the table names, because no other header has a telephone of his."""
    strangers = _FOREIGN_OWNERS.get(column.partition(".")[0])
    if not column.endswith(".phone") or strangers is None or not _TELEPHONE.search(header):
        return False
    rest = [text for text in other_headers if text != header]
    return any(map(strangers.search, rest)) and not any(map(_TELEPHONE.search, rest))
