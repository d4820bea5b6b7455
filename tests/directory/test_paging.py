"""Pages over data that change in between, in both directions: households present throughout come once; a data version does not change."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import newest_version
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.directory import ask

COUNTY = "513431"
HEADERS = ["户编号", "村编码", "户主姓名", "识别标准", "贫困户属性", "脱贫属性", "主要致贫原因", "工资性收入", "年度"]
PAGE = "nodes { cardNo village { code } current { wageIncome } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
PAGE_SIZE = 18
"""The households of the township are five pages."""
Change = Callable[[], None]


def page(api: GraphQLApi, arguments: str, **variables: Any) -> dict[str, Any]:
    query = f'query($c: String, $v: Int) {{ found: households(area: {{code: "{COUNTY}"}}, asKnownAt: $v, {arguments}) {{ {PAGE} }} }}'
    households: dict[str, Any] = ask(api, query, **variables)["found"]
    return households


def load_cards(api: GraphQLApi, order: str, change: Change, *, back: bool, version: int | None) -> list[str]:
    """Return the card numbers in the order of the list, read page by page, calling `change` before each further page."""
    size_argument, bound_argument, has_more, cursor_field = (
        ("last", "before", "hasPreviousPage", "startCursor") if back else ("first", "after", "hasNextPage", "endCursor")
    )
    cards: list[str] = []
    cursor = None
    while True:
        households = page(api, f"{order} {size_argument}: {PAGE_SIZE}, {bound_argument}: $c", c=cursor, v=version)
        page_cards = [node["cardNo"] for node in households["nodes"]]
        cards = page_cards + cards if back else cards + page_cards
        if not households["pageInfo"][has_more]:
            return cards
        cursor = households["pageInfo"][cursor_field]
        change()


class Changing:
    """Changes of a register by household: some are added, some get other values, and with `moving` some move to another village."""

    def __init__(self, store: Store, folder: Path, *, moving: bool) -> None:
        self._store, self._folder, self._moving = store, folder, moving
        self._random = random.Random(7)
        nodes = page(local_api(store), "first: 500, after: $c")["nodes"]
        self._homes = {node["cardNo"]: node["village"]["code"] for node in nodes}
        self._made = 0
        self.touched: set[str] = set()

    def __call__(self) -> None:
        villages = sorted(set(self._homes.values()))
        rows = []
        for _ in range(3):
            self._made += 1
            village = self._random.choice(villages)
            rows.append([f"{village}9{self._made:03d}", village])
        sampled_cards = self._random.sample(sorted(self._homes), 3)
        rows += [[card, self._random.choice(villages) if self._moving else self._homes[card]] for card in sampled_cards]
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
def test_what_is_there_throughout_comes_once(empty: Store, tmp_path: Path, township_register: Path, back: bool) -> None:
    import_files(empty, [township_register])
    api = local_api(empty)
    cards_before = load_cards(api, "", lambda: None, back=back, version=None)
    change = Changing(empty, tmp_path, moving=False)
    cards_meanwhile = load_cards(api, "", change, back=back, version=None)
    assert len(cards_meanwhile) == len(set(cards_meanwhile))
    assert [card for card in cards_meanwhile if card in set(cards_before)] == cards_before
    cards_after = load_cards(api, "", lambda: None, back=back, version=None)
    assert set(cards_before) < set(cards_after)
    assert set(cards_meanwhile) - set(cards_before) <= change.touched


@pytest.mark.parametrize("order", ["", "orderBy: {by: WAGE_INCOME, descending: true},"], ids=["by place", "by value"])
def test_on_a_version_nothing_changes(empty: Store, tmp_path: Path, township_register: Path, order: str) -> None:
    import_files(empty, [township_register])
    api, version = local_api(empty), newest_version(empty)
    assert version is not None
    cards = load_cards(api, order, lambda: None, back=False, version=version.sequence)
    change = Changing(empty, tmp_path, moving=True)
    for back in (False, True):
        assert load_cards(api, order, change, back=back, version=version.sequence) == cards
    assert len(cards) == len(set(cards))
    assert load_cards(api, order, lambda: None, back=False, version=None) != cards
