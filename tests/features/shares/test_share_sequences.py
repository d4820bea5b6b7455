"""Whatever is done to the shares of an asset, in whatever order: no day has more than the whole, what moves shares moves as many as
before, what is refused leaves everything as it is, and what was known before is answered as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi
from graph_service.platform.store.graph import Store
from tests.conftest import emptied
from tests.county import COOP, FIRST, workbook
from tests.features.shares.test_shares import (
    EXITED,
    LAST,
    ORDINARY,
    OTHERS,
    POOR,
    PREFERRED,
    SHEETS,
    Given,
    change,
    register,
)

DAYS = ("2015-01-01", "2016-03-01", "2016-06-01", "2016-12-30", LAST, "2017-03-01")
TOTALS = {"GX": 100, "TEN": 1000}
HOLDERS: list[Given] = [*({"cardNo": card} for card in (*POOR[:4], *EXITED[:4], OTHERS[0])), {"villageCode": FIRST}, {"uscc": COOP}]  # fmt: skip
DIGITS = some.integers(0, 11)
STEPS = some.lists(
    some.tuples(some.sampled_from(("issue", "rule", "transfer", "redistribute")), DIGITS, DIGITS, DIGITS, DIGITS),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("sequences") / "shares.xlsx")])
    return spare


@pytest.fixture(scope="module")
def api(registered: Store) -> Iterator[GraphQLApi]:
    yield GraphQLApi(registered)
    back(registered)


def back(store: Store) -> None:
    """To the register as it was delivered."""
    while len(versions(store)) > 1:
        undo(store)


def days_of(api: GraphQLApi, asset: str, **more: Any) -> dict[str, Given]:
    return {day: register(api, asset, on=day, **more) for day in DAYS}


def sums(registers: dict[str, Given]) -> dict[str, int]:
    """What is held on each day, counted from certificates."""
    return {
        day: sum(int(one["shares"]) for holding in found["nodes"] for one in holding["certificates"])
        for day, found in registers.items()
    }


def asked(kind: str, asset: str, number: str, digits: tuple[int, ...], before: dict[str, Given]) -> tuple[str, Given]:
    """A step as a mutation: which, and what it is given."""
    a, b, c, d = digits
    day = DAYS[a % len(DAYS)]
    decision = {"decisionNo": number, "assetNo": asset, "decidedOn": LAST, "since": day}
    rounding = ("LARGEST_REMAINDER", "FIRST", "KEPT")[c % 3]
    share_kind = (PREFERRED, ORDINARY)[b % 2]
    if kind == "issue":
        shares = [{"holder": HOLDERS[(c + at) % len(HOLDERS)], "kind": share_kind, "shares": d * 9 + 1} for at in range(b % 3 + 1)]  # fmt: skip
        return "issueShares", {**decision, "shares": shares}
    if kind == "rule":
        among = ("POOR_HOUSEHOLDS", "HOUSEHOLDS")[d % 2]
        one = {"kind": share_kind, "shares": d * 30 + 7, "among": among, "villageCodes": [FIRST], "rounding": rounding}
        return "issueShares", {**decision, "rule": one}
    if kind == "transfer":
        there = sorted(one["certificate"] for held in before[day]["nodes"] for one in held["certificates"])
        given = {"certificate": there[b % len(there)] if there else "none", "to": HOLDERS[c % len(HOLDERS)]}
        return "transferShares", {**decision, **given, "shares": d or None, "kind": (None, ORDINARY, PREFERRED)[d % 3]}
    receivers = ("NEWLY_POOR", "REST", "COLLECTIVE")[b % 3]
    keeps = receivers == "COLLECTIVE" or rounding == "KEPT"
    given = {"receivers": receivers, "rounding": rounding, "keeper": {"villageCode": FIRST} if keeps else None}
    return "redistributeShares", {**decision, **given, "exited": [HOLDERS[d % 8]] if d > 7 else []}


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("GX", [("redistribute", 4, 0, 0, 0), ("transfer", 5, 1, 0, 3), ("redistribute", 5, 1, 2, 8), ("issue", 5, 1, 9, 0)])  # fmt: skip
@example("TEN", [("rule", 1, 0, 0, 8), ("rule", 2, 1, 2, 11), ("issue", 2, 1, 4, 11), ("redistribute", 4, 2, 0, 0)])
@given(some.sampled_from(sorted(TOTALS)), STEPS)
def test_the_whole_stays_whole(
    api: GraphQLApi, registered: Store, asset: str, steps: list[tuple[str, int, int, int, int]]
) -> None:
    back(registered)
    known = {1: days_of(api, asset)}
    newest = 1
    for at, (kind, *digits) in enumerate(steps):
        before = known[newest]
        name, wanted = asked(kind, asset, f"D{at}", tuple(digits), before)
        made = change(api, name, **wanted)
        after = days_of(api, asset)
        if not made["__typename"].endswith("Success"):
            assert len(versions(registered)) == len(known), made
            assert after == before, made
            continue
        newest = made["dataVersion"]
        known[newest] = after
        moved = int(made["issued"]) - int(made["ended"])
        assert moved == 0 or name == "issueShares", made
        held = sums(after)
        for day, was in sums(before).items():
            assert held[day] == was + (moved if day >= wanted["since"] else 0), (day, made)
            assert held[day] <= TOTALS[asset], (day, made)
            assert after[day]["held"] == str(held[day])
            assert after[day]["whole"] == (held[day] == TOTALS[asset])
        if name == "issueShares" and "rule" in wanted:
            assert int(made["issued"]) + int(made["kept"]) == wanted["rule"]["shares"]
        # Preferred shares that are new are of who is poor on the day.
        for one in after[wanted["since"]]["nodes"]:
            new = [c for c in one["certificates"] if c["decision"] == wanted["decisionNo"] and c["since"] == wanted["since"]]  # fmt: skip
            rest = name == "transferShares" and wanted["shares"] is not None
            assert one["poor"] or rest or all(c["kind"] == ORDINARY for c in new), (one, made)
    for version, then in known.items():
        assert days_of(api, asset, at=version) == {
            day: {**found, "dataVersion": version} for day, found in then.items()
        }
