"""Audit: an append-only log of who viewed and changed what, why, and the verification that nothing of it was altered."""
