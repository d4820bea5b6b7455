"""Creation of the engine that the settings name."""

from __future__ import annotations

from graph_service.config import Settings
from graph_service.platform.engine.client import Engine, EngineServer
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.remote import RemoteServer


def open_engine(settings: Settings) -> Engine:
    """Return the engine of the settings; nothing is started or connected to before it is used."""
    server: EngineServer
    if settings.neo4j_uri:
        server = RemoteServer(
            settings.neo4j_uri, settings.neo4j_username, settings.read_password(), settings.neo4j_database
        )
    else:
        server = EmbeddedServer(
            settings.data_folder, settings.statement_seconds, settings.engine_memory, settings.import_seconds
        )
    return Engine(server, settings.statement_seconds, settings.import_seconds)
