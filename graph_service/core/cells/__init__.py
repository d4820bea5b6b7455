"""Cells and rows of a file, read as values of the model."""
