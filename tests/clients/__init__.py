"""Real clients, run against the service; their npm packages have the versions pinned in package-lock.json."""
