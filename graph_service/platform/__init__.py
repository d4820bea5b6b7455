"""What the domain stands on: engines, the store, statements, the codec of confidential values, readers of files."""
