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

from bench.engines import arguments, kept
from bench.pages import WARM, filled
from graph_service.catalog import expanded
from graph_service.services import chains
from graph_service.services.areas import tree
from graph_service.services.chains.asked import directed
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

COUNTIES, PROJECTS, HOLDERS, FUND, FIRST = 20, 100, 50, "ZJ51", 50
BARE = """MATCH (f:Fund {fund_no: $fund})-[passed:TRANSFERRED*0..8]->(g:Fund)-[a:ALLOCATED]->(p:Project)-[m:FORMED]->(s:Asset)<-[o:HOLDS]-(h:Household)
WHERE all(t IN passed WHERE holds(t)) AND holds(a) AND holds(m) AND holds(o)
WITH passed, g, a, p, m, s, o, h ORDER BY g.fund_no, p.project_no, s.asset_no, h.card_no LIMIT $limit
RETURN [t IN passed | [t.voucher, t.amount, t.since]] AS transfers, g.fund_no AS fund, [a.voucher, a.amount, a.since] AS allocation, p.project_no AS project,
  m.amount AS formed, s.asset_no AS asset, [o.certificate, o.shares, o.total_shares, o.since] AS certificate, h.card_no AS household
ORDER BY fund, project, asset, household"""


def made(folder: Path) -> None:
    """The files, where they are not there yet."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    villages = [code for code in tree() if len(code) == 12][: COUNTIES * PROJECTS]
    assets = [(at, f"ZJ{at // PROJECTS:03d}", village) for at, village in enumerate(villages)]
    holders = [(at, village, f"{village}{one:04d}") for at, _, village in assets for one in range(HOLDERS)]
    _write(
        folder,
        "资金",
        ["资金编号", "资金名称", "级次", "年度", "金额(元)"],
        [
            [FUND, FUND, "省", 2016, 20_000_000],
            *([f"ZJ{at:03d}", "县", "县", 2016, 1_000_000] for at in range(COUNTIES)),
        ],
    )
    _write(
        folder,
        "项目",
        ["项目编号", "项目名称", "村编码"],
        [[f"XM{at:05d}", "项目", village] for at, _, village in assets],
    )
    flows = [[f"PZA{at}", FUND, "资金", f"ZJ{at:03d}", 1_000_000, "2016-02-01"] for at in range(COUNTIES)]
    flows += [[f"PZB{at}", fund, "项目", f"XM{at:05d}", 10_000, "2016-03-01"] for at, fund, _ in assets]
    _write(folder, "资金流向", ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"], flows)
    _write(
        folder,
        "资产",
        ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"],
        [[f"ZC{at:05d}", "资产", f"XM{at:05d}", 10_000, village] for at, _, village in assets],
    )
    _write(
        folder,
        "行政村",
        ["村编码", "村名", "是否贫困村", "年度"],
        [[village, "村", "是", 2016] for village in villages],
    )
    _write(
        folder,
        "贫困户",
        ["户编号", "村编码", "户主姓名", "脱贫属性", "年度"],
        [[card, village, "某某", "未脱贫", 2016] for _, village, card in holders],
    )
    _write(
        folder,
        "股权",
        ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"],
        [[f"GQ{card}", f"ZC{at:05d}", card, "优先股", 20, 1000, "2016-06-01"] for at, _, card in holders],
    )


def _write(folder: Path, sheet: str, header: list[str], rows: list[list[object]]) -> None:
    with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def main() -> None:
    given = arguments(__doc__, 40)
    made(given.folder)
    bare = expanded(BARE)
    for kind in given.engines:
        with kept(kind, given.folder.parent / f"fund-{kind}") as (store, environment):
            filled(store, environment, given.folder)
            viewing, asked = Viewing.of(store, None), directed(("Fund", FUND))
            page = partial(chains.page, store, viewing, asked, first=FIRST)
            works: dict[str, Callable[[], object]] = {
                "bare": partial(_bare, store, bare, viewing),
                "page": page,
                "page and sums": partial(page, counted=True),
            }
            took: dict[str, list[float]] = {name: [] for name in works}
            for turn in range(WARM + given.repeat):
                for name, work in works.items():
                    seconds = _timed(work)
                    if turn >= WARM:
                        took[name].append(seconds)
            sums = chains.page(store, viewing, asked, first=1, counted=True).sums
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


def _bare(store: Store, text: str, viewing: Viewing) -> object:
    return store.lookup(text, {"fund": FUND, "asOf": viewing.as_of, "seq": viewing.sequence, "limit": FIRST})


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
