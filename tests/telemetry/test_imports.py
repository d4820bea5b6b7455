"""Metrics of imports through the API: rows by sheet and outcome, and refusals by code."""

from __future__ import annotations

from pathlib import Path

from graph_service.platform.store.graph import Store
from tests import county
from tests.features.imports.test_uploads import form
from tests.telemetry.test_metrics import Scrapes, client_of


def test_an_import_is_counted_with_its_rows(empty: Store, tmp_path: Path) -> None:
    register = county.workbook(county.SHEETS, tmp_path / "register.xlsx").read_bytes()
    with client_of(empty) as client:
        scrapes = Scrapes(client)
        assert "errors" not in client.post("/graphql", **form([("register.xlsx", register)])).json()
        client.post("/graphql", **form([("note.csv", b"a,b\n1,2\n")], clientKey="k2"))
        assert scrapes.growth("imports_total", outcome="OK") == 1
        assert scrapes.growth("imports_total", outcome="CHANGE_INVALID") == 1
        assert scrapes.growth("import_rows_total", sheet="行政村", outcome="new") == 2
        last = scrapes.scrape()
    assert last["graph_service_import_sheets", frozenset()] == len(county.SHEETS)
    assert last["graph_service_import_seconds", frozenset()] > 0
    assert last["graph_service_data_version", frozenset()] == 1
