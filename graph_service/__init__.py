"""A GraphQL API over Neo4j for targeted poverty alleviation (精准扶贫)."""

__version__ = "0.1.0"
