"""Measures, guarantees, housing and policies: which causes and needs they do not answer."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
