"""Pages served to browsers: GraphiQL with the example questions, all from this package."""
