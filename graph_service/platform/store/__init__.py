"""Store over an engine: questions about a data version, and writes of versions."""
