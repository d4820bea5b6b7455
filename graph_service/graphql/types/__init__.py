"""GraphQL types: their registry, and those derived from the model."""
