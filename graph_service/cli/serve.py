"""The commands `serve` and `demo`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import click

from graph_service.cli import server
from graph_service.cli.output import print_address, print_answer, print_demo_address, print_sample_rejections, progress
from graph_service.config import Settings, get_settings
from graph_service.console.examples import load_examples
from graph_service.core.query_scope import versions
from graph_service.features.imports.publish import import_run as imports
from graph_service.platform.private_files import PRIVATE_UMASK
from graph_service.platform.store.factory import managed_store
from graph_service.sign_in.services import demo_access

SAMPLE_REGISTER = Path(str(files("graph_service") / "data" / "sample-register.xlsx"))


@click.command(short_help="启动服务 / Start the server.")
@click.option(
    "--host", help="监听地址，默认为 GRAPH_SERVICE_HOST。 / Address on which to listen. Default: GRAPH_SERVICE_HOST."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="监听端口，默认为 GRAPH_SERVICE_PORT。 / Port on which to listen. Default: GRAPH_SERVICE_PORT.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="服务进程数。 / Number of server processes.",
)
@click.option(
    "--insecure",
    is_flag=True,
    help="允许在未启用登录时监听本机以外的地址：能连到端口的人可查看并更改全部数据。 / Listen on other addresses than this machine's own without sign-in: whoever reaches the port sees and changes everything.",
)
def serve(host: str | None, port: int | None, workers: int, *, insecure: bool) -> None:
    """Start the server of the API and GraphiQL.

    启动接口服务和 GraphiQL 页面。

    Example: graph-service serve --port 8000 --workers 2
    """
    os.umask(PRIVATE_UMASK)
    with suppress(KeyboardInterrupt):
        settings = override_settings(host, port)
        if not insecure:
            server.require_protected(settings)
        server.serve(settings, print_address, workers=workers)


@click.command(short_help="运行演示 / Run the demo.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="监听端口，默认为 GRAPH_SERVICE_PORT。 / Port on which to listen. Default: GRAPH_SERVICE_PORT.",
)
@click.option("--exit", "leave", is_flag=True, help="三个示例查询完成后退出。 / Exit after the three example queries.")
def demo(port: int | None, leave: bool) -> None:
    """Run the demo. It imports a fictitious register, starts the server and runs three example queries.
    A browser chooses a user of any role at /demo-users.

    运行演示：导入虚构的登记表，启动服务，执行三个示例查询。浏览器可在 /demo-users 选择各角色的用户。

    Example: graph-service demo --exit
    """
    os.umask(PRIVATE_UMASK)
    settings = override_settings(None, port)
    with suppress(KeyboardInterrupt), demo_access(settings) as access, managed_store(settings) as store:
        store.prepare()
        if not versions(store):
            click.echo("正在导入虚构的示例登记表 / Importing the fictitious sample register", err=True)
            with progress(quiet=False) as advance:
                report = imports.import_files(store, [SAMPLE_REGISTER], progress=advance)
            print_sample_rejections(report)
        questions = [example for example in load_examples(store) if example.headline]
        is_answered = server.run_demo(
            store, settings, access, questions, print_answer, print_demo_address, exit_when_answered=leave
        )
        sys.exit(0 if is_answered or not leave else 2)


def override_settings(host: str | None, port: int | None) -> Settings:
    """Return the settings, with values from the command line in place of theirs."""
    overrides = {"host": host, "port": port}
    return get_settings().model_copy(update={name: value for name, value in overrides.items() if value is not None})
