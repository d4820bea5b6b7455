"""Engines behind one port: the embedded ArcadeDB and any Neo4j, both through the official driver."""
