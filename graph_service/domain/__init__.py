"""The domain, declared once: vocabulary, model, and what derives from it. Knows no engine, no file, no GraphQL."""
