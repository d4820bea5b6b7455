"""What the rows of a sheet refer to: which labels must know it, and whether one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from graph_service.core.cells.cell_texts import is_list, is_name
from graph_service.core.cells.row_parsing import ParsedRow, applies
from graph_service.domain.metamodel import Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.upserts import existing_keys_statement
from graph_service.features.imports.read.missing_columns import COLUMN_MISSING
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_reading import RecordRow
from graph_service.features.imports.validate.write_plans import Reference, WritePlan
from graph_service.platform.store.graph import Store

KnownKeys = dict[tuple[str, ...], dict[str, str]]
"""By the labels that a key may be of: key → the label that knows it."""


class RowReferences:
    """The references of a sheet's rows. `headers`: what the file calls its columns."""

    def __init__(
        self, sheet: Sheet, plans: Sequence[WritePlan], headers: Mapping[str, str], keys: KeyIndex, store: Store
    ) -> None:
        self._headers, self._keys, self._store = headers, keys, store
        always = [one for plan in plans if plan.write.when is None for one in plan.references]
        # A column that must not be blank somewhere must not be blank.
        self._unconditional = list({one[0]: one for one in sorted(always, key=lambda one: not one[2])}.values())
        self._conditional = [plan for plan in plans if plan.write.when is not None and plan.references]
        self._conditions = [write.when for write in sheet.writes if write.when]

    def references_of_row(self, parsed: ParsedRow) -> Iterator[Reference]:
        """Yield what a row refers to."""
        yield from self._unconditional
        for plan in self._conditional:
            # Which relationship a row makes, and so what it refers to, is known only now.
            if applies(plan.write, parsed.values):
                yield from plan.references

    def referenced_values(self, rows: Sequence[RecordRow]) -> dict[tuple[str, ...], set[str]]:
        """What rows refer to, by the labels of which one must know it."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in rows:
            for column, labels, _ in self.references_of_row(row.parsed):
                if value := row.parsed.values.get(column):
                    found[labels].add(value)
        return found

    def find_known(self, labels: tuple[str, ...], values: set[str]) -> dict[str, str]:
        """Key → the label that knows it: brought by this delivery, or there already."""
        found: dict[str, str] = {}
        for name in labels:
            label = MODEL.labels[name]
            missing = values - found.keys()
            here = self._keys.find_known(label.name, missing)
            found.update(dict.fromkeys(here, name))
            if rest := sorted(missing - here):
                [[there]] = self._store.query_text(existing_keys_statement(label), {"keys": rest})
                found.update(dict.fromkeys(there, name))
        return found

    def check(self, parsed: ParsedRow, known_keys: KnownKeys, missing_columns: Collection[str]) -> None:
        """Refuse a row that refers to what nobody knows, or whose kind is none of the sheet's. `missing_columns`: columns that the file lacks."""
        values = parsed.values
        for column, labels, optional in self.references_of_row(parsed):
            value = values.get(column)
            if value is None and not optional:
                code = COLUMN_MISSING if column in missing_columns else "REFERENCE_MISSING"
                parsed.refuse(code, self._headers[column])
            elif value is not None and value not in known_keys.get(labels, {}):
                code = "KEY_SHAPE" if is_list(str(value)) and not is_name(str(value)) else "REFERENCE_UNKNOWN"
                parsed.refuse(code, self._headers[column], str(value))
        conditions = self._conditions
        closed = conditions and not any(texts[0].startswith("!") for _, texts in conditions)
        if closed and all((values.get(column) or "") not in texts for column, texts in conditions):
            column = conditions[0][0]
            parsed.refuse("KIND_UNKNOWN", self._headers[column], str(values.get(column) or ""))
