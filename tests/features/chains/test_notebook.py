"""The example notebook runs over the sample register, on either engine."""

from __future__ import annotations

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import evidence_case
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from tests import ROOT
from tests.notebooks import run_notebook


def test_the_notebook_follows_a_fund(
    imported: ImportReport, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported.sequence == 1
    address = store._engine._server.address()
    user, password = address.auth or ("", "")
    settings = {"URI": address.uri, "USERNAME": user, "PASSWORD": password, "DATABASE": address.database}
    for name, value in settings.items():
        monkeypatch.setenv(f"NEO4J_{name}", value)
    chains = evidence_case.find_chains(store, QueryScope.resolve(store, None), "ZJ000")
    households = {chain.hops[-1].key for chain in chains if chain.hops[-1].node[0] == "Household"}
    names = run_notebook(ROOT / "examples" / "notebook.ipynb")
    assert names["version"] == 1
    assert set(names["households"]) == households
    assert f"ZJ000: 7,000,000.00 yuan passed on, {len(households)} households reached" in capsys.readouterr().out
