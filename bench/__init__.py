"""Measurements: side by side in one run, as ratios with their spread. Not part of the package, and never a test."""
