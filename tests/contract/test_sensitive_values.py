"""Answers of all questions and exported tables, to callers who state no purpose: none has a stored value of a person that needs one."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from graphql import GraphQLEnumType

from graph_service.access.rights import Role
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import DataClassification, Property, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.exports.table_answer import ACCESS_ERROR_CODES
from graph_service.exports.tables import tables
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.execution import GraphQLRequest
from graph_service.graphql.paging import MAX_PAGE_SIZE
from graph_service.graphql.schema import schema
from graph_service.platform.store.graph import Store
from tests import county
from tests.callers import local_api, permissions_in
from tests.conftest import emptied

COUNTY = "513431"
PAGES = 2
"""Pages that are read of each table."""
HIDDEN_CLASSES = {
    Role.FRONT_END: (DataClassification.CONFIDENTIAL, DataClassification.SENSITIVE),
    Role.AUDITOR: (DataClassification.PERSONAL, DataClassification.CONFIDENTIAL, DataClassification.SENSITIVE),
}
"""Classes of values that no answer to a role has without a purpose."""
REQUIRED_ARGUMENTS = {"coverageSummary": {"by": "VILLAGE"}, "search": {"text": COUNTY}}
SUBJECTS = {
    "benefitChains": ("from", {"fundNo": "Fund", "bankNo": "Bank", "assetNo": "Asset"}),
    "exitReadiness": ("subject", {"cardNo": "Household", "villageCode": "Village"}),
    "shareRegister": (None, {"assetNo": "Asset"}),
}
"""Tables about one record → the argument that has its key, or none where the key is an argument of its own, and the labels of the records."""
SUBJECT_COUNT = 20
"""Records of a label about which each such table is asked."""
SEPARATORS = re.compile("[、，,;；]")
FORMER_VALUES = {
    "户主姓名": "壬申",
    "姓名": "癸酉",
    "出生日期": date(1949, 3, 7),
    "在校生状况": "学前教育",
    "健康状况": "长期慢性病",
    "患病名称": "高血压",
    "劳动技能": "弱劳动力或半劳动力",
    "务工月数": 11,
}
"""Values of all people in the year before, each of which is another one now; the last is open."""


def two_years() -> county.Sheets:
    """Return the county with the cards and people of another year before, all of whose personal values were other ones."""
    sheets = copy.deepcopy(county.SHEETS)
    for name in ("贫困户", "家庭成员"):
        header, *rows = sheets[name]
        former_rows = [
            [2015 if title == "年度" else FORMER_VALUES.get(str(title), cell) for title, cell in zip(header, row, strict=False)]
            for row in rows
        ]  # fmt: skip
        sheets[name] = [header, *former_rows, *rows]
    return sheets


@pytest.fixture(scope="module")
def collected_twice(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    import_files(spare, [county.workbook(two_years(), tmp_path_factory.mktemp("years") / "county.xlsx")])
    return spare


def spellings(property_: Property, value: Any) -> Iterator[str]:
    """Yield the texts as which answers could have a stored value; none for a number or a flag, which may stand for anything."""
    if isinstance(value, list):
        for element in value:
            yield from spellings(property_, element)
    elif property_.kind is PropertyKind.DATE:
        yield format_day(value) or ""
    elif isinstance(value, str):
        yield value
        yield from (member.zh for member in (property_.enum.members if property_.enum else ()) if member.name == value)


def stored_values(store: Store) -> Iterator[tuple[DataClassification, str]]:
    """Yield the class and the text of each stored value of a label or relationship."""
    patterns = [
        *((f"(n:{label.state_label or label.name})", label.properties) for label in MODEL.labels.values()),
        *((f"()-[n:{link.type}]->()", link.properties) for link in MODEL.relationships.values()),
    ]
    for pattern, properties in patterns:
        columns = [(property_, name) for property_ in properties for name in property_.stored_names]
        if columns:
            values = ", ".join(f"n.{name}" for _, name in columns)
            for row in store.query_text(f"MATCH {pattern} RETURN DISTINCT {values}", {}):
                for (property_, _), value in zip(columns, row, strict=True):
                    yield from ((property_.classification, text) for text in spellings(property_, value))


def hidden_values(store: Store, role: Role) -> set[str]:
    """Return the texts that no answer to a role may have: those that are stored as values of no other class, and are no codes of another list."""
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for class_, text in stored_values(store):
        texts[class_ in HIDDEN_CLASSES[role]].add(text)
    return texts[True] - texts[False] - other_codes(role)


def other_codes(role: Role) -> set[str]:
    """Return the members of the code lists of the API that are not those of values hidden from a role."""
    hidden_lists = {
        property_.enum.name
        for label in MODEL.labels.values()
        for property_ in label.properties
        if property_.enum is not None and property_.classification in HIDDEN_CLASSES[role]
    }
    code_lists = [
        type_
        for name, type_ in schema().type_map.items()
        if isinstance(type_, GraphQLEnumType) and name not in hidden_lists
    ]
    return {member for code_list in code_lists for member in code_list.values}


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts in an answer, and the parts of those that are lists."""
    if isinstance(value, str):
        yield from (value, *SEPARATORS.split(value))
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def requests_of_areas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables about an area that need no purpose, with their variables."""
    for name, table in tables().items():
        if "area" in table.parameters and not (PURPOSE in table.parameters and table.parameters[PURPOSE].required):
            yield name, {"area": {"code": COUNTY}, **REQUIRED_ARGUMENTS.get(name, {})}


def requests_of_subjects(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables about a record, with variables for the first records of each label."""
    for name, (argument, label_names) in SUBJECTS.items():
        for field, label_name in label_names.items():
            key = MODEL.labels[label_name].key.name
            statement = f"MATCH (n:{label_name}) WHERE n.{key} STARTS WITH $area OR $everywhere RETURN DISTINCT n.{key} ORDER BY n.{key} LIMIT $limit"
            parameters = {"area": COUNTY, "everywhere": label_name != "Village", "limit": SUBJECT_COUNT}
            for (number,) in store.query_text(statement, parameters):
                subject = {field: number}
                yield name, {argument: subject} if argument else subject


def pages(store: Store, role: Role, requests: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, Any]]:
    """Yield pages of tables as the role gets them without a purpose, with the table's name."""
    api, permissions = local_api(store), permissions_in((COUNTY,), (role,), role.value)
    for name, arguments in requests:
        variables: dict[str, Any] = {"first": MAX_PAGE_SIZE, **arguments}
        for _ in range(PAGES):
            request = GraphQLRequest(tables()[name].document, variables=variables)
            body = api.execute(request, permissions=permissions).body()
            if "errors" in body:
                assert {error["extensions"]["code"] for error in body["errors"]} <= ACCESS_ERROR_CODES, name
                break
            page = body["data"]["found"]
            yield name, page["nodes"]
            if not page.get("pageInfo", {}).get("hasNextPage"):
                break
            variables["after"] = page["pageInfo"]["endCursor"]


def told_values(store: Store, role: Role) -> set[tuple[str, str]]:
    """Return the hidden values that answers have, with the table's name."""
    requests = [*requests_of_areas(), *requests_of_subjects(store)]
    names = {name for name, _ in requests}
    assert {"lookBack", "checkFindings", "conflictsOfInterest", "reconciliation", "persons", "households"} <= names
    hidden = hidden_values(store, role)
    assert len(hidden) > 10
    answers = list(pages(store, role, requests))
    with_rows = {name for name, page in answers if page}
    assert with_rows >= {"lookBack", "checkFindings", "persons", "households", "exitReadiness"}
    if "assets" in with_rows:
        assert with_rows >= {*SUBJECTS, "conflictsOfInterest", "reconciliation"}
    return {(name, text) for name, page in answers for text in hidden.intersection(texts_in(page))}


@pytest.mark.parametrize("role", list(HIDDEN_CLASSES))
def test_no_answer_about_two_collections_has_a_value_that_needs_a_purpose(collected_twice: Store, role: Role) -> None:
    hidden = hidden_values(collected_twice, role)
    assert {"肺结核", "高血压", "长期慢性病", "CHRONIC_ILLNESS", "1970-05-01", "1949-03-07", "辍学"} <= hidden
    assert ("癸酉" in hidden) is (role is Role.AUDITOR)
    [(_, differences)] = pages(collected_twice, role, [("lookBack", {"area": {"code": COUNTY}})])
    assert any(row["altered"] for row in differences)
    assert told_values(collected_twice, role) == set()


@pytest.mark.one_engine
@pytest.mark.parametrize("role", list(HIDDEN_CLASSES))
def test_no_answer_about_the_sample_register_has_a_value_that_needs_a_purpose(
    store: Store, imported: ImportReport, role: Role
) -> None:
    assert told_values(store, role) == set()
