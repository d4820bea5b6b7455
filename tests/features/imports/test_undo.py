"""What an undo would take back is told before it does."""

from __future__ import annotations

import json
from pathlib import Path

from graph_service.core.recording.import_lifecycle import delivery_to_undo, undo_version
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import Sheets, workbook


def test_an_undo_takes_back_the_version_that_was_shown(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {"帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"]]}
    assert delivery_to_undo(empty) is None
    report = import_files(empty, [workbook(sheets, tmp_path / "offices.xlsx")], submitted_by="县扶贫办", day=20161231)
    delivery = delivery_to_undo(empty)
    assert delivery is not None
    assert (delivery.sequence, delivery.state, delivery.purpose) == (report.sequence, "PUBLISHED", "COLLECTION")
    assert (delivery.by, delivery.day, delivery.files) == ("县扶贫办", 20161231, "offices.xlsx")
    assert json.loads(delivery.counts)["帮扶部门"]["rows"] == 1
    assert undo_version(empty, delivery.sequence)
    assert delivery_to_undo(empty) is None
