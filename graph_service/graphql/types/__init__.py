"""GraphQL types: how they are made, those derived from the model."""
