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
from graph_service.errors import SettingInvalid
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.codec import SEALED_PREFIX, Codec, load_codec
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import REGISTER

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
    with pytest.raises(SettingInvalid):
        load_codec(path)
    with pytest.raises(SettingInvalid):
        load_codec(tmp_path / "nowhere")


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
