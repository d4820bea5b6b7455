"""The commands of the command line, one module a command or two that belong together."""
