"""Numbers that a store derives from values, with the key that the stores of the tests share: the same on both engines and in every run."""

from __future__ import annotations

from graph_service.platform.codec import Codec

NUMBER_KEY = "5a" * 32
CODEC = Codec()
CODEC.number_key = bytes.fromhex(NUMBER_KEY)


def derived_number(*values: object) -> str:
    """Return the number that stands for values in a store of the tests."""
    return CODEC.derive_number(*values)
