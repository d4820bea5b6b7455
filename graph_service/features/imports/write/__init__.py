"""Consequences of the rows of a delivery: cards by year, membership, poverty, records ended by a complete delivery."""
