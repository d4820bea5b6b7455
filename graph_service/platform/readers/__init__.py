"""Readers of files into tables of cells, independent of the domain."""
