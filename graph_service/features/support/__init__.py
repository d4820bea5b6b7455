"""Measures, guarantees, housing and policies, and the causes and needs that they do not answer."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
