"""Rows validated: names resolved, references checked, each row accepted or refused with its reasons."""
