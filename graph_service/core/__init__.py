"""Code shared by all features: areas, the query scope, rules as data, questions, the recording of changes."""
