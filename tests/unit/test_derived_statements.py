"""What is derived from the model for three labels, word for word: a golden text, to be read when it changes."""

from __future__ import annotations

import pytest

from graph_service.domain.derived_statements import derived_statements
from graph_service.domain.model import MODEL
from tests import DATA


@pytest.mark.parametrize("label", ["Household", "HouseholdYear", "Cadre"])
def test_the_upserts_of_a_label_are_as_reviewed(label: str) -> None:
    reviewed = (DATA / "derived" / f"{label}.cypher").read_text(encoding="utf-8")
    assert derived_statements(MODEL)[label] == reviewed, "read the change; then graph-service cypher LABEL > the file"
