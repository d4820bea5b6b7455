"""Money is never lost: over random networks, on both engines, what comes to a node is what goes on and what stays, exactly."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import iter_chains, load_page
from graph_service.features.chains.chain import Chain, Node, round_to_fen
from graph_service.features.chains.cycles import path_weights
from graph_service.features.chains.network import FUNDING_LABELS, OPERATOR_LABELS, MoneyNetwork, net_inflow
from graph_service.features.chains.ownership import Ownership
from graph_service.features.chains.paths import PathFinder
from graph_service.features.chains.query import build_query, scope_parameters, seed_parameters
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.conftest import emptied
from tests.county import FIRST, Sheets, workbook
from tests.flows import CARDS, ON, by_pages, money

SEEDS = tuple(int(seed) for seed in os.environ.get("MONEY_SEEDS", "3 7").split())
ZERO = Fraction(0)


@pytest.fixture(scope="module", params=SEEDS)
def flowing(request: pytest.FixtureRequest, spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with random money in it, all of whose rows went in."""
    store = emptied(spare)
    path = workbook(money(request.param), tmp_path_factory.mktemp("money") / "money.xlsx")
    report = import_files(store, [path], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    return store


def viewing(store: Store) -> QueryScope:
    return QueryScope.resolve(store, None, as_of="2016-12-31")


def network(store: Store, funds: list[Node]) -> MoneyNetwork:
    return MoneyNetwork.from_rows(
        store.query("chains/below", **seed_parameters(funds), **scope_parameters(viewing(store)))
    )


def pots(store: Store) -> list[Node]:
    rows = store.query_text(
        "MATCH (n) WHERE n:Fund OR n:Bank RETURN head(labels(n)), coalesce(n.fund_no, n.bank_no)", {}
    )
    return sorted((label, key) for label, key in rows)


def through(chains: list[Chain]) -> dict[Node, Fraction]:
    """What passes each node in all: each distinct beginning of chains counts once."""
    seen: dict[tuple[Node, ...], Fraction] = {}
    for one in chains:
        for at, hop in enumerate(one.hops):
            if hop.inflow is not None and hop.recirculated is not None:
                seen[one.sort_key[: at + 1]] = hop.inflow + hop.recirculated
    found: dict[Node, Fraction] = defaultdict(Fraction)
    for place, amount in seen.items():
        # What is lent to a bank is a hop of its own, and passes the same bank.
        label, key = place[-1]
        found[label.removesuffix(" LENT"), key] += amount
    return found


def test_what_passes_is_what_each_source_passed_on(flowing: Store) -> None:
    """A second way to say it, without ways: what is at a node is the sum, over its sources, of their part of what left these."""
    for start in pots(flowing):
        known, chains = network(flowing, [start]), list(by_pages(flowing, viewing(flowing), build_query(start), 17))
        found = through(chains)
        if not known.funding_nodes[start].available:
            continue
        assert found[start] == known.funding_nodes[start].total_funds
        for node in [*known.funding_nodes, *(("Project", key) for key in known.projects)]:
            if node == start:
                continue
            wanted = sum(
                (
                    found[source] * net_inflow(evidence) / known.funding_nodes[source].available
                    for source, evidence in known.sources(node).items()
                    if source in known.funding_nodes and found.get(source)
                ),
                ZERO,
            )
            assert found.get(node, ZERO) == wanted, (start, node)


def test_nothing_is_lost(flowing: Store) -> None:
    """What a fund has is what reaches the ends, what is owed there, what stays on the way, and what came back to it."""
    for start in pots(flowing):
        known, chains = network(flowing, [start]), list(by_pages(flowing, viewing(flowing), build_query(start), 500))
        base, has = known.funding_nodes[start].available, known.funding_nodes[start].total_funds
        if not base or any(hop.inflow is None or hop.outflow is None for one in chains for hop in one.hops):
            continue
        stays = {one.sort_key[: at + 1]: hop.retained for one in chains for at, hop in enumerate(one.hops[:-1])}
        last = {one.sort_key: one.hops[-1].retained for one in chains}
        found = through(chains)
        back = sum(
            (
                found.get(source, ZERO) * net_inflow(some) / known.funding_nodes[source].available
                for source, some in known.funding_nodes[start].sources.items()
                if source in known.funding_nodes and known.funding_nodes[source].available
            ),
            ZERO,
        )
        assert sum((one or ZERO for one in (stays | last).values()), ZERO) == has - back, start


def test_no_more_reaches_anybody_than_a_fund_has(flowing: Store) -> None:
    """Whatever left it, round circles, over projects that formed more and shares of more than the whole."""
    for start in pots(flowing):
        known = network(flowing, [start]).funding_nodes[start]
        sums = load_page(flowing, viewing(flowing), build_query(start), first=1, with_totals=True).totals
        assert sums is not None
        assert ZERO <= sums.attributed <= sums.attributed + sums.lent - sums.repaid <= known.total_funds, start


def test_what_goes_on_and_stays_is_what_came(flowing: Store) -> None:
    for start in pots(flowing):
        for one in iter_chains(flowing, viewing(flowing), build_query(start)):
            assert all(hop.retained is None or hop.retained >= 0 for hop in one.hops), one.sort_key


def test_what_is_not_known_is_not_nothing(flowing: Store) -> None:
    for start in pots(flowing):
        for one in iter_chains(flowing, viewing(flowing), build_query(start)):
            for hop in one.hops:
                assert (hop.retained is None) == (None in (hop.inflow, hop.recirculated, hop.outflow))
            ends = one.outstanding if one.is_loan else one.attributed
            assert not one.is_complete or ends in (one.hops[-1].inflow, ZERO)


@pytest.mark.parametrize("size", [1, 3, 50])
def test_pages_lose_and_repeat_nothing_and_sums_are_of_all(flowing: Store, size: int) -> None:
    for start in pots(flowing):
        asked = build_query(start)
        chains = list(by_pages(flowing, viewing(flowing), asked, size))
        assert len({one.sort_key for one in chains}) == len(chains)
        sums = load_page(flowing, viewing(flowing), asked, first=1, with_totals=True).totals
        assert sums is not None
        known = [one.attributed for one in chains if one.attributed is not None and one.outstanding is not None]
        assert (sums.count, sums.unknown_count) == (len(chains), len(chains) - len(known))
        assert sums.attributed == sum(known, ZERO)
        assert sums.rounded == sum(round_to_fen(one) or 0 for one in known)
        assert sums.lent - sums.repaid == sum((one.outstanding or ZERO for one in chains), ZERO)


def test_both_directions_list_the_same(flowing: Store) -> None:
    """From each fund as far as money goes, and from each household back to that fund: the same chains with the same amounts."""
    told = viewing(flowing)
    for start in pots(flowing):
        down = [one for one in iter_chains(flowing, told, build_query(start)) if one.hops[-1].label == "Household"]
        up = [one for card in CARDS for one in iter_chains(flowing, told, build_query(("Household", card), start))]
        same = [one for card in CARDS for one in iter_chains(flowing, told, build_query(start, ("Household", card)))]
        assert sorted(up, key=lambda one: one.sort_key) == same or sorted(map(repr, up)) == sorted(map(repr, same))
        assert sorted((one.sort_key, one.attributed, one.lent, one.repaid, one.breaks) for one in down) == sorted(
            (one.sort_key, one.attributed, one.lent, one.repaid, one.breaks) for one in up
        ), start


def test_middles_lie_on_the_same_chains(flowing: Store) -> None:
    told = viewing(flowing)
    for start in pots(flowing):
        for kind, labels in (
            ("PROJECT", ("Project",)),
            ("ASSET", ("Asset",)),
            ("FUND", ("Fund",) if start[0] == "Fund" else ()),
            ("OPERATOR", OPERATOR_LABELS),
        ):
            if not labels:
                continue
            listed = list(by_pages(flowing, told, build_query(start, kind), 3))
            cut = {
                one.sort_key[: at + 1]
                for one in iter_chains(flowing, told, build_query(start))
                for at, hop in enumerate(one.hops)
                if at and hop.label in labels
            }
            assert {one.sort_key for one in listed} == cut
            for node in {one.hops[-1].node for one in listed}:
                pair = list(iter_chains(flowing, told, build_query(start, node)))
                if labels != FUNDING_LABELS:
                    assert [one.sort_key for one in pair] == [
                        one.sort_key for one in listed if one.hops[-1].node == node
                    ]


def test_a_household_has_all_its_money_from_somewhere(flowing: Store) -> None:
    """Over all sources that have money of their own, what reaches a household is what its shares, grants and measures bring."""
    told = viewing(flowing)
    for card in CARDS:
        chains = list(iter_chains(flowing, told, build_query(("Household", card))))
        if any(None in (one.attributed, one.outstanding) for one in chains):
            continue
        whole = sum(((one.attributed or ZERO) + (one.outstanding or ZERO) for one in chains), ZERO)
        assert whole == sum((_brought(one) for one in _last(flowing, told, card, chains)), ZERO), card


def _brought(chain: Chain) -> Fraction:
    """What the last step alone brings, from wherever it came: of a fund or a bank all that its documents say."""
    if chain.hops[0].label in FUNDING_LABELS:
        return Fraction(chain.hops[-1].amount or 0)
    return (chain.attributed or ZERO) + (chain.outstanding or ZERO)


def _last(store: Store, told: QueryScope, card: str, chains: list[Chain]) -> Iterator[Chain]:
    """Chains of the last step alone: from an asset, a fund or a bank, with all that came to it, to the household."""
    cuts = {one: -3 if one.hops[-2].label == "Measure" else -2 for one in chains}
    steps = {(one.hops[cut].node, one.sort_key[cut + 1 :]) for one, cut in cuts.items()}
    for start in sorted({start for start, _ in steps}):
        for one in iter_chains(store, told, build_query(start, ("Household", card))):
            if (start, one.sort_key[1:]) in steps:
                yield one


def test_parts_of_operators_are_exact(flowing: Store) -> None:
    """What one holds of another is what it holds directly and what those hold of which it holds parts, but for what leads back to it."""
    known = network(flowing, pots(flowing))
    stakes = Ownership(known)
    for node in known.operators:
        part = {
            to: sum((way_part or ZERO for way, way_part in _all_ways(stakes, known, node) if way[-1] == to), ZERO)
            for to in known.operators
        }
        for to in known.operators:
            if to != node:
                held = known.operators[to].holders
                wanted = sum(
                    (
                        part[one] * sum((e.stake or ZERO for e in some), ZERO)
                        for one, some in held.items()
                        if part.get(one)
                    ),
                    ZERO,
                )
                assert part[to] == wanted


def _all_ways(stakes: Ownership, known: MoneyNetwork, node: Node) -> list[tuple[tuple[Node, ...], Fraction | None]]:
    return list(path_weights(stakes._stakes, stakes._cycles, node, 6))


def test_ways_are_lawful(flowing: Store) -> None:
    order = {"Fund": 0, "Bank": 1, "Project": 2, "Enterprise": 2, "Cooperative": 2, "Asset": 3}
    for start in pots(flowing):
        for way in PathFinder(network(flowing, [start])).find_paths(start):
            ranks = [order[hop.label] for hop in way.hops]
            assert ranks == sorted(ranks)


def test_what_has_a_source_is_not_said_to_have_none(flowing: Store) -> None:
    """From a project or an operator only what lies below is looked at; where its money came from is known all the same."""
    seen = viewing(flowing)
    whole = network(flowing, pots(flowing))
    fed: list[tuple[Node, int]] = [(("Project", key), one.inflow) for key, one in whole.projects.items()]
    fed += [(node, one.inflow) for node, one in whole.operators.items() if not one.holders]
    for node, arrived in fed:
        chains = iter_chains(flowing, seen, build_query(node))
        without = any(one.reason == "NO_SOURCE" for chain in chains for one in chain.breaks if one.hop_index == 0)
        assert without == (arrived == 0), node


def test_a_circle_into_which_nothing_comes_is_gone_through(empty: Store, tmp_path: Path) -> None:
    """Two funds pass each other all that they are said to have, and one gives a household more: that money has no source, and is told on the way up."""
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ1", "ZJ1", 5], ["ZJ2", "ZJ2", 5]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ1", "资金", "ZJ2", 5, ON],
            ["PZ2", "ZJ2", "资金", "ZJ1", 5, ON],
            ["PZ3", "ZJ2", "户", CARDS[0], 3, ON],
        ],
    }
    import_files(empty, [workbook(sheets, tmp_path / "circle.xlsx")], day=20161231)
    [found] = iter_chains(empty, viewing(empty), build_query(("Household", CARDS[0])))
    assert [hop.key for hop in found.hops] == ["ZJ2", CARDS[0]]
    assert (found.attributed, found.is_unsourced, found.breaks[0].reason) == (Fraction(300), True, "NO_SOURCE")
    [down] = iter_chains(empty, viewing(empty), build_query(("Fund", "ZJ1"), "HOLDER"))
    assert [hop.key for hop in down.hops] == ["ZJ1", "ZJ2", CARDS[0]]
    assert down.attributed is not None
    assert down.attributed <= 500


WIDE = 2_300


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_fund_of_thousands_of_projects(empty: Store, tmp_path: Path) -> None:
    """What is sorted of an answer holds no lists of all that is followed: the embedded engine sets aside little for that."""
    projects = [f"XM{at:04d}" for at in range(WIDE)]
    listed: list[list[object]] = [[one, one, FIRST] for one in projects]
    sheets: Sheets = {
        **{name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")},
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ", "ZJ", WIDE]],
        "项目": [["项目编号", "项目名称", "村编码"], *listed],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            *([f"PZ{one}", "ZJ", "项目", one, 1, ON] for one in projects),
        ],
        "资产": [
            ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"],
            *([f"ZC{one}", one, one, 1, FIRST] for one in projects),
        ],
        "股权": [
            ["股权证号", "资产编号", "户编号", "股数", "总股数", "起始日期"],
            *([f"GQ{one}", f"ZC{one}", CARDS[0], 1, 1, ON] for one in projects),
        ],
    }  # fmt: skip
    import_files(empty, [workbook(sheets, tmp_path / "wide.xlsx")], day=20161231)
    seen = viewing(empty)
    down = load_page(empty, seen, build_query(("Fund", "ZJ")), first=50, with_totals=True)
    up = load_page(empty, seen, build_query(("Household", CARDS[0])), first=50, with_totals=True)
    for found in (down, up):
        assert found.totals is not None
        assert (found.totals.count, found.totals.attributed, found.has_next) == (WIDE, Fraction(100 * WIDE), True)
    assert [one.sort_key for one in down.chains] == [one.sort_key for one in up.chains]
