"""The rules. They see neither a driver's record nor a GraphQL type."""
