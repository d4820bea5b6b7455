"""Headings between the rows of a table: below one of another year, or of those who left, the rows differ from the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph_service.core.cells.cell_texts import cell_text
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.features.imports.read.row_classification import is_example, is_note, plain_text
from graph_service.features.imports.read.table_issues import STATUS_COLUMN
from graph_service.features.imports.read.titles import year_of_title
from graph_service.platform.readers.cells import Cell

BELOW_SECTION = "BELOW_SECTION"
_LEAVING_WORDS = re.compile(
    "减少|死亡|已故|亡故|销号|销户|外迁|搬走|搬迁至|移出|移交|不符合|不再|迁出|转出|注销|清退|清除|剔除|取消|终止|停[发止]|未发放|不合格|候[补选]|备选|退回|错[评录]|作废|废弃|删除|样例|示例|举例|范例"
)
"""Words in a heading for rows that do not, or no longer, belong to the table's subject."""
_STATUS_WORDS = re.compile("脱贫|返贫|退出|出列|摘帽|贫困|一般农?户|非建档|非低保")
"""Words in a heading for a status that no column states."""


class SectionHeading:
    """The heading below which the current rows of a table stand."""

    def __init__(self, matched: MatchedTable) -> None:
        self._is_different = self._has_status_words = False
        self._year = matched.year
        self._is_yearly = any(name.endswith(".year") for name in matched.sheet.key)
        self._has_year_column = any(name.endswith(".year") for name in matched.positions)
        self._has_status = STATUS_COLUMN in sheet_columns(matched.sheet.name)
        self._status_position = matched.positions.get(STATUS_COLUMN)

    def observe(self, code: str, cells: Sequence[Cell]) -> None:
        """Take note of a row that is no record, where it is a heading."""
        texts = {text for cell in cells if (text := plain_text(cell))}
        if code != "NOTE_ROW" or len(texts) != 1:
            return
        [text] = texts
        if is_example(text) or not is_note(text):
            self._is_different = (
                is_example(text) or self._is_different_year(text) or _LEAVING_WORDS.search(text) is not None
            )
            self._has_status_words = self._has_status and _STATUS_WORDS.search(text) is not None

    def changes_meaning(self, cells: Sequence[Cell]) -> bool:
        """Return True where the heading changes the meaning of a row: it names another year, those who left, or a
        status that the row itself does not state."""
        position = self._status_position
        is_blank = position is None or position >= len(cells) or cell_text(cells[position]) is None
        return self._is_different or (self._has_status_words and is_blank)

    def _is_different_year(self, text: str) -> bool:
        year = year_of_title([text])
        return self._is_yearly and not self._has_year_column and year is not None and year[0] != self._year
