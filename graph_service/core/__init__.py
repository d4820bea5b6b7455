"""What all features share: areas, the query scope, rules as data, questions, the recording of changes."""
