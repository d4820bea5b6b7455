"""Selections, filters and orders over the model → Cypher."""
