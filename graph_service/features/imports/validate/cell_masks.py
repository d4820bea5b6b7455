"""Masks of the cells of one table, as its report shows them: whoever asks, no value is shown that is read for a purpose only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from graph_service.access.masking import mask_text
from graph_service.core.cells.cell_keys import parse_key
from graph_service.core.cells.cell_texts import CellRefused
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.domain.personal_numbers import MASK
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.mapping_rules import HEADER_FIELD
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import normalize_header, sheet_columns
from graph_service.features.imports.read.row_classification import plain_text
from graph_service.platform.readers.cells import Cell
from graph_service.platform.readers.text_records import QUOTE, SEPARATORS

MAX_SHOWN_CHARACTERS = 200
"""Characters of a cell that are reported."""
UNSPLIT_ROW_CODES = frozenset({"CSV_QUOTE", "ROW_WIDTH"})
"""Codes of rows that are not split into cells: the first cell has the whole row."""
_STRICTNESS = list(DataClassification)
_SEPARATOR = re.compile(f"[{SEPARATORS}]")


class CellMasks:
    """Masks of one table. `header_texts`: headers by column."""

    def __init__(self, matched: MatchedTable, header_texts: Mapping[str, str]) -> None:
        columns = sheet_columns(matched.sheet.name)
        self._classes: dict[str, DataClassification] = {}
        for name, header in header_texts.items():
            self._add(header, columns[name].property.classification)
            if normalize_header(header) in _confidential_headers():
                self._add(header, DataClassification.CONFIDENTIAL)
        self._composed_headers = _composed_of_confidential_cells(matched)
        self._headers = matched.header
        self._key_position = matched.positions.get(matched.sheet.key[0], 0)

    def _add(self, header: str, class_: DataClassification) -> None:
        previous_class = self._classes.get(header, DataClassification.PUBLIC)
        self._classes[header] = max(previous_class, class_, key=_STRICTNESS.index)

    def mask_cell(self, header: str, text: str) -> str:
        """Return the text of a cell, masked where the model classes a column under its header so; in every other cell, and in what is said
        of a row as a whole, the numbers of people."""
        # What is cut off is not shown, and a number across the cut is masked before.
        text = text[: 4 * MAX_SHOWN_CHARACTERS]
        masked = mask_text(self._classes.get(header, DataClassification.INTERNAL), text)
        if header in self._composed_headers and masked == text != "":
            masked = MASK * 4
        return masked[:MAX_SHOWN_CHARACTERS]

    def mask_key(self, text: str) -> str:
        """Return the number of a record, as `mask_cell` does."""
        return self.mask_cell(self._header_at(self._key_position), text)

    def mask_first_cell(self, text: str, fault: str) -> str:
        """Return what tells a row that could not be read: its first cell. Of a row that is not split it is what stands before the first
        separator, where that has the form of a number."""
        if fault in UNSPLIT_ROW_CODES:
            try:
                text = parse_key(_SEPARATOR.split(text)[0].strip(QUOTE), strict=True) or ""
            except CellRefused:
                return MASK * 4
        return self.mask_cell(self._header_at(0), text)

    def mask_row_text(self, cells: Sequence[Cell], text: str) -> str:
        """Return the text that tells why a row is no record, masked as the first cell that has it."""
        position = next((index for index, cell in enumerate(cells) if plain_text(cell) == text), len(cells))
        return self.mask_cell(self._header_at(position), text)

    def _header_at(self, position: int) -> str:
        return self._headers[position] if position < len(self._headers) else ""


@cache
def _confidential_headers() -> frozenset[str]:
    """Return the headers under which some sheet has ID documents or telephones: a mapping may use such a column for a number."""
    columns = (column for name in MODEL.sheets for column in sheet_columns(name).values())
    return frozenset(
        normalize_header(text)
        for column in columns
        if column.property.classification is DataClassification.CONFIDENTIAL
        for text in column.headers
    )


def _composed_of_confidential_cells(matched: MatchedTable) -> frozenset[str]:
    """Return the headers of the columns whose texts a mapping composes of such cells and others."""
    if not isinstance(matched.table, MappedTable):
        return frozenset()
    return frozenset(
        header
        for header, rule in matched.table.computed_columns
        if _confidential_headers()
        & {normalize_header(text) for text in (*rule.headers, *HEADER_FIELD.findall(rule.format))}
    )
