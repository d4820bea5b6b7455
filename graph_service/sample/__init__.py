"""Made-up registers of any size: a clean base without errors, and traps planted on purpose, each of them recorded."""
