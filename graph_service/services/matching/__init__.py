"""Helpers for the households that have none: who could take which, worked out."""
