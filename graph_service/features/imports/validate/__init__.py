"""Validation of rows: names are resolved, references checked, each row accepted or refused with its reasons."""
