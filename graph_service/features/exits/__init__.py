"""Exit from poverty of households, villages and counties: what is missing, and support lost after it."""

from __future__ import annotations

REQUIRES = ("support",)
"""Features that this one uses."""
