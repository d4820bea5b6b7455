"""Start of the telemetry of a process that serves."""

from __future__ import annotations

import sys

from graph_service.config import Settings
from graph_service.telemetry.logs import LogFormat, configure_logs
from graph_service.telemetry.spans import export_spans


def log_format(settings: Settings) -> LogFormat:
    """Return the format of the logs: by default, text for people at a terminal."""
    if settings.log_format == "auto":
        return "text" if sys.stderr.isatty() else "json"
    return settings.log_format


def start_telemetry(settings: Settings) -> None:
    """Configure the logs of this process and, where the settings name a collector, the export of its spans. Raises `SettingInvalid`."""
    configure_logs(log_format(settings))
    if settings.otlp_url:
        export_spans(settings.otlp_url)
