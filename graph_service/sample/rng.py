"""Random streams: each generated thing draws from its own stream, seeded by the register's seed and its name alone."""

from __future__ import annotations

from random import Random


def stream(seed: int, *name: object) -> Random:
    return Random(":".join(map(str, (seed, *name))))  # noqa: S311 (made-up people, no secrets)
