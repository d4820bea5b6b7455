"""A second calculation of the answers, written from the domain alone, and registers to compare both on."""
