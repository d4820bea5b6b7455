"""Leading posts, pledges and problems, with the cadres and departments responsible for them."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
