"""Answers as tables: derived from the API, requested through it, written as CSV and workbooks."""
