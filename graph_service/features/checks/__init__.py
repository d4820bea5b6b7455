"""Checks on the register: which there are, what they find, what becomes of it."""

from __future__ import annotations

REQUIRES = ("chains", "support")
"""Features that this one uses."""
