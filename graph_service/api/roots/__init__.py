"""Root fields, one module a question or change."""
