"""History: homes, families and relations are dated by the records of the years, in whatever order they come."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from graph_service.access.rights import Role
from graph_service.core.recording.import_lifecycle import undo
from graph_service.domain.metamodel import LAST_DAY
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.write.yearly_spans import Span, YearlyRecord, keep_ended_spans, spans_from_records
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests import DATA
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

CASE = DATA / "cases" / "09-history-of-place-and-family"
VILLAGE_ONE, VILLAGE_TWO = "513431100001", "513431100002"
CARD, OTHER_CARD = f"{FIRST}0001", f"{FIRST}0002"


def village(store: Store, code: str, day: str) -> dict[str, Any]:
    """Return the counts of a village and its households' members with their relations, on a day."""
    document = f"""{{ village(code: "{code}", asOf: "{day}") {{ counts {{ households poorHouseholds persons }}
        households {{ nodes {{ cardNo members {{ edges {{ relation node {{ personNo }} }} }} }} }} }} }}"""
    body = local_api(store).execute(GraphQLRequest(document)).body()
    assert "errors" not in body, body["errors"]
    node = body["data"]["village"]
    homes = {
        home["cardNo"]: {edge["node"]["personNo"]: edge["relation"] for edge in home["members"]["edges"]}
        for home in node["households"]["nodes"]
    }
    return {"counts": tuple(node["counts"].values()), **homes}


def assert_case_holds(store: Store) -> None:
    assert village(store, VILLAGE_ONE, "2014-12-31") == {"counts": (0, 0, 0)}
    assert village(store, VILLAGE_ONE, "2015-12-31") == {
        "counts": (2, 2, 4),
        "H1": {"P1": "HEAD", "P2": "SPOUSE", "P3": "SON"},
        "H2": {"P4": "HEAD"},
    }
    assert village(store, VILLAGE_TWO, "2015-12-31") == {"counts": (0, 0, 0)}
    assert village(store, VILLAGE_ONE, "2016-12-31") == {"counts": (1, 1, 1), "H1": {"P2": "HEAD"}}
    assert village(store, VILLAGE_TWO, "2016-12-31") == {"counts": (1, 1, 2), "H2": {"P3": "SON", "P4": "HEAD"}}


@pytest.mark.parametrize("years", [("2015", "2016"), ("2016", "2015")], ids="-then-".join)
def test_yesterday_is_not_rewritten_by_todays_delivery(spare: Store, years: tuple[str, str]) -> None:
    emptied(spare)
    for year in years:
        assert not any(remark.refused for remark in import_files(spare, [CASE / year]).remarks)
    assert_case_holds(spare)


def test_two_years_in_one_delivery(spare: Store) -> None:
    report = import_files(emptied(spare), [CASE / "2015", CASE / "2016"])
    assert_case_holds(spare)
    # A person without a record of a year in which other members have one is reported.
    assert [(remark.key, remark.code) for remark in report.remarks] == [("P1 / H1 / 2016", "NO_RECORD_OF_YEAR")]


def cards(*rows: tuple[str, str, int]) -> list[list[object]]:
    return [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "年度"],
        *([card, village_code, "某", "未脱贫", year] for card, village_code, year in rows),
    ]


def people(*rows: tuple[str, str, str, int, str | None]) -> list[list[object]]:
    table: list[list[object]] = [["人口编号", "户编号", "姓名", "与户主关系", "年度", "出生日期"]]
    for person_no, card, relation, year, born_on in rows:
        table.append([person_no, card, "某", relation, year, born_on])
    return table


def deliver(store: Store, folder: Path, sheets: Sheets, **options: Any) -> ImportReport:
    return import_files(store, [workbook(sheets, folder / "register.xlsx")], **options)


YEARS: dict[int, Sheets] = {
    2014: {"贫困户": cards((CARD, FIRST, 2014)), "家庭成员": people(("A", CARD, "户主", 2014, None), ("B", CARD, "之子", 2014, None))},
    2015: {"贫困户": cards((CARD, SECOND, 2015)), "家庭成员": people(("A", CARD, "户主", 2015, None), ("B", CARD, "之子", 2015, None))},
    2016: {
        "贫困户": cards((CARD, FIRST, 2016), (OTHER_CARD, SECOND, 2016)),
        "家庭成员": people(("A", CARD, "户主", 2016, None), ("B", OTHER_CARD, "户主", 2016, None), ("C", OTHER_CARD, "之女", 2016, "2016-05-03")),
    },
}  # fmt: skip


def dated_relationships(store: Store) -> list[list[Any]]:
    """Return every home, membership and period of poverty recorded now."""
    text = "MATCH (a)-[r:LIVES_IN|MEMBER_OF|POOR_IN]->(b) WHERE r.superseded > 1000 RETURN type(r) AS t, coalesce(a.card_no, a.person_no) AS a, r.since AS s, r.until AS u, coalesce(b.code, b.card_no) AS b, r.relation AS x ORDER BY t, a, s"  # fmt: skip
    return [list(row) for row in store.query_text(text, {})]


EXPECTED = [
    ["LIVES_IN", CARD, 20140101, 20141231, FIRST, None],
    ["LIVES_IN", CARD, 20150101, 20151231, SECOND, None],
    ["LIVES_IN", CARD, 20160101, LAST_DAY, FIRST, None],
    ["LIVES_IN", OTHER_CARD, 20160101, LAST_DAY, SECOND, None],
    ["MEMBER_OF", "A", 20140101, LAST_DAY, CARD, "HEAD"],
    ["MEMBER_OF", "B", 20140101, 20151231, CARD, "SON"],
    ["MEMBER_OF", "B", 20160101, LAST_DAY, OTHER_CARD, "HEAD"],
    ["MEMBER_OF", "C", 20160101, LAST_DAY, OTHER_CARD, "DAUGHTER"],
    ["POOR_IN", CARD, 20140101, 20141231, FIRST, None],
    ["POOR_IN", CARD, 20150101, 20151231, SECOND, None],
    ["POOR_IN", CARD, 20160101, LAST_DAY, FIRST, None],
    ["POOR_IN", OTHER_CARD, 20160101, LAST_DAY, SECOND, None],
]


@pytest.mark.parametrize("order", list(permutations(YEARS)), ids=str)
def test_the_order_of_deliveries_does_not_matter(spare: Store, tmp_path: Path, order: tuple[int, ...]) -> None:
    emptied(spare)
    for year in order:
        deliver(spare, tmp_path, YEARS[year])
    assert dated_relationships(spare) == EXPECTED


def test_a_membership_does_not_tell_the_day_of_birth(spare: Store, tmp_path: Path) -> None:
    """Check its first day, conditions on it, and who is a member on the days around the birth, as a front end."""
    deliver(emptied(spare), tmp_path, YEARS[2016])
    document = """query($card: String!, $day: Date, $since: Date) {
      household(cardNo: $card, asOf: $day) { members { totalCount edges { since node { personNo } } } }
      persons(asOf: $day, where: {household: {since: {gte: $since}}}) { totalCount } }"""
    permissions = permissions_in(("513431",), (Role.FRONT_END,))
    answers = []
    for day, since in (("2016-01-01", "2016-01-02"), ("2016-05-02", "2016-05-03"), ("2016-12-31", "2016-05-03")):
        request = GraphQLRequest(document, variables={"card": OTHER_CARD, "day": day, "since": since})
        body = local_api(spare).execute(request, permissions=permissions).body()
        assert "errors" not in body, body["errors"]
        answers.append(body["data"])
    assert answers[1:] == answers[:-1]
    assert answers[0]["persons"] == {"totalCount": 0}
    assert {edge["node"]["personNo"]: edge["since"] for edge in answers[0]["household"]["members"]["edges"]} == {
        "B": "2016-01-01",
        "C": "2016-01-01",
    }


def test_delivered_again_it_changes_nothing_and_undone_it_is_gone(spare: Store, tmp_path: Path) -> None:
    deliver(emptied(spare), tmp_path, YEARS[2014])
    before = graph_hash(spare)
    deliver(spare, tmp_path, YEARS[2016])
    assert deliver(spare, tmp_path, YEARS[2014]).changed == 0
    undo(spare)
    assert graph_hash(spare) == before


def test_a_corrected_record_moves_the_person_for_its_year_alone(spare: Store, tmp_path: Path) -> None:
    emptied(spare)
    for year in YEARS:
        deliver(spare, tmp_path, YEARS[year])
    deliver(spare, tmp_path, {"家庭成员": people(("B", CARD, "之子", 2016, None))})
    memberships = [row[1:] for row in dated_relationships(spare) if row[0] == "MEMBER_OF"]
    assert memberships == [
        ["A", 20140101, LAST_DAY, CARD, "HEAD"],
        ["B", 20140101, LAST_DAY, CARD, "SON"],
        ["C", 20160101, LAST_DAY, OTHER_CARD, "DAUGHTER"],
    ]


def test_a_household_is_there_from_the_year_of_its_identification(spare: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "识别年度", "年度"]]
    rows += [[CARD, FIRST, "某", "未脱贫", None, 2014, 2016], [OTHER_CARD, FIRST, "某", "已脱贫", 2015, None, 2016]]
    deliver(emptied(spare), tmp_path, {"贫困户": rows})
    counts_by_day = {
        day: village(spare, FIRST, day)["counts"] for day in ("2013-12-31", "2014-01-01", "2015-12-30", "2015-12-31")
    }
    assert counts_by_day == {
        "2013-12-31": (0, 0, 0),
        "2014-01-01": (1, 1, 0),
        "2015-12-30": (2, 2, 0),
        "2015-12-31": (2, 1, 0),
    }


def test_a_relation_that_a_later_record_does_not_tell_goes_on(spare: Store, tmp_path: Path) -> None:
    deliver(emptied(spare), tmp_path, YEARS[2014])
    deliver(
        spare,
        tmp_path,
        {"家庭成员": [["人口编号", "户编号", "姓名", "年度"], ["A", CARD, "某", 2016], ["B", CARD, "某", 2016]]},
    )
    assert [row[1:] for row in dated_relationships(spare) if row[0] == "MEMBER_OF"] == [
        ["A", 20140101, LAST_DAY, CARD, "HEAD"],
        ["B", 20140101, LAST_DAY, CARD, "SON"],
    ]


def test_spans_of_records() -> None:
    records = [YearlyRecord(2014, "a"), YearlyRecord(2015, "a"), YearlyRecord(2017, "b")]
    assert spans_from_records(records) == [Span(20140101, 20161231, "a"), Span(20170101, LAST_DAY, "b")]
    # Without a record in 2016, a year in which others have one.
    assert spans_from_records(records, silent_years={2014, 2015, 2016, 2017}) == [
        Span(20140101, 20151231, "a", ended_silently=True),
        Span(20170101, LAST_DAY, "b"),
    ]
    # A complete delivery sets the last day, unless a record of that year contradicts it.
    assert spans_from_records(records, ended_days=[20161230])[0] == Span(20140101, 20161230, "a", ended_as_missing=True)
    assert spans_from_records(records, ended_days=[20171230])[1] == Span(20170101, LAST_DAY, "b")
    ended_span = Span(20120101, 20121230, "a", ended_as_missing=True)
    assert keep_ended_spans([ended_span], spans_from_records(records))[0] == ended_span
