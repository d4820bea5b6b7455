"""Commands of the command line: one module for each command, or for two that belong together."""
