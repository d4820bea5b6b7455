"""Recompute what reaches whom from a fund, without graph_service: with py2neo, networkx and the rules alone.

    pip install 'py2neo==2021.2.4' 'networkx>=3.4'
    python examples/audit_fund.py --uri bolt://127.0.0.1:7687 --user neo4j --password=… --database neo4j --fund ZJ000

Prints a JSON line a chain: `keys`, the nodes from the fund to whom its money reaches; `loan`, whether it was lent on the way; `fen`, what arrives there,
or is owed there, as an exact fraction (null: the register does not tell it); `yuan`, the same rounded to the fen, half to even. The
last line is the total of what benefits, and what is owed (`outstanding`). It only reads. The rules
that its comments name by their numbers are those of README.md, “A second opinion”.
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
Way = tuple[Node, ...]
Amount = Fraction | None  # fen, or a part; None: not known
Edges: TypeAlias = "nx.DiGraph[Node]"  # an edge has its `sum`, or what `part` that is
OPERATORS = ("Enterprise", "Cooperative")
MOST_TRANSFERS, MOST_STAKES = 8, 6

# Rule 1: what counts on a day, in a data version.
KNOWN = "{0}.recorded <= $seq AND $seq < {0}.superseded"
COUNTS = "{0}.since <= $day AND $day <= {0}.until AND " + KNOWN
# A village is an area too.
NODE = """head([l IN labels({0}) WHERE l <> 'Area' OR size(labels({0})) = 1]), coalesce(
  {0}.fund_no, {0}.bank_no, {0}.project_no, {0}.asset_no, {0}.uscc, {0}.card_no, {0}.person_no, {0}.code)"""


def product(*some: Amount) -> Amount:
    found = Fraction(1)
    for one in some:
        if one is None:
            return None
        found *= one
    return found


def total(some: Iterable[Amount]) -> Amount:
    found = Fraction(0)
    for one in some:
        if one is None:
            return None
        found += one
    return found


def returns(parts: Edges, node: Node, behind: Way) -> Amount:
    """Rule 4: how often, on average, what comes to a node passes it, round the circles that do not touch the nodes behind.

    With x the visits to the nodes of its circle, x(b) = [b is the node] + the sum over a of x(a) * part(a, b): solved exactly. Where
    nothing leaves the circle, or more than went in, there is no such number."""
    left = parts.subgraph(one for one in parts if one not in behind)
    circle = sorted(next(some for some in nx.strongly_connected_components(left) if node in some))
    if len(circle) == 1:
        return Fraction(1)
    if any(edge["part"] is None for _, _, edge in left.subgraph(circle).edges(data=True)):
        return None
    rows = [
        [Fraction(a == b) - left.get_edge_data(a, b, {"part": 0})["part"] for a in circle] + [Fraction(b == node)]
        for b in circle
    ]
    for at in range(len(circle)):
        pivot = next((row for row in rows[at:] if row[at]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        rows = [[y - row[at] * x / pivot[at] for x, y in zip(pivot, row, strict=True)] for row in rows]
        rows.insert(at, [x / pivot[at] for x in pivot])
    return rows[circle.index(node)][-1] if all(row[-1] > 0 for row in rows) else None


def ways(parts: Edges, way: Way, part: Amount, most: int) -> Iterator[tuple[Way, Amount]]:
    """Every way of distinct nodes of at most so many steps, with what part of what is at its first node comes to its last."""
    yield way, part
    for to in sorted(parts.successors(way[-1])) if way[-1] in parts and len(way) <= most else ():
        if to not in way:
            further = product(part, parts.edges[way[-1], to]["part"], returns(parts, to, way))
            yield from ways(parts, (*way, to), further, most)


def add(edges: Edges, a: Node, b: Node, amount: Amount, **more: bool) -> None:
    edges.add_edge(a, b, sum=total([edges.get_edge_data(a, b, {"sum": Fraction(0)})["sum"], amount]), **more)


def into(edges: Edges, node: Node) -> list[Any]:
    return [edge["sum"] for edge in edges.pred[node].values()] if node in edges else []


def with_parts(edges: Edges, base: Callable[[Node], Fraction]) -> Edges:
    """Each edge's part of what its first node has. Rule 3: a sum that is not positive goes nowhere."""
    found: Edges = nx.DiGraph()
    found.add_nodes_from(edges)
    for a, b, edge in edges.edges(data=True):
        if edge["sum"] is None:
            found.add_edge(a, b, part=None)
        elif edge["sum"] > 0:
            found.add_edge(a, b, part=edge["sum"] / base(a) if base(a) else None)
    return found


class Audit:
    """What the graph holds of money on the day: sums by pair of nodes; what is at the ends is read as it is come to."""

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
            given = f"(a:{pot})-[r:TRANSFERRED|ALLOCATED|INVESTED|GRANTED|DISBURSED]->(b)"
            for a, b, amount in self._edges(given, "r.amount"):
                add(self.flows, a, b, Fraction(amount or 0))
            # Rule 2: corrections are negative already; what was paid back is taken off what was lent.
            for a, b, amount in self._edges(f"(a:{pot})-[r:LENT]->(b)", "r.amount"):
                add(self.loans, a, b, Fraction(amount or 0), lent=True)
            for a, b, amount in self._edges(f"(b:{pot})<-[r:REPAID]-(a)", "r.amount"):
                add(self.loans, b, a, -Fraction(amount or 0))
        for a, b, amount in self._edges("(b:Asset)<-[r:FORMED]-(a)", "r.amount"):
            add(self.formed, a, b, None if amount is None else Fraction(amount))
        for label in OPERATORS:
            for a, b, share in self._edges(f"(a:{label})-[r:INVESTS_IN]->(b)", "r.share"):
                add(stakes, a, b, None if share is None else Fraction(share, 1_000_000))
        self.stakes = with_parts(stakes, lambda _: Fraction(1))
        # Rule 7: operators' money stands in what they own; else in what they operate, where no project formed it and nobody owns it.
        held: dict[str, dict[Node, list[Node]]] = {"OWNS": defaultdict(list), "OPERATES": defaultdict(list)}
        for a, b, kind in self._edges("(b:Asset)<-[r:OWNS|OPERATES]-(a)", "type(r)"):
            held[kind][b].append(a)
        owned = held["OWNS"] | {
            b: a for b, a in held["OPERATES"].items() if b not in held["OWNS"] and b not in self.formed
        }
        self.keepers = {asset: [one for one in some if one[0] in OPERATORS] for asset, some in owned.items()}
        self.measures, self.standing, self.claims = cache(self._measures), cache(self._standing), cache(self._claims)
        self.shares = cache(self._shares)

    def _rows(self, text: str, **more: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._graph.query(text, {**self._when, **more})]

    def _values(self, label: str, returned: str) -> dict[str, tuple[Any, ...]]:
        """Values of nodes by their keys, in the version in force."""
        text = f"MATCH (n:{label})<-[:OF]-(s:{label}State) WHERE {KNOWN.format('s')} RETURN {returned}"
        return {row[0]: row[1:] for row in self._rows(text)}

    def _edges(self, pattern: str, value: str, **more: Any) -> list[tuple[Node, Node, Any]]:
        returned = f"{NODE.format('a')}, {NODE.format('b')}, {value}"
        rows = self._rows(f"MATCH {pattern} WHERE {COUNTS.format('r')} RETURN {returned}", **more)
        return [((row[0], row[1]), (row[2], row[3]), row[4]) for row in rows]

    def inflow(self, node: Node) -> Fraction:
        return sum((one for one in (*into(self.flows, node), *into(self.loans, node)) if one > 0), Fraction(0))

    def has(self, pot: Node) -> Fraction:
        """Rule 4: what a fund or a bank has."""
        amount = self.funds.get(pot[1], (None,))[0] if pot[0] == "Fund" else None
        return max(self.inflow(pot), self.left(pot) if amount is None else Fraction(amount))

    def left(self, pot: Node) -> Fraction:
        """Rule 4: what left it, of each to whom more went than came back."""
        sums = [edge["sum"] for edges in (self.flows, self.loans) if pot in edges for edge in edges[pot].values()]
        sums += [one for _, one, _ in self.measures(pot) if one]
        return sum((one for one in sums if one > 0), Fraction(0))

    def base(self, pot: Node) -> Fraction:
        """Rule 4: what the parts of a fund or a bank are parts of: what left it beyond what it has has no source."""
        return max(self.has(pot), self.left(pot))

    def fund(self, number: str) -> Iterator[tuple[Way, Amount, bool]]:
        """Each chain of a fund: its nodes, what arrives at the last, whether it was lent on the way."""
        start: Node = ("Fund", number)
        both = nx.compose(self.loans, self.flows)
        both.add_node(start)
        reached = [one for one in (start, *nx.descendants(both, start)) if one[0] in ("Fund", "Bank")]
        # Funds pass money on, and lend to banks: between two of them there is one or the other.
        pots = with_parts(both.subgraph(reached), self.base)
        for way, part in ways(pots, (start,), Fraction(1), MOST_TRANSFERS):
            pot, base = way[-1], self.base(way[-1])
            # Of each fen that leaves this pot, so much is the first fund's.
            rate = product(part, self.has(start), 1 / base if base else None)
            owed = any(one[0] == "Bank" for one in way[1:])
            for edges, lent in ((self.flows, False), (self.loans, True)):
                for to, edge in edges[pot].items() if pot in edges else ():
                    loan = owed or lent
                    if to[0] == "Household" and (not lent or "lent" in edge) and edge["sum"] > 0:
                        yield (*way, to), product(rate, edge["sum"]), loan
                    elif to[0] in ("Person", "Village") and edge["sum"] > 0:
                        # Rule 9: what a person is given is the household's.
                        yield (*way, to, *self.household(to)), product(rate, edge["sum"]), loan
                    elif to[0] == "Project" and edge["sum"] > 0:
                        yield from self.marked(self.project((*way, to), product(rate, edge["sum"])), loan)
                    elif to[0] in OPERATORS and edge["sum"] > 0:
                        yield from self.marked(self.operator((*way, to), product(rate, edge["sum"])), loan)
            for measure, amount, whose in self.measures(pot):
                for one in whose:
                    yield (*way, measure, one), product(rate, amount) if len(whose) == 1 else None, owed

    def household(self, person: Node) -> list[Node]:
        """Of whom a person is a member on the day."""
        pattern = "(a:Person {person_no: $no})-[r:MEMBER_OF]->(b:Household)"
        return sorted(b for _, b, _ in self._edges(pattern, "null", no=person[1]))[:1] if person[0] == "Person" else []

    @staticmethod
    def marked(chains: Iterable[tuple[Way, Amount]], loan: bool) -> Iterator[tuple[Way, Amount, bool]]:
        """Rule 10: what was lent on the way is owed, and benefits nobody."""
        return ((way, amount, loan) for way, amount in chains)

    def project(self, way: Way, amount: Amount) -> Iterator[tuple[Way, Amount]]:
        """Rule 5: each asset gets what was formed of it, all scaled down to what came to the project where that is less."""
        formed = {to: edge["sum"] for to, edge in self.formed[way[-1]].items()} if way[-1] in self.formed else {}
        whole = total(formed.values())
        for asset, value in formed.items():
            part = None if whole is None else value / max(whole, self.inflow(way[-1]))
            yield from self.asset((*way, asset), product(amount, part))

    def operator(self, way: Way, amount: Amount) -> Iterator[tuple[Way, Amount]]:
        """Rule 7: what of an operator's money stands in which asset by which way; claims above the value shrink alike."""
        for stakes, asset, claim in self.standing(way[-1]):
            value, claims = self.value(asset), self.claims(asset)
            shrunk = (
                None if value is None or claims is None else min(Fraction(1), value / claims) if claims else Fraction(1)
            )
            yield from self.asset((*way, *stakes[1:], asset), product(amount, claim, shrunk, 1 / self.inflow(way[-1])))

    def _standing(self, node: Node) -> list[tuple[Way, Node, Amount]]:
        """Where all that came to an operator would stand, did nobody else claim the same: its parts, scaled down to its money."""
        found = [
            (way, asset, product(part, self.value(asset)))
            for way, part in ways(self.stakes, (node,), Fraction(1), MOST_STAKES)
            for asset, keepers in self.keepers.items()
            if way[-1] in keepers
        ]
        whole, money = total(one for _, _, one in found), self.inflow(node)
        scale = None if whole is None else money / max(whole, money) if money else Fraction(0)
        return [(way, asset, product(one, scale) if money else Fraction(0)) for way, asset, one in found]

    def _claims(self, asset: Node) -> Amount:
        who = set(self.keepers[asset]).union(
            *(nx.ancestors(self.stakes, o) for o in self.keepers[asset] if o in self.stakes)
        )
        return total(claim for one in who for _, to, claim in self.standing(one) if to == asset)

    def value(self, asset: Node) -> Amount:
        """Of an asset's value what no project formed. Which part is whose of several owners is not told."""
        quantified, formed = self.assets.get(asset[1], (None,))[0], total(into(self.formed, asset))
        if quantified is None or formed is None or len(self.keepers[asset]) != 1:
            return None
        return max(Fraction(0), Fraction(quantified) - formed)

    def asset(self, way: Way, amount: Amount) -> Iterator[tuple[Way, Amount]]:
        """Rule 6: to each holder by shares, scaled down where they are more than the whole; what is for all is no one's."""
        shares = self.shares(way[-1])
        known, whole = sum((one for one in shares.values() if one is not None), Fraction(0)), total(shares.values())
        for holder, part in shares.items():
            scale = Fraction(1) if known <= 1 else None if whole is None else 1 / whole
            yield (*way, holder), product(amount, part, scale)
        if not shares and self.assets.get(way[-1][1], (None, None, None))[2] == "PUBLIC":
            yield way, Fraction(0)

    def _shares(self, asset: Node) -> dict[Node, Amount]:
        found: dict[Node, list[Amount]] = defaultdict(list)
        certificates = "(a:Asset {asset_no: $no})<-[r:HOLDS]-(b)"
        for _, holder, (shares, stated) in self._edges(certificates, "[r.shares, r.total_shares]", no=asset[1]):
            whole = stated or self.assets.get(asset[1], (None, None))[1]
            found[holder].append(None if shares is None or not whole else Fraction(shares, whole))
        return {holder: total(some) for holder, some in found.items()}

    def _measures(self, pot: Node) -> list[tuple[Node, Amount, list[Node]]]:
        """Rule 8: measures that a fund pays for, their amounts, known where it alone pays, and who receives them."""
        if pot[0] != "Fund":
            return []
        pays, both = "MATCH (a:Fund {fund_no: $no})-[r:PAYS]->(m:Measure)", f"WHERE {COUNTS.format('r')} AND {{0}}"
        also = both.format(COUNTS.format("q"))
        shared = set(self._rows(f"{pays}<-[q:PAYS]-(:Fund) {also} RETURN m.measure_no", no=pot[1]))
        whose: dict[str, list[Node]] = defaultdict(list)
        received = f"{pays}<-[q:RECEIVES]-(b) {also} RETURN m.measure_no, {NODE.format('b')}"
        for number, label, key in self._rows(received, no=pot[1]):
            whose[number].append((label, key))
        stated = f"{pays}<-[:OF]-(s:MeasureState) {both.format(KNOWN.format('s'))} AND coalesce(s.starts_on, $day) <= $day RETURN m.measure_no, s.amount"
        return [
            (
                ("Measure", number),
                None if amount is None or (number,) in shared else Fraction(amount),
                # Of a household's measure its members are named besides.
                [one for one in whose[number] if one[0] == "Household"] or whose[number],
            )
            for number, amount in self._rows(stated, no=pot[1])
        ]


def shown(amount: Amount) -> dict[str, str | None]:
    if amount is None:
        return {"fen": None, "yuan": None}
    return {"fen": str(amount), "yuan": f"{Decimal(round(amount)).scaleb(-2):.2f}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in {
        "uri": "bolt://127.0.0.1:7687",
        "user": "neo4j",
        "password": "none",
        "database": "neo4j",
    }.items():
        parser.add_argument(f"--{name}", default=usual)
    parser.add_argument("--fund", required=True, help="its number")
    parser.add_argument(
        "--as-of", type=int, metavar="YYYYMMDD", help="the day; without it that of the latest collection"
    )
    parser.add_argument("--sequence", type=int, help="the data version; without it the newest that is published")
    asked = parser.parse_args()
    graph = Graph(asked.uri, auth=(asked.user, asked.password), name=asked.database)
    chains = sorted(Audit(graph, asked.as_of, asked.sequence).fund(asked.fund), key=lambda one: (one[0], one[2]))
    for way, amount, loan in chains:
        print(json.dumps({"keys": way, "loan": loan, **shown(amount)}, ensure_ascii=False))
    known = [(amount, loan) for _, amount, loan in chains if amount is not None]
    benefit, owed = (total(amount for amount, loan in known if loan is lent) for lent in (False, True))
    figures = {"chains": len(chains), "unknown": len(chains) - len(known), **shown(benefit)}
    print(json.dumps({**figures, "outstanding": shown(owed)["yuan"]}))


if __name__ == "__main__":
    main()
