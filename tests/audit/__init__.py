"""The audit log: chain, anchor, verification."""
