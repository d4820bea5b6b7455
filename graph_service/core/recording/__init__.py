"""Recording of data versions: one writer at a time, versions written, published in one step, or undone."""
