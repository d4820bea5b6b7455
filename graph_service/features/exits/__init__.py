"""Exit from poverty of households, villages and counties: unmet standards, and support lost after the exit."""

from __future__ import annotations

REQUIRES = ("support",)
"""Features that this one uses."""
