"""Import of registers: files are read, their rows validated, written and published."""

from __future__ import annotations

REQUIRES = ("checks",)
"""Features that imports use."""
