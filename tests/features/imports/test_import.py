"""Import: changes made by a second delivery, undo, other encodings, headers and sheet names."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.core.recording import writer_lock
from graph_service.core.recording.import_lifecycle import (
    begin,
    drop,
    publish,
    undo,
    undo_version,
)
from graph_service.core.recording.writer_lock import acquire, process_identity, record_heartbeat, release
from graph_service.core.refusals import RefusalCode, refusal_code
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.model import MODEL
from graph_service.errors import (
    ArgumentInvalid,
    ChangeConflict,
    DeliveryRefused,
    EngineBusy,
    NothingToUndo,
    VersionUnknown,
)
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests.callers import local_api, permissions_in
from tests.conftest import REGISTER
from tests.county import COOP, FARM, SHEETS, TOWN, Sheets, workbook
from tests.gaps import coverage_gaps, coverage_summary

VILLAGE = "513431100200"
TERM = 0.5
"""Seconds without a heartbeat after which a lease expires in these tests."""
HOUSEHOLD = "5134311002000001"


@pytest.fixture
def small(tmp_path: Path) -> Callable[[Sheets, str], Path]:
    """Return a function that writes a workbook of sheets, each with its header row."""

    def make(sheets: Sheets, name: str = "small.xlsx") -> Path:
        return workbook(sheets, tmp_path / name)

    return make


def register(helper_ends: date | None = None, left_on: date | None = None, cause: str = "因病") -> Sheets:
    """Return the sheets of one poor household with its helper, small enough to check everything."""
    return {
        "贫困户": [
            ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "主要致贫原因", "年度"],
            [HOUSEHOLD, VILLAGE, "某甲", "未脱贫", None, cause, 2016],
        ],
        "帮扶干部": [["干部编号", "姓名", "职务", "离岗日期"], ["GB1", "某乙", "科员", left_on]],
        "结对帮扶": [["干部编号", "户编号", "开始时间", "结束时间"], ["GB1", HOUSEHOLD, date(2015, 1, 1), helper_ends]],
        "走访记录": [["干部编号", "户编号", "走访日期"], ["GB1", HOUSEHOLD, date(2016, 6, 30)]],
    }


def told(store: Store, **viewing: object) -> list[tuple[str, str, str | None, str | None]]:
    page = coverage_gaps(store, QueryScope.resolve(store, VILLAGE, **viewing), first=500)  # type: ignore[arg-type]
    return [
        (g.duty.name, g.reason, g.cadre_no, format_day(g.holder_left or g.held_until)) for g in page.rows if g.household
    ]


def test_corrections_are_exactly_what_changes(empty: Store, small: Callable[..., Path]) -> None:
    first_report = import_files(empty, [small(register(), "a.xlsx")])
    assert (first_report.sequence, told(empty)) == (1, [])
    second_report = import_files(empty, [small(register(helper_ends=date(2016, 3, 1)), "b.xlsx")])
    assert second_report.sequence == 2
    assert {s: c for s, counts in second_report.records.items() if (c := counts.get("changed"))} == {"结对帮扶": 1}
    assert not any(counts.get("new") for counts in second_report.counts.values())
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-03-01")]
    assert told(empty, as_known_at=1) == []


def test_a_cadre_who_left_is_a_correction_too(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    report = import_files(empty, [small(register(left_on=date(2016, 5, 2)), "b.xlsx")])
    assert report.changed == 1
    assert told(empty) == [("HELPER", "HOLDER_LEFT", "GB1", "2016-05-02")]
    # On the day before, the cadre was still in office.
    assert told(empty, as_of="2016-05-01") == [("VISIT", "NO_RECENT_VISIT", None, None)]


def test_what_has_no_beginning_holds_since_always(empty: Store, small: Callable[..., Path]) -> None:
    sheets = register()
    sheets["结对帮扶"][1][2] = None
    assert import_files(empty, [small(sheets)]).remarks == []
    assert told(empty, as_of="2016-01-01") == [("VISIT", "NO_RECENT_VISIT", None, None)]
    # Before its first card the household is not recorded.
    assert told(empty, as_of="2015-12-31") == []
    assert told(empty) == []


@pytest.mark.slow
def test_rows_of_long_texts_go_in(empty: Store, tmp_path: Path) -> None:
    """Check long rows: an engine limits the bytes of a message, and a few hundred long rows reach the size of 5,000 short ones."""
    rows = "".join(f"BM{n},{'某' * 1_000}\n" for n in range(4_000))
    path = tmp_path / "帮扶部门.csv"
    path.write_text(f"部门编号,部门名称\n{rows}BM,{'某' * 1_001}\n{'B' * 201},某局\n", encoding="utf-8")
    report = import_files(empty, [path], day=20161231)
    assert empty.query_text("MATCH (s:DepartmentState) RETURN count(s), max(size(s.name))", {}) == [[4_001, 1_000]]
    # Names and numbers are indexed, and engines limit the length of indexed texts.
    issues = {(remark.row, remark.code) for remark in report.remarks}
    assert {(4_002, "NAME_TOO_LONG"), (4_003, "KEY_SHAPE")} <= issues


def test_the_same_again_changes_nothing(empty: Store, small: Callable[..., Path]) -> None:
    path = small(register())
    import_files(empty, [path])
    before = graph_hash(empty)
    second_report = import_files(empty, [path])
    assert (second_report.sequence, second_report.changed) == (None, 0)
    assert graph_hash(empty) == before


def test_undo_takes_back_all_and_only_the_last(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    before = graph_hash(empty)
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1), cause="因残"), "b.xlsx")])
    assert graph_hash(empty) != before
    assert undo(empty) == 2
    assert graph_hash(empty) == before
    assert told(empty) == []
    with pytest.raises(VersionUnknown):
        told(empty, as_known_at=2)


def test_an_older_collection_does_not_roll_back_a_newer_one(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1)), "new.xlsx")], day=20161231)
    report = import_files(empty, [small(register(), "old.xlsx")], day=20151231)
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-03-01")]
    assert [(r.sheet, r.row, r.code) for r in report.remarks] == [("结对帮扶", 2, "OLDER_DELIVERY")]


def test_two_imports_at_once_are_refused(empty: Store, small: Callable[..., Path]) -> None:
    empty.prepare()
    acquire(empty)
    with pytest.raises(EngineBusy):
        import_files(empty, [small(register())])


def test_other_headers_and_names_by_mapping(empty: Store, small: Callable[..., Path], tmp_path: Path) -> None:
    sheets = register(helper_ends=date(2016, 3, 1))
    sheets["甲表"] = [["责任人", "户", "何时起", "何时止"], *sheets.pop("结对帮扶")[1:], ["GB2", HOUSEHOLD, None, None]]
    path = small(sheets)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[sheets."结对帮扶"]\nnames = ["甲表"]\ncolumns."Cadre.cadre_no" = ["责任人"]\ncolumns."Household.card_no" = ["户"]\n'
        'columns."HELPS.since" = ["何时起"]\ncolumns."HELPS.until" = ["何时止"]\n',
        encoding="utf-8",
    )
    report = import_files(empty, [path], mapping=load_mapping(mapping, MODEL))
    assert report.left_out == []
    # Remarks use the names in the file.
    assert [(r.sheet, r.row, r.column, r.code) for r in report.remarks] == [("甲表", 3, "责任人", "REFERENCE_UNKNOWN")]
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-03-01")]


def test_nothing_like_a_register_is_refused(empty: Store, small: Callable[..., Path]) -> None:
    with pytest.raises(DeliveryRefused):
        import_files(empty, [small({"随便": [["甲", "乙"], [1, 2]]})])


def test_a_folder_of_gb18030_files_is_the_same_register(empty: Store, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    for sheet in openpyxl.load_workbook(REGISTER, read_only=True).worksheets:
        with (folder / f"{sheet.title}.csv").open("w", encoding="gb18030", newline="") as file:
            writer = csv.writer(file)
            for row in sheet.iter_rows(values_only=True):
                writer.writerow([v.date() if isinstance(v, datetime) else v for v in row])
    from_csv = import_files(empty, [folder])
    from_book = import_files(empty, [REGISTER])
    assert (from_book.sequence, from_book.changed) == (None, 0)
    assert {s: c["rows"] for s, c in from_csv.counts.items()} == {s: c["rows"] for s, c in from_book.counts.items()}
    refused_rows = [[(r.sheet, r.row, r.key, r.code) for r in report.remarks] for report in (from_csv, from_book)]
    assert refused_rows[0] == refused_rows[1]


def test_files_are_the_same_by_any_path(tmp_path: Path) -> None:
    from graph_service.platform.readers.delivery import open_delivery

    shutil.copy(REGISTER, tmp_path / REGISTER.name)
    assert open_delivery([REGISTER]).content_hash == open_delivery([tmp_path]).content_hash


def test_villages_that_the_tree_lacks_are_made_and_flagged(empty: Store, small: Callable[..., Path]) -> None:
    """Check codes of 2016, before the mergers: never refused, and removed when the import is undone."""
    merged_code, orphan_code, malformed_code = "513431100999", "513431998200", "51343110020"
    sheets = register()
    sheets["行政村"] = [
        ["村编码", "村名", "是否贫困村", "年度"],
        [VILLAGE, "某村", "否", 2016], [merged_code, "并村", "是", 2016], [orphan_code, "远村", "否", 2016], [malformed_code, "错村", "否", 2016],
    ]  # fmt: skip
    sheets["贫困户"].append(["5134311009990001", merged_code, "某丙", "未脱贫", None, "因病", 2016])
    sheets["贫困户"].append(["5134311009980001", "513431100998", "某丁", "未脱贫", None, "因病", 2016])
    report = import_files(empty, [small(sheets)])
    assert [(r.sheet, r.row, r.code, r.refused) for r in report.remarks] == [
        ("行政村", 3, "VILLAGE_NOT_IN_TREE", False),
        ("行政村", 4, "VILLAGE_NOT_IN_TREE", False),
        ("行政村", 5, "AREA_CODE_INVALID", True),
        # Mentioned only by a household, the village has no name and may be a typing mistake.
        ("贫困户", 4, "REFERENCE_UNKNOWN", True),
    ]
    # It lies below its township, or below the county where the township no longer exists.
    assert [merged_code] in empty.query("areas/children", code="513431100")
    assert [orphan_code] in empty.query("areas/children", code="513431")
    page = coverage_gaps(empty, QueryScope.resolve(empty, merged_code), first=500)
    assert {(g.village, g.duty.name) for g in page.rows} >= {(merged_code, "FIRST_SECRETARY"), (merged_code, "HELPER")}
    assert import_files(empty, [small(sheets)]).changed == 0
    undo(empty)
    assert empty.query("areas/known", codes=[merged_code]) == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("income", "codes"),
    [
        ("约500", [("贫困户", "NUMBER_INVALID", True), ("家庭成员", "REFERENCE_UNKNOWN", True)]),
        ("6%", [("贫困户", "CELL_UNIT", False)]),
        ("无", [("贫困户", "CELL_FILLER", False)]),
        ("#N/A", [("贫困户", "CELL_ERROR", False)]),
    ],
)
def test_an_income_that_is_no_number_refuses_its_household_and_what_refers_to_it(
    empty: Store, tmp_path: Path, income: str, codes: list[tuple[str, str, bool]]
) -> None:
    header, *rows = SHEETS["贫困户"][:2]
    household = [income if title == "工资性收入" else value for title, value in zip(header, rows[0], strict=True)]
    sheets = {
        "行政村": SHEETS["行政村"], "贫困户": [header, household], "家庭成员": SHEETS["家庭成员"][:2],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "r.xlsx")])
    assert [(remark.sheet, remark.code, remark.refused) for remark in report.remarks] == codes


def test_an_undo_that_was_killed_is_finished_first(
    empty: Store, small: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check an undo killed while it deletes, its import already hidden: a further undo or import removes nothing else."""
    import_files(empty, [small(register(), "a.xlsx")])
    before = graph_hash(empty)
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1), cause="因残"), "b.xlsx")])
    write = empty.write

    def interrupt(work: Callable[[Transaction], object], name: str = "") -> object:
        if name == "imports/sweep_nodes":
            raise KeyboardInterrupt
        return write(work, name)

    for next_step in ("undo", "import"):
        monkeypatch.setattr(empty, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            undo(empty)
        monkeypatch.setattr(empty, "write", write)
        assert told(empty) == []
        if next_step == "undo":
            assert undo(empty) == 2
            assert graph_hash(empty) == before
            import_files(empty, [small(register(helper_ends=date(2016, 3, 1), cause="因残"), "b.xlsx")])
    assert import_files(empty, [small(register(), "a.xlsx")]).changed == 0
    assert graph_hash(empty) == before


def test_an_undo_in_small_batches_leaves_nothing(
    empty: Store, small: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    before = graph_hash(empty)
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1), cause="因残"), "b.xlsx")])
    monkeypatch.setattr("graph_service.core.recording.import_lifecycle.SWEEP_BATCH_SIZE", 3)
    assert undo(empty) == 2
    assert graph_hash(empty) == before
    leftovers = "MATCH (n) WHERE n.recorded = 2 OR n.superseded = 2 RETURN count(n) UNION ALL MATCH ()-[n]->() WHERE n.recorded = 2 OR n.superseded = 2 RETURN count(n)"
    assert empty.query_text(leftovers, {}) == [[0], [0]]


def test_undo_takes_what_a_killed_import_left(
    empty: Store, small: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    before = graph_hash(empty)
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1)), "b.xlsx")])
    third_path = small(register(helper_ends=date(2016, 4, 1)), "c.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr("graph_service.features.imports.publish.import_run.publish", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            import_files(empty, [third_path])
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-03-01")]
    assert undo(empty) == 3
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-03-01")]
    assert undo(empty) == 2
    assert graph_hash(empty) == before
    import_files(empty, [third_path])
    assert told(empty) == [("HELPER", "ENDED", "GB1", "2016-04-01")]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_running_import_is_invisible(empty: Store, small: Callable[..., Path]) -> None:
    """Check queries between its batches: they answer as before the import began; afterwards all of it is visible at once."""
    import_files(empty, [small(register(), "a.xlsx")])
    observations: list[tuple[int, object]] = []

    def record_answer(sheet: str, rows: int) -> None:
        viewing = QueryScope.resolve(empty, VILLAGE)
        shares = coverage_summary(empty, viewing)
        observations.append((viewing.version, [(s.duty.name, s.eligible, s.missing) for s in shares]))

    record_answer("", 0)
    later_register = register(helper_ends=date(2016, 3, 1))
    later_register["贫困户"].append([HOUSEHOLD[:-1] + "2", VILLAGE, "某丙", "未脱贫", None, "因病", 2016])
    import_files(empty, [small(later_register, "b.xlsx")], progress=record_answer)
    assert len(observations) == 6
    assert all(observation == observations[0] for observation in observations)
    record_answer("", 0)
    assert observations[-1][0] == 2
    assert ("HELPER", 2, 2) in observations[-1][1]  # type: ignore[operator]
    assert ("HELPER", 1, 0) in observations[0][1]  # type: ignore[operator]


def test_the_first_version_still_answers_in_the_api(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1), cause="因残"), "b.xlsx")])
    api = local_api(empty)
    document = """query($at: Int) { coverageGaps(area: {code: "%s"}, duties: [HELPER], asKnownAt: $at) {
      dataVersion asOf totalCount eligibleCount nodes { reason heldUntil subject { ... on Household { current { mainCause } } } } }
      dataVersions { sequence } }"""
    for version, gap in ((1, []), (2, [{"reason": "ENDED", "heldUntil": "2016-03-01", "cause": "DISABILITY"}])):
        body = api.execute(
            GraphQLRequest(document % VILLAGE, variables={"at": version}), permissions=permissions_in(("",))
        ).body()
        page = body["data"]["coverageGaps"]
        assert (page["dataVersion"], page["asOf"], page["eligibleCount"]) == (version, "2016-12-31", 1)
        assert page["totalCount"] == len(gap)
        actual = [
            {"reason": n["reason"], "heldUntil": n["heldUntil"], "cause": n["subject"]["current"]["mainCause"]}
            for n in page["nodes"]
        ]
        assert actual == gap


def test_two_years_of_one_household_in_one_delivery(empty: Store, small: Callable[..., Path]) -> None:
    """Check that a card has its own year and village, in whatever order the cards come."""
    sheets = register()
    first_card = sheets["贫困户"][1]
    sheets["贫困户"] += [
        [*first_card[:3], "已脱贫", 2017, "因病", 2017],
        [first_card[0], "513431101200", *first_card[2:6], 2018],
    ]
    sheets["关系人"] = [
        ["姓名", "干部编号", "关系", "经营主体"],
        ["某戊", "GB1", "配偶", "91513431MA6YYYYY01"], ["某戊", "GB1", "配偶", "91513431MA6YYYYY02"],
    ]  # fmt: skip
    sheets["经营主体"] = [
        ["统一社会信用代码", "名称", "类型"],
        ["91513431MA6YYYYY01", "甲社", "合作社"], ["91513431MA6YYYYY02", "乙社", "合作社"],
    ]  # fmt: skip
    report = import_files(empty, [small(sheets)])
    assert report.remarks == []
    assert known_home(empty) == [VILLAGE, "513431101200"]
    query = "MATCH (:Household)-[r:LIVES_IN]->() RETURN 'LIVES_IN' AS what, count(r) AS n UNION ALL MATCH (s:HouseholdYear) RETURN 'HouseholdYear' AS what, count(s) AS n UNION ALL MATCH (s:PersonYear) RETURN 'PersonYear' AS what, count(s) AS n UNION ALL MATCH ()-[r:KIN_OF]->() RETURN 'KIN_OF' AS what, count(r) AS n UNION ALL MATCH ()-[r:REPRESENTS]->() RETURN 'REPRESENTS' AS what, count(r) AS n"
    expected = {"LIVES_IN": 2, "HouseholdYear": 3, "PersonYear": 1, "KIN_OF": 1, "REPRESENTS": 2}
    assert {row[0]: row[1] for row in empty.query_text(query, {})} == expected
    before = graph_hash(empty)
    second_report = import_files(empty, [small(sheets)])
    assert (second_report.changed, second_report.sequence) == (0, None)
    assert graph_hash(empty) == before
    sheets["贫困户"][1:] = reversed(sheets["贫困户"][1:])
    assert import_files(empty, [small(sheets)]).changed == 0


def known_home(store: Store) -> list[str]:
    return [
        row[0]
        for row in store.query_text(
            "MATCH (:Household)-[r:LIVES_IN]->(v) WHERE r.superseded > 1000 RETURN v.code, r.since ORDER BY r.since", {}
        )
    ]


def test_a_writer_that_was_taken_for_dead_cannot_publish_or_drop(
    empty: Store, small: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that a writer silent for too long loses the import and cannot affect one begun by another writer meanwhile."""
    import_files(empty, [small(register(), "a.xlsx")])
    monkeypatch.setattr(empty, "lease_seconds", TERM)
    late_token = acquire(empty)
    sequence = begin(empty, late_token, "late", ("late.xlsx",), "COLLECTION", "somebody", 20161231)
    empty.write(lambda tx: tx.run("MATCH (w:Writer) SET w.holder = 'elsewhere:1:1'", {}))
    monkeypatch.delitem(writer_lock._local_work, late_token)
    second_token = acquire(empty)
    assert begin(empty, second_token, "second", ("second.xlsx",), "COLLECTION", "somebody", 20161231) == sequence
    with pytest.raises(EngineBusy):
        publish(empty, sequence, "{}", late_token)
    with pytest.raises(EngineBusy):
        record_heartbeat(empty, late_token, "", 0)
    drop(empty, sequence, late_token)
    publish(empty, sequence, "{}", second_token)
    assert len(empty.query("imports/published", before=OPEN_SEQUENCE, limit=9)) == 2


def test_a_dead_process_does_not_hold_the_import(empty: Store, small: Callable[..., Path]) -> None:
    """Check this also where its process number now belongs to another process."""
    empty.prepare()
    acquire(empty)
    machine, number, _ = process_identity(os.getpid()).split(":")
    empty.write(
        lambda tx: tx.run("MATCH (w:Writer) SET w.holder = $holder", {"holder": f"{machine}:{number}:1.00"}),
    )
    assert import_files(empty, [small(register())]).sequence == 1


def test_to_undo_what_was_cut_off_takes_nothing_else_back(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    import_files(empty, [small(register(cause="因残"), "b.xlsx")])
    token = acquire(empty)
    begin(empty, token, "cut off", ("c.xlsx",), "COLLECTION", "somebody", 20161231)
    release(empty, token)
    with pytest.raises(ChangeConflict) as refused:
        undo_version(empty, 2)
    assert refusal_code(refused.value) is RefusalCode.IMPORT_UNFINISHED
    assert [undo(empty), undo(empty), undo(empty)] == [3, 2, 1]
    with pytest.raises(NothingToUndo):
        undo(empty)


def test_who_names_a_version_undoes_that_one_also_after_a_killed_undo(empty: Store, small: Callable[..., Path]) -> None:
    for cause in ("因病", "因残", "因学"):
        import_files(empty, [small(register(cause=cause), f"{cause}.xlsx")])
    empty.execute("imports/hide", sequence=3)
    assert undo_version(empty, 2)
    assert not undo_version(empty, 2)
    assert [row[0] for row in empty.query("imports/published", before=OPEN_SEQUENCE, limit=9)] == [1]


def test_a_collection_of_no_possible_day_is_refused(empty: Store, small: Callable[..., Path]) -> None:
    for day in (99991231, 10101, 18991231):
        with pytest.raises(ArgumentInvalid):
            import_files(empty, [small(register())], day=day)
    assert empty.query("imports/newest") == []


def test_a_key_of_files_without_a_day_stays_theirs(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    visits = small({"走访记录": register()["走访记录"] + [["GB1", HOUSEHOLD, date(2016, 9, 1)]]}, "b.xlsx")
    report = import_files(empty, [visits], client_key="k1")
    import_files(empty, [small(register(cause="因残"), "c.xlsx")], day=20171231)
    assert import_files(empty, [visits], client_key="k1").sequence == report.sequence


def test_operators_and_departments_are_where_the_register_says(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {
        "经营主体": [["统一社会信用代码", "名称", "类型", "区划代码"], [FARM, "某公司", "企业", TOWN], [COOP, "某社", "合作社", "513431"]],
        "帮扶部门": [["部门编号", "部门名称", "区划代码"], ["BM1", "某局", "5134"], ["BM2", "某厅", None]],
    }  # fmt: skip
    assert import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")], day=20161231).remarks == []
    query = "{ enterprises { nodes { area { code } } } cooperatives { nodes { area { code } } } departments { nodes { area { code } } } }"
    pages_by_field = local_api(empty).execute(GraphQLRequest(query)).body()["data"]
    assert [[node["area"] and node["area"]["code"] for node in page["nodes"]] for page in pages_by_field.values()] == [
        [TOWN],
        ["513431"],
        ["5134", None],
    ]
