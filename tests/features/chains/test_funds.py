"""Fund reports: they match the truth file, and their parts add up to the whole fund."""

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
from tests.callers import local_api, permissions_in

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
QUERY = """query($fund: String!, $year: Int, $by: AreaLevel, $first: Int, $after: String) {
  found: fundReport(fundNo: $fund, year: $year, by: $by, firstHouseholds: $first, afterCardNo: $after) {
    fundNo budgeted arrived passedOn transferred allocated granted invested lent paidFor returned stays attributedTotal roundingDifference unknownCount
    byHop { relationship incoming amount vouchers corrections ends } byArea { code amount holders } householdCount byHousehold { cardNo amount }
    untraced { kind key reason amount } asOf dataVersion } }"""


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return local_api(store)


def ask(api: GraphQLApi, fund: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(
        GraphQLRequest(QUERY, variables={"fund": fund, **variables}), permissions=permissions_in(granted)
    ).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]["found"]
    return answer


def fen(yuan: str) -> int:
    return round(float(yuan) * 100)


@pytest.mark.parametrize("fund", sorted(TRUTH["funds"]))
def test_a_fund_as_the_truth_file_has_it(store: Store, api: GraphQLApi, fund: str) -> None:
    expected, answer = TRUTH["funds"][fund], ask(api, fund, first=500)
    amounts = {name: fen(answer[name]) for name in ("budgeted", "passedOn", "granted", "stays")}
    assert amounts == {
        "budgeted": expected["amount"], "passedOn": expected["passed_on"], "granted": expected["granted"], "stays": expected["stays"],
    }  # fmt: skip
    by_hop = [hop for hop in answer["byHop"] if not hop["incoming"]]
    assert sum(fen(hop["amount"]) for hop in by_hop) == expected["passed_on"]
    assert answer["householdCount"] == len(answer["byHousehold"])
    by_household = {row["cardNo"]: fen(row["amount"]) for row in answer["byHousehold"]}
    if not expected["granted"]:
        assert by_household == {card: round(value) for card, value in expected["value_by_household_fen"].items()}
    # Exact, before rounding: the fund's money is the sum of the amounts that reach receivers and the amounts that stay.
    report = fund_report.report(store, QueryScope.resolve(store, None), fund)
    owed = report.totals.lent - report.totals.repaid
    assert sum(amount for *_, amount in report.by_area) == owed
    assert (
        report.totals.attributed + owed + sum(max(0, row.amount or 0) for row in report.untraced) == expected["amount"]
    )
    assert sum(amount for _, amount, *_ in report.by_area) == report.totals.attributed
    assert sum(amount for _, amount, _ in report.by_household) == report.totals.attributed


def test_what_stays_is_told_with_its_reason(api: GraphQLApi) -> None:
    answer = ask(api, "ZJ000")
    untraced = {(row["kind"], row["key"]): (row["reason"], fen(row["amount"])) for row in answer["untraced"]}
    assert untraced["Fund", "ZJ000"] == ("UNSPENT", 200_000_000)
    assert untraced["Fund", "ZJ001"] == ("UNSPENT", 580_500_000)
    assert {reason for reason, _ in untraced.values()} == {
        "UNSPENT", "NOT_FORMED", "NO_SHARES", "SHARES_DO_NOT_SUM", "OVERSPENT",
    }  # fmt: skip
    [over] = [row for row in ask(api, "ZJ002")["untraced"] if row["kind"] == "Fund"]
    assert (over["reason"], over["amount"]) == ("OVERSPENT", "-1.00")


def test_by_area_household_and_year(api: GraphQLApi) -> None:
    county, townships = ask(api, "ZJ000"), ask(api, "ZJ000", by="TOWNSHIP")
    assert [area["code"] for area in county["byArea"]] == [TRUTH["county"]]
    assert len(townships["byArea"]) > 5
    assert sum(area["holders"] for area in townships["byArea"]) == county["byArea"][0]["holders"]
    pages: list[str] = []
    while rows := ask(api, "ZJ000", first=100, after=pages[-1] if pages else "")["byHousehold"]:
        pages += [row["cardNo"] for row in rows]
    assert pages == sorted(TRUTH["funds"]["ZJ000"]["value_by_household_fen"])
    assert (ask(api, "ZJ000", year=2014)["passedOn"], ask(api, "ZJ000", year=2015)["passedOn"]) == (
        "0.00",
        "7000000.00",
    )


def test_who_is_elsewhere_has_no_name(api: GraphQLApi) -> None:
    scoped, unscoped = ask(api, "ZJ000", ("513431100",), first=500), ask(api, "ZJ000", first=500)
    assert {row["cardNo"][:9] for row in scoped["byHousehold"]} == {"513431100"}
    assert scoped["attributedTotal"] == unscoped["attributedTotal"]
    assert any(row["key"] is None for row in scoped["untraced"])


def test_a_fund_that_is_not_there(api: GraphQLApi) -> None:
    body = api.execute(GraphQLRequest(QUERY, variables={"fund": "none"})).body()
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_it_is_three_statements(store: Store, api: GraphQLApi) -> None:
    store._clear_caches()
    store.statement_log = []
    ask(api, "ZJ003", by="VILLAGE")
    assert [statement for statement in store.statement_log if statement != "imports/published"] == [
        "chains/below",
        "chains/ends",
        "chains/fund_report",
    ]
    store.statement_log = None
