"""Made-up registers of any size: a clean base in which nothing is amiss, and traps planted on purpose, each of them told."""
