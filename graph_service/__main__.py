"""The command line: `graph-service`. Exit codes: 0 done, 1 found something or refused rows, 2 cannot run."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TextIO

import click

from graph_service import __version__
from graph_service.cli.output import print_error
from graph_service.cli.output_files import OUTPUT_DESCRIPTION, output_error, record_failure
from graph_service.cli.usage import show_usage_error
from graph_service.config import get_settings
from graph_service.errors import (
    CommandFailed,
    EngineError,
    EngineUnavailable,
    GraphServiceError,
    StatementRefused,
)

COMMANDS = {
    "access": "cli.access:access",
    "ask": "cli.ask:ask",
    "check": "cli.check:check",
    "cypher": "cli.cypher:cypher",
    "demo": "cli.serve:demo",
    "import": "cli.import_:import_",
    "keys": "cli.keys:keys",
    "mapping": "cli.mapping:mapping",
    "sample": "cli.sample:sample",
    "schema": "cli.schema:schema",
    "serve": "cli.serve:serve",
    "trace": "cli.trace:trace",
    "undo": "cli.undo:undo",
    "verify": "cli.verify:verify",
}
"""Locations of the commands: `module:name` inside the package."""
GC_THRESHOLD = 100_000


class LazyGroup(click.Group):
    """Group of the commands. A command's module is imported when it runs: importing all of them takes longer than most of them run."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"graph_service.{module}"), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """谁帮扶谁，钱到了哪里 / Who helps whom, and where the money went."""


BROKEN_PIPE_EXIT_CODE = 128 + 13
"""Exit code of a command whose output nobody reads any more, the same as of one ended by the signal."""


ENGINE_ERRORS = (EngineError, EngineUnavailable, StatementRefused)
"""Errors whose reason comes from an engine or its driver."""


def _silence(stream: TextIO) -> None:
    """Redirect a stream that accepts nothing more to the null device: the interpreter would report an error at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """Run the command line: expected failures are printed in both languages, with exit code 2; a Ctrl-C gives 130."""
    # Rows and answers are many small objects without cycles: a collection every 700 objects took a quarter of the reading time.
    gc.set_threshold(GC_THRESHOLD)
    try:
        try:
            cli(standalone_mode=False)
        finally:
            # Output that cannot be written is reported here, not at the interpreter's exit.
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe.
        _silence(sys.stdout)
        sys.exit(BROKEN_PIPE_EXIT_CODE)
    except OSError as error:
        _silence(sys.stdout)
        print_error(output_error(error.filename or OUTPUT_DESCRIPTION, error), as_json=False)
        sys.exit(2)
    except GraphServiceError as error:
        # The engine's own message is for the administrator.
        log = record_failure(get_settings().data_folder) if type(error) in ENGINE_ERRORS else None
        print_error(error, as_json="--json" in sys.argv, log=log)
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("已中断 / Interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        show_usage_error(error)
        sys.exit(2)
    except Exception:
        print_error(CommandFailed(log=record_failure(get_settings().data_folder)), as_json="--json" in sys.argv)
        sys.exit(2)


if __name__ == "__main__":
    main()
