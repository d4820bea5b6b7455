"""The first page of the chains of a fund that benefits 100,000 households, against the bare statement that anybody would write for it.

The bare statement gives the nodes and vouchers of the first 50 chains; the service besides gives what arrives, goes on and stays at each hop.
Both take turns on one warm engine. The register is made here and imported once. Example: python -m bench.funds var/bench/fund --repeat 40
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.engines import parse_arguments, persistent_engine
from bench.pages import WARM_UP_TURNS, ensure_imported
from graph_service.core.areas import published_codes
from graph_service.core.query_scope import QueryScope
from graph_service.features import chains
from graph_service.features.chains.query import build_query
from graph_service.platform.catalog import expand
from graph_service.platform.store.graph import Store

COUNTY_COUNT, PROJECTS_PER_COUNTY, HOLDERS_PER_ASSET, FUND, PAGE_SIZE = 20, 100, 50, "ZJ51", 50
BARE_STATEMENT = """MATCH (f:Fund {fund_no: $fund})-[passed:TRANSFERRED*0..8]->(g:Fund)-[a:ALLOCATED]->(p:Project)-[m:FORMED]->(s:Asset)<-[o:HOLDS]-(h:Household)
WHERE all(t IN passed WHERE holds(t)) AND holds(a) AND holds(m) AND holds(o)
WITH passed, g, a, p, m, s, o, h ORDER BY g.fund_no, p.project_no, s.asset_no, h.card_no LIMIT $limit
RETURN [t IN passed | [t.voucher, t.amount, t.since]] AS transfers, g.fund_no AS fund, [a.voucher, a.amount, a.since] AS allocation, p.project_no AS project,
  m.amount AS formed, s.asset_no AS asset, [o.certificate, o.shares, o.total_shares, o.since] AS certificate, h.card_no AS household
ORDER BY fund, project, asset, household"""


def write_files(folder: Path) -> None:
    """The files, where they are not there yet."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    villages = [code for code in published_codes() if len(code) == 12][: COUNTY_COUNT * PROJECTS_PER_COUNTY]
    assets = [(at, f"ZJ{at // PROJECTS_PER_COUNTY:03d}", village) for at, village in enumerate(villages)]
    holders = [(at, village, f"{village}{one:04d}") for at, _, village in assets for one in range(HOLDERS_PER_ASSET)]
    _write_sheet(
        folder,
        "资金",
        ["资金编号", "资金名称", "级次", "年度", "金额(元)"],
        [
            [FUND, FUND, "省", 2016, 20_000_000],
            *([f"ZJ{at:03d}", "县", "县", 2016, 1_000_000] for at in range(COUNTY_COUNT)),
        ],
    )
    _write_sheet(
        folder,
        "项目",
        ["项目编号", "项目名称", "村编码"],
        [[f"XM{at:05d}", "项目", village] for at, _, village in assets],
    )
    flows = [[f"PZA{at}", FUND, "资金", f"ZJ{at:03d}", 1_000_000, "2016-02-01"] for at in range(COUNTY_COUNT)]
    flows += [[f"PZB{at}", fund, "项目", f"XM{at:05d}", 10_000, "2016-03-01"] for at, fund, _ in assets]
    _write_sheet(folder, "资金流向", ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"], flows)
    _write_sheet(
        folder,
        "资产",
        ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"],
        [[f"ZC{at:05d}", "资产", f"XM{at:05d}", 10_000, village] for at, _, village in assets],
    )
    _write_sheet(
        folder,
        "行政村",
        ["村编码", "村名", "是否贫困村", "年度"],
        [[village, "村", "是", 2016] for village in villages],
    )
    _write_sheet(
        folder,
        "贫困户",
        ["户编号", "村编码", "户主姓名", "脱贫属性", "年度"],
        [[card, village, "某某", "未脱贫", 2016] for _, village, card in holders],
    )
    _write_sheet(
        folder,
        "股权",
        ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"],
        [[f"GQ{card}", f"ZC{at:05d}", card, "优先股", 20, 1000, "2016-06-01"] for at, _, card in holders],
    )


def _write_sheet(folder: Path, sheet: str, header: list[str], rows: list[list[object]]) -> None:
    with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def main() -> None:
    given = parse_arguments(__doc__, 40)
    write_files(given.folder)
    bare = expand(BARE_STATEMENT)
    for kind in given.engines:
        with persistent_engine(kind, given.folder.parent / f"fund-{kind}") as (store, environment):
            ensure_imported(store, environment, given.folder)
            viewing, asked = QueryScope.resolve(store, None), build_query(("Fund", FUND))
            page = partial(chains.load_page, store, viewing, asked, first=PAGE_SIZE)
            works: dict[str, Callable[[], object]] = {
                "bare": partial(_run_bare, store, bare, viewing),
                "page": page,
                "page and sums": partial(page, counted=True),
            }
            took: dict[str, list[float]] = {name: [] for name in works}
            for turn in range(WARM_UP_TURNS + given.repeat):
                for name, work in works.items():
                    seconds = _measure_seconds(work)
                    if turn >= WARM_UP_TURNS:
                        took[name].append(seconds)
            sums = chains.load_page(store, viewing, asked, first=1, with_totals=True).totals
            print(
                f"{kind}: {sums.count if sums else 0} chains; bare {statistics.median(took['bare']) * 1000:.1f} ms",
                flush=True,
            )
            for name in ("page", "page and sums"):
                low, middle, high = statistics.quantiles(
                    [a / b for a, b in zip(took[name], took["bare"], strict=True)], n=4
                )
                print(
                    f"{kind}: {name} {statistics.median(took[name]) * 1000:.1f} ms, ratio {middle:.2f} ({low:.2f}–{high:.2f})",
                    flush=True,
                )


def _run_bare(store: Store, text: str, viewing: QueryScope) -> object:
    return store.query_text(text, {"fund": FUND, "asOf": viewing.as_of, "seq": viewing.version, "limit": PAGE_SIZE})


def _measure_seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
