"""Import: files → rows → versions; published in one step."""
