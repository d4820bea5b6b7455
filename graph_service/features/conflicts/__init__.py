"""Conflicts of interest: cycles of cadre, kin, operator, asset, household and fund, with every step."""

from __future__ import annotations

REQUIRES = ("chains",)
"""Features that this one uses."""
