"""Checks on the register: their catalogue, their findings, and the handling of findings."""

from __future__ import annotations

REQUIRES = ("chains", "support")
"""Features that this one uses."""
