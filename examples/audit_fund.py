"""Recompute what reaches whom from a fund, without graph_service: with py2neo, networkx and the rules alone.

    pip install 'py2neo==2021.2.4' 'networkx>=3.4'
    python examples/audit_fund.py --uri bolt://127.0.0.1:7687 --user neo4j --password … --database neo4j --fund ZJ000

Prints a JSON line a chain: `keys`, the nodes from the fund to whom its money reaches; `fen`, what arrives there, as an exact fraction (null:
the register does not tell it); `yuan`, the same rounded to the fen, half to even. The last line is the total. It only reads. The numbers
in its comments are those of the rules in README.md, “A second opinion”.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import networkx as nx
from py2neo import Graph

Node = tuple[str, str]  # label, key
Amount = Fraction | None  # fen, or a part; None: not known
OPERATORS = ("Enterprise", "Cooperative")
MOST_TRANSFERS, MOST_STAKES = 8, 6

# Rule 1: what counts on a day, in a data version.
KNOWN = "{0}.recorded <= $seq AND $seq < {0}.superseded"
COUNTS = "{0}.since <= $day AND $day <= {0}.until AND " + KNOWN
LABEL = "head([l IN labels({0}) WHERE l <> 'Area' OR size(labels({0})) = 1])"  # a village is an area too
KEY = "coalesce({0}.fund_no, {0}.bank_no, {0}.project_no, {0}.asset_no, {0}.uscc, {0}.card_no, {0}.person_no, {0}.code)"
ENDS = f"{LABEL}, {KEY}".format("a") + ", " + f"{LABEL}, {KEY}".format("b")


def product(*some: Amount) -> Amount:
    """Not known where one of them is not."""
    found: Amount = Fraction(1)
    for one in some:
        found = None if found is None or one is None else found * one
    return found


def total(some: Iterable[Amount]) -> Amount:
    known = list(some)
    return None if None in known else sum((one for one in known if one is not None), Fraction(0))


def returns(parts: "nx.DiGraph[Node]", node: Node, gone: tuple[Node, ...]) -> Amount:
    """Rule 4: how often what comes to a node passes it before it leaves its circles for good, without the nodes already passed.

    With x the visits to each node of the circle, x(b) = [b is the node] + sum over a of x(a) * part(a, b): solved exactly. Where money
    never leaves the circle, or grows in it, there is no such number."""
    left = parts.subgraph(n for n in parts if n not in gone)
    circle = sorted(next(some for some in nx.strongly_connected_components(left) if node in some))
    if len(circle) == 1:
        return Fraction(1)
    size = len(circle)
    rows = [
        [Fraction(a == b) - left.get_edge_data(a, b, {"part": 0})["part"] for a in circle] + [Fraction(b == node)]
        for b in circle
    ]
    for at in range(size):
        pivot = next((row for row in range(at, size) if rows[row][at]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in set(range(size)) - {at}:
            rows[row] = [value - rows[row][at] * above for value, above in zip(rows[row], rows[at], strict=True)]
    visits = [row[-1] for row in rows]
    return visits[circle.index(node)] if min(visits) > 0 else None


def ways(
    parts: "nx.DiGraph[Node]", way: tuple[Node, ...], part: Amount, most: int
) -> Iterator[tuple[tuple[Node, ...], Amount]]:
    """Every way of distinct nodes of at most so many steps, with what part of what the first node has comes to its last."""
    yield way, part
    for to in sorted(parts.successors(way[-1])) if way[-1] in parts and len(way) <= most else ():
        if to not in way:
            further = product(part, parts.edges[way[-1], to]["part"], returns(parts, to, way))
            yield from ways(parts, (*way, to), further, most)


class Audit:
    """All that the graph holds of money on the day, added up by pair of nodes; what households have is read fund by fund."""

    def __init__(self, graph: Graph, day: int | None, seq: int | None) -> None:
        self._graph, self._told = graph, {"day": day, "seq": seq}
        days = dict(self._rows("MATCH (i:Import) WHERE i.state = 'PUBLISHED' RETURN i.sequence, i.latest"))
        self._told["seq"] = seq or max(days)
        self._told["day"] = day or days[self._told["seq"]]
        self.funds = self._states("Fund", "fund_no", "amount")
        self.assets = self._states("Asset", "asset_no", "quantified, s.total_shares, s.kind")
        self.flows, self.formed, self.stakes = nx.DiGraph(), nx.DiGraph(), nx.DiGraph()
        for pot in ("Fund", "Bank"):
            for a, b, amount in self._edges(
                f"(a:{pot})-[r:TRANSFERRED|ALLOCATED|INVESTED|LENT|GRANTED]->(b)", "r.amount"
            ):
                self._add(self.flows, a, b, Fraction(amount), given=True)
            # Rule 2: corrections are negative rows; what was paid back is taken off what was lent.
            for a, b, amount in self._edges(f"(b:{pot})<-[r:REPAID]-(a)", "r.amount"):
                self._add(self.flows, b, a, -Fraction(amount))
        for a, b, amount in self._edges("(b:Asset)<-[r:FORMED]-(a)", "r.amount"):
            self._add(self.formed, a, b, None if amount is None else Fraction(amount))
        for label in OPERATORS:
            for a, b, share in self._edges(f"(a:{label})-[r:INVESTS_IN]->(b)", "r.share"):
                self._add(self.stakes, a, b, Fraction(share or 0, 1_000_000))
        self._parts(self.stakes, lambda _: Fraction(1))
        # Rule 7: money in operators stands in what they own; else in what they operate, where no project formed it and nobody owns it.
        owners: dict[Node, list[Node]] = defaultdict(list)
        operators: dict[Node, list[Node]] = defaultdict(list)
        for a, b, kind in self._edges("(b:Asset)<-[r:OWNS|OPERATES]-(a)", "type(r)"):
            (owners if kind == "OWNS" else operators)[b].append(a)
        for asset in [one for one in operators if one not in owners and one not in self.formed]:
            owners[asset] = operators[asset]
        self.keepers = {asset: [one for one in some if one[0] in OPERATORS] for asset, some in owners.items()}
        self.kept = {
            one: [a for a, some in self.keepers.items() if one in some]
            for some in self.keepers.values()
            for one in some
        }
        self.measures, self.claims, self.shares = cache(self._measures), cache(self._claims), cache(self._shares)

    def _rows(self, text: str, **more: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._graph.query(text, {**self._told, **more})]

    def _states(self, label: str, key: str, values: str) -> dict[str, tuple[Any, ...]]:
        """The values of nodes, in the version in force."""
        text = f"MATCH (n:{label})<-[:OF]-(s:{label}State) WHERE {KNOWN.format('s')} RETURN n.{key}, s.{values}"
        return {row[0]: row[1:] for row in self._rows(text)}

    def _edges(self, pattern: str, value: str, **more: Any) -> list[tuple[Node, Node, Any]]:
        rows = self._rows(f"MATCH {pattern} WHERE {COUNTS.format('r')} RETURN {ENDS}, {value}", **more)
        return [((row[0], row[1]), (row[2], row[3]), row[4]) for row in rows]

    @staticmethod
    def _add(graph: "nx.DiGraph[Node]", a: Node, b: Node, amount: Amount, **more: bool) -> None:
        before = graph.get_edge_data(a, b, {"sum": Fraction(0)})["sum"]
        graph.add_edge(a, b, sum=total([before, amount]), **more)

    @staticmethod
    def _parts(graph: "nx.DiGraph[Node]", base: Callable[[Node], Fraction]) -> "nx.DiGraph[Node]":
        """Each edge's part of what its first node has. Rule 3: what is not positive goes nowhere."""
        graph.remove_edges_from([(a, b) for a, b, amount in graph.edges(data="sum") if amount <= 0])
        for a, b, amount in graph.edges(data="sum"):
            graph.edges[a, b]["part"] = amount / base(a)
        return graph

    def inflow(self, node: Node) -> Fraction:
        some = self.flows.in_edges(node, data="sum") if node in self.flows else ()
        return sum((amount for _, _, amount in some if amount > 0), Fraction(0))

    def base(self, pot: Node) -> Fraction:
        """Rule 4: what the parts of a fund or a bank are parts of."""
        amount = self.funds.get(pot[1], (None,))[0] if pot[0] == "Fund" else None
        said = max(self.inflow(pot), amount or 0)
        if amount is not None and said:
            return Fraction(said)
        measures = (one for _, one, _ in self.measures(pot) if one is not None)
        return max(said, sum((one for _, _, one in self.flows.out_edges(pot, data="sum")), Fraction(0)) + sum(measures))

    def _measures(self, pot: Node) -> list[tuple[Node, Amount, list[Node]]]:
        """What a fund pays for: measure, amount (rule 9: known where no other fund pays for it), recipients."""
        paid = "MATCH (a:Fund {fund_no: $no})-[r:PAYS]->(m:Measure)"
        counts = f"WHERE {COUNTS.format('r')} AND {COUNTS.format('q')}"
        told = {"no": pot[1] if pot[0] == "Fund" else ""}
        shared = {row[0] for row in self._rows(f"{paid}<-[q:PAYS]-(:Fund) {counts} RETURN m.measure_no", **told)}
        whose: dict[str, list[Node]] = defaultdict(list)
        text = f"{paid}<-[q:RECEIVES]-(b) {counts} RETURN m.measure_no, {LABEL.format('b')}, {KEY.format('b')}"
        for number, label, key in self._rows(text, **told):
            whose[number].append((label, key))
        text = f"{paid}<-[:OF]-(s:MeasureState) WHERE {COUNTS.format('r')} AND {KNOWN.format('s')} RETURN m.measure_no, s.amount"
        rows = [
            (number, None if number in shared or amount is None else Fraction(amount))
            for number, amount in self._rows(text, **told)
        ]
        # A household's measure may name who of its members it is for.
        households = {number: [one for one in some if one[0] == "Household"] for number, some in whose.items()}
        return [(("Measure", number), amount, households.get(number) or whose[number]) for number, amount in rows]

    def fund(self, number: str) -> Iterator[tuple[tuple[Node, ...], Amount]]:
        """Each chain of a fund: its nodes, what arrives at the last."""
        start: Node = ("Fund", number)
        self.flows.add_node(start)
        reached = [one for one in {start, *nx.descendants(self.flows, start)} if one[0] in ("Fund", "Bank")]
        pots = self._parts(nx.DiGraph(self.flows.subgraph(reached)), self.base)
        for way, part in ways(pots, (start,), Fraction(1), MOST_TRANSFERS):
            pot = way[-1]
            base = self.base(pot)
            # Of each fen that leaves this pot, so much is of the fund's.
            rate = product(part, self.base(start), 1 / base if base else None)
            for to, edge in self.flows[pot].items():
                amount = product(rate, edge["sum"])
                if to[0] == "Household" and edge.get("given"):
                    yield (*way, to), amount
                elif to[0] == "Project" and edge["sum"] > 0:
                    yield from self.project((*way, to), amount)
                elif to[0] in OPERATORS and edge["sum"] > 0:
                    yield from self.operator((*way, to), amount)
            for measure, amount, whose in self.measures(pot):
                for one in whose:
                    yield (*way, measure, one), product(rate, amount) if len(whose) == 1 else None

    def project(self, way: tuple[Node, ...], amount: Amount) -> Iterator[tuple[tuple[Node, ...], Amount]]:
        """Rule 5: each asset gets what was formed of it, all scaled down to what came to the project where that is less."""
        some = dict(self.formed[way[-1]]) if way[-1] in self.formed else {}
        whole, arrived = total(edge["sum"] for edge in some.values()), self.inflow(way[-1])
        for asset, edge in some.items():
            part = None if whole is None else edge["sum"] / max(whole, arrived)
            yield from self.asset((*way, asset), product(amount, part))

    def operator(self, way: tuple[Node, ...], amount: Amount) -> Iterator[tuple[tuple[Node, ...], Amount]]:
        """Rule 7: over each way of stakes to each asset, what of the operator's money stands there by it."""
        node = way[-1]
        held = self.held(node)
        for stakes, part in ways(self.stakes, (node,), Fraction(1), MOST_STAKES):
            for asset in self.kept.get(stakes[-1], ()):
                claim, value = self.claims(node)[asset], self.value(asset)
                claims = total(self.claims(one).get(asset, Fraction(0)) for one in self.claimants(asset))
                whole = held[stakes[-1]]
                known = None not in (claim, value, claims, whole)
                shrunk = (
                    (value / max(value, claims) if claims else Fraction(0)) / self.inflow(node) / whole
                    if known
                    else None
                )
                yield from self.asset((*way, *stakes[1:], asset), product(amount, claim, shrunk, part))

    def held(self, node: Node) -> dict[Node, Amount]:
        """What part an operator holds of those that keep assets: of itself the whole, of others over all ways."""
        found: dict[Node, list[Amount]] = defaultdict(list)
        for way, part in ways(self.stakes, (node,), Fraction(1), MOST_STAKES):
            if way[-1] in self.kept:
                found[way[-1]].append(part)
        return {to: total(some) for to, some in found.items()}

    def value(self, asset: Node) -> Amount:
        """What operators' money can stand in: what no project formed of the value. Which part is whose of several owners is not told."""
        quantified = self.assets.get(asset[1], (None,))[0]
        formed = (
            total(one for _, _, one in self.formed.in_edges(asset, data="sum")) if asset in self.formed else Fraction(0)
        )
        if quantified is None or formed is None or len(self.keepers[asset]) != 1:
            return None
        return max(Fraction(0), quantified - formed)

    def _claims(self, node: Node) -> dict[Node, Amount]:
        """What of an operator's money would stand in each asset, did nobody else claim it: its parts, scaled to its money."""
        wanted = {
            asset: product(part, self.value(asset)) for to, part in self.held(node).items() for asset in self.kept[to]
        }
        whole, money = total(wanted.values()), self.inflow(node)
        if whole is None:
            return dict.fromkeys(wanted)
        return {
            asset: product(one, money / max(whole, money) if whole else Fraction(0)) for asset, one in wanted.items()
        }

    def claimants(self, asset: Node) -> set[Node]:
        keepers = set(self.keepers[asset])
        return keepers.union(*(nx.ancestors(self.stakes, one) for one in keepers if one in self.stakes))

    def asset(self, way: tuple[Node, ...], amount: Amount) -> Iterator[tuple[tuple[Node, ...], Amount]]:
        """Rule 8: to each holder by shares; what is public is for all, and is no one's."""
        shares = self.shares(way[-1])
        for holder, part in shares.items():
            yield (*way, holder), product(amount, part)
        if not shares and self.assets.get(way[-1][1], (None, None, None))[2] == "PUBLIC":
            yield way, Fraction(0)

    def _shares(self, asset: Node) -> dict[Node, Amount]:
        found: dict[Node, list[Amount]] = defaultdict(list)
        total_shares = self.assets.get(asset[1], (None, None))[1]
        pattern, value = "(a:Asset {asset_no: $no})<-[r:HOLDS]-(b)", "[r.shares, r.total_shares]"
        for _, holder, (shares, stated) in self._edges(pattern, value, no=asset[1]):
            whole = stated or total_shares
            found[holder].append(None if shares is None or not whole else Fraction(shares, whole))
        return {holder: total(some) for holder, some in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, given in {"uri": "bolt://127.0.0.1:7687", "user": "neo4j", "password": "", "database": "neo4j"}.items():
        parser.add_argument(f"--{name}", default=given)
    parser.add_argument("--fund", required=True, help="its number")
    parser.add_argument(
        "--as-of", type=int, metavar="YYYYMMDD", help="the day; without it that of the latest collection"
    )
    parser.add_argument("--sequence", type=int, help="the data version; without it the newest that is published")
    asked = parser.parse_args()
    graph = Graph(asked.uri, auth=(asked.user, asked.password or "none"), name=asked.database)
    audit = Audit(graph, asked.as_of, asked.sequence)
    chains = sorted(audit.fund(asked.fund), key=lambda one: one[0])
    for way, amount in chains:
        print(json.dumps({"keys": way, **shown(amount)}, ensure_ascii=False))
    known = [amount for _, amount in chains if amount is not None]
    print(json.dumps({"chains": len(chains), "unknown": len(chains) - len(known), **shown(total(known))}))


def shown(amount: Amount) -> dict[str, str | None]:
    if amount is None:
        return {"fen": None, "yuan": None}
    return {"fen": str(amount), "yuan": f"{Decimal(round(amount)).scaleb(-2):.2f}"}


if __name__ == "__main__":
    main()
