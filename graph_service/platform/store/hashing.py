"""A hash of the whole graph without clocks: two imports of the same end in the same one."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from graph_service.platform.store.graph import Store


def graph_hash(store: Store) -> str:
    """SHA-256 over every node and relationship that imports have made, whatever their order and engine ids.

    The import records themselves (clocks, undone ones) and the area tree (sequence 0) are not in it.
    """
    total = 0
    for labels, properties in store.query("imports/all_nodes"):
        total += _item_hash(["node", sorted(labels), _without_nulls(properties)])
    for start, end, type_, properties in store.query("imports/all_relationships"):
        total += _item_hash(
            ["relationship", _without_nulls(start), _without_nulls(end), type_, _without_nulls(properties)]
        )
    return f"{total % 2**256:064x}"


def _without_nulls(properties: dict[str, Any]) -> dict[str, Any]:
    """Without blanks, which one engine keeps and the other does not."""
    return {key: value for key, value in properties.items() if value is not None}


def _item_hash(item: list[Any]) -> int:
    """Summed, hashes do not depend on order; no two items here are equal, so none cancels another."""
    return int.from_bytes(hashlib.sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).digest(), "big")
