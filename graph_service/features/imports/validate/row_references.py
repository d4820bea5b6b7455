"""References of the rows of a sheet: the labels that a key may belong to, and whether the key exists."""

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
"""Known keys by the labels that they may be of: key → its label."""


class RowReferences:
    """The references of a sheet's rows. `headers`: headers of its columns in the file."""

    def __init__(
        self, sheet: Sheet, plans: Sequence[WritePlan], headers: Mapping[str, str], keys: KeyIndex, store: Store
    ) -> None:
        self._headers, self._keys, self._store = headers, keys, store
        references = [reference for plan in plans if plan.write.when is None for reference in plan.references]
        # A column that one reference requires is required, though another reference allows a blank.
        self._unconditional = list(
            {
                reference.column: reference
                for reference in sorted(references, key=lambda reference: not reference.is_optional)
            }.values()
        )
        self._conditional = [plan for plan in plans if plan.write.when is not None and plan.references]
        self._conditions = [write.when for write in sheet.writes if write.when]

    def references_of_row(self, parsed: ParsedRow) -> Iterator[Reference]:
        """Yield the references of a row."""
        yield from self._unconditional
        for plan in self._conditional:
            # The relationship that a row makes, and so its references, are known only now.
            if applies(plan.write, parsed.values):
                yield from plan.references

    def referenced_values(self, rows: Sequence[RecordRow]) -> dict[tuple[str, ...], set[str]]:
        """Return the keys that rows refer to, by the labels that they may be of."""
        values_by_labels: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in rows:
            for column, labels, _ in self.references_of_row(row.parsed):
                if value := row.parsed.values.get(column):
                    values_by_labels[labels].add(value)
        return values_by_labels

    def find_known(self, labels: tuple[str, ...], values: set[str]) -> dict[str, str]:
        """Return the label of each key that this delivery has brought or that is recorded already."""
        label_by_key: dict[str, str] = {}
        for name in labels:
            label = MODEL.labels[name]
            missing = values - label_by_key.keys()
            delivered = self._keys.find_known(label.name, missing)
            label_by_key.update(dict.fromkeys(delivered, name))
            if remaining := sorted(missing - delivered):
                [[stored]] = self._store.query_text(existing_keys_statement(label), {"keys": remaining})
                label_by_key.update(dict.fromkeys(stored, name))
        return label_by_key

    def check(self, parsed: ParsedRow, known_keys: KnownKeys, missing_columns: Collection[str]) -> None:
        """Refuse a row that refers to an unknown key, or whose kind is none of the sheet's. `missing_columns`: columns that the
        file lacks."""
        values = parsed.values
        for column, labels, is_optional in self.references_of_row(parsed):
            value = values.get(column)
            if value is None and not is_optional:
                code = COLUMN_MISSING if column in missing_columns else "REFERENCE_MISSING"
                parsed.refuse(code, self._headers[column])
            elif value is not None and value not in known_keys.get(labels, {}):
                code = "KEY_SHAPE" if is_list(str(value)) and not is_name(str(value)) else "REFERENCE_UNKNOWN"
                parsed.refuse(code, self._headers[column], str(value))
        conditions = self._conditions
        has_fixed_kinds = conditions and not any(texts[0].startswith("!") for _, texts in conditions)
        if has_fixed_kinds and all((values.get(column) or "") not in texts for column, texts in conditions):
            column = conditions[0][0]
            parsed.refuse("KIND_UNKNOWN", self._headers[column], str(values.get(column) or ""))
