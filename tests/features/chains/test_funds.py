"""The report of a fund: as the truth file has it, and nothing of it lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import fund_report
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import DATA

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
QUERY = """query($fund: String!, $year: Int, $by: AreaLevel, $first: Int, $after: String) {
  found: fundReport(fundNo: $fund, year: $year, by: $by, firstHouseholds: $first, afterCardNo: $after) {
    fundNo budgeted arrived passedOn transferred allocated granted invested lent paidFor returned stays attributedTotal roundingDifference unknownCount
    byHop { relationship incoming amount vouchers corrections ends } byArea { code amount holders } householdCount byHousehold { cardNo amount }
    untraced { kind key reason amount } asOf dataVersion } }"""


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return GraphQLApi(store)


def ask(api: GraphQLApi, fund: str, granted: tuple[str, ...] = ("",), **given: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(QUERY, variables={"fund": fund, **given}), granted_areas=granted).body()
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]["found"]
    return found


def fen(yuan: str) -> int:
    return round(float(yuan) * 100)


@pytest.mark.parametrize("fund", sorted(TRUTH["funds"]))
def test_a_fund_as_the_truth_file_has_it(store: Store, api: GraphQLApi, fund: str) -> None:
    expected, found = TRUTH["funds"][fund], ask(api, fund, first=500)
    told = {name: fen(found[name]) for name in ("budgeted", "passedOn", "granted", "stays")}
    assert told == {
        "budgeted": expected["amount"], "passedOn": expected["passed_on"], "granted": expected["granted"], "stays": expected["stays"],
    }  # fmt: skip
    by_hop = [one for one in found["byHop"] if not one["incoming"]]
    assert sum(fen(one["amount"]) for one in by_hop) == expected["passed_on"]
    assert found["householdCount"] == len(found["byHousehold"])
    by_household = {one["cardNo"]: fen(one["amount"]) for one in found["byHousehold"]}
    if not expected["granted"]:
        assert by_household == {card: round(value) for card, value in expected["value_by_household_fen"].items()}
    # To the fen, before rounding: what the fund has is what reaches whom, and what stays.
    report = fund_report.report(store, QueryScope.resolve(store, None), fund)
    owed = report.totals.lent - report.totals.repaid
    assert sum(amount for *_, amount in report.by_area) == owed
    assert (
        report.totals.attributed + owed + sum(max(0, one.amount or 0) for one in report.untraced) == expected["amount"]
    )
    assert sum(amount for _, amount, *_ in report.by_area) == report.totals.attributed
    assert sum(amount for _, amount, _ in report.by_household) == report.totals.attributed


def test_what_stays_is_told_with_its_reason(api: GraphQLApi) -> None:
    found = ask(api, "ZJ000")
    stays = {(one["kind"], one["key"]): (one["reason"], fen(one["amount"])) for one in found["untraced"]}
    assert stays["Fund", "ZJ000"] == ("UNSPENT", 200_000_000)
    assert stays["Fund", "ZJ001"] == ("UNSPENT", 580_500_000)
    assert {reason for reason, _ in stays.values()} == {
        "UNSPENT", "NOT_FORMED", "NO_SHARES", "SHARES_DO_NOT_SUM", "OVERSPENT",
    }  # fmt: skip
    [over] = [one for one in ask(api, "ZJ002")["untraced"] if one["kind"] == "Fund"]
    assert (over["reason"], over["amount"]) == ("OVERSPENT", "-1.00")


def test_by_area_household_and_year(api: GraphQLApi) -> None:
    whole, towns = ask(api, "ZJ000"), ask(api, "ZJ000", by="TOWNSHIP")
    assert [one["code"] for one in whole["byArea"]] == [TRUTH["county"]]
    assert len(towns["byArea"]) > 5
    assert sum(one["holders"] for one in towns["byArea"]) == whole["byArea"][0]["holders"]
    pages: list[str] = []
    while some := ask(api, "ZJ000", first=100, after=pages[-1] if pages else "")["byHousehold"]:
        pages += [one["cardNo"] for one in some]
    assert pages == sorted(TRUTH["funds"]["ZJ000"]["value_by_household_fen"])
    assert (ask(api, "ZJ000", year=2014)["passedOn"], ask(api, "ZJ000", year=2015)["passedOn"]) == (
        "0.00",
        "7000000.00",
    )


def test_who_is_elsewhere_has_no_name(api: GraphQLApi) -> None:
    mine, whole = ask(api, "ZJ000", ("513431100",), first=500), ask(api, "ZJ000", first=500)
    assert {one["cardNo"][:9] for one in mine["byHousehold"]} == {"513431100"}
    assert mine["attributedTotal"] == whole["attributedTotal"]
    assert any(one["key"] is None for one in mine["untraced"])


def test_a_fund_that_is_not_there(api: GraphQLApi) -> None:
    body = api.execute(GraphQLRequest(QUERY, variables={"fund": "none"})).body()
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_it_is_three_statements(store: Store, api: GraphQLApi) -> None:
    store._clear_caches()
    store.statement_log = []
    ask(api, "ZJ003", by="VILLAGE")
    assert [one for one in store.statement_log if one != "imports/published"] == [
        "chains/below",
        "chains/ends",
        "chains/fund_report",
    ]
    store.statement_log = None
