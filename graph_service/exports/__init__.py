"""Answers as tables: derived from the API, asked through it, written as CSV and workbooks."""
