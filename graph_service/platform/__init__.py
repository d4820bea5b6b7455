"""Infrastructure under the domain: engines, the store, statements, the codec of confidential values, readers of files."""
