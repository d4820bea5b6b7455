"""Creation of the store that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.config import Settings
from graph_service.platform.codec import load_codec
from graph_service.platform.engine.factory import open_engine
from graph_service.platform.private_files import make_private
from graph_service.platform.store.graph import Store


def open_store(settings: Settings) -> Store:
    """Return the store of the settings, with its engine and its key. Raises `SettingInvalid` where the key cannot be used."""
    make_private(settings.data_folder)
    return Store(open_engine(settings), load_codec(settings.key_file), settings.lease_seconds)


@contextmanager
def managed_store(settings: Settings) -> Iterator[Store]:
    """Yield the store of the settings; close it at the end."""
    store = open_store(settings)
    try:
        yield store
    finally:
        store.close()
