"""Conservation of money: in random networks, on both engines, inflow of a node equals outflow plus retained amount, exactly."""

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
    """Return a store filled with random money; no row was refused."""
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


def funds_and_banks(store: Store) -> list[Node]:
    rows = store.query_text(
        "MATCH (n) WHERE n:Fund OR n:Bank RETURN head(labels(n)), coalesce(n.fund_no, n.bank_no)", {}
    )
    return sorted((label, key) for label, key in rows)


def passing_amounts(chains: list[Chain]) -> dict[Node, Fraction]:
    """Return the amount that passes each node, over all chains; each distinct prefix of chains counts once."""
    amount_by_prefix: dict[tuple[Node, ...], Fraction] = {}
    for chain in chains:
        for index, hop in enumerate(chain.hops):
            if hop.inflow is not None and hop.recirculated is not None:
                amount_by_prefix[chain.sort_key[: index + 1]] = hop.inflow + hop.recirculated
    amounts: dict[Node, Fraction] = defaultdict(Fraction)
    for prefix, amount in amount_by_prefix.items():
        # A loan to a bank is a separate hop through the same bank.
        label, key = prefix[-1]
        amounts[label.removesuffix(" LENT"), key] += amount
    return amounts


def test_what_passes_is_what_each_source_passed_on(flowing: Store) -> None:
    """The same result computed without paths: the amount at a node is the sum, over its sources, of its share of their outflow."""
    for start in funds_and_banks(flowing):
        money_network, chains = (
            network(flowing, [start]),
            list(by_pages(flowing, viewing(flowing), build_query(start), 17)),
        )
        amounts = passing_amounts(chains)
        if not money_network.funding_nodes[start].available:
            continue
        assert amounts[start] == money_network.funding_nodes[start].total_funds
        for node in [*money_network.funding_nodes, *(("Project", key) for key in money_network.projects)]:
            if node == start:
                continue
            expected = sum(
                (
                    amounts[source] * net_inflow(evidence) / money_network.funding_nodes[source].available
                    for source, evidence in money_network.sources(node).items()
                    if source in money_network.funding_nodes and amounts.get(source)
                ),
                ZERO,
            )
            assert amounts.get(node, ZERO) == expected, (start, node)


def test_nothing_is_lost(flowing: Store) -> None:
    """A fund's money is the sum of the amounts that reach the ends, are owed there, stay on the way, and came back to the fund."""
    for start in funds_and_banks(flowing):
        money_network, chains = (
            network(flowing, [start]),
            list(by_pages(flowing, viewing(flowing), build_query(start), 500)),
        )
        available, total_funds = (
            money_network.funding_nodes[start].available,
            money_network.funding_nodes[start].total_funds,
        )
        if not available or any(hop.inflow is None or hop.outflow is None for chain in chains for hop in chain.hops):
            continue
        retained = {
            chain.sort_key[: index + 1]: hop.retained for chain in chains for index, hop in enumerate(chain.hops[:-1])
        }
        retained_at_ends = {chain.sort_key: chain.hops[-1].retained for chain in chains}
        amounts = passing_amounts(chains)
        returned = sum(
            (
                amounts.get(source, ZERO) * net_inflow(evidence) / money_network.funding_nodes[source].available
                for source, evidence in money_network.funding_nodes[start].sources.items()
                if source in money_network.funding_nodes and money_network.funding_nodes[source].available
            ),
            ZERO,
        )
        assert (
            sum((amount or ZERO for amount in (retained | retained_at_ends).values()), ZERO) == total_funds - returned
        ), start


def test_no_more_reaches_anybody_than_a_fund_has(flowing: Store) -> None:
    """This holds too if money passes cycles, projects that formed more than they received, and shares of more than the whole."""
    for start in funds_and_banks(flowing):
        funding_node = network(flowing, [start]).funding_nodes[start]
        totals = load_page(flowing, viewing(flowing), build_query(start), first=1, with_totals=True).totals
        assert totals is not None
        assert (
            ZERO <= totals.attributed <= totals.attributed + totals.lent - totals.repaid <= funding_node.total_funds
        ), start


def test_what_goes_on_and_stays_is_what_came(flowing: Store) -> None:
    for start in funds_and_banks(flowing):
        for chain in iter_chains(flowing, viewing(flowing), build_query(start)):
            assert all(hop.retained is None or hop.retained >= 0 for hop in chain.hops), chain.sort_key


def test_what_is_not_known_is_not_nothing(flowing: Store) -> None:
    for start in funds_and_banks(flowing):
        for chain in iter_chains(flowing, viewing(flowing), build_query(start)):
            for hop in chain.hops:
                assert (hop.retained is None) == (None in (hop.inflow, hop.recirculated, hop.outflow))
            end_amount = chain.outstanding if chain.is_loan else chain.attributed
            assert not chain.is_complete or end_amount in (chain.hops[-1].inflow, ZERO)


@pytest.mark.parametrize("size", [1, 3, 50])
def test_pages_lose_and_repeat_nothing_and_sums_are_of_all(flowing: Store, size: int) -> None:
    for start in funds_and_banks(flowing):
        query = build_query(start)
        chains = list(by_pages(flowing, viewing(flowing), query, size))
        assert len({chain.sort_key for chain in chains}) == len(chains)
        totals = load_page(flowing, viewing(flowing), query, first=1, with_totals=True).totals
        assert totals is not None
        known_amounts = [
            chain.attributed for chain in chains if chain.attributed is not None and chain.outstanding is not None
        ]
        assert (totals.count, totals.unknown_count) == (len(chains), len(chains) - len(known_amounts))
        assert totals.attributed == sum(known_amounts, ZERO)
        assert totals.rounded == sum(round_to_fen(amount) or 0 for amount in known_amounts)
        assert totals.lent - totals.repaid == sum((chain.outstanding or ZERO for chain in chains), ZERO)


def test_both_directions_list_the_same(flowing: Store) -> None:
    """Chains from each fund down to households are the chains from each household back to that fund, with the same amounts."""
    scope = viewing(flowing)
    for start in funds_and_banks(flowing):
        downward = [
            chain for chain in iter_chains(flowing, scope, build_query(start)) if chain.hops[-1].label == "Household"
        ]
        upward = [
            chain for card in CARDS for chain in iter_chains(flowing, scope, build_query(("Household", card), start))
        ]
        pair_chains = [
            chain for card in CARDS for chain in iter_chains(flowing, scope, build_query(start, ("Household", card)))
        ]
        assert sorted(upward, key=lambda chain: chain.sort_key) == pair_chains or sorted(map(repr, upward)) == sorted(
            map(repr, pair_chains)
        )
        assert sorted(
            (chain.sort_key, chain.attributed, chain.lent, chain.repaid, chain.breaks) for chain in downward
        ) == sorted((chain.sort_key, chain.attributed, chain.lent, chain.repaid, chain.breaks) for chain in upward), (
            start
        )


def test_middles_lie_on_the_same_chains(flowing: Store) -> None:
    scope = viewing(flowing)
    for start in funds_and_banks(flowing):
        for kind, labels in (
            ("PROJECT", ("Project",)),
            ("ASSET", ("Asset",)),
            ("FUND", ("Fund",) if start[0] == "Fund" else ()),
            ("OPERATOR", OPERATOR_LABELS),
        ):
            if not labels:
                continue
            middle_chains = list(by_pages(flowing, scope, build_query(start, kind), 3))
            prefixes = {
                chain.sort_key[: index + 1]
                for chain in iter_chains(flowing, scope, build_query(start))
                for index, hop in enumerate(chain.hops)
                if index and hop.label in labels
            }
            assert {chain.sort_key for chain in middle_chains} == prefixes
            for node in {chain.hops[-1].node for chain in middle_chains}:
                pair_chains = list(iter_chains(flowing, scope, build_query(start, node)))
                if labels != FUNDING_LABELS:
                    assert [chain.sort_key for chain in pair_chains] == [
                        chain.sort_key for chain in middle_chains if chain.hops[-1].node == node
                    ]


def test_a_household_has_all_its_money_from_somewhere(flowing: Store) -> None:
    """The amount that reaches a household from all sources with money is the sum of the amounts of its shares, grants and measures."""
    scope = viewing(flowing)
    for card in CARDS:
        chains = list(iter_chains(flowing, scope, build_query(("Household", card))))
        if any(None in (chain.attributed, chain.outstanding) for chain in chains):
            continue
        total = sum(((chain.attributed or ZERO) + (chain.outstanding or ZERO) for chain in chains), ZERO)
        assert total == sum(
            (_last_step_amount(chain) for chain in _last_step_chains(flowing, scope, card, chains)), ZERO
        ), card


def _last_step_amount(chain: Chain) -> Fraction:
    """Return the amount of a chain's last step, whatever its source: from a fund or a bank the full amount of its documents."""
    if chain.hops[0].label in FUNDING_LABELS:
        return Fraction(chain.hops[-1].amount or 0)
    return (chain.attributed or ZERO) + (chain.outstanding or ZERO)


def _last_step_chains(store: Store, scope: QueryScope, card: str, chains: list[Chain]) -> Iterator[Chain]:
    """Yield the chains of the last step alone: from an asset, a fund or a bank, with all of its inflow, to the household."""
    cuts = {chain: -3 if chain.hops[-2].label == "Measure" else -2 for chain in chains}
    steps = {(chain.hops[cut].node, chain.sort_key[cut + 1 :]) for chain, cut in cuts.items()}
    for start in sorted({start for start, _ in steps}):
        for chain in iter_chains(store, scope, build_query(start, ("Household", card))):
            if (start, chain.sort_key[1:]) in steps:
                yield chain


def test_parts_of_operators_are_exact(flowing: Store) -> None:
    """An operator's share of another is its direct stake plus its share of the stakes of operators that it holds, except those that lead
    back to it."""
    money_network = network(flowing, funds_and_banks(flowing))
    stakes = Ownership(money_network)
    for node in money_network.operators:
        shares = {
            operator: sum(
                (
                    path_share or ZERO
                    for path, path_share in _all_paths(stakes, money_network, node)
                    if path[-1] == operator
                ),
                ZERO,
            )
            for operator in money_network.operators
        }
        for operator in money_network.operators:
            if operator != node:
                holders = money_network.operators[operator].holders
                expected = sum(
                    (
                        shares[holder] * sum((e.stake or ZERO for e in evidence), ZERO)
                        for holder, evidence in holders.items()
                        if shares.get(holder)
                    ),
                    ZERO,
                )
                assert shares[operator] == expected


def _all_paths(
    stakes: Ownership, money_network: MoneyNetwork, node: Node
) -> list[tuple[tuple[Node, ...], Fraction | None]]:
    return list(path_weights(stakes._stakes, stakes._cycles, node, 6))


def test_ways_are_lawful(flowing: Store) -> None:
    rank_by_label = {"Fund": 0, "Bank": 1, "Project": 2, "Enterprise": 2, "Cooperative": 2, "Asset": 3}
    for start in funds_and_banks(flowing):
        for path in PathFinder(network(flowing, [start])).find_paths(start):
            ranks = [rank_by_label[hop.label] for hop in path.hops]
            assert ranks == sorted(ranks)


def test_what_has_a_source_is_not_said_to_have_none(flowing: Store) -> None:
    """Chains from a project or an operator read only the network below it, and still tell whether its money has a source."""
    scope = viewing(flowing)
    money_network = network(flowing, funds_and_banks(flowing))
    inflows: list[tuple[Node, int]] = [
        (("Project", key), project.inflow) for key, project in money_network.projects.items()
    ]
    inflows += [(node, operator.inflow) for node, operator in money_network.operators.items() if not operator.holders]
    for node, inflow in inflows:
        chains = iter_chains(flowing, scope, build_query(node))
        lacks_source = any(
            chain_break.reason == "NO_SOURCE"
            for chain in chains
            for chain_break in chain.breaks
            if chain_break.hop_index == 0
        )
        assert lacks_source == (inflow == 0), node


def test_a_circle_into_which_nothing_comes_is_gone_through(empty: Store, tmp_path: Path) -> None:
    """Two funds transfer each other their full amounts, and one gives a household more: the upward chain shows that money as unsourced."""
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
    [chain] = iter_chains(empty, viewing(empty), build_query(("Household", CARDS[0])))
    assert [hop.key for hop in chain.hops] == ["ZJ2", CARDS[0]]
    assert (chain.attributed, chain.is_unsourced, chain.breaks[0].reason) == (Fraction(300), True, "NO_SOURCE")
    [fund_chain] = iter_chains(empty, viewing(empty), build_query(("Fund", "ZJ1"), "HOLDER"))
    assert [hop.key for hop in fund_chain.hops] == ["ZJ1", "ZJ2", CARDS[0]]
    assert fund_chain.attributed is not None
    assert fund_chain.attributed <= 500


WIDE = 2_300


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_fund_of_thousands_of_projects(empty: Store, tmp_path: Path) -> None:
    """The sorted rows of an answer carry no lists of all nodes followed: the embedded engine has little memory for sorting."""
    projects = [f"XM{number:04d}" for number in range(WIDE)]
    project_rows: list[list[object]] = [[project, project, FIRST] for project in projects]
    sheets: Sheets = {
        **{name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")},
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ", "ZJ", WIDE]],
        "项目": [["项目编号", "项目名称", "村编码"], *project_rows],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            *([f"PZ{project}", "ZJ", "项目", project, 1, ON] for project in projects),
        ],
        "资产": [
            ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"],
            *([f"ZC{project}", project, project, 1, FIRST] for project in projects),
        ],
        "股权": [
            ["股权证号", "资产编号", "户编号", "股数", "总股数", "起始日期"],
            *([f"GQ{project}", f"ZC{project}", CARDS[0], 1, 1, ON] for project in projects),
        ],
    }  # fmt: skip
    import_files(empty, [workbook(sheets, tmp_path / "wide.xlsx")], day=20161231)
    scope = viewing(empty)
    downward = load_page(empty, scope, build_query(("Fund", "ZJ")), first=50, with_totals=True)
    upward = load_page(empty, scope, build_query(("Household", CARDS[0])), first=50, with_totals=True)
    for page in (downward, upward):
        assert page.totals is not None
        assert (page.totals.count, page.totals.attributed, page.has_next) == (WIDE, Fraction(100 * WIDE), True)
    assert [chain.sort_key for chain in downward.chains] == [chain.sort_key for chain in upward.chains]
