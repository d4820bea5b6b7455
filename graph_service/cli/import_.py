"""The command `import`: a register's files into the graph."""

from __future__ import annotations

import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path

import click

from graph_service.audit.changes import ChangeOutcome
from graph_service.cli.audit_entries import append_command_entry, recorded_command
from graph_service.cli.output import (
    author_option,
    print_rejects,
    print_report,
    print_store,
    progress,
    prompt_day,
)
from graph_service.cli.output_files import atomic_write, force_option, require_file
from graph_service.cli.usage import DayParamType
from graph_service.config import get_settings
from graph_service.domain.days import today
from graph_service.domain.model import MODEL
from graph_service.errors import DayUnknown, DeliveryRefused
from graph_service.features.imports.publish import import_run as imports
from graph_service.features.imports.publish.correction_workbook import workbook_record, write_correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.store.factory import managed_store

COMMAND = "import"
CORRECTION_PURPOSE = "更正拒收行 / correction of refused rows"
"""Purpose of a workbook of refused rows in the audit log: who asks for it states this by doing so."""


@click.command(COMMAND, short_help="导入登记表 / Import a register.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    help="表名和表头的映射文件（见 `graph-service mapping`）。 / Mapping file for sheet names and headers (see `graph-service mapping`).",
)
@click.option(
    "--purpose",
    type=click.Choice(["collection", "look-back"]),
    default="collection",
    show_default=True,
    help="导入目的：collection 为采集；look-back 为回头看，`lookBack` 将其与此前的数据比较。 / collection: data as collected; look-back (回头看): data of a review, which `lookBack` compares with those before it.",
)
@click.option(
    "--day",
    type=DayParamType(),
    help="采集日（年-月-日）。默认为户卡、村表最新年度的 12 月 31 日；没有户卡和村表时，依次为标题中的日期、上次采集日、其他行的最新年度。 / Day of the collection (YYYY-MM-DD). Default: 31 December of the latest year on cards and village books; without these, the day in a title, else the day of the last collection, else the latest year in other rows.",
)
@click.option(
    "--complete",
    "complete",
    multiple=True,
    metavar="AREA",
    help="该区划的各表均为完整数据，可多次给出：文件中没有的记录于采集日前一天终止。 / Code of an area for which the sheets are complete: its records that the files lack end on the day before the collection. Can be given several times.",
)
@click.option(
    "--area",
    "area",
    multiple=True,
    metavar="CODE",
    help="按名称查找村、干部和部门时所在的区划代码，可多次给出。 / Code of an area in which villages, cadres and departments are looked up by name. Can be given several times.",
)
@author_option("导入人。", "Name of the person who imports the files.")
@click.option(
    "--dry-run",
    "dry",
    is_flag=True,
    help="只读取、核对、比较文件，不写入。 / Read, check and compare the files without writing anything.",
)
@click.option(
    "--rejects",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=lambda _context, _option, value: require_workbook_name(value),
    help="存放被拒收行的工作簿（.xlsx），改正后可再次导入。 / Workbook (.xlsx) for the refused rows, to be corrected and imported again.",
)
@click.option(
    "--yes",
    is_flag=True,
    help="不提问；文件中没有采集日时拒绝导入。 / Do not prompt. If the day of the collection is not in the files, the import is refused.",
)
@force_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 / Output JSON.")
def import_(
    files: tuple[Path, ...],
    mapping_file: Path | None,
    purpose: str,
    day: int | None,
    complete: tuple[str, ...],
    area: tuple[str, ...],
    by: str,
    dry: bool,
    out: Path | None,
    yes: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Import a register from workbooks, CSV files or folders. The exit code is 1 if rows were refused.

    从工作簿、CSV 文件或文件夹导入登记表；有行被拒收时退出码为 1。

    Example: graph-service import register.xlsx --rejects rejects.xlsx
    """
    mapping = load_mapping(require_file(mapping_file), MODEL) if mapping_file else None
    rejects = RejectedRowCollector() if out is not None else None
    print_store(get_settings(), quiet=as_json)
    with ExitStack() as stack:
        # A file that cannot be written is reported before anything is imported.
        file = stack.enter_context(atomic_write(out, force=force)) if out is not None else None
        with managed_store(get_settings()) as store, progress(quiet=as_json) as advance:

            def deliver(delivery_day: int | None) -> ImportReport:
                with nullcontext(ChangeOutcome()) if dry else recorded_command(COMMAND, by) as outcome:
                    report = import_delivery(delivery_day)
                    outcome.version = report.sequence
                return report

            def import_delivery(delivery_day: int | None) -> ImportReport:
                return imports.import_files(
                    store,
                    files,
                    mapping=mapping,
                    purpose=purpose.upper().replace("-", "_"),
                    submitted_by=by,
                    day=delivery_day,
                    progress=advance,
                    dry_run=dry,
                    rejected_rows=rejects,
                    complete_areas=complete,
                    lookup_areas=area,
                )

            report, refusal = None, None
            try:
                report = deliver(day)
            except DayUnknown as error:
                if yes or as_json or not sys.stdin.isatty():
                    raise
                report = deliver(prompt_day(error))
            except DeliveryRefused as error:
                # What is missing in its tables can be filled in in the workbook.
                refusal = error
        if report is not None:
            print_report(report, as_json=as_json, rejects=rejects, out=out)
        if file is not None and rejects is not None and rejects.kept_count:
            # The rows are written as they were delivered, with the values of people.
            append_command_entry(workbook_record(rejects, by, COMMAND, CORRECTION_PURPOSE))
            collection_day = report.day if report is not None else day or today()
            write_correction_workbook(rejects, collection_day, file, report.left_out if report is not None else ())
    if out is not None and rejects is not None and not as_json:
        print_rejects(rejects, out)
    if refusal is not None:
        raise refusal
    sys.exit(1 if report is None or report.lacking or report.refused else 0)


def require_workbook_name(out: Path | None) -> Path | None:
    """Return the file for refused rows. Raise `click.BadParameter` for a name that an import would not recognise as a workbook."""
    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名应以 .xlsx 结尾 / The file name must end in .xlsx")
    return out
