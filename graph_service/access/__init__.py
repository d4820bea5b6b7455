"""Access: who calls, what the caller may do, and what was done (docs/explanation/access.md)."""
