"""HTTP: bodies in, answers out; WebSocket and server-sent events."""
