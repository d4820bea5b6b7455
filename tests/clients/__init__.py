"""Real clients, run against the service; what they need is npm's, at versions that package-lock.json pins."""
