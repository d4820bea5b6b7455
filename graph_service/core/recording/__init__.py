"""Recording a data version: one writer at a time, versions written, published in one step, or undone."""
