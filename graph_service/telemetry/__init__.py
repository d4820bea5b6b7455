"""Telemetry: logs, metrics and spans of the service. They name statements and count rows; they hold no document, variable, parameter or answer."""
