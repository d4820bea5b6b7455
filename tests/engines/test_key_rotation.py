"""Rotation of keys on both engines: every value is sealed anew, and nothing is answered wrongly before, meanwhile or after."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import newest_version
from graph_service.core.recording import key_rotation
from graph_service.core.recording.key_rotation import (
    UNREADABLE,
    SealingState,
    count_sealings,
    rotate_keys,
    sealing_state,
)
from graph_service.core.recording.writer_lock import hold_writer_lock
from graph_service.domain.metamodel import LabelStorage
from graph_service.domain.model import MODEL
from graph_service.domain.sealed_values import sealed_columns
from graph_service.errors import ImportRunning, RotationNeeded, SettingInvalid
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.codec import PLAIN, Codec
from graph_service.platform.store import graph
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, H1, H2, SECOND, Sheets, workbook

FORMER, CURRENT, LOST = (secrets.token_bytes(64) for _ in range(3))
SHARED, CORRECTED, OWN = "519900197001010011", "519900197001010038", "51990019700101002X"
PHONE, COMMON_PHONE = "10012345678", "10087654321"
MEMBERS: list[list[object]] = [["人口编号", "户编号", "姓名", "与户主关系", "性别", "证件号码", "年度"], *(
    [f"{H1}01", H1, "甲某", "户主", "男", SHARED, 2016], [f"{H2}01", H2, "乙某", "户主", "男", SHARED, 2016],
    [f"{H2}02", H2, "乙小", "子", "男", OWN, 2016],
)]  # fmt: skip
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016], [SECOND, "二村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "联系电话", "年度"], [H1, FIRST, "甲某", COMMON_PHONE, 2016], [H2, SECOND, "乙某", COMMON_PHONE, 2016]],
    "家庭成员": MEMBERS,
    "帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"]],
    "帮扶干部": [["干部编号", "姓名", "联系电话", "单位编号"], ["GB1", "庚某", PHONE, "BM1"]],
    "外部名单": [["名单", "证件号码", "内容", "区划代码"], ["车辆登记", OWN, "小轿车", "513431"], ["车辆登记", OWN, "货车", "513431"]],
}  # fmt: skip
TOTALS = {
    "HouseholdYear.phone": 2,
    "PersonYear.id_document": 3,
    "PersonYear.identity": 3,
    "Cadre.phone": 1,
    "OutsideRecord.identity": 2,
}
OpenStore = Callable[..., Store]


@pytest.fixture
def opened(empty: Store) -> Iterator[OpenStore]:
    """Yield a function that opens the emptied engine with keys, as another process would."""
    yield lambda *keys: Store(empty._engine, Codec(*keys))
    empty.write(
        lambda tx: tx.run("MATCH (w:Writer) REMOVE w.seal, w.seal_next, w.seal_reached, w.rotations RETURN w.name", {})
    )


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return workbook(SHEETS, tmp_path / "register.xlsx")


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """Return the register with another document of the first member."""
    rows = [[CORRECTED if cell == SHARED and row[1] == H1 else cell for cell in row] for row in MEMBERS]
    return workbook({"家庭成员": rows}, tmp_path / "corrected.xlsx")


def search(store: Store, where: str) -> list[str]:
    """Return the numbers of the persons and cadres that filters find by sealed values."""
    document = f'{{ persons(purpose: "核对", where: {{current: {{{where}}}}}) {{ nodes {{ personNo }} }} }}'
    return sorted(node["personNo"] for node in persons(store, document))


def persons(store: Store, document: str) -> list[dict[str, Any]]:
    """Return the nodes of `persons`."""
    body = local_api(store).execute(GraphQLRequest(document, None, {})).body()
    assert "errors" not in body, body
    nodes: list[dict[str, Any]] = body["data"]["persons"]["nodes"]
    return nodes


def findings(store: Store) -> list[list[str]]:
    """Return the findings that follow from comparing sealed values, and which answers compare them now."""
    scope = {"low": "51", "high": "52", "asOf": 20161231, "seq": 10, "year": 2016}
    codes = ["DOCUMENT_DUPLICATE", "PHONE_SHARED", "OUTSIDE_VEHICLE"]
    names = ("checks/documents", "checks/phones", "checks/outside")
    return [row[:3] for name in names for row in store.query(name, codes=codes, **scope)]


def sealed_with(store: Store, *expected: bytes) -> bool:
    """Tell whether all values are sealed with these keys and no other."""
    used = set().union(*count_sealings(store).values())
    return used == set(Codec(*expected).fingerprints)


def interrupted_rotation(store: Store) -> None:
    """Run a rotation that ends after the first batch of documents."""

    def interrupt(title: str, _nodes: int) -> None:
        if title == "PersonYear.identity":
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        rotate_keys(store, interrupt)


def test_a_rotation_seals_plain_values_that_were_stored_before_there_was_a_key(
    opened: OpenStore, register: Path
) -> None:
    assert import_files(opened(), [register]).sequence == 1
    expected, store = findings(opened()), opened(CURRENT)
    assert len(expected) == 5
    store.prepare()
    assert search(store, f'idDocument: {{eq: "{OWN}"}}') == [f"{H2}02"]
    assert findings(store) == expected
    with pytest.raises(RotationNeeded):
        import_files(store, [register])
    assert rotate_keys(store).resealed == TOTALS
    assert sealed_with(store, CURRENT)
    assert findings(store) == expected
    assert import_files(store, [register]).changed == 0
    with pytest.raises(SettingInvalid):
        newest_version(opened())


def test_a_former_key_goes_on_until_the_rotation_and_nothing_changes_by_it(opened: OpenStore, register: Path) -> None:
    assert import_files(opened(FORMER), [register]).sequence == 1
    store = opened(CURRENT, FORMER)
    expected = findings(store)
    assert import_files(store, [register]).changed == 0
    assert sealed_with(store, FORMER)
    for keys in ((CURRENT, FORMER), (CURRENT,)):
        assert rotate_keys(opened(*keys)).resealed == (TOTALS if FORMER in keys else {})
        store = opened(*keys)
        assert sealed_with(store, CURRENT)
        assert import_files(store, [register]).changed == 0
        assert findings(store) == expected
        assert search(store, f'identity: {{in: ["{OWN}"]}}') == [f"{H2}02"]


def error_after_rotation(opened: OpenStore, register: Path) -> dict[str, Any]:
    """Return the error with which a service that lacks the new key answers a question for sealed values, all of which are shown masked."""
    import_files(opened(FORMER), [register])
    store = opened(FORMER)
    store.prepare()
    service = local_api(store)
    rotate_keys(opened(CURRENT, FORMER))
    answer = service.execute(GraphQLRequest("{ persons { nodes { current { idDocument } } } }", None, {}))
    assert answer.data == {"persons": None}
    [error] = answer.errors
    assert error["extensions"]["code"] == "SETTING_INVALID"
    return error


def test_a_service_that_lacks_the_key_of_the_store_answers_nothing(
    opened: OpenStore, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "RECENT_SECONDS", 0.0)
    error = error_after_rotation(opened, register)
    fingerprint = Codec(CURRENT).current_fingerprint
    assert f"已改用密钥 {fingerprint} 封存" in error["message"]
    assert "restart the service" in error["message"]


def test_a_value_that_no_key_opens_is_not_answered_as_lacking(
    opened: OpenStore, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "RECENT_SECONDS", 3600.0)
    error = error_after_rotation(opened, register)
    assert "所查数据中有号码用密钥文件中没有的密钥封存" in error["message"]
    assert "a value that was asked for is sealed with a key that the file lacks" in error["message"]


@pytest.mark.parametrize(
    ("keys", "zh", "en"),
    [
        ((), "未设置密钥文件，而数据已用密钥 {} 封存", "it is not set, but the data are sealed with the key {}"),
        ((LOST,), "密钥文件中没有密钥 {}", "the file lacks the key {}"),
    ],
    ids=["no file", "another key"],
)
def test_a_start_without_the_key_of_the_store_says_what_is_lacking(
    opened: OpenStore, register: Path, keys: tuple[bytes, ...], zh: str, en: str
) -> None:
    import_files(opened(FORMER), [register])
    with pytest.raises(SettingInvalid) as error:
        opened(*keys).prepare()
    fingerprint = Codec(FORMER).current_fingerprint
    assert zh.format(fingerprint) in error.value.message_zh
    assert en.format(fingerprint) in error.value.message_en
    assert "启动后" not in error.value.message_zh


def test_an_interrupted_rotation_answers_nothing_wrongly_and_is_continued(
    opened: OpenStore, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "PAGE_SIZE", 1)
    import_files(opened(FORMER), [register])
    store = opened(CURRENT, FORMER)
    expected = findings(store)
    interrupted_rotation(store)
    assert sealed_with(store, CURRENT, FORMER)
    assert search(store, f'identity: {{eq: "{SHARED}"}}') == [f"{H1}01", f"{H2}01"]
    for refused in (lambda: findings(store), lambda: import_files(store, [register])):
        with pytest.raises(RotationNeeded):
            refused()
    resealed = rotate_keys(store).resealed
    assert resealed == {"PersonYear.identity": 2, "Cadre.phone": 1, "OutsideRecord.identity": 2}
    assert sealed_with(store, CURRENT)
    assert findings(store) == expected


def test_all_recorded_versions_are_sealed_anew(opened: OpenStore, register: Path, corrected: Path) -> None:
    import_files(opened(FORMER), [register])
    assert import_files(opened(FORMER), [corrected]).sequence == 2
    store = opened(CURRENT, FORMER)
    assert rotate_keys(store).resealed["PersonYear.identity"] == 4
    store = opened(CURRENT)
    document = f'{{ persons(where: {{personNo: {{eq: "{H1}01"}}}}, asKnownAt: %d) {{ nodes {{ current {{ full(purpose: "核对") {{ idDocument }} }} }} }} }}'
    documents = [persons(store, document % version)[0]["current"]["full"]["idDocument"] for version in (1, 2)]
    assert documents == [SHARED, CORRECTED]


def test_a_value_that_no_key_opens_leaves_the_rotation_incomplete(opened: OpenStore, register: Path) -> None:
    import_files(opened(FORMER), [register])
    foreign = Codec(LOST).seal("Cadre.phone", PHONE)
    opened().write(lambda tx: tx.run("MATCH (s:CadreState) SET s.phone = $foreign", {"foreign": foreign}))
    store = opened(CURRENT, FORMER)
    result = rotate_keys(store)
    assert result.unreadable == {"Cadre.phone": 1}
    assert count_sealings(store)["Cadre.phone"] == {UNREADABLE: 1}
    assert not state(store).is_complete
    assert state(store) is SealingState.UNREADABLE
    with pytest.raises(RotationNeeded):
        findings(store)
    assert not rotate_keys(opened(CURRENT, FORMER, LOST)).unreadable
    assert sealed_with(store, CURRENT)


def state(store: Store) -> SealingState:
    return sealing_state(store, count_sealings(store))


def test_the_state_of_a_store_says_what_is_to_be_done(opened: OpenStore, register: Path) -> None:
    assert [state(opened(CURRENT)), state(opened())] == [SealingState.EMPTY, SealingState.NO_KEY]
    assert state(opened(CURRENT)).is_complete
    import_files(opened(), [register])
    assert [state(opened(CURRENT)), state(opened())] == [SealingState.ROTATION_NEEDED, SealingState.NO_KEY]
    assert not state(opened()).is_complete
    rotate_keys(opened(CURRENT))
    assert state(opened(CURRENT)) is SealingState.COMPLETE
    # No advice to rotate where it would be refused.
    for keys in ((), (LOST,)):
        assert state(opened(*keys)) is SealingState.KEY_LACKING
        with pytest.raises(SettingInvalid):
            rotate_keys(opened(*keys))
    assert state(opened(LOST, CURRENT)) is SealingState.ROTATION_NEEDED
    interrupted_rotation(opened(LOST, CURRENT))
    assert [state(opened(*keys)) for keys in ((LOST, CURRENT), (CURRENT,), (LOST,))] == [
        SealingState.ROTATION_NEEDED, SealingState.KEY_LACKING, SealingState.KEY_LACKING,
    ]  # fmt: skip


def test_a_rotation_waits_for_no_writer_and_needs_a_key(opened: OpenStore, register: Path) -> None:
    import_files(opened(FORMER), [register])
    store = opened(CURRENT, FORMER)
    with hold_writer_lock(store), pytest.raises(ImportRunning):
        rotate_keys(opened(CURRENT, FORMER))
    with pytest.raises(SettingInvalid):
        rotate_keys(opened())


class RotatingLog(list[str]):
    """A log of statements that rotates the keys when one is sent."""

    def __init__(self, rotate: Callable[[], object]) -> None:
        super().__init__()
        self._rotate = rotate

    def append(self, name: str) -> None:
        self._rotate()


def test_a_comparison_that_a_rotation_overtakes_is_refused(opened: OpenStore, register: Path) -> None:
    import_files(opened(FORMER), [register])
    store = opened(CURRENT, FORMER)
    store.statement_log = RotatingLog(lambda: rotate_keys(opened(CURRENT, FORMER)))
    with pytest.raises(RotationNeeded):
        findings(store)
    store.statement_log = None
    assert findings(store)


def test_an_empty_store_takes_the_key_and_keeps_it(opened: OpenStore) -> None:
    store = opened(CURRENT, FORMER)
    store.prepare()
    assert (store.sealing().key, store.codec.key_fingerprint) == (Codec(CURRENT).current_fingerprint,) * 2
    assert opened().sealing().key != PLAIN
    with pytest.raises(SettingInvalid):
        opened(FORMER).prepare()


@pytest.mark.one_engine
def test_a_rotation_reaches_every_sealed_property() -> None:
    in_relationships = [p for r in MODEL.relationships.values() for p in r.properties if p.is_sealed]
    fixed = [
        p
        for label in MODEL.labels.values()
        for p in (label.key, *label.properties)
        if p.is_sealed and (label.storage is LabelStorage.FIXED or p is label.key)
    ]
    assert not in_relationships + fixed
    assert {column.title for column in sealed_columns(MODEL)} == TOTALS.keys()
