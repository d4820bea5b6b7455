"""Checks on the register: which there are, what they find, what becomes of it."""
