"""Hash of the whole graph without clocks: two imports of the same files give the same hash."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from graph_service.platform.store.graph import Store


def graph_hash(store: Store) -> str:
    """Return the SHA-256 over every node and relationship that imports have made, independent of their order and engine ids.

    The import records themselves (clocks, undone ones) and the area tree (sequence 0) are left out.
    """
    hash_sum = 0
    for labels, properties in store.query("imports/all_nodes"):
        hash_sum += _item_hash(["node", sorted(labels), _without_nulls(properties)])
    for start, end, type_, properties in store.query("imports/all_relationships"):
        hash_sum += _item_hash(
            ["relationship", _without_nulls(start), _without_nulls(end), type_, _without_nulls(properties)]
        )
    return f"{hash_sum % 2**256:064x}"


def _without_nulls(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that are not null: one engine keeps nulls, the other does not."""
    return {key: value for key, value in properties.items() if value is not None}


def _item_hash(item: list[Any]) -> int:
    """Return the hash of an item as an integer. The sum of hashes does not depend on order; no two items are equal."""
    return int.from_bytes(hashlib.sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).digest(), "big")
