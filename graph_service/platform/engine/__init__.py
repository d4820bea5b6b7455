"""Engines behind one port: the embedded ArcadeDB and any Neo4j, both spoken to by the official driver."""
