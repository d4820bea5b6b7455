"""Questions and versions over an engine: what is known, at which sequence, and how it gets there."""
