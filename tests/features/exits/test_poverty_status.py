"""Poverty status of households from cards with words of the national register, or with words that are not understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_service.core.cells.cell_parsers import make_parser
from graph_service.core.cells.cell_texts import CellNotUnderstood
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

CASE = DATA / "cases" / "08-national-status-values"
HOME = "513431100001"
HEAD: list[object] = ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "识别年度", "年度"]
STATUS = next(
    model_property for model_property in MODEL.labels["HouseholdYear"].properties if model_property.name == "status"
)


def ask(store: Store, document: str) -> Any:
    body = local_api(store).execute(GraphQLRequest(document)).body()
    assert "errors" not in body, body["errors"]
    return body["data"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("words", "member"),
    [
        ("已脱贫（享受政策） 已脱贫(不再享受政策) 已脱贫【享受政策】 脱贫户 已稳定脱贫 正常脱贫 稳定脱贫（不享受政策）", "EXITED"),
        ("未脱贫 未脱贫户 贫困户", "POOR"),
        ("返贫 返贫户 脱贫后返贫", "RETURNED"),
        ("预脱贫 预脱贫户 拟脱贫", "EXIT_EXPECTED"),
    ],
)  # fmt: skip
def test_words_of_registers(words: str, member: str) -> None:
    assert {word: make_parser(STATUS)(word)[0][0] for word in words.split()} == dict.fromkeys(words.split(), member)
    assert make_parser(STATUS)("已 脱 贫 （ 享受政策 ）")[0][0] == "EXITED"


@pytest.mark.one_engine
@pytest.mark.parametrize("word", ["一般农户", "脱贫不稳定户", "边缘易致贫户", "不脱贫", "是"])
def test_words_that_nobody_understands_are_kept_as_written(word: str) -> None:
    with pytest.raises(CellNotUnderstood, match="VALUE_UNKNOWN") as raised:
        make_parser(STATUS)(word)
    assert raised.value.value == ("OTHER", word)


def test_status_words_of_the_national_register(spare: Store) -> None:
    """Two households are poor, two exited, one is unclear; each figure agrees."""
    report = import_files(emptied(spare), [CASE])
    assert [(r.key, r.value, r.code) for r in report.remarks if r.column == "脱贫属性"] == [
        ("H4", "一般农户", "VALUE_UNKNOWN")
    ]
    data = ask(
        spare,
        """{ ledger(area: {code: "513431"}, by: COUNTY, asOf: "2016-12-31") { nodes { poorHouseholds exitedHouseholds unclearHouseholds } }
        ledgerCards(area: {code: "513431"}, asOf: "2016-12-31") { nodes { household { cardNo } poor exited unclear } }
        povertyBalances(area: {code: "513431"}, by: COUNTY, asOf: "2016-12-31") { nodes { start exited finish unclear difference } }
        checkFindings(area: {code: "513431"}, codes: [STATUS_UNCLEAR]) { nodes { household { cardNo } value } }
        area(code: "513431100001", asOf: "2016-12-31") { counts { households poorHouseholds unclearHouseholds } }
        coverageSummary(area: {code: "513431"}, by: COUNTY, duties: [HELPER], asOf: "2016-12-31") { nodes { eligible } } }""",
    )
    assert data["ledger"]["nodes"] == [{"poorHouseholds": 2, "exitedHouseholds": 2, "unclearHouseholds": 1}]
    cards = {node["household"]["cardNo"]: node for node in data["ledgerCards"]["nodes"]}
    assert [card for card, node in cards.items() if node["poor"]] == ["H2", "H3"]
    assert [card for card, node in cards.items() if node["exited"]] == ["H0", "H1"]
    assert [card for card, node in cards.items() if node["unclear"]] == ["H4"]
    [balance] = data["povertyBalances"]["nodes"]
    assert (balance["exited"], balance["finish"], balance["unclear"], balance["difference"]) == (2, 2, 1, 0)
    assert data["checkFindings"]["nodes"] == [{"household": {"cardNo": "H4"}, "value": "一般农户"}]
    assert data["area"]["counts"] == {"households": 5, "poorHouseholds": 2, "unclearHouseholds": 1}
    # Two poor households, and two in the years of support after their exit.
    assert [node["eligible"] for node in data["coverageSummary"]["nodes"]] == [4]


def test_a_village_with_an_unclear_household_does_not_know_its_share_of_the_poor(spare: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"{village}{number:04d}", village, "某", status, None, 2014, 2016] for village, words in ((FIRST, ("未脱贫", "怪词")), (SECOND, ("未脱贫", "返贫"))) for number, status in enumerate(words)]  # fmt: skip
    villages: list[list[object]] = [
        ["村编码", "村名", "是否贫困村", "总户数", "年度"],
        [FIRST, "一", "是", 100, 2016],
        [SECOND, "二", "是", 100, 2016],
    ]
    import_files(emptied(spare), [workbook({"行政村": villages, "贫困户": [HEAD, *rows]}, tmp_path / "register.xlsx")])
    result_by_village = {}
    for code in (FIRST, SECOND):
        tree = ask(spare, f'{{ exitReadiness(subject: {{villageCode: "{code}"}}, asOf: "2016-12-31") {{ standard {{ parts {{ predicate result }} }} }} }}')  # fmt: skip
        result_by_village[code] = {
            part["predicate"]: part["result"] for part in tree["exitReadiness"]["standard"]["parts"]
        }["POOR_SHARE"]
    assert result_by_village == {FIRST: "UNKNOWN", SECOND: "MET"}


def test_what_is_understood_later_counts_from_its_year(spare: Store, tmp_path: Path) -> None:
    """A later card makes the status clear from its year on; the days before it stay unclear."""
    card = f"{FIRST}0001"
    for year, status in ((2015, "未脱贫"), (2016, "怪词"), (2017, "未脱贫户")):
        sheets: Sheets = {"贫困户": [HEAD, [card, FIRST, "某", status, None, 2014, year]]}
        import_files(emptied(spare) if year == 2015 else spare, [workbook(sheets, tmp_path / "register.xlsx")])
    days = {}
    for day in ("2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01"):
        [row] = ask(spare, f'{{ ledger(area: {{code: "{FIRST}"}}, by: VILLAGE, asOf: "{day}") {{ nodes {{ poorHouseholds unclearHouseholds returnedHouseholds }} }} }}')["ledger"]["nodes"]  # fmt: skip
        days[day] = (row["poorHouseholds"], row["unclearHouseholds"], row["returnedHouseholds"])
    assert days == {"2015-12-31": (1, 0, 0), "2016-01-01": (0, 1, 0), "2016-12-31": (0, 1, 0), "2017-01-01": (1, 0, 0)}
