"""Compilation of selections, filters and orders over the model to Cypher."""
