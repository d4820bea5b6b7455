"""Streams of chance: each thing that is made draws from one of its own, which its name alone begins."""

from __future__ import annotations

from random import Random


def stream(seed: int, *name: object) -> Random:
    return Random(":".join(map(str, (seed, *name))))  # noqa: S311 (made-up people, no secrets)
