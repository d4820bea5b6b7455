"""The questions and changes that users ask for, a package each; each registers itself by its module `schema`."""
