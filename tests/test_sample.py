"""Made-up registers: what is planted is found by who knows nothing of it, and nothing else; without traps nothing at all."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_service.__main__ import cli
from graph_service.errors import AreaUnknown, ArgumentInvalid
from graph_service.model import MODEL
from graph_service.readers.delivery import open_delivery
from graph_service.sample.run import Arguments, run, years
from graph_service.services import coverage
from graph_service.services.conflicts import finding
from graph_service.services.imports import run as imports
from graph_service.services.imports.matching import HeaderMapping, match
from graph_service.services.inquiries.inquiry import Inquiry, page
from graph_service.services.inquiries.measures import GUARANTEE_GAPS, MEASURE_GAPS
from graph_service.services.inquiries.money import RECONCILIATION
from graph_service.services.inquiries.operators import UNLINKED_HOUSEHOLDS
from graph_service.services.inquiries.quality import FINDINGS
from graph_service.services.inquiries.responsibility import AREA_HISTORY, UNSIGNED_PLEDGES
from graph_service.services.rules import rules
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store
from tests import verifier

COUNTY, DENSE, MOST = "513431", "510403", 1_000_000
Make = Callable[..., Path]
Row = dict[str, str]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The folder of a register, made once for its arguments."""

    @cache
    def made(
        households: int, seed: int, traps: bool = True, area: str = COUNTY, first: int = 2014, last: int = 2016
    ) -> Path:
        folder = tmp_path_factory.mktemp("sample")
        run(Arguments(area, households, seed, first, last, traps), folder)
        return folder

    return made


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "traps.json").read_text(encoding="utf-8"))
    return found


def rows(folder: Path, sheet: str) -> Iterator[Row]:
    with (folder / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def test_the_same_arguments_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    def content(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    first = content(make(2000, 1))
    # In a process of its own, where sets are in another order.
    words = ["sample", "--county", COUNTY, "--households", "2000", "--seed", "1", "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "graph_service", *words], check=True, capture_output=True)
    assert content(tmp_path) == first
    assert content(make(3000, 1))["贫困户.csv"] != first["贫困户.csv"]


def test_every_sheet_has_rows_and_headers_that_imports_know(make: Make) -> None:
    folder = make(2000, 1)
    matched, unmatched = match(open_delivery([folder]).tables, MODEL, HeaderMapping())
    assert not unmatched
    assert [one.sheet.name for one in matched] == list(MODEL.sheets)
    assert not any(one.unused for one in matched)
    assert [sheet for sheet in MODEL.sheets if not any(rows(folder, sheet))] == []
    assert len({row["户编号"] for row in rows(folder, "贫困户")}) == 2000
    clean = make(3000, 5, traps=False)
    # Only traps merge villages.
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
    planted = told(folder)
    checks = {code: entry["subjects"] for code, entry in planted["checks"].items()}
    assert verifier.found(folder) == checks
    assert list(checks) == [row["check"] for row in rules("checks")]
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
        for code, entry in told(make(3000, 1))["checks"].items()
        for subject in entry["subjects"]
        # Who is aided and not insured at all is not insured.
        if code != "AIDED_UNINSURED"
    )
    assert set(times.values()) == {1}


def test_without_traps_nothing_is_amiss(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    assert not any(verifier.found(folder).values())
    assert verifier.money(folder) == {}
    planted = told(folder)
    assert not any(entry["count"] for entry in planted["checks"].values())
    # Certificates for documents are nothing amiss; a program has to know them.
    assert not any(planted[kind] for kind in planted if kind not in ("arguments", "checks", "documents", "counts"))
    assert {kind.partition(".")[0] for kind, count in planted["counts"].items() if count} == {"documents"}


def test_the_poor_are_below_the_line_and_others_above(make: Make) -> None:
    folder = make(3000, 5, traps=False)
    files, lines = verifier.Files(folder), {row["line"]: int(row["yuan"]) for row in rules("poverty-lines")}
    for row in rows(folder, "贫困户"):
        below = files.income(row) < lines[row["年度"]]
        assert below == (row["脱贫属性"] in ("未脱贫", "预脱贫", "返贫")), row["户编号"]


def test_what_it_writes_of_school_is_known(make: Make) -> None:
    """Each is a stage, or of who is in none: else nobody could be told to lack help of their stage."""
    stages = [row["state"] for row in rules("school-stages")]
    known = {*stages, *(row["state"] for row in rules("not-in-school"))}
    written = {row["在校生状况"] for row in rows(make(3000, 5, traps=False), "家庭成员")}
    assert "大学四年级" in written
    assert written <= known
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
    """People grow a year older and go up in school; households come in, exit and return; nobody moves."""
    folder = make(3000, 5, traps=False)
    cards: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows(folder, "贫困户"):
        cards[row["户编号"]][row["年度"]] = row
    first = Counter(min(years) for years in cards.values())
    assert set(first) == {"2014", "2015", "2016"}
    assert all("2016" in years for years in cards.values())
    statuses = Counter((c["2015"]["脱贫属性"], c["2016"]["脱贫属性"]) for c in cards.values() if "2015" in c)
    assert {("未脱贫", "未脱贫"), ("未脱贫", "已脱贫"), ("已脱贫", "已脱贫"), ("已脱贫", "返贫"), ("", "")} <= set(
        statuses
    )
    assert all(len({row["村编码"] for row in years.values()}) == 1 for years in cards.values())
    stages: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(folder, "家庭成员"):
        stages[row["人口编号"]][row["年度"]] = row["在校生状况"]
    moved = Counter((s["2015"], s["2016"]) for s in stages.values() if "2015" in s)
    assert moved["七年级", "八年级"]
    assert not moved["七年级", "七年级"]
    assert any(min(s) == "2016" for s in stages.values()), "children are born"
    assert {row["年度"] for row in rows(folder, "行政村")} == {"2014", "2015", "2016"}


def test_fewer_households_than_villages_or_than_traps(make: Make) -> None:
    few = make(40, 1)
    assert len({row["户编号"] for row in rows(few, "贫困户")}) == 40
    assert verifier.found(few) == {code: entry["subjects"] for code, entry in told(few)["checks"].items()}


@pytest.mark.slow
def test_an_import_finds_what_is_planted(make: Make, empty: Store) -> None:
    # As many as a small county has; the server, which answers alike, gets fewer.
    folder = make(10_000 if empty.engine_name == "embedded" else 4_000, 7)
    planted = told(folder)
    report = imports.run(empty, [folder])
    assert (report.day, report.unmatched, report.unused) == (20161231, (), {})
    assert sorted([r.sheet, r.key, r.code] for r in report.remarks if r.refused) == planted["rejected"]
    assert {(r.sheet, r.key, r.code) for r in report.remarks if not r.refused} == set(map(tuple, planted["flagged"]))
    assert gaps(empty) == planted["coverage"]
    assert set(planted["coverage"]) == {duty["duty"] for duty in rules("duties")}
    assert {reason for reasons in planted["coverage"].values() for reason in reasons} == {
        "NEVER_ASSIGNED",
        "ENDED",
        "HOLDER_LEFT",
        "NO_RECENT_VISIT",
    }
    found = asked(empty, FINDINGS, "check", "finding_no")
    assert {code: sorted(n.partition("!")[2] for n in numbers) for code, numbers in found.items()} == {
        code: sorted(entry["subjects"]) for code, entry in planted["checks"].items()
    }
    assert asked(empty, MEASURE_GAPS, "reason", "household", "cause") == planted["measureGaps"]
    guarantees = asked(empty, GUARANTEE_GAPS, "answer", "household", "guarantee")
    assert guarantees.pop("ANSWERED")
    assert guarantees == planted["guaranteeGaps"]
    assert asked(empty, UNLINKED_HOUSEHOLDS, "", "household") == {"": planted["unlinkedHouseholds"]}
    assert asked(empty, UNSIGNED_PLEDGES, "reason", "area") == planted["unsignedPledges"]
    assert asked(empty, RECONCILIATION, "kind", "key") == wrong_money(planted["money"])
    assert {key for _, key, code in planted["flagged"] if code == "VILLAGE_NOT_IN_TREE"} == set(
        planted["mergedVillages"]
    )
    circles = finding.found(empty, Viewing.of(empty, COUNTY), ["CIRCLE_OF_INVESTMENTS"]).conflicts
    steps = [{step.node[1] for step in one.conflict.steps} for one in circles if one.conflict]
    assert sorted(map(sorted, steps)) == sorted(map(sorted, planted["money"]["CIRCLE_OF_INVESTMENTS"]))
    # On the day after they were merged: before, each was a village of its own.
    assert asked(empty, AREA_HISTORY, "", "former", on="2020-01-01") == {"": planted["mergedVillages"]}


@pytest.mark.slow
def test_an_import_without_traps_has_no_gaps(make: Make, empty: Store) -> None:
    # So many a village that some have twenty poor ones, and owe duties for that.
    report = imports.run(empty, [make(700, 6, traps=False, area=DENSE)])
    assert (report.remarks, report.findings) == ([], {})
    assert gaps(empty, DENSE) == {}
    assert asked(empty, MEASURE_GAPS, "reason", "household", "cause", area=DENSE) == {}
    assert set(asked(empty, GUARANTEE_GAPS, "answer", "household", "guarantee", area=DENSE)) == {"ANSWERED"}
    assert asked(empty, UNLINKED_HOUSEHOLDS, "", "household", area=DENSE) == {}
    # From the province on.
    assert asked(empty, UNSIGNED_PLEDGES, "reason", "area", area=DENSE[:2]) == {}


SAME = {
    "FORMED_OVER_SPENT": "FORMED_EXCEEDS_SPENT",
    "FUND_UNSPENT": "UNSPENT",
    "FUND_OVERSPENT": "ALLOCATED_EXCEEDS_FUND",
}
"""Kinds of traps of money that the reconciliation calls otherwise."""


def wrong_money(planted: dict[str, list[Any]]) -> dict[str, list[str]]:
    """What the reconciliation has to find of the traps of money, by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind, keys in planted.items():
        for key in keys:
            if kind == "DIVIDEND_AFTER_EXIT":
                # Who is paid so still holds the shares.
                found["PREFERRED_HELD_AFTER_EXIT"].add(f"{key[0].partition('FP')[0]}/{key[1]}")
            elif kind == "CELL_NOT_PAID":
                found["DIVIDEND_CELL_DIFFERS"].add(f"{key}/2016")
            elif kind != "CIRCLE_OF_INVESTMENTS":
                found[SAME.get(kind, kind)].add(key)
    return {kind: sorted(keys) for kind, keys in found.items()}


def gaps(store: Store, area: str = COUNTY) -> dict[str, dict[str, list[str]]]:
    """Duty → reason → keys of villages and households."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for gap in coverage.gaps(store, Viewing.of(store, area), first=MOST).gaps:
        found[gap.duty.name][gap.reason].append(gap.household or gap.village)
    return {duty: {reason: sorted(keys) for reason, keys in reasons.items()} for duty, reasons in found.items()}


def asked(
    store: Store, inquiry: Inquiry, by: str, *columns: str, area: str = COUNTY, on: str | None = None
) -> dict[str, list[Any]]:
    """The rows of an inquiry by the value of one column, each as the others, a single one alone."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in page(store, Viewing.of(store, area, as_of=on), inquiry, {}, first=MOST).rows:
        values = [row[inquiry.place(name)] for name in columns]
        found[row[inquiry.place(by)] if by else ""].append(values if len(values) > 1 else values[0])
    return {kind: sorted(keys) for kind, keys in found.items()}


def test_the_command_writes_a_register(tmp_path: Path) -> None:
    words = ["sample", "--county", COUNTY, "--households", "200", "--seed", "3", "--years", "2015-2016", "--no-traps"]
    done = CliRunner().invoke(cli, [*words, "--out", str(tmp_path / "made")])
    assert done.exit_code == 0, done.output
    assert {path.stem for path in (tmp_path / "made").glob("*.csv")} == set(MODEL.sheets)
    assert told(tmp_path / "made")["arguments"] == {
        "county": COUNTY, "households": 200, "seed": 3, "years": "2015-2016", "traps": False,
    }  # fmt: skip


def test_what_it_cannot_make_is_said(tmp_path: Path) -> None:
    with pytest.raises(AreaUnknown):
        run(Arguments("513431100", 10, 1, 2016, 2016), tmp_path)
    with pytest.raises(AreaUnknown):
        run(Arguments("990000", 10, 1, 2016, 2016), tmp_path)
    assert years("2016") == (2016, 2016)
    for wrong in ("2016-2014", "14-16", "x"):
        with pytest.raises(ArgumentInvalid):
            years(wrong)
