"""What follows from the model: constraints, upserts, row parsing. Text is committed under `cypher/generated`."""
