"""Random sequences of changes to the shares of an asset: no day has more shares than the total, a transfer keeps the sum,
a refused change leaves the register as it is, and earlier data versions keep their answers."""

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
from tests.callers import local_api
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
    yield local_api(registered)
    undo_changes(registered)


def undo_changes(store: Store) -> None:
    """Undo all changes up to the register as it was delivered."""
    while len(versions(store)) > 1:
        undo(store)


def load_days(api: GraphQLApi, asset: str, **variables: Any) -> dict[str, Given]:
    return {day: register(api, asset, on=day, **variables) for day in DAYS}


def held_by_day(registers: dict[str, Given]) -> dict[str, int]:
    """Return the shares held on each day, summed over certificates."""
    return {
        day: sum(int(certificate["shares"]) for holding in page["nodes"] for certificate in holding["certificates"])
        for day, page in registers.items()
    }


def make_mutation(
    kind: str, asset: str, number: str, digits: tuple[int, ...], page_by_day: dict[str, Given]
) -> tuple[str, Given]:
    """Return the name and the arguments of the mutation for one step."""
    a, b, c, d = digits
    day = DAYS[a % len(DAYS)]
    decision = {"decisionNo": number, "assetNo": asset, "decidedOn": LAST, "since": day}
    rounding = ("LARGEST_REMAINDER", "FIRST", "KEPT")[c % 3]
    share_kind = (PREFERRED, ORDINARY)[b % 2]
    if kind == "issue":
        shares = [{"holder": HOLDERS[(c + offset) % len(HOLDERS)], "kind": share_kind, "shares": d * 9 + 1} for offset in range(b % 3 + 1)]  # fmt: skip
        return "issueShares", {**decision, "shares": shares}
    if kind == "rule":
        among = ("POOR_HOUSEHOLDS", "HOUSEHOLDS")[d % 2]
        rule = {"kind": share_kind, "shares": d * 30 + 7, "among": among, "villageCodes": [FIRST], "rounding": rounding}
        return "issueShares", {**decision, "rule": rule}
    if kind == "transfer":
        numbers = sorted(
            certificate["certificate"]
            for holding in page_by_day[day]["nodes"]
            for certificate in holding["certificates"]
        )
        arguments = {"certificate": numbers[b % len(numbers)] if numbers else "none", "to": HOLDERS[c % len(HOLDERS)]}
        return "transferShares", {
            **decision,
            **arguments,
            "shares": d or None,
            "kind": (None, ORDINARY, PREFERRED)[d % 3],
        }
    receivers = ("NEWLY_POOR", "REST", "COLLECTIVE")[b % 3]
    keeps = receivers == "COLLECTIVE" or rounding == "KEPT"
    arguments = {"receivers": receivers, "rounding": rounding, "keeper": {"villageCode": FIRST} if keeps else None}
    return "redistributeShares", {**decision, **arguments, "exited": [HOLDERS[d % 8]] if d > 7 else []}


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("GX", [("redistribute", 4, 0, 0, 0), ("transfer", 5, 1, 0, 3), ("redistribute", 5, 1, 2, 8), ("issue", 5, 1, 9, 0)])  # fmt: skip
@example("TEN", [("rule", 1, 0, 0, 8), ("rule", 2, 1, 2, 11), ("issue", 2, 1, 4, 11), ("redistribute", 4, 2, 0, 0)])
@given(some.sampled_from(sorted(TOTALS)), STEPS)
def test_the_whole_stays_whole(
    api: GraphQLApi, registered: Store, asset: str, steps: list[tuple[str, int, int, int, int]]
) -> None:
    undo_changes(registered)
    pages_by_version = {1: load_days(api, asset)}
    newest = 1
    for index, (kind, *digits) in enumerate(steps):
        pages_before = pages_by_version[newest]
        name, arguments = make_mutation(kind, asset, f"D{index}", tuple(digits), pages_before)
        result = change(api, name, **arguments)
        pages_after = load_days(api, asset)
        if not result["__typename"].endswith("Success"):
            assert len(versions(registered)) == len(pages_by_version), result
            assert pages_after == pages_before, result
            continue
        newest = result["dataVersion"]
        pages_by_version[newest] = pages_after
        added = int(result["issued"]) - int(result["ended"])
        assert added == 0 or name == "issueShares", result
        held_after = held_by_day(pages_after)
        for day, held_before in held_by_day(pages_before).items():
            assert held_after[day] == held_before + (added if day >= arguments["since"] else 0), (day, result)
            assert held_after[day] <= TOTALS[asset], (day, result)
            assert pages_after[day]["held"] == str(held_after[day])
            assert pages_after[day]["whole"] == (held_after[day] == TOTALS[asset])
        if name == "issueShares" and "rule" in arguments:
            assert int(result["issued"]) + int(result["kept"]) == arguments["rule"]["shares"]
        # New preferred shares belong only to holders who are poor on the day.
        for holding in pages_after[arguments["since"]]["nodes"]:
            new_certificates = [certificate for certificate in holding["certificates"] if certificate["decision"] == arguments["decisionNo"] and certificate["since"] == arguments["since"]]  # fmt: skip
            is_partial_transfer = name == "transferShares" and arguments["shares"] is not None
            assert (
                holding["poor"]
                or is_partial_transfer
                or all(certificate["kind"] == ORDINARY for certificate in new_certificates)
            ), (holding, result)
    for version, pages in pages_by_version.items():
        assert load_days(api, asset, at=version) == {
            day: {**page, "dataVersion": version} for day, page in pages.items()
        }
