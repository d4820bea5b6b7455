"""The domain, declared once: vocabulary, model, and derivations of it, independent of engines, files and GraphQL."""
