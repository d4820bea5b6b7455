"""The directory: nodes by key and id, lists by area, filters, orders, pages in both directions, the same from both engines."""

from __future__ import annotations

import functools
import json
import operator
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from graph_service.domain.area_paths import location_kind
from graph_service.domain.fields import lower_first
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.domain.pinyin import to_pinyin
from graph_service.graphql.cursors import encode_global_id
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.schema import schema
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.directory import ask, ask_refused

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
COUNTY = TRUTH["county"]
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def leaves(type_name: str) -> str:
    type_ = schema().get_type(type_name)
    assert isinstance(type_, GraphQLObjectType)
    return " ".join(name for name, field in type_.fields.items() if is_leaf_type(get_named_type(field.type)))


@pytest.mark.parametrize("label", [label.name for label in MODEL.directory_labels])
def test_every_label_has_its_list_and_its_nodes(api: GraphQLApi, store: Store, label: str) -> None:
    """Read all values of a label; each node is the same by its id; a page is one statement, its total another."""
    declared = MODEL.labels[label]
    area = "" if location_kind(MODEL, declared) == "nowhere" else f'area: {{code: "{COUNTY}"}}, '
    is_sensitive = declared.classification is DataClassification.SENSITIVE
    purpose = ', purpose: "核对"' if is_sensitive else ""
    query = f"{{ found: {lower_first(declared.plural_name)}({area}first: 5{purpose}) {{ totalCount nodes {{ {leaves(label)} }} {PAGE} }} }}"
    ask(api, query)
    store.statement_log = []
    page = ask(api, query)["found"]
    statements, store.statement_log = [name for name in store.statement_log if name != "imports/published"], None
    plural = lower_first(declared.plural_name)
    assert statements == [f"directory/{plural}", f"directory/{plural}.count"]
    assert len(page["nodes"]) == min(5, page["totalCount"])
    ids = [node["id"] for node in page["nodes"]]
    if is_sensitive:
        assert ids == [], "an id alone opens no record of this label: tests/sign_in/test_medical_bills.py"
        return
    by_id = ask(api, f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {label} {{ {leaves(label)} }} }} }}", ids=ids)
    assert by_id["nodes"] == page["nodes"]
    if ids:
        single = ask(api, "query($id: ID!) { node(id: $id) { id __typename } }", id=ids[0])
        assert single["node"] == {"id": ids[0], "__typename": label}


def load_id_pages(api: GraphQLApi, field: str, arguments: str, size: int, *, back: bool = False) -> list[list[str]]:
    """Return the ids of each page of a list, in the order in which the pages were read."""
    size_argument, bound_argument, has_more, cursor_field = (
        ("last", "before", "hasPreviousPage", "startCursor") if back else ("first", "after", "hasNextPage", "endCursor")
    )
    query = f"query($c: String) {{ {field}({arguments} {size_argument}: {size}, {bound_argument}: $c) {{ nodes {{ id }} {PAGE} }} }}"
    pages: list[list[str]] = []
    cursor = None
    for _ in range(500):
        page = ask(api, query, c=cursor)[field]
        pages.append([node["id"] for node in page["nodes"]])
        if not page["pageInfo"][has_more]:
            return pages
        cursor = page["pageInfo"][cursor_field]
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("households", f'area: {{code: "{COUNTY}"}},'),
        ("householdYears", f'area: {{code: "{COUNTY}100"}},'),
        ("persons", f'area: {{code: "{COUNTY}100"}}, orderBy: {{by: NAME}},'),
        ("households", f'area: {{code: "{COUNTY}"}}, orderBy: {{by: WAGE_INCOME, descending: true}},'),
        ("cadres", f'area: {{code: "{COUNTY}"}},'),
        ("cadres", f'area: {{code: "{COUNTY[:4]}"}},'),
        ("cadres", f'area: {{code: "{COUNTY}"}}, orderBy: {{by: LEFT_ON}},'),
        ("measures", ""),
        ("villages", f'area: {{code: "{COUNTY}"}},'),
        ("funds", "orderBy: {by: AMOUNT, descending: true},"),
        ("assets", f'area: {{code: "{COUNTY}"}},'),
        ("villageYears", f'area: {{code: "{COUNTY}"}},'),
    ],
)
def test_pages_forwards_and_backwards_are_the_whole_list(api: GraphQLApi, field: str, arguments: str) -> None:
    whole_list: list[str] = functools.reduce(operator.iadd, load_id_pages(api, field, arguments, 500), [])
    forwards: list[str] = functools.reduce(operator.iadd, load_id_pages(api, field, arguments, 29), [])
    backwards: list[str] = functools.reduce(
        operator.iadd, reversed(load_id_pages(api, field, arguments, 31, back=True)), []
    )
    total = ask(api, f"{{ found: {field}({arguments} first: 0) {{ totalCount }} }}")["found"]["totalCount"]
    assert len(whole_list) == len(set(whole_list)) == total > 0
    assert forwards == backwards == whole_list


def test_values_are_in_order_and_blanks_last(api: GraphQLApi) -> None:
    query = f"""query($d: Boolean!) {{ households(area: {{code: "{COUNTY}"}}, orderBy: {{by: WAGE_INCOME, descending: $d}}, first: 500) {{
      nodes {{ cardNo current {{ wageIncome }} }} }} }}"""
    for is_descending in (False, True):
        incomes = [
            node["current"]["wageIncome"]
            for node in ask(api, query, d=is_descending)["households"]["nodes"]
            if node["current"]
        ]
        amounts = [float(value) for value in incomes if value is not None]
        assert incomes[: len(amounts)] == [value for value in incomes if value is not None], "blanks come last"
        assert amounts == sorted(amounts, reverse=is_descending)
        assert len(set(amounts)) > 10


CARD = "cardNo current { mainCause wageIncome headName year } helpers { nodes { cadreNo leftOn } edges { until node { leftOn } } } village { code name }"
FILTERS: dict[str, tuple[str, Any]] = {
    "one": ('cardNo: {startsWith: "51343110020000"}', lambda h: h["cardNo"].startswith("51343110020000")),
    "list": ('village: {village: {name: {startsWith: "俄"}}}', lambda h: h["village"]["name"].startswith("俄")),
    "part of a name": (
        'village: {village: {name: {contains: "木"}}}',
        lambda h: "木" in h["village"]["name"],
    ),
    "card": ("current: {mainCause: ILLNESS}", lambda h: h["current"]["mainCause"] == "ILLNESS"),
    "several": (
        'current: {mainCause: [ILLNESS, DISABILITY], wageIncome: {gte: "3000"}}',
        lambda h: (
            h["current"]["mainCause"] in ("ILLNESS", "DISABILITY") and float(h["current"]["wageIncome"] or -1) >= 3000
        ),
    ),
    "some": ("helpers: {}", lambda h: bool(h["helpers"]["nodes"])),
    "none": ("not: {helpers: {}}", lambda h: not h["helpers"]["nodes"]),
    "far state": (
        "helpers: {cadre: {leftOn: {isNull: false}}}",
        lambda h: any(c["leftOn"] for c in h["helpers"]["nodes"]),
    ),
    "not": (
        'not: {current: {wageIncome: {lt: "3000"}}}',
        lambda h: not (h["current"]["wageIncome"] is not None and float(h["current"]["wageIncome"]) < 3000),
    ),
    "any": (
        "any: [{not: {helpers: {}}}, {current: {mainCause: [ILLNESS]}}]",
        lambda h: not h["helpers"]["nodes"] or h["current"]["mainCause"] == "ILLNESS",
    ),
    "nothing": ("any: []", lambda _: False),
    "everything": ("all: []", lambda _: True),
    "blank": (
        "helpers: {cadre: {leftOn: {isNull: true}}, until: {isNull: true}}",
        lambda h: any(not e["until"] and not e["node"]["leftOn"] for e in h["helpers"]["edges"]),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_leave_what_is_meant(api: GraphQLApi, name: str) -> None:
    condition, predicate = FILTERS[name]
    query = f'{{ households(area: {{code: "{COUNTY}100"}}, WHERE first: 500) {{ totalCount nodes {{ {CARD} }} }} }}'
    everything = ask(api, query.replace("WHERE", ""))["households"]
    assert everything["totalCount"] == len(everything["nodes"])
    filtered = ask(api, query.replace("WHERE", f"where: {{{condition}}},"))["households"]
    expected = [household for household in everything["nodes"] if predicate(household)]
    assert filtered == {"totalCount": len(expected), "nodes": expected}
    assert name in ("nothing", "everything") or 0 < len(expected) < len(everything["nodes"]), "the data show it"
    inverse = ask(api, query.replace("WHERE", f"where: {{not: {{{condition}}}}},"))["households"]
    assert inverse["totalCount"] == everything["totalCount"] - len(expected)


FAR = encode_global_id("HouseholdYear", "", "5134311002000000", 10**20)


def test_a_cursor_is_of_its_list_and_order(api: GraphQLApi) -> None:
    def load_cursor(field: str) -> str:
        end_cursor = ask(api, f"{{ found: {field} {{ pageInfo {{ endCursor }} }} }}")["found"]["pageInfo"]["endCursor"]
        return str(end_cursor)

    area = f'area: {{code: "{COUNTY}"}}, first: 3'
    for field in (f"persons({area})", f"households({area})", f"households({area}, orderBy: {{by: CARD_NO}})"):
        query = f'{{ households({area}, orderBy: {{by: HEAD_NAME}}, after: "{load_cursor(field)}") {{ nodes {{ cardNo }} }} }}'
        assert ask_refused(api, query)["extensions"]["code"] == "CURSOR_INVALID"


def test_before_alone_is_the_page_before(api: GraphQLApi) -> None:
    page = "nodes { cardNo } pageInfo { startCursor hasPreviousPage hasNextPage }"
    first_page = ask(api, f'{{ households(area: {{code: "{COUNTY}"}}, first: 200) {{ {page} edges {{ cursor }} }} }}')[
        "households"
    ]
    cursor = first_page["edges"][120]["cursor"]
    page_before = ask(api, f'{{ households(area: {{code: "{COUNTY}"}}, before: "{cursor}") {{ {page} }} }}')[
        "households"
    ]
    assert page_before["nodes"] == first_page["nodes"][70:120]
    assert (page_before["pageInfo"]["hasPreviousPage"], page_before["pageInfo"]["hasNextPage"]) == (True, True)


def test_households_by_what_their_members_are(api: GraphQLApi) -> None:
    where = "{members: {person: {current: {health: [DISABLED]}}}}"
    filtered = ask(
        api,
        f'{{ households(area: {{code: "{COUNTY}"}}, where: {where}, first: 500, purpose: "核对") {{ nodes {{ cardNo }} }} }}',
    )
    persons = ask(
        api,
        f'{{ persons(area: {{code: "{COUNTY}"}}, where: {{current: {{health: [DISABLED]}}}}, first: 500, purpose: "核对") {{ nodes {{ household {{ cardNo }} }} }} }}',
    )["persons"]["nodes"]
    assert {household["cardNo"] for household in filtered["households"]["nodes"]} == {
        person["household"]["cardNo"] for person in persons if person["household"]
    }
    assert filtered["households"]["nodes"]


def test_names_are_in_order_of_their_pinyin(api: GraphQLApi) -> None:
    query = f'{{ households(area: {{code: "{COUNTY}"}}, orderBy: {{by: HEAD_NAME}}, first: 500) {{ nodes {{ current {{ headName }} }} }} }}'
    names = [household["current"]["headName"] for household in ask(api, query)["households"]["nodes"]]
    pinyin_names = [to_pinyin(name, is_person=True)[0] or "" for name in names]
    assert pinyin_names == sorted(pinyin_names)


@pytest.mark.parametrize("code", ["513431000000", "513431100000", "513431", "513400", "510000000000"])
def test_codes_may_be_padded(api: GraphQLApi, code: str) -> None:
    plain = {"513431000000": "513431", "513431100000": "513431100", "513400": "5134", "510000000000": "51"}.get(
        code, code
    )
    query = '{ households(area: {code: "%s"}, first: 1) { totalCount } }'
    assert ask(api, query % code) == ask(api, query % plain)
    assert ask(api, query % code)["households"]["totalCount"] > 0


@pytest.mark.parametrize(
    "where",
    [
        "{not: " * 7 + "{}" + "}" * 7,
        "{any: [" + ", ".join(["{helpers: {}, not: {helpers: {}}}"] * 21) + "]}",
        "{all: [" + ", ".join(["{}"] * 61) + "]}",
        "{helpers: {cadre: {helpsHouseholds: {household: {helpers: {cadre: {helpsHouseholds: {}}}}}}}}",
        "{helpers: {household: {}}}",
    ],
)
def test_filters_have_a_limit(api: GraphQLApi, where: str) -> None:
    query = f'{{ households(area: {{code: "{COUNTY}"}}, where: {where}) {{ totalCount }} }}'
    assert ask_refused(api, query)["extensions"]["code"] == "ARGUMENT_INVALID"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({"any": [{}, {"cardNo": {"eq": None}}]}, "where.any[1].cardNo.eq"),
        ({"all": [{"helpers": {"household": {}}}]}, "where.all[0].helpers.household"),
        ({"not": {"any": [{"current": None}]}}, "where.not.any[0].current"),
    ],
)
def test_a_refused_condition_is_named_by_its_path(api: GraphQLApi, where: dict[str, Any], path: str) -> None:
    query = "query($where: HouseholdWhere) { households(where: $where) { totalCount } }"
    error = ask_refused(api, query, where=where)
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"
    assert f"The argument {path} is invalid" in error["message"]


def test_not_nothing_is_nobody(api: GraphQLApi) -> None:
    for where, is_everything in (
        ("{}", True),
        ("{not: {}}", False),
        ("{not: {not: {}}}", True),
        ("{not: {all: []}}", False),
    ):
        query = f'{{ households(area: {{code: "{COUNTY}"}}, where: {where}) {{ totalCount }} }}'
        assert (ask(api, query)["households"]["totalCount"] > 0) == is_everything, where


@pytest.mark.parametrize(
    "query",
    [
        f'{{ node(id: "{FAR}") {{ id }} }}',
        '{ funds(where: {amount: {eq: "1e999999"}}) { totalCount } }',
        '{ coverageGaps(area: {code: "513431"}, asOf: "2016-02-30") { totalCount } }',
    ],
)
def test_values_that_cannot_be_are_told(api: GraphQLApi, query: str) -> None:
    body = api.execute(GraphQLRequest(query)).body()
    if "errors" not in body:
        assert body["data"] == {"node": None}
        return
    [error] = body["errors"]
    assert error["extensions"]["code"] in ("ARGUMENT_INVALID", "DOCUMENT_INVALID")
    assert error["extensions"]["zh"] != error["extensions"]["en"]


@pytest.mark.parametrize("as_of", ["2016-12-31", "2015-06-30"])
@pytest.mark.parametrize("duty", ["HELPER", "VISIT"])
def test_whom_a_duty_does_not_reach_is_one_definition(api: GraphQLApi, duty: str, as_of: str) -> None:
    """Check that the directory's filter and `coverageGaps` list the same households; a helper who left still has the relationship."""
    area = f'area: {{code: "{COUNTY}"}}, asOf: "{as_of}"'
    gaps = ask(api, f"{{ coverageGaps({area}, duties: [{duty}], first: 500) {{ nodes {{ reason subject {{ ... on Household {{ cardNo }} }} }} }} }}")["coverageGaps"]["nodes"]  # fmt: skip
    lacking = ask(api, f"{{ households({area}, where: {{lacks: [{duty}]}}, first: 500) {{ totalCount nodes {{ cardNo helpers {{ totalCount }} }} }} }}")["households"]  # fmt: skip
    assert sorted(gap["subject"]["cardNo"] for gap in gaps) == sorted(
        household["cardNo"] for household in lacking["nodes"]
    )
    assert lacking["totalCount"] == len(gaps) > 0
    left_cards = {gap["subject"]["cardNo"] for gap in gaps if gap["reason"] == "HOLDER_LEFT"}
    assert all(
        household["helpers"]["totalCount"] > 0 for household in lacking["nodes"] if household["cardNo"] in left_cards
    )
    none_lacking = ask(api, f"{{ households({area}, where: {{lacks: []}}) {{ totalCount }} }}")["households"][
        "totalCount"
    ]
    either_lacking = ask(api, f"{{ households({area}, where: {{lacks: [HELPER, VISIT]}}) {{ totalCount }} }}")[
        "households"
    ]
    assert (none_lacking, either_lacking["totalCount"] > lacking["totalCount"]) == (0, True)


@pytest.mark.one_engine
def test_code_lists_have_their_terms(api: GraphQLApi) -> None:
    lists = ask(api, "{ codeLists { name zh en values { code zh en } } }")["codeLists"]
    names = [code_list["name"] for code_list in lists]
    assert names == sorted(names)
    assert {"PovertyCause", "GapReason", "Severity"} <= set(names)
    assert all(term["zh"] and term["en"] for code_list in lists for term in (code_list, *code_list["values"]))
    [causes] = ask(api, '{ codeLists(names: ["PovertyCause"]) { zh values { code zh en } } }')["codeLists"]
    assert causes["zh"] == "致贫原因"
    assert {"code": "ILLNESS", "zh": "因病", "en": "Illness"} in causes["values"]
