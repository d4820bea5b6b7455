"""Confidential values: they are sealed when written to the store and unsealed when read."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.metamodel import PropertyKind
from graph_service.domain.model import MODEL
from graph_service.errors import SettingInvalid, StoreOutdated
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.codec import NUMBER_LENGTH, SEALED_PREFIX, Codec, load_codec, number_bits
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import REGISTER, emptied
from tests.county import H1, SHEETS, Sheets, workbook
from tests.languages import assert_own_language
from tests.numbers import NUMBER_KEY, derived_number

KEY = bytes(range(64))
DOCUMENT = "PersonYear.id_document"


@given(st.text())
def test_what_is_sealed_opens_as_it_was(value: str) -> None:
    codec = Codec(KEY)
    stored = codec.seal(DOCUMENT, value)
    assert stored is not None
    assert stored.startswith(SEALED_PREFIX)
    assert stored == Codec(KEY).seal(DOCUMENT, value), "the same file must change nothing"
    assert codec.unseal(DOCUMENT, stored) == value
    assert codec.unseal("HouseholdYear.phone", stored) is None
    assert Codec(KEY[::-1]).unseal(DOCUMENT, stored) is None
    assert Codec().unseal(DOCUMENT, stored) is None
    # Values stored before there was a key stay readable.
    assert codec.unseal(DOCUMENT, "519900197001010011") == "519900197001010011"


def test_nothing_but_text_is_confidential() -> None:
    of_labels = [p for label in MODEL.labels.values() for p in label.properties]
    declared = [
        p for p in (*of_labels, *(p for r in MODEL.relationships.values() for p in r.properties)) if p.is_sealed
    ]
    assert {p.name for p in declared} >= {"id_document", "phone"}
    assert {p.kind for p in declared} == {PropertyKind.TEXT}


@pytest.mark.parametrize("text", ["", "short", "ümlaut", base64.b64encode(KEY[:32]).decode()])
def test_a_key_file_that_is_not_right_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    for refused in (path, tmp_path / "nowhere"):
        with pytest.raises(SettingInvalid) as error:
            load_codec(refused)
        assert_own_language(error.value)


@pytest.fixture
def sealed(empty: Store, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Return a function that opens a store on the same engine with a new key."""
    path = tmp_path / "key"
    path.write_text(base64.encodebytes(secrets.token_bytes(64)).decode(), encoding="ascii")
    codec = load_codec(path)
    yield lambda: Store(empty._engine, codec)
    empty.write(lambda tx: tx.run("MATCH (w:Writer) REMOVE w.seal", {}))


def test_the_store_never_sees_them(sealed: Callable[[], Store], empty: Store) -> None:
    store = sealed()
    assert import_files(store, [REGISTER]).sequence == 1
    assert import_files(store, [REGISTER]).changed == 0
    stored = store.query_text("MATCH (p:PersonYear) WHERE p.id_document IS NOT NULL RETURN p.id_document", {})
    assert len(stored) > 2_000
    assert all(value.startswith(SEALED_PREFIX) for [value] in stored)
    document = '{ coverageGaps(area: {code: "513431"}, duties: [HELPER], first: 50) { nodes { subject { ... on Household { members { nodes { current { full(purpose: "核对") { idDocument } } } } } } } } }'
    answer = local_api(store).execute(GraphQLRequest(document), permissions=permissions_in(("",))).body()
    numbers = [
        m["current"]["full"]["idDocument"]
        for n in answer["data"]["coverageGaps"]["nodes"]
        for m in n["subject"]["members"]["nodes"]
    ]
    assert any(number and number.startswith("519900") for number in numbers)
    # Another key, or none, is refused before it could write text sealed in another way.
    for codec in (Codec(KEY), Codec()):
        with pytest.raises(SettingInvalid):
            Store(empty._engine, codec).prepare()


def test_a_derived_number_tells_nothing_of_its_values(empty: Store, tmp_path: Path) -> None:
    bills: Sheets = {"医疗费用": [["人口编号", "就诊日期", "总费用（元）"], [f"{H1}01", "2016-05-01", 1200]]}
    path = workbook(SHEETS | bills, tmp_path / "bills.xlsx")
    numbers = []
    try:
        for key in (NUMBER_KEY, NUMBER_KEY[::-1], NUMBER_KEY):
            store = emptied(_with_number_key(empty, key))
            import_files(store, [path])
            assert import_files(store, [path], purpose="again").changed == 0
            numbers.append(store.query_text("MATCH (c:MedicalCost) RETURN c.cost_no", {}))
    finally:
        _with_number_key(empty, NUMBER_KEY)
    assert len(numbers[0]) == 1
    assert numbers[0] == numbers[2] != numbers[1]


def test_numbers_without_a_key_are_not_mixed_with_others(empty: Store, tmp_path: Path) -> None:
    import_files(empty, [workbook(SHEETS, tmp_path / "register.xlsx")])
    try:
        _with_number_key(empty, None)
        with pytest.raises(StoreOutdated):
            Store(empty._engine).prepare()
    finally:
        _with_number_key(empty, NUMBER_KEY)
    with pytest.raises(ValueError, match="not known"):
        Codec().derive_number("513431")


def _with_number_key(store: Store, key: str | None) -> Store:
    """Return the store with another key of derived numbers."""
    store.write(lambda tx: tx.run("MATCH (w:Writer) SET w.number_key = $key", {"key": key}))
    return store


@given(st.integers())
def test_a_derived_number_looks_like_no_number_of_a_person(value: int) -> None:
    number = derived_number("513431", value)
    assert (len(number), number.isalpha()) == (NUMBER_LENGTH, True)
    assert 0 <= number_bits(number) < 2**64
