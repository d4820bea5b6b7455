"""`graph-service check`: makes the checks now and lists the open findings."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graph_service.cli.ask import FORMATS, JSON, resolve_format, write_answer
from graph_service.cli.audit_entries import recorded_command
from graph_service.cli.output import author_option, print_store, progress
from graph_service.cli.output_files import force_option, require_absent
from graph_service.config import get_settings
from graph_service.core.areas import published_codes, require_area
from graph_service.domain.area_paths import unpad_code
from graph_service.exports.table_definition import AREA
from graph_service.exports.table_request import parse_table_request
from graph_service.exports.tables import get_table
from graph_service.features.checks.quality import FINDINGS
from graph_service.features.checks.rerun import rerun_checks
from graph_service.features.checks.run import FINDINGS_PROGRESS
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.platform.store.factory import managed_store


@click.command(short_help="检查登记表并列出疑点 / Run the checks and list the findings.")
@click.option(
    "--area",
    help="列出疑点的区划代码，默认为全部；检查总是针对所有县。 / Code of the area whose findings are listed. Default: all areas. All counties are checked.",
)
@click.option("--codes", help="要列出的检查项代码，用逗号分隔。 / Comma-separated codes of the checks to list.")
@click.option(
    "--severities",
    help="要列出的严重程度，用逗号分隔：ERROR、WARNING、NOTE。 / Comma-separated severities to list: ERROR, WARNING, NOTE.",
)
@click.option(
    "--statuses",
    help="要列出的处理状态，用逗号分隔，默认 OPEN,BACK。 / Comma-separated statuses to list. Default: OPEN,BACK.",
)
@author_option("检查人。", "Name of the person who runs the checks.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="输出格式，同 `ask`。 / Output format, as for `ask`."
)
@click.option("--json", "format_", flag_value=JSON, help="输出 JSON。 / Output JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="输出文件。 / Output file.")
@click.option(
    "--purpose",
    help="用途，记入审计日志。不说明用途时，不列出涉及健康、劳动能力、年龄、就学和救助的疑点。 / Purpose, recorded in the audit log. Without it, findings that tell health, capacity for work, age, schooling or aid are left out.",
)
@force_option
def check(
    area: str | None,
    codes: str | None,
    severities: str | None,
    statuses: str | None,
    by: str,
    format_: str | None,
    out: Path | None,
    purpose: str | None,
    force: bool,
) -> None:
    """Run the checks on the register and list the open findings. The exit code is 1 if there are any.

    检查登记表并列出未处理的疑点；有疑点时退出码为 1。

    Example: graph-service check --area 513431 --severities ERROR --out findings.xlsx
    """
    output_format = resolve_format(format_, out)
    arguments = {
        AREA: area or min(published_codes(), key=len),
        "codes": codes,
        "severities": severities,
        "statuses": statuses,
        PURPOSE: purpose,
    }
    request = parse_table_request(
        get_table(FINDINGS.name), [(name, value) for name, value in arguments.items() if value is not None]
    )
    if out is not None:
        require_absent(out, force=force)
    quiet = output_format == JSON
    print_store(get_settings(), quiet=quiet)
    with managed_store(get_settings()) as store:
        require_area(store, unpad_code(arguments[AREA] or ""))
        with progress(quiet=quiet) as advance, recorded_command("check", by) as outcome:
            result = rerun_checks(store, by, lambda count: advance(FINDINGS_PROGRESS, count))
            outcome.version = result.sequence
        answer = write_answer(store, request, output_format, out, counted=True, force=force)
    sys.exit(1 if answer.counts["totalCount"] else 0)
