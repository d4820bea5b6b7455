"""First page of the chains of a fund that benefits 100,000 households, compared with the bare statement that anybody would write for it.

The bare statement returns the nodes and vouchers of the first 50 chains; the service also returns what arrives, goes on and stays at each hop.
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
    """Write the files, where they do not exist yet."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    villages = [code for code in published_codes() if len(code) == 12][: COUNTY_COUNT * PROJECTS_PER_COUNTY]
    assets = [(index, f"ZJ{index // PROJECTS_PER_COUNTY:03d}", village) for index, village in enumerate(villages)]
    holders = [
        (index, village, f"{village}{number:04d}")
        for index, _, village in assets
        for number in range(HOLDERS_PER_ASSET)
    ]
    _write_sheet(
        folder,
        "资金",
        ["资金编号", "资金名称", "级次", "年度", "金额(元)"],
        [
            [FUND, FUND, "省", 2016, 20_000_000],
            *([f"ZJ{index:03d}", "县", "县", 2016, 1_000_000] for index in range(COUNTY_COUNT)),
        ],
    )
    _write_sheet(
        folder,
        "项目",
        ["项目编号", "项目名称", "村编码"],
        [[f"XM{index:05d}", "项目", village] for index, _, village in assets],
    )
    flows = [[f"PZA{index}", FUND, "资金", f"ZJ{index:03d}", 1_000_000, "2016-02-01"] for index in range(COUNTY_COUNT)]
    flows += [[f"PZB{index}", fund, "项目", f"XM{index:05d}", 10_000, "2016-03-01"] for index, fund, _ in assets]
    _write_sheet(folder, "资金流向", ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"], flows)
    _write_sheet(
        folder,
        "资产",
        ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"],
        [[f"ZC{index:05d}", "资产", f"XM{index:05d}", 10_000, village] for index, _, village in assets],
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
        [[f"GQ{card}", f"ZC{index:05d}", card, "优先股", 20, 1000, "2016-06-01"] for index, _, card in holders],
    )


def _write_sheet(folder: Path, sheet: str, header: list[str], rows: list[list[object]]) -> None:
    with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def main() -> None:
    arguments = parse_arguments(__doc__, 40)
    write_files(arguments.folder)
    bare = expand(BARE_STATEMENT)
    for kind in arguments.engines:
        with persistent_engine(kind, arguments.folder.parent / f"fund-{kind}") as (store, environment):
            ensure_imported(store, environment, arguments.folder)
            viewing, query = QueryScope.resolve(store, None), build_query(("Fund", FUND))
            page = partial(chains.load_page, store, viewing, query, first=PAGE_SIZE)
            work_by_name: dict[str, Callable[[], object]] = {
                "bare": partial(_run_bare, store, bare, viewing),
                "page": page,
                "page and sums": partial(page, counted=True),
            }
            seconds_by_name: dict[str, list[float]] = {name: [] for name in work_by_name}
            for turn in range(WARM_UP_TURNS + arguments.repeat):
                for name, work in work_by_name.items():
                    seconds = _measure_seconds(work)
                    if turn >= WARM_UP_TURNS:
                        seconds_by_name[name].append(seconds)
            totals = chains.load_page(store, viewing, query, first=1, with_totals=True).totals
            print(
                f"{kind}: {totals.count if totals else 0} chains; bare {statistics.median(seconds_by_name['bare']) * 1000:.1f} ms",
                flush=True,
            )
            for name in ("page", "page and sums"):
                low, middle, high = statistics.quantiles(
                    [
                        service_seconds / bare_seconds
                        for service_seconds, bare_seconds in zip(
                            seconds_by_name[name], seconds_by_name["bare"], strict=True
                        )
                    ],
                    n=4,
                )
                print(
                    f"{kind}: {name} {statistics.median(seconds_by_name[name]) * 1000:.1f} ms, ratio {middle:.2f} ({low:.2f}–{high:.2f})",
                    flush=True,
                )


def _run_bare(store: Store, text: str, viewing: QueryScope) -> object:
    return store.query_text(text, {"fund": FUND, "asOf": viewing.as_of, "seq": viewing.version, "limit": PAGE_SIZE})


def _measure_seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
