"""Example parameters of the statements, with which those that read give rows on the packaged sample register."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from graph_service.cli.serve import SAMPLE_REGISTER
from graph_service.core.areas import CODE_DIGITS, code_range
from graph_service.core.duties import duty_parameters
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import statement_parameters
from graph_service.core.rules import poverty_lines, schooling_parameters
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, OPEN_SEQUENCE
from graph_service.domain.pinyin import to_pinyin
from graph_service.features.checks.run import statement_parameters as check_parameters
from graph_service.features.conflicts.relationships import seed_parameters
from graph_service.features.exits.exit_questions import predicates
from graph_service.features.matching.suggestions import SUGGEST_HELPERS
from graph_service.graphql.schema import questions
from graph_service.platform.catalog import get_statement, is_write
from graph_service.platform.readers.delivery import open_delivery

PAGE_SIZE = 50
NAMED_HOLDERS = 3
"""Number of cadres and departments that are looked up by their names."""
FIRST_VERSION = 1
"""Data version of a store into which nothing but the sample register was imported."""
ABSENT, ABSENT_VERSION = "none", -1
"""A key that no record and no writer has, and the number of no import: what is pasted must not remove data."""


class SampleRegister:
    """Cells of the packaged sample register, by sheet and header."""

    def __init__(self) -> None:
        self._rows_by_sheet: dict[str, list[dict[str, Any]]] = {}
        for table in open_delivery([SAMPLE_REGISTER]).tables:
            _, headers, *rows = [row.cells for row in table.rows()]
            self._rows_by_sheet[table.name] = [dict(zip(map(str, headers), cells, strict=False)) for cells in rows]

    def column(self, sheet: str, header: str) -> list[Any]:
        """Return the cells of a column that are not blank, each value once."""
        cells = (row.get(header) for row in self._rows_by_sheet[sheet])
        return list(dict.fromkeys(cell for cell in cells if cell is not None))

    def first(self, sheet: str, header: str) -> Any:
        return self.column(sheet, header)[0]


@cache
def sample_register() -> SampleRegister:
    """Return the packaged sample register."""
    return SampleRegister()


@cache
def sample_scope() -> QueryScope:
    """Return the county of the sample register on the day of its collection."""
    register = sample_register()
    county = register.first("行政村", "村编码")[: CODE_DIGITS["COUNTY"]]
    collection_day = int(max(register.column("贫困户", "年度"))) * 10000 + 1231
    return QueryScope((code_range(county),), collection_day, FIRST_VERSION, ())


def example_parameters(name: str) -> dict[str, Any]:
    """Return a value for each parameter of a statement. Values of a statement that writes make it change no record."""
    accepted_names = get_statement(name).parameters
    values = _values(name)
    return {parameter: values[parameter] for parameter in accepted_names}


def _values(name: str) -> dict[str, Any]:
    scope, statement = sample_scope(), get_statement(name)
    if is_write(statement.text):
        return WRITE_VALUES | WRITE_VALUES_BY_STATEMENT.get(name, {})
    for question in questions():
        if name in (question.statement_name, f"{question.statement_name}.count"):
            levels = {filter_.name: "VILLAGE" for filter_ in question.filters if filter_.name == "by"}
            values = statement_parameters(scope, question, levels, name)
            return {**values, "after": question.start_key, "limit": PAGE_SIZE + 1}
    topic, _, title = name.partition("/")
    common_values = _common_values()
    if topic == "matching":
        return common_values | statement_parameters(scope, SUGGEST_HELPERS, {}, name)
    if topic == "checks":
        # Only funds are judged for the whole register.
        special_values = {
            "everywhere": title in ("funds", "finding_without_area"),
            "finding": f"UNSPENT!{common_values['fund']}",
        }
        return {**common_values, **check_parameters(scope.as_of), **special_values}
    if topic == "exits":
        standard = title.upper()
        return common_values | {"predicates": predicates(standard, scope.as_of), "key": common_values[title]}
    return common_values | _values_by_statement(common_values).get(name, {})


@cache
def _common_values() -> dict[str, Any]:
    """Return the values of parameters that mean the same in most statements."""
    register, scope = sample_register(), sample_scope()
    county = scope.areas[0][0]
    village, household = register.first("行政村", "村编码"), register.first("贫困户", "户编号")
    person, fund = register.first("家庭成员", "人口编号"), register.first("资金", "资金编号")
    asset, distribution = register.first("资产", "资产编号"), register.first("收益分配", "分配编号")
    scope_parameters = scope.parameters()
    return {
        **scope_parameters,
        **seed_parameters(scope, [county]),
        **duty_parameters(None, scope.as_of),
        **schooling_parameters(scope.as_of),
        "lines": poverty_lines(),
        "reasons": None, "waived": None, "scope": None, "everywhere": False, "poor": True, "skip": 0,
        "limit": PAGE_SIZE + 1, "open": OPEN_SEQUENCE, "before": OPEN_SEQUENCE, "sequence": FIRST_VERSION,
        "code": county, "codes": [county, village], "ranges": scope_parameters["areas"],
        "county": county, "village": village, "household": household, "fund": fund, "asset": asset, "distribution": distribution,
        "cadre": register.first("帮扶干部", "干部编号"), "department": None, "inspection": None,
        "pledge": ABSENT, "problem": ABSENT, "decision": ABSENT, "finding": None, "token": ABSENT,
        "villages": [village], "households": [household], "persons": [person], "funds": [fund], "projects": [],
        "assets": [], "banks": [], "operators": [], "measures": [], "records": [], "distributions": [distribution],
        "identities": [], "about": "Household", "subject": household, "label": "Household", "key": household,
    }  # fmt: skip


def _values_by_statement(common: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the values of parameters that mean something else in some statements, by statement."""
    register, scope = sample_register(), sample_scope()
    village, household, cadre, asset, fund = (
        common[name] for name in ("village", "household", "cadre", "asset", "fund")
    )
    holder = register.first("股权", "户编号")
    groups = [_end_group(0, "HOLDS", "Asset", asset), _end_group(1, "GRANTED", "Fund", fund)]
    return {
        "chains/above": {"funds": [], "assets": [asset]},
        "chains/ends": {"groups": groups, "counted": groups, "year": None, "after": [-1, "", "", ""]},
        "chains/fund_report": {"year": None},
        "chains/named": {"key": fund},
        "chains/received": {"key": holder, "year": None},
        "conflicts/ways": {
            "cadres": register.column("关系人", "干部编号"),
            "operators": register.column("关系人", "经营主体"),
            "households": [holder],
        },
        "coverage/terms": {
            "holdings": [
                {"position": 0, "type": "HELPS", "post": None, "holder": cadre, "subject": household},
                {"position": 1, "type": "SERVES", "post": "TEAM_LEADER", "holder": cadre, "subject": village},
            ]
        },
        "imports/cadre_places": {"cadres": [cadre]},
        "imports/cadre_names": {"names": _spelt_names("帮扶干部", "姓名", is_person=True)},
        "imports/department_names": {"names": _spelt_names("帮扶部门", "单位名称", is_person=False)},
        "imports/families": {"keys": common["persons"]},
        "imports/homes": {"keys": [household]},
        "imports/keyed": {"key": ABSENT, "by": ABSENT},
        "imports/later": {"day": scope.year * 10000 + 101},
        "imports/members": {"keys": [{"household": household, "persons": []}]},
        "shares/holders": {
            "holders": [
                {"position": 0, "cardNo": household, "personNo": None, "villageCode": None, "uscc": None},
                {"position": 1, "cardNo": None, "personNo": None, "villageCode": village, "uscc": None},
            ]
        },
        "shares/share_register": {"after": [0, ""]},
    }


def _end_group(position: int, kind: str, label: str, key: str) -> dict[str, Any]:
    return {"position": position, "kind": kind, "label": label, "key": key}


def _spelt_names(sheet: str, header: str, *, is_person: bool) -> list[list[str | None]]:
    """Return [name, its pinyin] of the first names of a sheet."""
    names = sample_register().column(sheet, header)[:NAMED_HOLDERS]
    return [[name, to_pinyin(name, is_person=is_person)[0]] for name in names]


WRITE_VALUES: dict[str, Any] = {
    "rows": [], "first": FIRST_DAY, "last": LAST_DAY, "open": OPEN_SEQUENCE, "limit": PAGE_SIZE,
    "sequence": ABSENT_VERSION, "seq": ABSENT_VERSION, "token": ABSENT,
}  # fmt: skip
"""Values of the statements that write."""
PROGRESS_VALUES: dict[str, Any] = {"batch": 1, "sheet": "", "rows": 0}
WRITE_VALUES_BY_STATEMENT: dict[str, dict[str, Any]] = {
    "imports/beat": PROGRESS_VALUES,
    "imports/fence": PROGRESS_VALUES,
    # An import of this number exists and is not created.
    "imports/begin": {
        "sequence": FIRST_VERSION, "content": "", "files": [], "purpose": "IMPORT", "by": "", "day": FIRST_DAY, "began": "", "key": None,
    },
    "imports/publish": {"counts": "{}", "published": "", "latest": FIRST_DAY, "changed": FIRST_DAY},
    "imports/resealed": {"reached": ["", ""]},
    "imports/rotate": {"mark": ""},
    "imports/rotated": {"mark": ""},
    "imports/number_key": {"key": ""},
    "imports/seal": {"mark": ""},
    "imports/take": {"seen": ABSENT, "batch": 0, "beats": 0, "holder": ABSENT, "term": 30},
    "imports/unchanged": {"same": FIRST_VERSION},
}  # fmt: skip
