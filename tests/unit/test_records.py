"""Records with named fields: what the statements take, what they return, what identifies a record."""

from __future__ import annotations

import pytest

from graph_service.core.recording.changes import node_row, relationship_row
from graph_service.core.recording.record_versions import record_key, record_version, upsert_statements
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.domain.model import MODEL
from graph_service.domain.records import NodeKey, NodeRecord, RelationshipKey, RelationshipRecord, Target, keep_stored

PAID = Target("PAID", "Distribution", "Household")
PAYMENT = relationship_row(PAID, "FH1", "H1", since=20160105, amount=12000, voucher="V1").record


def test_a_payment_travels_with_the_names_of_the_model() -> None:
    assert PAYMENT.to_parameters() == {
        "start": "FH1", "end": "H1", "since": 20160105, "until": LAST_DAY, "amount": 12000, "voucher": "V1",
    }  # fmt: skip
    row = record_version(PAID, PAYMENT, "dividends.xlsx!1!2").to_parameters(PAID, replaced_sequence=7)
    assert row == {**PAYMENT.to_parameters(), "source": "dividends.xlsx!1!2", "replaced": 7}


def test_a_payment_is_identified_by_payee_and_voucher() -> None:
    key = record_key(PAID, PAYMENT)
    assert key == RelationshipKey(None, "H1", None, (("voucher", "V1"),))
    assert key.to_parameters() == {"start": None, "end": "H1", "since": None, "voucher": "V1"}


def test_a_card_is_identified_by_household_and_year() -> None:
    card = NodeRecord("H1", {"head_name": "某某", "size": None}, 2016)
    assert record_key(Target("HouseholdYear"), card) == NodeKey("H1", 2016)
    assert NodeKey("H1", 2016).to_parameters() == {"key": "H1", "year": 2016}
    assert NodeKey("H1").to_parameters() == "H1"
    assert card.to_parameters() == {"key": "H1", "year": 2016, "head_name": "某某"}


def test_the_row_of_a_name_has_its_pinyin() -> None:
    cadre = node_row("Cadre", "GB1", name="单雄信")
    row = upsert_statements(cadre.target).to_parameters(cadre.record, "cadres.xlsx!1!2")
    assert (row["name"], row["name_pinyin"], row["name_initials"]) == ("单雄信", "shanxiongxin", "sxx")


def test_what_a_look_up_returns_is_the_record_that_was_written() -> None:
    statements = upsert_statements(PAID)
    row = {
        "recorded": 3,
        "start": "FH1",
        "end": "H1",
        "since": 20160105,
        "until": LAST_DAY,
        "values": [12000, "V1", None],
    }
    assert statements.names == ("amount", "voucher", "corrects")
    assert statements.stored_version(row) == (3, PAYMENT)
    card = {"recorded": 3, "key": "H1", "year": 2016}
    assert upsert_statements(Target("HouseholdYear")).stored_version(card) == (3, NodeRecord("H1", {}, 2016))


def test_values_that_a_file_lacks_stay_as_they_are_recorded() -> None:
    stored = RelationshipRecord("GB1", "V1", 20150101, 20161231, {"duty": "LEADER", "duty_text": None})
    delivered = RelationshipRecord("GB1", "V1", 20150101, LAST_DAY, {"duty": None, "duty_text": None})
    assert keep_stored(delivered, stored, {"until", "duty"}) == stored
    assert keep_stored(delivered, stored, {"until"}).values == delivered.values


def test_a_value_that_the_model_does_not_have_is_refused() -> None:
    assert relationship_row(Target("FOUND", "Inspection", "Problem"), "DC1", "WT1").record == RelationshipRecord(
        "DC1", "WT1", FIRST_DAY, LAST_DAY, {}
    )
    with pytest.raises(ValueError, match="amuont"):
        relationship_row(PAID, "FH1", "H1", amuont=1)


@pytest.mark.parametrize("name", [label.name for label in MODEL.labels.values() if label.name != "Import"])
def test_no_property_of_a_label_has_the_name_of_a_field_of_its_rows(name: str) -> None:
    label = MODEL.labels[name]
    fields = {"key", "source", "replaced"} | ({"year"} if label.owner else set())
    assert fields.isdisjoint(label.stored_names())


@pytest.mark.parametrize("type_", MODEL.relationships)
def test_no_property_of_a_relationship_has_the_name_of_a_field_of_its_rows(type_: str) -> None:
    fields = {"start", "end", "since", "until", "source", "replaced"}
    assert fields.isdisjoint(MODEL.relationships[type_].stored_names())


@pytest.mark.parametrize("name", MODEL.labels)
def test_statements_of_a_label_have_no_positions(name: str) -> None:
    statements = upsert_statements(Target(name))
    assert not any(
        f"{source}[" in text
        for text in (statements.lookup, statements.create, statements.supersede)
        for source in ("row", "key")
    )
