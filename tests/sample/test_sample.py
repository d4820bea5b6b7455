"""Generated registers: an independent reader finds exactly the planted traps, and none in a register without traps."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_service.__main__ import cli
from graph_service.core.duties import duties_in_force
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import TELLS_SENSITIVE, Question, fetch_page
from graph_service.core.rules import rules
from graph_service.domain.model import MODEL
from graph_service.errors import AreaUnknown, ArgumentInvalid
from graph_service.features.checks import catalogue
from graph_service.features.checks.quality import FINDINGS
from graph_service.features.checks.reconciliation import RECONCILIATION
from graph_service.features.conflicts import detection
from graph_service.features.imports.publish import import_run as imports
from graph_service.features.imports.read.header_matching import match_tables
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.responsibility.progress import AREA_HISTORY, UNSIGNED_PLEDGES
from graph_service.features.support.measures import GUARANTEE_GAPS, MEASURE_GAPS
from graph_service.features.support.operators import UNLINKED_HOUSEHOLDS
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store
from graph_service.sample.run import SampleArguments, generate, parse_years
from tests import verifier
from tests.gaps import coverage_gaps

COUNTY, DENSE, MOST = "513431", "510403", 1_000_000
HOUSEHOLDS = int(os.environ.get("SAMPLE_HOUSEHOLDS", "2500"))
"""Households of the imported register; `SAMPLE_HOUSEHOLDS=10000` gives the size of a small county."""
Make = Callable[..., Path]
Row = dict[str, str]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that generates a register once for its arguments and returns its folder."""

    @cache
    def generate_once(
        households: int, seed: int, traps: bool = True, area: str = COUNTY, first: int = 2014, last: int = 2016
    ) -> Path:
        folder = tmp_path_factory.mktemp("sample")
        generate(SampleArguments(area, households, seed, first, last, traps), folder)
        return folder

    return generate_once


def load_truth(folder: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder / "traps.json").read_text(encoding="utf-8"))
    return truth


def rows(folder: Path, sheet: str) -> Iterator[Row]:
    with (folder / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def test_the_same_arguments_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    def content(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    first = content(make(2000, 1))
    # In a new process, where sets have another order.
    words = ["sample", "--county", COUNTY, "--households", "2000", "--seed", "1", "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "graph_service", *words], check=True, capture_output=True)
    assert content(tmp_path) == first
    assert content(make(3000, 1))["贫困户.csv"] != first["贫困户.csv"]


def test_every_sheet_has_rows_and_headers_that_imports_know(make: Make) -> None:
    folder = make(2000, 1)
    matched, unmatched = match_tables(open_delivery([folder]).tables, MODEL, HeaderMapping())
    assert not unmatched
    assert [table.sheet.name for table in matched] == list(MODEL.sheets)
    assert not any(table.unused for table in matched)
    assert [sheet for sheet in MODEL.sheets if not any(rows(folder, sheet))] == []
    assert len({row["户编号"] for row in rows(folder, "贫困户")}) == 2000
    clean = make(3000, 5, traps=False)
    # Villages are merged only by traps.
    assert [sheet for sheet in MODEL.sheets if not any(rows(clean, sheet))] == ["区划调整"]


@pytest.mark.parametrize(
    ("households", "seed", "more"),
    [(3000, 1, {}), (3000, 2, {}), (2500, 3, {"area": DENSE, "first": 2016}), (2500, 4, {"area": "5133"})],
    ids=["seed 1", "seed 2", "one year", "prefecture"],
)
def test_what_is_planted_is_what_an_independent_reader_finds(
    make: Make, households: int, seed: int, more: dict[str, Any]
) -> None:
    folder = make(households, seed, **more)
    planted = load_truth(folder)
    checks = {code: entry["subjects"] for code, entry in planted["checks"].items()}
    assert verifier.found(folder) == checks
    assert list(checks) == [
        check.code for check in catalogue.all_checks() if check.group not in catalogue.ALL_MONEY_GROUPS
    ]
    assert all(checks.values()), "each check has its trap"
    assert all(entry["count"] == len(set(entry["subjects"])) for entry in planted["checks"].values())
    money = {kind: {tuple(k) if isinstance(k, list) else k for k in keys} for kind, keys in planted["money"].items()}
    assert verifier.money(folder) == money
    assert verifier.documents(folder) == {kind: set(keys) for kind, keys in planted["documents"].items()}
    assert set(planted["documents"]) == {"20", "22"}
    assert planted["mergedVillages"] == sorted({row["原区划代码"] for row in rows(folder, "区划调整")})
    counts = planted["counts"]
    assert all(counts.values()), "of each kind some"
    assert {k.partition(".")[0] for k in counts} == set(planted) - {"arguments", "counts"}
    assert all(counts[f"money.{kind}"] == len(keys) for kind, keys in planted["money"].items())


def test_a_subject_is_found_by_one_check_only(make: Make) -> None:
    times = Counter(
        subject
        for code, entry in load_truth(make(3000, 1))["checks"].items()
        for subject in entry["subjects"]
        # A person who is aided and not insured is also found by the check of insurance.
        if code != "AIDED_UNINSURED"
    )
    assert set(times.values()) == {1}


def test_without_traps_nothing_is_amiss(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    assert not any(verifier.found(folder).values())
    assert verifier.money(folder) == {}
    planted = load_truth(folder)
    assert not any(entry["count"] for entry in planted["checks"].values())
    # Certificates used as documents are valid, but a program has to recognise them.
    assert not any(planted[kind] for kind in planted if kind not in ("arguments", "checks", "documents", "counts"))
    assert {kind.partition(".")[0] for kind, count in planted["counts"].items() if count} == {"documents"}


def test_the_poor_are_below_the_line_and_others_above(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    files, lines = verifier.Files(folder), {row["line"]: int(row["yuan"]) for row in rules("poverty-lines")}
    for row in rows(folder, "贫困户"):
        is_poor = files.income(row) < lines[row["年度"]]
        assert is_poor == (row["脱贫属性"] in ("未脱贫", "预脱贫", "返贫")), row["户编号"]


def test_what_it_writes_of_school_is_known(make: Make) -> None:
    """Check that each state is a stage of school or one of persons not at school; otherwise help of that stage could not be checked."""
    stages = [row["state"] for row in rules("school-stages")]
    known_states = {*stages, *(row["state"] for row in rules("not-in-school"))}
    written_states = {row["在校生状况"] for row in rows(make(3000, 5, traps=False), "家庭成员")}
    assert "大学四年级" in written_states
    assert written_states <= known_states
    assert len(stages) == len(set(stages))


def test_numbers_belong_to_nobody(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    phones: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "贫困户"):
        phones[row["联系电话"]].add(row["户编号"])
    assert all(re.fullmatch(r"100\d{8}", phone) for phone in phones)
    assert all(len(cards) == 1 for cards in phones.values())
    for sheet in ("家庭成员", "外部名单", "关系人"):
        assert all(row["证件号码"].startswith("519900") for row in rows(folder, sheet))
    assert all(re.match(r"9[13]519900", row["统一社会信用代码"]) for row in rows(folder, "经营主体"))
    assert max(Counter(row["干部编号"] for row in rows(folder, "结对帮扶") if not row["结束时间"]).values()) <= 8


def test_years_go_by(make: Make) -> None:
    """Check that persons grow older and advance in school; households are added, exit and return; none moves."""
    folder = make(3000, 5, traps=False)
    cards: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows(folder, "贫困户"):
        cards[row["户编号"]][row["年度"]] = row
    first_years = Counter(min(years) for years in cards.values())
    assert set(first_years) == {"2014", "2015", "2016"}
    assert all("2016" in years for years in cards.values())
    statuses = Counter(
        (card_by_year["2015"]["脱贫属性"], card_by_year["2016"]["脱贫属性"])
        for card_by_year in cards.values()
        if "2015" in card_by_year
    )
    assert {("未脱贫", "未脱贫"), ("未脱贫", "已脱贫"), ("已脱贫", "已脱贫"), ("已脱贫", "返贫"), ("", "")} <= set(
        statuses
    )
    assert all(len({row["村编码"] for row in years.values()}) == 1 for years in cards.values())
    stages: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(folder, "家庭成员"):
        stages[row["人口编号"]][row["年度"]] = row["在校生状况"]
    transitions = Counter(
        (state_by_year["2015"], state_by_year["2016"]) for state_by_year in stages.values() if "2015" in state_by_year
    )
    assert transitions["七年级", "八年级"]
    assert not transitions["七年级", "七年级"]
    assert any(min(state_by_year) == "2016" for state_by_year in stages.values()), "children are born"
    assert {row["年度"] for row in rows(folder, "行政村")} == {"2014", "2015", "2016"}


def test_loans_are_small_and_those_that_are_due_are_paid_back(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    banks = {row["银行编号"]: row["银行名称"] for row in rows(folder, "银行")}
    assert list(banks.values()) == ["昭觉县农村信用社"]
    funds = {row["资金编号"]: row for row in rows(folder, "资金")}
    measures = {(m["户编号"], m["金额（元）"]) for m in rows(folder, "帮扶措施") if m["项目内容"] == "扶贫小额信贷"}
    poor = {row["户编号"] for row in rows(folder, "贫困户") if row["识别年度"]}
    repayments: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows(folder, "还款"):
        repayments[row["出借方编号"], row["借款方编号"]].append(row)
    repayment_patterns = set()
    for row in rows(folder, "贷款"):
        lent_on, due = date.fromisoformat(row["日期"]), date.fromisoformat(row["到期日期"])
        if row["借款方类型"] == "银行":
            assert row["借款方编号"] in banks
            assert funds[row["出借方编号"]]["资金类型"] == "扶贫再贷款"
            assert due.year > 2016
            assert not repayments[row["出借方编号"], row["借款方编号"]]
            continue
        assert row["出借方编号"] in banks
        assert row["借款方编号"] in poor
        assert (row["借款方编号"], row["金额（元）"]) in measures
        assert 0 < Decimal(row["金额（元）"]) <= 50_000
        assert lent_on < due <= lent_on.replace(year=lent_on.year + 3)
        payments = repayments[row["出借方编号"], row["借款方编号"]]
        assert all(row["日期"] < payment["日期"] <= min(row["到期日期"], "2016-12-31") for payment in payments)
        is_repaid = sum(Decimal(payment["金额（元）"]) for payment in payments) == Decimal(row["金额（元）"])
        assert is_repaid or row["到期日期"] > "2016-12-31"
        repayment_patterns.add((is_repaid, len(payments)))
    assert repayment_patterns == {(True, 1), (True, 2), (False, 1), (False, 0)}


def test_who_manages_approves_pays_and_owns_is_told(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    cadres = {row["干部编号"] for row in rows(folder, "帮扶干部")}
    kin = {row["干部编号"] for row in rows(folder, "关系人")}
    for sheet in ("资金", "项目"):
        approvers = {row["审批人"] for row in rows(folder, sheet)}
        assert approvers <= cadres - kin
        assert all(row["审批日期"] for row in rows(folder, sheet))
    assert {(row["管理单位"], row["级次"]) for row in rows(folder, "资金")} == {(COUNTY, "县"), (COUNTY[:2], "省")}
    funds = {row["资金编号"]: row for row in rows(folder, "资金")}
    funded = [row for row in rows(folder, "帮扶措施") if row["资金编号"]]
    assert {funds[row["资金编号"]]["资金类型"] for row in funded} == {
        "财政专项扶贫资金",
        "教育扶贫救助基金",
        "卫生扶贫救助基金",
        "涉农整合资金",
    }
    assert all(
        Decimal(row["金额（元）"]) > 0 and row["开始时间"][:4] == funds[row["资金编号"]]["年度"] for row in funded
    )
    documented = [row for row in funded if row["支付凭证号"]]
    assert 0.9 * len(funded) < len(documented) < len(funded)
    assert len({row["支付凭证号"] for row in documented}) == len(documented)
    assert all(row["支付日期"][:4] == row["开始时间"][:4] and row["支付日期"] >= row["开始时间"] for row in documented)
    assert all(row["收款人"] for row in documented)
    assert not any(row["支付凭证号"] for row in rows(folder, "帮扶措施") if not row["资金编号"])
    operators = {row["统一社会信用代码"]: row["类型"] for row in rows(folder, "经营主体")}
    assets = {row["资产编号"]: row for row in rows(folder, "资产")}
    for row in assets.values():
        is_granted = not row["项目编号"]
        assert row["所有者"] == (row["经营主体"] if is_granted else row["村编码"])
        assert not is_granted or (
            operators[row["所有者"]] == "合作社" and not row["形成金额（元）"] and row["量化金额（元）"]
        )
    assert {row["去向类型"] for row in rows(folder, "资金流向")} == {"资金", "项目", "户", "经营主体", "人", "村集体"}
    assert any(not row["项目编号"] for row in assets.values())
    portions = list(rows(folder, "资产形成"))
    assert {assets[row["资产编号"]]["资产类型"] for row in portions} == {"公益性"}
    assert {row["形成批次"] for row in portions} == {"二期"}
    assert all(row["项目编号"] != assets[row["资产编号"]]["项目编号"] for row in portions)
    decided: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "股权决定"):
        decided[row["决定类型"]].add(row["资产编号"])
    assert decided["配股"] == {row["资产编号"] for row in rows(folder, "股权")}
    assert set(decided) == {"配股", "再分配"}
    assert decided["再分配"] <= decided["配股"]


def test_fewer_households_than_villages_or_than_traps(make: Make) -> None:
    folder = make(40, 1)
    assert len({row["户编号"] for row in rows(folder, "贫困户")}) == 40
    assert verifier.found(folder) == {code: entry["subjects"] for code, entry in load_truth(folder)["checks"].items()}


@pytest.mark.slow
def test_an_import_finds_what_is_planted(make: Make, empty: Store) -> None:
    folder = make(HOUSEHOLDS, 7)
    planted = load_truth(folder)
    report = imports.import_files(empty, [folder])
    assert report.day == 20161231
    # The ledger of planted traps is a file beside the sheets.
    # Ordinary households have no status.
    assert [(left_out.file, left_out.code) for left_out in report.left_out] == [
        ("traps.json", "FILE_KIND"),
        ("贫困户.csv", "STATUS_BLANK"),
    ]
    assert sorted([r.sheet, r.key, r.code] for r in report.remarks if r.refused) == planted["rejected"]
    assert {(r.sheet, r.key, r.code) for r in report.remarks if not r.refused} == set(map(tuple, planted["flagged"]))
    assert gaps(empty) == planted["coverage"]
    assert set(planted["coverage"]) == {duty.name for duty in duties_in_force(report.day)}
    assert {reason for reasons in planted["coverage"].values() for reason in reasons} == {
        "NEVER_ASSIGNED",
        "ENDED",
        "HOLDER_LEFT",
        "NO_RECENT_VISIT",
    }
    findings = load_rows(empty, FINDINGS, "check", "finding_no")
    # Wrong money is found by the checks and by the reconciliation alike.
    assert {code: sorted(number.partition("!")[2] for number in numbers) for code, numbers in findings.items()} == {
        **{code: sorted(entry["subjects"]) for code, entry in planted["checks"].items()},
        **wrong_money(planted["money"]),
    }
    assert load_rows(empty, MEASURE_GAPS, "reason", "household", "cause") == planted["measureGaps"]
    guarantees = load_rows(empty, GUARANTEE_GAPS, "answer", "household", "guarantee")
    assert guarantees.pop("ANSWERED")
    assert guarantees == planted["guaranteeGaps"]
    assert load_rows(empty, UNLINKED_HOUSEHOLDS, "", "household") == {"": planted["unlinkedHouseholds"]}
    assert load_rows(empty, UNSIGNED_PLEDGES, "reason", "area") == planted["unsignedPledges"]
    assert load_rows(empty, RECONCILIATION, "kind", "key") == wrong_money(planted["money"])
    assert {key for _, key, code in planted["flagged"] if code == "VILLAGE_NOT_IN_TREE"} == set(
        planted["mergedVillages"]
    )
    conflicts = detection.find_conflicts(empty, QueryScope.resolve(empty, COUNTY)).conflicts
    circles = [conflict for conflict in conflicts if conflict.kind == "CIRCLE_OF_INVESTMENTS"]
    # Persons on the payroll, found by the check of that name, may hold shares.
    assert {conflict.kind for conflict in conflicts if conflict not in circles} <= {"PAYROLL_DIVIDENDS"}
    steps = [{step.node[1] for step in conflict.conflict.steps} for conflict in circles if conflict.conflict]
    assert sorted(map(sorted, steps)) == sorted(map(sorted, planted["money"]["CIRCLE_OF_INVESTMENTS"]))
    # A day after the merger: before it, each was a separate village.
    assert load_rows(empty, AREA_HISTORY, "", "former", on="2020-01-01") == {"": planted["mergedVillages"]}


@pytest.mark.slow
def test_an_import_without_traps_has_no_gaps(make: Make, empty: Store) -> None:
    # Enough households a village that some villages have twenty poor ones, which brings further duties.
    report = imports.import_files(empty, [make(700, 6, traps=False, area=DENSE)])
    assert (report.remarks, report.findings) == ([], {})
    assert gaps(empty, DENSE) == {}
    assert load_rows(empty, MEASURE_GAPS, "reason", "household", "cause", area=DENSE) == {}
    assert set(load_rows(empty, GUARANTEE_GAPS, "answer", "household", "guarantee", area=DENSE)) == {"ANSWERED"}
    assert load_rows(empty, UNLINKED_HOUSEHOLDS, "", "household", area=DENSE) == {}
    # Also the funds of the province.
    for area in (DENSE, DENSE[:2]):
        assert load_rows(empty, RECONCILIATION, "kind", "key", area=area) == {}
        assert detection.find_conflicts(empty, QueryScope.resolve(empty, area)).conflicts == ()
    # All levels from the province down.
    assert load_rows(empty, UNSIGNED_PLEDGES, "reason", "area", area=DENSE[:2]) == {}


SAME = {
    "FORMED_OVER_SPENT": "FORMED_EXCEEDS_SPENT",
    "FUND_UNSPENT": "UNSPENT",
    "FUND_OVERSPENT": "ALLOCATED_EXCEEDS_FUND",
}
"""Kinds of reconciliation by the kind of money trap, where the two names differ."""


def wrong_money(planted: dict[str, list[Any]]) -> dict[str, list[str]]:
    """Return the keys that the reconciliation must find for the money traps, by kind."""
    keys_by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, keys in planted.items():
        for key in keys:
            if kind == "DIVIDEND_AFTER_EXIT":
                # A household paid after its exit still holds the shares.
                keys_by_kind["PREFERRED_HELD_AFTER_EXIT"].add(f"{key[0].partition('FP')[0]}/{key[1]}")
            elif kind == "CELL_NOT_PAID":
                keys_by_kind["DIVIDEND_CELL_DIFFERS"].add(f"{key}/2016")
            elif kind != "CIRCLE_OF_INVESTMENTS":
                keys_by_kind[SAME.get(kind, kind)].add(key)
    return {kind: sorted(keys) for kind, keys in keys_by_kind.items()}


def gaps(store: Store, area: str = COUNTY) -> dict[str, dict[str, list[str]]]:
    """Return the keys of villages and households with gaps, by duty and reason."""
    gap_keys: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for gap in coverage_gaps(store, QueryScope.resolve(store, area), first=MOST).rows:
        gap_keys[gap.duty.name][gap.reason].append(gap.household or gap.village)
    return {duty: {reason: sorted(keys) for reason, keys in reasons.items()} for duty, reasons in gap_keys.items()}


def load_rows(
    store: Store, inquiry: Question, by: str, *columns: str, area: str = COUNTY, on: str | None = None
) -> dict[str, list[Any]]:
    """Return the rows of a question by the value of the column `by`: a list of the other columns, or the value where there is only one."""
    rows_by_value: dict[str, list[Any]] = defaultdict(list)
    for row in fetch_page(
        store, QueryScope.resolve(store, area, as_of=on), inquiry, {TELLS_SENSITIVE: True}, first=MOST
    ).rows:
        values = [row[inquiry.column_index(name)] for name in columns]
        rows_by_value[row[inquiry.column_index(by)] if by else ""].append(values if len(values) > 1 else values[0])
    return {kind: sorted(keys) for kind, keys in rows_by_value.items()}


def test_the_command_writes_a_register(tmp_path: Path) -> None:
    words = ["sample", "--county", COUNTY, "--households", "200", "--seed", "3", "--years", "2015-2016", "--no-traps"]
    result = CliRunner().invoke(cli, [*words, "--out", str(tmp_path / "made")])
    assert result.exit_code == 0, result.output
    assert {path.stem for path in (tmp_path / "made").glob("*.csv")} == set(MODEL.sheets)
    assert load_truth(tmp_path / "made")["arguments"] == {
        "county": COUNTY, "households": 200, "seed": 3, "years": "2015-2016", "traps": False,
    }  # fmt: skip


def test_what_it_cannot_make_is_said(tmp_path: Path) -> None:
    with pytest.raises(AreaUnknown):
        generate(SampleArguments("513431100", 10, 1, 2016, 2016), tmp_path)
    with pytest.raises(AreaUnknown):
        generate(SampleArguments("990000", 10, 1, 2016, 2016), tmp_path)
    assert parse_years("2016") == (2016, 2016)
    for years in ("2016-2014", "14-16", "x"):
        with pytest.raises(ArgumentInvalid):
            parse_years(years)
