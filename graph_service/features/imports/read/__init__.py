"""Tables of a delivery: which columns, units, days and rows they have."""
