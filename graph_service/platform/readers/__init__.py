"""Files → tables of cells. Knows nothing of the domain."""
