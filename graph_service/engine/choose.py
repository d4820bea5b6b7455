"""Which engine the settings ask for."""

from __future__ import annotations

from graph_service.config import Settings
from graph_service.engine.embedded import Embedded
from graph_service.engine.port import Engine, Source
from graph_service.engine.remote import Remote


def open_engine(settings: Settings) -> Engine:
    """The engine of the settings; nothing is started or connected to before it is used."""
    source: Source
    if settings.neo4j_uri:
        source = Remote(settings.neo4j_uri, settings.neo4j_username, settings.password(), settings.neo4j_database)
    else:
        source = Embedded(settings.data, settings.statement_seconds, settings.engine_memory, settings.import_seconds)
    return Engine(source, settings.statement_seconds, settings.import_seconds)
