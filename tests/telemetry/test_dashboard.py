"""Alerts and dashboard: their queries name metrics that exist, by labels that they have, and no metric is left out of sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson
import pytest
import yaml

from graph_service.telemetry.metrics import describe_metrics
from tests import ROOT

ASSETS = ROOT / "docs" / "assets"
SERIES_BY_TYPE = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
LABELS_BY_SERIES = {
    f"{metric.name}{ending}": {*metric.labels, *(("le",) if ending == "_bucket" else ())}
    for metric in describe_metrics()
    for ending in SERIES_BY_TYPE.get(metric.type, ("",))
}
SERIES = re.compile(r"\bgraph_service_\w+")


def queries() -> Iterator[str]:
    """Yield the queries of all panels and alerts."""
    for panel in orjson.loads((ASSETS / "grafana-dashboard.json").read_bytes())["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for group in yaml.safe_load((ASSETS / "prometheus-alerts.yml").read_text(encoding="utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


@pytest.mark.parametrize("query", list(queries()))
def test_a_query_names_series_and_labels_that_exist(query: str) -> None:
    series = set(SERIES.findall(query))
    assert series <= LABELS_BY_SERIES.keys()
    labels = {label for name in series for label in LABELS_BY_SERIES[name]}
    grouped = {label for names in re.findall(r"by \(([^)]+)\)", query) for label in names.split(", ")}
    matched = {label for labels_ in re.findall(r"\{([^}]+)\}", query) for label in re.findall(r"(\w+)[=!]", labels_)}
    assert grouped | matched - {"job"} <= labels


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for query in queries() for name in SERIES.findall(query)}
    assert {metric.name for metric in describe_metrics()} == shown


def test_the_guide_names_metrics_that_exist() -> None:
    for name in ("monitor.md", "monitor.zh.md"):
        text = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"`(graph_service_\w+)`", text)) <= LABELS_BY_SERIES.keys()
