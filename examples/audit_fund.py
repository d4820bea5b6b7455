"""Recompute the recipients of a fund's money and their amounts, without graph_service: with py2neo, networkx and the rules alone.

    pip install 'py2neo==2021.2.4' 'networkx>=3.4'
    python examples/audit_fund.py --uri bolt://127.0.0.1:7687 --user neo4j --password=… --database neo4j --fund ZJ000

Prints a JSON line for each chain: `keys`, the nodes from the fund to the recipient; `loan`, whether the money was lent on the way; `fen`, the amount
that arrives or is owed there, as an exact fraction (null: not in the register); `yuan`, the same rounded to the fen, half to even.
The last line is the total of the benefits, and of the amounts owed (`outstanding`). The script only reads. The rules that its comments
name by their numbers are those of docs/how-to/audit-a-fund.md.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import networkx as nx
from py2neo import Graph

Node = tuple[str, str]  # label, key
NodePath = tuple[Node, ...]
Amount = Fraction | None  # fen, or a part; None: unknown
Edges: TypeAlias = "nx.DiGraph[Node]"  # an edge has its `sum`, or its `part` of the first node's amount
OPERATORS = ("Enterprise", "Cooperative")
MAX_TRANSFERS, MAX_STAKES = 8, 6

# Rule 1: relationships in force on a day, in a data version.
IN_VERSION = "{0}.recorded <= $seq AND $seq < {0}.superseded"
IN_FORCE = "{0}.since <= $day AND $day <= {0}.until AND " + IN_VERSION
# A village is an area too.
NODE_KEY = """head([l IN labels({0}) WHERE l <> 'Area' OR size(labels({0})) = 1]), coalesce(
  {0}.fund_no, {0}.bank_no, {0}.project_no, {0}.asset_no, {0}.uscc, {0}.card_no, {0}.person_no, {0}.code)"""


def product(*factors: Amount) -> Amount:
    result = Fraction(1)
    for factor in factors:
        if factor is None:
            return None
        result *= factor
    return result


def total(amounts: Iterable[Amount]) -> Amount:
    result = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        result += amount
    return result


def expected_visits(parts: Edges, node: Node, behind: NodePath) -> Amount:
    """Rule 4: return how often, on average, money that comes to a node passes it, round the circles that do not touch the nodes behind.

    With x the visits to the nodes of its circle, x(b) = [b is the node] + the sum over a of x(a) * part(a, b): solved exactly. Where
    nothing leaves the circle, or more than went in, there is no such number.
    """
    remaining = parts.subgraph(candidate for candidate in parts if candidate not in behind)
    circle = sorted(next(component for component in nx.strongly_connected_components(remaining) if node in component))
    if len(circle) == 1:
        return Fraction(1)
    if any(edge["part"] is None for _, _, edge in remaining.subgraph(circle).edges(data=True)):
        return None
    rows = [
        [Fraction(a == b) - remaining.get_edge_data(a, b, {"part": 0})["part"] for a in circle] + [Fraction(b == node)]
        for b in circle
    ]
    for column in range(len(circle)):
        pivot = next((row for row in rows[column:] if row[column]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        rows = [[y - row[column] * x / pivot[column] for x, y in zip(pivot, row, strict=True)] for row in rows]
        rows.insert(column, [x / pivot[column] for x in pivot])
    return rows[circle.index(node)][-1] if all(row[-1] > 0 for row in rows) else None


def iter_paths(parts: Edges, path: NodePath, part: Amount, max_steps: int) -> Iterator[tuple[NodePath, Amount]]:
    """Yield every path of distinct nodes of at most `max_steps`, with the part of the first node's amount that comes to its last."""
    yield path, part
    for successor in sorted(parts.successors(path[-1])) if path[-1] in parts and len(path) <= max_steps else ():
        if successor not in path:
            next_part = product(part, parts.edges[path[-1], successor]["part"], expected_visits(parts, successor, path))
            yield from iter_paths(parts, (*path, successor), next_part, max_steps)


def add_amount(edges: Edges, a: Node, b: Node, amount: Amount, **flags: bool) -> None:
    edges.add_edge(a, b, sum=total([edges.get_edge_data(a, b, {"sum": Fraction(0)})["sum"], amount]), **flags)


def incoming_amounts(edges: Edges, node: Node) -> list[Any]:
    return [edge["sum"] for edge in edges.pred[node].values()] if node in edges else []


def with_parts(edges: Edges, base: Callable[[Node], Fraction]) -> Edges:
    """Return each edge's part of its first node's amount. Rule 3: a sum that is not positive goes nowhere."""
    parts: Edges = nx.DiGraph()
    parts.add_nodes_from(edges)
    for a, b, edge in edges.edges(data=True):
        if edge["sum"] is None:
            parts.add_edge(a, b, part=None)
        elif edge["sum"] > 0:
            parts.add_edge(a, b, part=edge["sum"] / base(a) if base(a) else None)
    return parts


class Audit:
    """Money of the graph on the day: sums by pair of nodes; the ends of chains are read when they are reached."""

    def __init__(self, graph: Graph, day: int | None, sequence: int | None) -> None:
        self._graph, self._when = graph, {"day": day, "seq": sequence}
        days = dict(self._rows("MATCH (i:Import) WHERE i.state = 'PUBLISHED' RETURN i.sequence, i.latest"))
        self._when["seq"] = sequence or max(days)
        self._when["day"] = day or days[self._when["seq"]]
        self.funds = self._values("Fund", "n.fund_no, s.amount")
        self.assets = self._values("Asset", "n.asset_no, s.quantified, s.total_shares, s.kind")
        self.flows: Edges = nx.DiGraph()
        self.loans: Edges = nx.DiGraph()
        self.formed: Edges = nx.DiGraph()
        stakes: Edges = nx.DiGraph()
        for pot in ("Fund", "Bank"):
            pattern = f"(a:{pot})-[r:TRANSFERRED|ALLOCATED|INVESTED|GRANTED|DISBURSED]->(b)"
            for a, b, amount in self._edges(pattern, "r.amount"):
                add_amount(self.flows, a, b, Fraction(amount or 0))
            # Rule 2: corrections are negative already; repayments are subtracted from loans.
            for a, b, amount in self._edges(f"(a:{pot})-[r:LENT]->(b)", "r.amount"):
                add_amount(self.loans, a, b, Fraction(amount or 0), lent=True)
            for a, b, amount in self._edges(f"(b:{pot})<-[r:REPAID]-(a)", "r.amount"):
                add_amount(self.loans, b, a, -Fraction(amount or 0))
        for a, b, amount in self._edges("(b:Asset)<-[r:FORMED]-(a)", "r.amount"):
            add_amount(self.formed, a, b, None if amount is None else Fraction(amount))
        for label in OPERATORS:
            for a, b, share in self._edges(f"(a:{label})-[r:INVESTS_IN]->(b)", "r.share"):
                add_amount(stakes, a, b, None if share is None else Fraction(share, 1_000_000))
        self.stakes = with_parts(stakes, lambda _: Fraction(1))
        # Rule 7: operators' money stands in assets they own, or operate where no project formed the asset and nobody owns it.
        keepers_by_type: dict[str, dict[Node, list[Node]]] = {"OWNS": defaultdict(list), "OPERATES": defaultdict(list)}
        for a, b, kind in self._edges("(b:Asset)<-[r:OWNS|OPERATES]-(a)", "type(r)"):
            keepers_by_type[kind][b].append(a)
        keepers_by_asset = keepers_by_type["OWNS"] | {
            asset: keepers
            for asset, keepers in keepers_by_type["OPERATES"].items()
            if asset not in keepers_by_type["OWNS"] and asset not in self.formed
        }
        self.keepers = {
            asset: [keeper for keeper in keepers if keeper[0] in OPERATORS]
            for asset, keepers in keepers_by_asset.items()
        }
        self.measures, self.scaled_positions, self.claims = (
            cache(self._measures),
            cache(self._scaled_positions),
            cache(self._claims),
        )
        self.shares = cache(self._shares)

    def _rows(self, text: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._graph.query(text, {**self._when, **parameters})]

    def _values(self, label: str, returned: str) -> dict[str, tuple[Any, ...]]:
        """Return values of nodes by their keys, in the version in force."""
        text = f"MATCH (n:{label})<-[:OF]-(s:{label}State) WHERE {IN_VERSION.format('s')} RETURN {returned}"
        return {row[0]: row[1:] for row in self._rows(text)}

    def _edges(self, pattern: str, value: str, **parameters: Any) -> list[tuple[Node, Node, Any]]:
        returned = f"{NODE_KEY.format('a')}, {NODE_KEY.format('b')}, {value}"
        rows = self._rows(f"MATCH {pattern} WHERE {IN_FORCE.format('r')} RETURN {returned}", **parameters)
        return [((row[0], row[1]), (row[2], row[3]), row[4]) for row in rows]

    def inflow(self, node: Node) -> Fraction:
        return sum(
            (
                amount
                for amount in (*incoming_amounts(self.flows, node), *incoming_amounts(self.loans, node))
                if amount > 0
            ),
            Fraction(0),
        )

    def has(self, pot: Node) -> Fraction:
        """Rule 4: return the amount of a fund or a bank."""
        amount = self.funds.get(pot[1], (None,))[0] if pot[0] == "Fund" else None
        return max(self.inflow(pot), self.left(pot) if amount is None else Fraction(amount))

    def left(self, pot: Node) -> Fraction:
        """Rule 4: return the amount that left it, summed over recipients to whom more went than came back."""
        sums = [edge["sum"] for edges in (self.flows, self.loans) if pot in edges for edge in edges[pot].values()]
        sums += [amount for _, amount, _ in self.measures(pot) if amount]
        return sum((amount for amount in sums if amount > 0), Fraction(0))

    def base(self, pot: Node) -> Fraction:
        """Rule 4: return the base of the parts of a fund or a bank; an outflow beyond its amount has no source."""
        return max(self.has(pot), self.left(pot))

    def fund(self, number: str) -> Iterator[tuple[NodePath, Amount, bool]]:
        """Yield each chain of a fund: its nodes, the amount that arrives at the last, and whether it was lent on the way."""
        start: Node = ("Fund", number)
        combined = nx.compose(self.loans, self.flows)
        combined.add_node(start)
        reachable = [node for node in (start, *nx.descendants(combined, start)) if node[0] in ("Fund", "Bank")]
        # Funds pass money on, and lend to banks: two of them are linked by one or the other.
        pots = with_parts(combined.subgraph(reachable), self.base)
        for path, part in iter_paths(pots, (start,), Fraction(1), MAX_TRANSFERS):
            pot, base = path[-1], self.base(path[-1])
            # The first fund's part of each fen that leaves this pot.
            rate = product(part, self.has(start), 1 / base if base else None)
            is_owed = any(node[0] == "Bank" for node in path[1:])
            for edges, is_lent in ((self.flows, False), (self.loans, True)):
                for recipient, edge in edges[pot].items() if pot in edges else ():
                    is_loan = is_owed or is_lent
                    if recipient[0] == "Household" and (not is_lent or "lent" in edge) and edge["sum"] > 0:
                        yield (*path, recipient), product(rate, edge["sum"]), is_loan
                    elif recipient[0] in ("Person", "Village") and edge["sum"] > 0:
                        # Rule 9: money given to a person is the household's.
                        yield (*path, recipient, *self.household(recipient)), product(rate, edge["sum"]), is_loan
                    elif recipient[0] == "Project" and edge["sum"] > 0:
                        yield from self.marked(self.project((*path, recipient), product(rate, edge["sum"])), is_loan)
                    elif recipient[0] in OPERATORS and edge["sum"] > 0:
                        yield from self.marked(self.operator((*path, recipient), product(rate, edge["sum"])), is_loan)
            for measure, amount, measure_recipients in self.measures(pot):
                for measure_recipient in measure_recipients:
                    yield (
                        (*path, measure, measure_recipient),
                        product(rate, amount) if len(measure_recipients) == 1 else None,
                        is_owed,
                    )

    def household(self, person: Node) -> list[Node]:
        """Return the household of which a person is a member on the day."""
        pattern = "(a:Person {person_no: $no})-[r:MEMBER_OF]->(b:Household)"
        return (
            sorted(household for _, household, _ in self._edges(pattern, "null", no=person[1]))[:1]
            if person[0] == "Person"
            else []
        )

    @staticmethod
    def marked(chains: Iterable[tuple[NodePath, Amount]], is_loan: bool) -> Iterator[tuple[NodePath, Amount, bool]]:
        """Rule 10: mark chains as loans; money lent on the way is owed, and benefits nobody."""
        return ((path, amount, is_loan) for path, amount in chains)

    def project(self, path: NodePath, amount: Amount) -> Iterator[tuple[NodePath, Amount]]:
        """Rule 5: yield each asset's chains with the amount formed of it, all scaled down to the project's inflow where that is less."""
        value_by_asset = (
            {asset: edge["sum"] for asset, edge in self.formed[path[-1]].items()} if path[-1] in self.formed else {}
        )
        total_value = total(value_by_asset.values())
        for asset, value in value_by_asset.items():
            part = None if total_value is None else value / max(total_value, self.inflow(path[-1]))
            yield from self.asset((*path, asset), product(amount, part))

    def operator(self, path: NodePath, amount: Amount) -> Iterator[tuple[NodePath, Amount]]:
        """Rule 7: yield chains to the assets in which an operator's money stands, by each path; claims above the value shrink alike."""
        for stake_path, asset, claim in self.scaled_positions(path[-1]):
            value, claims = self.value(asset), self.claims(asset)
            scale = (
                None if value is None or claims is None else min(Fraction(1), value / claims) if claims else Fraction(1)
            )
            yield from self.asset(
                (*path, *stake_path[1:], asset), product(amount, claim, scale, 1 / self.inflow(path[-1]))
            )

    def _scaled_positions(self, node: Node) -> list[tuple[NodePath, Node, Amount]]:
        """Return where an operator's inflow would stand without other claims: its parts of assets, scaled down to its inflow."""
        positions = [
            (path, asset, product(part, self.value(asset)))
            for path, part in iter_paths(self.stakes, (node,), Fraction(1), MAX_STAKES)
            for asset, keepers in self.keepers.items()
            if path[-1] in keepers
        ]
        total_amount, inflow = total(amount for _, _, amount in positions), self.inflow(node)
        scale = None if total_amount is None else inflow / max(total_amount, inflow) if inflow else Fraction(0)
        return [(path, asset, product(amount, scale) if inflow else Fraction(0)) for path, asset, amount in positions]

    def _claims(self, asset: Node) -> Amount:
        claimants = set(self.keepers[asset]).union(
            *(nx.ancestors(self.stakes, keeper) for keeper in self.keepers[asset] if keeper in self.stakes)
        )
        return total(
            claim
            for claimant in claimants
            for _, claimed_asset, claim in self.scaled_positions(claimant)
            if claimed_asset == asset
        )

    def value(self, asset: Node) -> Amount:
        """Return the part of an asset's value that no project formed; None where it is unknown, or there are several owners, whose parts
        are unknown."""
        quantified_amount, formed_amount = (
            self.assets.get(asset[1], (None,))[0],
            total(incoming_amounts(self.formed, asset)),
        )
        if quantified_amount is None or formed_amount is None or len(self.keepers[asset]) != 1:
            return None
        return max(Fraction(0), Fraction(quantified_amount) - formed_amount)

    def asset(self, path: NodePath, amount: Amount) -> Iterator[tuple[NodePath, Amount]]:
        """Rule 6: yield chains to each holder by shares, scaled down where they exceed the whole; a public asset reaches nobody by name."""
        shares = self.shares(path[-1])
        known_sum, total_sum = (
            sum((share for share in shares.values() if share is not None), Fraction(0)),
            total(shares.values()),
        )
        for holder, part in shares.items():
            scale = Fraction(1) if known_sum <= 1 else None if total_sum is None else 1 / total_sum
            yield (*path, holder), product(amount, part, scale)
        if not shares and self.assets.get(path[-1][1], (None, None, None))[2] == "PUBLIC":
            yield path, Fraction(0)

    def _shares(self, asset: Node) -> dict[Node, Amount]:
        parts_by_holder: dict[Node, list[Amount]] = defaultdict(list)
        certificates = "(a:Asset {asset_no: $no})<-[r:HOLDS]-(b)"
        for _, holder, (shares, stated_total) in self._edges(certificates, "[r.shares, r.total_shares]", no=asset[1]):
            total_shares = stated_total or self.assets.get(asset[1], (None, None))[1]
            parts_by_holder[holder].append(
                None if shares is None or not total_shares else Fraction(shares, total_shares)
            )
        return {holder: total(parts) for holder, parts in parts_by_holder.items()}

    def _measures(self, pot: Node) -> list[tuple[Node, Amount, list[Node]]]:
        """Rule 8: return measures that a fund pays for, their amounts, known where it alone pays, and their recipients."""
        if pot[0] != "Fund":
            return []
        pays, where = "MATCH (a:Fund {fund_no: $no})-[r:PAYS]->(m:Measure)", f"WHERE {IN_FORCE.format('r')} AND {{0}}"
        where_both = where.format(IN_FORCE.format("q"))
        shared_measures = set(self._rows(f"{pays}<-[q:PAYS]-(:Fund) {where_both} RETURN m.measure_no", no=pot[1]))
        recipients_by_measure: dict[str, list[Node]] = defaultdict(list)
        recipients_query = f"{pays}<-[q:RECEIVES]-(b) {where_both} RETURN m.measure_no, {NODE_KEY.format('b')}"
        for number, label, key in self._rows(recipients_query, no=pot[1]):
            recipients_by_measure[number].append((label, key))
        amounts_query = f"{pays}<-[:OF]-(s:MeasureState) {where.format(IN_VERSION.format('s'))} AND coalesce(s.starts_on, $day) <= $day RETURN m.measure_no, s.amount"
        return [
            (
                ("Measure", number),
                None if amount is None or (number,) in shared_measures else Fraction(amount),
                # A household's measure names its members too.
                [recipient for recipient in recipients_by_measure[number] if recipient[0] == "Household"]
                or recipients_by_measure[number],
            )
            for number, amount in self._rows(amounts_query, no=pot[1])
        ]


def format_amount(amount: Amount) -> dict[str, str | None]:
    if amount is None:
        return {"fen": None, "yuan": None}
    return {"fen": str(amount), "yuan": f"{Decimal(round(amount)).scaleb(-2):.2f}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {
        "uri": "bolt://127.0.0.1:7687",
        "user": "neo4j",
        "password": "none",
        "database": "neo4j",
    }.items():
        parser.add_argument(f"--{name}", default=default)
    parser.add_argument("--fund", required=True, help="its number")
    parser.add_argument(
        "--as-of", type=int, metavar="YYYYMMDD", help="the day; without it that of the latest collection"
    )
    parser.add_argument("--sequence", type=int, help="the data version; without it the newest that is published")
    arguments = parser.parse_args()
    graph = Graph(arguments.uri, auth=(arguments.user, arguments.password), name=arguments.database)
    chains = sorted(
        Audit(graph, arguments.as_of, arguments.sequence).fund(arguments.fund), key=lambda chain: (chain[0], chain[2])
    )
    for path, amount, is_loan in chains:
        print(json.dumps({"keys": path, "loan": is_loan, **format_amount(amount)}, ensure_ascii=False))
    known_amounts = [(amount, is_loan) for _, amount, is_loan in chains if amount is not None]
    benefit, outstanding = (
        total(amount for amount, is_loan in known_amounts if is_loan is is_owed) for is_owed in (False, True)
    )
    figures = {"chains": len(chains), "unknown": len(chains) - len(known_amounts), **format_amount(benefit)}
    print(json.dumps({**figures, "outstanding": format_amount(outstanding)["yuan"]}))


if __name__ == "__main__":
    main()
