"""HTTP: request bodies and responses; WebSocket and server-sent events."""
