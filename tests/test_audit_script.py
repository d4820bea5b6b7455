"""The auditor's script and the service agree on every chain, to the last fraction of a fen; they share no code and no driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from graph_service.services.chains import every
from graph_service.services.chains.asked import directed
from graph_service.services.chains.chain import Amount, shown
from graph_service.services.imports.run import run
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store
from tests.conftest import emptied
from tests.county import workbook
from tests.flows import money

SCRIPT = Path(__file__).parent.parent / "examples" / "audit_fund.py"
SEEDS = tuple(int(seed) for seed in os.environ.get("AUDIT_SEEDS", "1 2").split())
Told = dict[tuple[tuple[str, str], ...], Amount]


def audited(store: Store, fund: str, *more: str) -> tuple[Told, dict[str, object]]:
    """What the script prints of a fund: its chains, its total."""
    address = store._engine._source.address()
    user, password = address.auth or ("neo4j", "none")
    where = ("--uri", address.uri, "--user", user, "--password", password, "--database", address.database)
    # -I: nothing of this checkout is on its path, and no setting reaches it.
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, *where, "--fund", fund, *more], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    *lines, last = map(json.loads, done.stdout.splitlines())
    found = {
        tuple((label, key) for label, key in one["keys"]): None if one["fen"] is None else Fraction(one["fen"])
        for one in lines
    }
    assert len(found) == len(lines)
    return found, last


def served(store: Store, viewing: Viewing, fund: str) -> Told:
    return {one.place: one.attributed for one in every(store, viewing, directed(("Fund", fund))) if one.complete}


@pytest.fixture(scope="module", params=SEEDS)
def flowing(request: pytest.FixtureRequest, spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with random money in it."""
    store = emptied(spare)
    run(store, [workbook(money(request.param), tmp_path_factory.mktemp("audit") / "money.xlsx")], day=20161231)
    return store


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("fund", ["ZJ000", "ZJ002", "ZJ003"])
def test_it_agrees_about_the_sample(store: Store, fund: str) -> None:
    viewing = Viewing.of(store, None)
    found, last = audited(store, fund)
    assert found
    assert found == served(store, viewing, fund)
    whole = sum((one for one in found.values() if one is not None), Fraction(0))
    assert last == {"chains": len(found), "unknown": 0, "fen": str(whole), "yuan": f"{(shown(whole) or 0) / 100:.2f}"}


@pytest.mark.usefixtures("imported")
def test_it_agrees_about_another_day(store: Store) -> None:
    found, _ = audited(store, "ZJ000", "--as-of", "20150630", "--sequence", str(Viewing.of(store, None).sequence))
    assert found == served(store, Viewing.of(store, None, as_of="2015-06-30"), "ZJ000")


def test_it_agrees_about_random_money(flowing: Store) -> None:
    viewing = Viewing.of(flowing, None, as_of="2016-12-31")
    funds = [number for (number,) in flowing.lookup("MATCH (f:Fund) RETURN f.fund_no ORDER BY f.fund_no", {})]
    told = {fund: audited(flowing, fund)[0] for fund in funds}
    assert any(told.values())
    assert told == {fund: served(flowing, viewing, fund) for fund in funds}


def test_it_imports_nothing_of_the_service() -> None:
    assert "import graph_service" not in SCRIPT.read_text(encoding="utf-8")
    assert "from graph_service" not in SCRIPT.read_text(encoding="utf-8")
