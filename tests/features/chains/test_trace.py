"""Commands `trace` and `verify`: chains as a tree, tables and a graph; sealed cases are confirmed later, tampered ones are not."""

from __future__ import annotations

import csv
import io
from contextlib import nullcontext
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import orjson
import pytest
from click.testing import CliRunner, Result

from graph_service.__main__ import cli
from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import evidence_case
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.conftest import emptied
from tests.county import SHEETS, workbook
from tests.features.checks.test_reconciliation import MONEY_SHEETS

FUND, CARD = "ZJ000", "5134311002140016"


@pytest.fixture
def command(store: Store, imported: ImportReport, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs a command on the store of the suite."""
    for module in ("trace", "verify"):
        monkeypatch.setattr(f"graph_service.cli.{module}.managed_store", lambda _settings: nullcontext(store))
        monkeypatch.setattr(f"graph_service.cli.{module}.print_store", lambda *_args, **_more: None)

    def run_command(*words: str) -> Result:
        return CliRunner().invoke(cli, list(words))

    return run_command


def test_a_tree_in_the_terminal(command: Any) -> None:
    result = command("trace", FUND)
    assert result.exit_code == 1, "chains stop early"
    assert "资金 ZJ000 9000000.00，结余 / remains 2000000.00" in result.output
    assert "✗ 项目未形成资产 NOT_FORMED" in result.output
    assert "316 条链，归属 957941.13 元，未到终点 8 条" in result.output
    assert "（未量化到户部分 / part that nobody has shares of）" in result.output, (
        "why a part of an asset's money stays"
    )
    assert "取整后相加与合计相差" in result.output
    household_result = command("trace", CARD)
    assert household_result.exit_code == 0
    assert household_result.output.count("贫困户 " + CARD) + household_result.output.count(CARD) >= 2


def test_files_say_the_same(command: Any, store: Store, tmp_path: Path) -> None:
    chains = evidence_case.find_chains(store, QueryScope.resolve(store, None), FUND)
    hops = [hop for chain in chains for hop in chain.hops]
    for ending in ("csv", "xlsx", "graphml", "json"):
        assert command("trace", FUND, "--out", str(tmp_path / f"found.{ending}")).exit_code == 1
    rows = list(csv.DictReader(io.StringIO((tmp_path / "found.csv").read_text(encoding="utf-8-sig"))))
    assert [row["编号"] for row in rows] == [hop.key for hop in hops]
    assert all(
        document.number in row["凭据"]
        for row, hop in zip(rows, hops, strict=True)
        for document in hop.evidence
        if document.number
    )
    sheet = openpyxl.load_workbook(tmp_path / "found.xlsx").active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [hop.key for hop in hops]
    graph = nx.read_graphml(tmp_path / "found.graphml")
    assert set(graph) == {":".join(hop.node) for hop in hops}
    assert graph.nodes["Fund:ZJ000"]["stays"] == "2000000.00"
    exported = orjson.loads((tmp_path / "found.json").read_bytes())
    assert [row["attributedExact"] for row in exported] == [str(chain.attributed) for chain in chains]


def test_between_two_ends(command: Any) -> None:
    result = command("trace", CARD, "--to", FUND, "--json")
    chains = orjson.loads(result.output)
    assert {(chain["hops"][0]["key"], chain["hops"][-1]["key"]) for chain in chains} == {(FUND, CARD)}
    assert command("trace", FUND, "--to", "project", "--json").exit_code == 0
    assert command("trace", "none").exit_code != 0


def test_a_case_is_confirmed_and_a_tampered_one_is_not(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "fund.case"
    assert command("trace", FUND, "--by", "auditor", "--out", str(file)).exit_code == 1
    content = orjson.loads(file.read_bytes())
    assert content["question"] == {
        "from": FUND,
        "to": None,
        "year": None,
        "asOf": "2016-12-31",
        "dataVersion": content["question"]["dataVersion"],
    }
    assert len(content["answer"]) == 316
    confirmed = command("verify", str(file))
    assert confirmed.exit_code == 0, confirmed.output
    assert "Verified: 316 chains" in confirmed.output
    content["answer"][0]["attributed"] = "1.00"
    file.write_bytes(orjson.dumps(content))
    assert command("verify", str(file)).exit_code == 1
    # A case that is tampered with and sealed again is detected by running its question again.
    file.write_bytes(orjson.dumps({**content, evidence_case.HASH_FIELD: evidence_case.case_hash(content)}))
    result = command("verify", str(file), "--json")
    assert (result.exit_code, len(orjson.loads(result.output)["differing"])) == (1, 1)
    file.write_text("{}", encoding="utf-8")
    assert command("verify", str(file)).exit_code == 1


def test_a_case_holds_when_the_data_go_on(spare: Store, tmp_path: Path) -> None:
    store = emptied(spare)
    sheets = deepcopy({**SHEETS, **MONEY_SHEETS})
    import_files(store, [workbook(sheets, tmp_path / "one.xlsx")], day=20161231)
    viewing = QueryScope.resolve(store, None)
    content = evidence_case.load_case(
        orjson.dumps(evidence_case.build_case(store, viewing, "ZJ1", None, None, "auditor"))
    )
    sheets["股权"][1][5] = 10
    sheets["资金流向"].append(["PZ9", "ZJ1", "项目", "XM1", 500, date(2016, 5, 1), None])
    import_files(store, [workbook(sheets, tmp_path / "two.xlsx")], day=20161231)
    assert evidence_case.differences(store, content) == []
    new_case = evidence_case.build_case(store, QueryScope.resolve(store, None), "ZJ1", None, None, "auditor")
    assert new_case["answer"] != content["answer"]
    assert new_case["question"]["dataVersion"] > content["question"]["dataVersion"]
