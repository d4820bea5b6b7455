"""Which engine the settings ask for."""

from __future__ import annotations

from graph_service.config import Settings
from graph_service.platform.engine.client import Engine, EngineServer
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.remote import RemoteServer


def open_engine(settings: Settings) -> Engine:
    """The engine of the settings; nothing is started or connected to before it is used."""
    source: EngineServer
    if settings.neo4j_uri:
        source = RemoteServer(
            settings.neo4j_uri, settings.neo4j_username, settings.read_password(), settings.neo4j_database
        )
    else:
        source = EmbeddedServer(
            settings.data_folder, settings.statement_seconds, settings.engine_memory, settings.import_seconds
        )
    return Engine(source, settings.statement_seconds, settings.import_seconds)
