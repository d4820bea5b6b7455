"""Metrics of the service for Prometheus. Every label has values that the service itself has chosen, so that their number is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import IO, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Summary,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from graph_service import __version__
from graph_service.telemetry.worker_files import claim_slot, remove_dead_gauges, shared_folder

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
COST_BUCKETS = (10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 250_000)


LabelledMetric = TypeVar("LabelledMetric", Counter, Histogram, Summary)


@dataclass(frozen=True, slots=True)
class MetricDescription:
    """Description of a metric. `name`: as Prometheus has it."""

    name: str
    type: str
    labels: tuple[str, ...]
    zh: str
    en: str


def _count_with_other_workers() -> IO[bytes] | None:
    """Count in the files of a slot where this process is one of several workers; the lock that is returned holds the slot."""
    folder = shared_folder()
    if folder is None:
        return None
    slot, lock = claim_slot(folder)
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: slot)  # type: ignore[no-untyped-call]
    return lock


_slot_lock = _count_with_other_workers()
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()

HTTP_REQUESTS = Counter(
    "graph_service_http_requests",
    "HTTP 请求数，按方法、路径模板和状态码 / HTTP requests, by method, template of the path and status",
    ("method", "path", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "graph_service_http_request_seconds",
    "HTTP 请求耗时（秒），至应答结束 / Duration of HTTP requests in seconds, to the end of the answer",
    ("path",),
    registry=REGISTRY,
    buckets=SECONDS_BUCKETS,
)
WEBSOCKETS = Gauge(
    "graph_service_websockets",
    "WebSocket 连接数 / Open WebSocket connections",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
OPERATIONS = Counter(
    "graph_service_graphql_operations",
    "GraphQL 操作数，按类型（query、mutation、subscription；refused 为执行前拒绝）和结果（OK 或首个错误代码） / GraphQL operations, by kind "
    "(query, mutation, subscription; refused: before they ran) and outcome (OK or the code of the first error)",
    ("kind", "outcome"),
    registry=REGISTRY,
)
OPERATION_SECONDS = Histogram(
    "graph_service_graphql_operation_seconds",
    "GraphQL 操作执行耗时（秒） / Duration of running GraphQL operations in seconds",
    ("kind",),
    registry=REGISTRY,
    buckets=SECONDS_BUCKETS,
)
OPERATION_COST = Histogram(
    "graph_service_graphql_operation_cost",
    "GraphQL 操作的估算开销 / Estimated cost of GraphQL operations",
    registry=REGISTRY,
    buckets=COST_BUCKETS,
)
STATEMENT_SECONDS = Summary(
    "graph_service_statement_seconds",
    "语句次数和耗时（秒），按语句名 / Runs of statements and their duration in seconds, by the statement's name",
    ("name",),
    registry=REGISTRY,
)
STATEMENT_ROWS = Counter(
    "graph_service_statement_rows",
    "语句返回的行数，按语句名 / Rows that statements returned, by the statement's name",
    ("name",),
    registry=REGISTRY,
)
STATEMENT_FAILURES = Counter(
    "graph_service_statement_failures",
    "失败的语句数，按语句名和错误代码 / Statements that failed, by name and code of the error",
    ("name", "code"),
    registry=REGISTRY,
)
STATEMENTS_RUNNING = Gauge(
    "graph_service_statements_running",
    "正在执行的语句数，每条占用一个引擎连接 / Statements that run now; each holds one connection to the engine",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
SLOTS = Gauge(
    "graph_service_slots",
    "可同时执行的查询数 / Queries that can run at the same time",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
SLOTS_USED = Gauge(
    "graph_service_slots_used",
    "正在执行的查询数 / Queries that run now",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
SLOTS_WAITING = Gauge(
    "graph_service_slots_waiting",
    "等待执行的查询数 / Queries that wait for a slot",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
SLOTS_REFUSED = Counter(
    "graph_service_slots_refused",
    "因繁忙被拒绝的查询数 / Queries refused because too many waited or they waited too long",
    registry=REGISTRY,
)
ENGINE_READY = Gauge(
    "graph_service_engine_ready",
    "引擎是否及时应答，抓取时检查 / 1 where the engine answers in time, 0 otherwise; checked by each scrape",
    registry=REGISTRY,
    multiprocess_mode="livemostrecent",
)
DATA_VERSION = Gauge(
    "graph_service_data_version",
    "最新数据版本，没有时为 0 / Newest data version; 0 where there is none",
    registry=REGISTRY,
    multiprocess_mode="livemostrecent",
)
IMPORTS = Counter(
    "graph_service_imports",
    "经接口导入的次数，按结果（OK 或错误代码） / Imports through the API, by outcome (OK or the code of the error)",
    ("outcome",),
    registry=REGISTRY,
)
IMPORT_ROWS = Counter(
    "graph_service_import_rows",
    "经接口导入的行数，按表和处理结果 / Rows of imports through the API, by sheet and by what became of them",
    ("sheet", "outcome"),
    registry=REGISTRY,
)
IMPORT_SHEETS = Gauge(
    "graph_service_import_sheets",
    "最近一次导入的表数 / Sheets of the last import",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
IMPORT_SECONDS = Gauge(
    "graph_service_import_seconds",
    "最近一次导入的耗时（秒） / Duration of the last import in seconds",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
AUDIT_ENTRIES = Counter(
    "graph_service_audit_entries", "写入审计日志的条数 / Entries written to the audit log", registry=REGISTRY
)
AUDIT_FAILURES = Counter(
    "graph_service_audit_failures",
    "未能写入审计日志的次数 / Entries that could not be written to the audit log",
    registry=REGISTRY,
)
BUILD = Gauge(
    "graph_service_build",
    "运行的版本，值为 1 / Version that runs; its value is 1",
    ("version",),
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
BUILD.labels(__version__).set(1)


@cache
def series(metric: LabelledMetric, *labels: str) -> LabelledMetric:
    """Return the series of a metric with these labels, kept because a request needs several. There are as many as label values."""
    return metric.labels(*labels)


def render_metrics() -> bytes:
    """Return all metrics in the text format of Prometheus; those of all workers where there are several."""
    folder = shared_folder() if _slot_lock is not None else None
    if folder is None:
        return generate_latest(REGISTRY)
    remove_dead_gauges(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def describe_metrics() -> list[MetricDescription]:
    """Return the metrics in the order of their declaration."""
    descriptions = []
    for collector in (
        value for value in globals().values() if isinstance(value, Counter | Gauge | Histogram | Summary)
    ):
        [metric] = collector.describe()
        zh, _, en = metric.documentation.partition(" / ")
        name = f"{metric.name}_total" if metric.type == "counter" else metric.name
        descriptions.append(MetricDescription(name, metric.type, collector._labelnames, zh, en))
    return descriptions
