"""Every hand-written statement: it uses only names of the model, both engines plan it, and both give the same answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from graph_service.cli.cypher import cypher
from graph_service.cli.example_parameters import example_parameters, sample_scope
from graph_service.core.query_scope import QueryScope
from graph_service.domain.model import MODEL
from graph_service.domain.sealed_values import sealed_columns
from graph_service.errors import StatementRefused
from graph_service.features.conflicts.relationships import seed_parameters
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.catalog import (
    PARTS_FOLDER,
    Statement,
    expand,
    get_statement,
    is_write,
    parse_statement,
    statement_names,
    statements_folder,
)
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store
from tests.captures import Captures
from tests.conftest import assert_alike

TIMES = {"since", "until", "recorded", "superseded", "source", "replaced"}
WRITER = {
    "Writer": {
        "name",
        "token",
        "holder",
        "batch",
        "sheet",
        "rows",
        "taken",
        "number_key",
        "seal",
        "seal_next",
        "seal_reached",
        "rotations",
    },
    "Lease": {"name", "token", "beats", "term", "taken"},
}
"""The importer's nodes: the holder of the right to write with its progress, and the lease on that right."""
COUNTY, VILLAGE, HOUSEHOLD, FUND = "513431", "513431100200", "5134311002000000", "ZJ000"


def labels() -> dict[str, set[str]]:
    """Return label → names of the properties that its nodes may have."""
    properties_by_label = dict(WRITER)
    for label in MODEL.labels.values():
        properties = {
            label.key.name,
            *label.stored_names(),
            *TIMES,
            *(label.search_property.pinyin_names if label.search_property else ()),
        }
        properties_by_label[label.name] = properties
        if label.state_label:
            properties_by_label[label.state_label] = properties
    return properties_by_label


def relationships() -> dict[str, set[str]]:
    return {relationship.type: {*relationship.stored_names(), *TIMES} for relationship in MODEL.relationships.values()}


PROPERTIES = {name for properties in (*labels().values(), *relationships().values()) for name in properties}


def bare(text: str) -> str:
    return re.sub(r"'[^']*'", "''", text).replace("duration.inDays(", "inDays(").replace(").days AS", ") AS")


def source_text(path: Path) -> str:
    """Return the text of a statement or part with that of the parts that it uses, heads included."""
    text = path.read_text(encoding="utf-8")
    parts = sorted(set(re.findall(r"\bpart\((\w+)\)", text)))
    return "\n".join([text, *(source_text(statements_folder() / "parts" / f"{part}.cypher") for part in parts)])


def map_fields(name: str) -> set[str]:
    """Return the fields of the maps that a statement builds, and of those in its parameters, which its head names in braces."""
    # The parameters of a statement that counts are those of the statement that lists.
    names = {name, name.removesuffix(".count")}
    paths = (statements_folder() / f"{each}.cypher" for each in sorted(names))
    source = "\n".join(source_text(path) for path in paths if path.exists())
    head = " ".join(line.lstrip("/ ") for line in source.splitlines() if line.startswith("//"))
    in_parameters = {field for names in re.findall(r"\{([\w, ]+)\}", head) for field in re.findall(r"\w+", names)}
    return in_parameters | set(re.findall(r"[{,]\s*(\w+): ", bare(get_statement(name).text)))


@pytest.mark.parametrize("name", statement_names())
def test_it_speaks_of_the_model(name: str) -> None:
    text = bare(get_statement(name).text)
    relationship_types = re.findall(r"\[\w*:([\w|]+)", text)
    assert {type_name for types in relationship_types for type_name in types.split("|")} <= relationships().keys()
    assert set(re.findall(r"\(\w*:(\w+)", text)) <= labels().keys()
    assert {
        label for chain in re.findall(r"\(\w*((?::\w+)+)", text) for label in chain.split(":")[1:]
    } <= labels().keys()
    assert set(re.findall(r"(?<!\$)\b[a-z]\w*\.(\w+)", text)) <= PROPERTIES | map_fields(name)
    patterns = re.findall(r"\(\w*((?::\w+)+) \{([^{}]*)\}\)", text)
    for types, inside in patterns:
        allowed = set().union(*(labels()[label] for label in types.split(":")[1:]))
        assert set(re.findall(r"(\w+):", inside)) <= allowed, inside
    for type_, inside in re.findall(r"\[\w*:(\w+) \{([^{}]*)\}\]", text):
        assert set(re.findall(r"(\w+):", inside)) <= relationships()[type_], inside


@pytest.mark.one_engine
@pytest.mark.parametrize("name", statement_names())
def test_a_statement_that_compares_sealed_values_says_so(name: str) -> None:
    """Require `@compares` for every use of a sealed value except whether it is missing."""
    text = re.sub(r"\w+\.\w+ IS NULL", "", bare(get_statement(name).text))
    used = {*re.findall(r"\.(\w+)", text), *re.findall(r"\{(\w+):", text)}
    assert set(get_statement(name).compared) == used & {column.name for column in sealed_columns(MODEL)}


def conflict_parameters(store: Store, viewing: QueryScope) -> dict[str, list[str]]:
    """Return the nodes from which paths of conflicts continue in the sample, and twenty households."""
    seeds = store.query("conflicts/beginnings", **seed_parameters(viewing, []))
    households = store.query_text(
        "MATCH (h:Household)-[:HOLDS]->() RETURN DISTINCT h.card_no ORDER BY h.card_no LIMIT 20", {}
    )
    return {
        "cadres": sorted({row[4] for row in seeds if row[3] == "Cadre"}),
        "operators": sorted({row[4] for row in seeds if row[0] == "REPRESENTS"}),
        "households": [row[0] for row in households],
        "projects": [],
    }


def spelt_names(store: Store, label: str) -> list[list[str]]:
    """Return [name, its pinyin] of three nodes of a label."""
    text = f"MATCH (s:{label}State) RETURN DISTINCT s.name, s.name_pinyin ORDER BY s.name_pinyin, s.name LIMIT 3"
    return [list(row) for row in store.query_text(text, {})]


@cache
def wide_parameters(store: Store) -> dict[str, dict[str, Any]]:
    """Return parameters for more nodes than the examples have, by statement."""
    scope = sample_scope()
    areas = [list(area_range) for area_range in scope.areas]
    holders = [
        {"position": index, "kind": "HOLDS", "label": "Asset", "key": row[0]}
        for index, row in enumerate(store.query_text("MATCH (a:Asset) RETURN a.asset_no ORDER BY a.asset_no", {}))
    ]
    granted, paid = (
        {"position": len(holders) + index, "kind": kind, "label": "Fund", "key": FUND}
        for index, kind in enumerate(("GRANTED", "PAYS"))
    )
    village_scope = [[VILLAGE, VILLAGE + "!"]]
    return {
        "areas/known": {"codes": [COUNTY, VILLAGE, "99"]},
        "chains/below": {"scope": village_scope},
        "chains/above": {"assets": [holder["key"] for holder in holders]},
        "chains/received": {"key": HOUSEHOLD},
        "chains/ends": {
            "groups": [*holders, granted],
            "counted": [*holders, granted, paid],
            "scope": village_scope,
        },
        "conflicts/ways": conflict_parameters(store, scope),
        "imports/cadre_names": {"names": spelt_names(store, "Cadre")},
        "imports/department_names": {"names": spelt_names(store, "Department")},
        "shares/share_register": {"scope": areas},
        "shares/share_register.count": {"scope": areas},
    }


def parameters_of(name: str, store: Store) -> dict[str, Any]:
    """Return the parameters of a reading statement for the sample register: those of the example, for more nodes and on one page."""
    parameters = example_parameters(name) | wide_parameters(store).get(name, {})
    return parameters | ({"limit": 10_000} if "limit" in parameters else {})


EMPTY_ANSWERS = {
    "areas/departed",
    "areas/merged",
    "areas/successors",
    "ledgers/progress",
    "responsibility/area_history",
    "responsibility/inspection_rounds",
    "exits/watch_delays",
    "exits/lost_support",
    "support/medical_burdens",
    "checks/outside",
    "checks/phones",
    "coverage/expiring_duties",
    "imports/held",
    "imports/keyed",
    "imports/pledge",
    "imports/problem",
    "imports/progress",
    "imports/unfinished",
    "responsibility/open_problems",
    "shares/decision",
}
"""Statements without rows here: no import is in progress, no term ends soon, the sample has no problems and no pledges."""
CLOCKS = {"imports/delivery", "imports/published", "imports/writer"}
"""Statements whose answers contain a time or a process id."""
READS = [name for name in statement_names() if not is_write(get_statement(name).text)]


@pytest.mark.parametrize("name", statement_names())
def test_both_engines_plan_it(store: Store, imported: ImportReport, name: str) -> None:
    statement = get_statement(name)
    store._engine.read(f"EXPLAIN {statement.text}", parameters_of(name, store))


@pytest.mark.parametrize("name", READS)
def test_both_engines_answer_alike(store: Store, imported: ImportReport, shared: Path, name: str) -> None:
    rows = store.query(name, **parameters_of(name, store))
    assert rows or name in EMPTY_ANSWERS
    if name in CLOCKS:
        return
    if name.startswith("imports/all_"):
        # Some hundred thousand rows without an order: `graph_hash` compares them in tests/engines/test_kill.py.
        rows = [[len(rows)]]
    assert_alike(shared, f"statement {name}", store, rows)


PARAMETER_LINE = re.compile(r":param (\w+) => (.*);")


def printed(name: str, store: Store) -> tuple[str, dict[str, Any]]:
    """Return what `graph-service cypher NAME` prints: the statement, and the values that the engine reads from the `:param` lines."""
    lines = [line for line in CliRunner().invoke(cypher, [name]).output.splitlines() if not line.startswith("//")]
    literals = [match.groups() for line in lines if (match := PARAMETER_LINE.fullmatch(line))]
    columns = [f"{text} AS value{index}" for index, (_, text) in enumerate(literals)]
    [values] = store.query_text(f"RETURN {', '.join(columns) or 'null'}", {})
    parameters = dict(zip([parameter for parameter, _ in literals], values, strict=bool(literals)))
    return "\n".join(lines[len(literals) :]).removesuffix(";"), parameters


@pytest.mark.parametrize("name", READS)
def test_what_is_printed_gives_rows(store: Store, imported: ImportReport, name: str) -> None:
    text, parameters = printed(name, store)
    # The engines keep the fields of maps in orders of their own.
    assert orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        example_parameters(name), option=orjson.OPT_SORT_KEYS
    )
    assert store.query_text(text, parameters) or name in EMPTY_ANSWERS


def records(tx: Transaction) -> list[Any]:
    """Return the numbers of nodes and relationships, the imports, and the writer."""
    texts = (
        "MATCH (n) RETURN count(n)",
        "MATCH ()-[r]->() RETURN count(r)",
        "MATCH (i:Import) RETURN i.sequence, i.state ORDER BY i.sequence",
        "MATCH (w:Writer) RETURN w.token, w.batch, w.seal, w.seal_next, w.rotations",
    )
    return [tx.run(text, {}) for text in texts]


@pytest.mark.parametrize("name", sorted({*statement_names()} - {*READS}))
def test_what_is_printed_of_a_write_changes_no_record(store: Store, imported: ImportReport, name: str) -> None:
    text, parameters = printed(name, store)

    def run_printed(tx: Transaction) -> tuple[list[Any], list[Any]]:
        before = records(tx)
        tx.run(text, parameters)
        return before, records(tx)

    before, after = store.write(run_printed)
    assert before == after


def test_what_disagrees_with_its_head_is_refused() -> None:
    head = "// 问题 — A question.\n// @params code\n// @returns code\n"
    valid_text = head + "MATCH (a:Area {code: $code}) RETURN a.code AS code"
    assert isinstance(parse_statement("a/b", valid_text), Statement)
    for text in (
        valid_text.replace("$code", "'51'"),
        valid_text.replace("@params code", "@params"),
        valid_text.replace("AS code", "AS codes"),
        valid_text.replace("@returns code", "@returns code, name"),
        valid_text + ", a.name AS name",
    ):
        with pytest.raises(StatementRefused):
            parse_statement("a/b", text)


def test_what_many_statements_ask_is_written_once() -> None:
    """Expand the macros for any variable: spans of the requested areas, exceptions by waivers, open problems."""
    assert expand("within(a)").startswith("a.code >= $low AND a.code < $high")
    assert expand("excepts(w)").startswith("w.recorded <= $seq")
    assert expand("unsettled(p)").startswith("coalesce(p.closed_on, ")
    assert expand("merged(xs)") == "all(x IN xs WHERE x.recorded <= $seq AND x.superseded > $seq AND x.since <= $asOf)"
    files = list(statements_folder().rglob("*.cypher"))
    statements = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for condition in ("[area IN $areas WHERE", "expires_on, $asOf", "expires_on >= $asOf", "closed_on, CASE"):
        assert condition not in statements


@pytest.mark.one_engine
def test_no_part_takes_a_name_of_the_statement_that_uses_it() -> None:
    assert Captures(statements_folder()).found == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("MATCH (s:Asset)<-[o:HOLDS]-(h) RETURN part(counted) AS found", [["h"]]),
        ("MATCH (s:Asset)<-[o:HOLDS]-(h) WITH s RETURN part(counted) AS found", []),
        ("MATCH (h) WITH h CALL (h) { WITH h MATCH (h)-[:HOLDS]->(s) RETURN part(counted) AS found } RETURN found", [["h"]]),
        ("MATCH (s) RETURN COLLECT { MATCH (s)<-[o:HOLDS]-(h) RETURN [h.code, part(counted)] } AS found", [["h"]]),
        ("MATCH (s)--(h) RETURN s UNION ALL MATCH (s) RETURN part(counted) AS found", []),
    ],
)  # fmt: skip
def test_what_a_part_takes_is_seen(tmp_path: Path, statement: str, seen: list[list[str]]) -> None:
    (tmp_path / "parts").mkdir()
    part = "// 数 — How many. Needs s.\nCOUNT { MATCH (s)<-[:HOLDS]-(h:Household) }\n"
    (tmp_path / "parts" / "counted.cypher").write_text(part, encoding="utf-8")
    (tmp_path / "asked.cypher").write_text(statement, encoding="utf-8")
    assert [names for _, _, names in Captures(tmp_path).found] == seen


def part_names() -> list[str]:
    return sorted(path.stem for path in (statements_folder() / PARTS_FOLDER).glob("*.cypher"))


def part_uses() -> Counter[str]:
    """Return how often each part is used by statements, by other parts and by the filters of the directory."""
    texts = [path.read_text(encoding="utf-8") for path in statements_folder().rglob("*.cypher")]
    texts += [path.read_text(encoding="utf-8") for path in (statements_folder().parent / "graph_service").rglob("*.py")]
    return Counter(name for text in texts for name in re.findall(r"\bpart\((\w+)\)", text))


@pytest.mark.one_engine
def test_a_part_is_used_more_than_once() -> None:
    uses, derived = part_uses(), {"lacks_helper", "lacks_visit"}
    assert {name for name in part_names() if uses[name] < 2} == derived


@pytest.mark.one_engine
@pytest.mark.parametrize("name", part_names())
def test_a_part_is_an_expression_or_a_subquery_that_says_what_it_binds(name: str) -> None:
    lines = (statements_folder() / PARTS_FOLDER / f"{name}.cypher").read_text(encoding="utf-8").splitlines()
    code = "\n".join(line for line in lines if not line.startswith("//")).strip()
    if re.match(r"(MATCH|OPTIONAL|WITH|UNWIND|CALL|RETURN)\b", code):
        assert re.match(r"CALL \([\w, ]*\) \{\n", code), "a clause binds names: it stands in a subquery"
        assert code.endswith("}")
        inside = code[code.index("{") + 1 : -1]
        depth = 0
        for character in inside:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0, "nothing follows the subquery"


@pytest.mark.one_engine
@pytest.mark.parametrize("name", part_names())
def test_a_part_names_the_parameters_that_it_needs(name: str) -> None:
    lines = (statements_folder() / PARTS_FOLDER / f"{name}.cypher").read_text(encoding="utf-8").splitlines()
    head = " ".join(line.lstrip("/ ") for line in lines if line.startswith("//"))
    code = expand("\n".join(line for line in lines if not line.startswith("//")))
    needs = re.sub(r"\([^()]*\)", "", head.partition("Needs ")[2])
    assert set(re.findall(r"\$(\w+)", needs)) == set(re.findall(r"\$(\w+)", code))


def map_literals(text: str) -> Iterator[str]:
    """Yield what opens with a brace and a name with a colon, up to its closing brace."""
    for opening in re.finditer(r"\{\s*\w+:", text):
        depth = 0
        for index in range(opening.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[index], 0)
            if depth == 0:
                yield text[opening.start() : index + 1]
                break


@pytest.mark.one_engine
@pytest.mark.parametrize("name", statement_names())
def test_a_map_literal_holds_no_subquery(name: str) -> None:
    """The embedded engine answers a subquery in a map literal wrongly."""
    found = [each for each in map_literals(get_statement(name).text) if re.search(r"\b(EXISTS|COUNT|COLLECT) \{", each)]
    assert found == []
