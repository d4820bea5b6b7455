"""Access: who calls, and what the caller may do (docs/how-to/sign-in.md)."""
