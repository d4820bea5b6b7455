"""Pages over data that change meanwhile: forwards and backwards, what is there throughout comes once; on a version nothing changes at all."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import newest_version
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.conftest import REGISTER

COUNTY = "513431"
HEADERS = ["户编号", "村编码", "户主姓名", "识别标准", "贫困户属性", "脱贫属性", "主要致贫原因", "工资性收入", "年度"]
PAGE = "nodes { cardNo village { code } current { wageIncome } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
Change = Callable[[], None]


def page(api: GraphQLApi, arguments: str, **variables: Any) -> dict[str, Any]:
    query = f'query($c: String, $v: Int) {{ found: households(area: {{code: "{COUNTY}"}}, asKnownAt: $v, {arguments}) {{ {PAGE} }} }}'
    body = api.execute(GraphQLRequest(query, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]["found"]
    return found


def walked(api: GraphQLApi, order: str, change: Change, *, back: bool, version: int | None) -> list[str]:
    """Card numbers in the list's order, page by page, with a change before each further page."""
    way, bound, more, cursor = (
        ("last", "before", "hasPreviousPage", "startCursor") if back else ("first", "after", "hasNextPage", "endCursor")
    )
    cards: list[str] = []
    at = None
    while True:
        found = page(api, f"{order} {way}: 150, {bound}: $c", c=at, v=version)
        some = [node["cardNo"] for node in found["nodes"]]
        cards = some + cards if back else cards + some
        if not found["pageInfo"][more]:
            return cards
        at = found["pageInfo"][cursor]
        change()


class Changing:
    """Changes a register household by household: some come, some get other values, with `moving` some move to another village."""

    def __init__(self, store: Store, folder: Path, *, moving: bool) -> None:
        self._store, self._folder, self._moving = store, folder, moving
        self._random = random.Random(7)
        found = page(GraphQLApi(store), "first: 500, after: $c")["nodes"]
        self._homes = {node["cardNo"]: node["village"]["code"] for node in found}
        self._made = 0
        self.touched: set[str] = set()

    def __call__(self) -> None:
        villages = sorted(set(self._homes.values()))
        rows = []
        for _ in range(3):
            self._made += 1
            village = self._random.choice(villages)
            rows.append([f"{village}9{self._made:03d}", village])
        some = self._random.sample(sorted(self._homes), 3)
        rows += [[card, self._random.choice(villages) if self._moving else self._homes[card]] for card in some]
        self.touched |= {row[0] for row in rows}
        path = self._folder / f"贫困户{self._made}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS)
            for card, village in rows:
                income = self._random.randint(0, 90_000)
                writer.writerow([card, village, "某某", "国家标准", "一般贫困户", "未脱贫", "因病", income, 2016])
        report = import_files(self._store, [path])
        assert report.changed > 0


@pytest.mark.parametrize("back", [False, True], ids=["forwards", "backwards"])
def test_what_is_there_throughout_comes_once(empty: Store, tmp_path: Path, back: bool) -> None:
    import_files(empty, [REGISTER])
    api = GraphQLApi(empty)
    before = walked(api, "", lambda: None, back=back, version=None)
    change = Changing(empty, tmp_path, moving=False)
    meanwhile = walked(api, "", change, back=back, version=None)
    assert len(meanwhile) == len(set(meanwhile))
    assert [card for card in meanwhile if card in set(before)] == before
    after = walked(api, "", lambda: None, back=back, version=None)
    assert set(before) < set(after)
    assert set(meanwhile) - set(before) <= change.touched


@pytest.mark.parametrize("order", ["", "orderBy: {by: WAGE_INCOME, descending: true},"], ids=["by place", "by value"])
def test_on_a_version_nothing_changes(empty: Store, tmp_path: Path, order: str) -> None:
    import_files(empty, [REGISTER])
    api, last = GraphQLApi(empty), newest_version(empty)
    assert last is not None
    whole = walked(api, order, lambda: None, back=False, version=last.sequence)
    change = Changing(empty, tmp_path, moving=True)
    for back in (False, True):
        assert walked(api, order, change, back=back, version=last.sequence) == whole
    assert len(whole) == len(set(whole))
    assert walked(api, order, lambda: None, back=False, version=None) != whole
