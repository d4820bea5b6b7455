"""Leading posts, pledges and problems: who answers for them."""

from __future__ import annotations

REQUIRES: tuple[str, ...] = ()
"""Features that this one uses."""
