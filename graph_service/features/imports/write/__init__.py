"""What follows from the rows of a delivery: cards by year, membership, poverty, what a complete delivery ends."""
