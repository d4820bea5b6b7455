"""coverageSummary: number of duties of help owed and not fulfilled, by area and duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.areas import CODE_DIGITS, code_digits, code_range
from graph_service.core.duties import Duty, duty_of_rank, duty_parameters
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.metamodel import PropertyKind
from graph_service.errors import ArgumentInvalid

NO_LIMIT = 1_000_000
"""Page size that returns all rows."""


@dataclass(frozen=True, slots=True)
class CoverageShare:
    """Number of subjects in an area to which a duty is owed (`eligible`), and of those for which it is not fulfilled (`missing`)."""

    duty: Duty
    area: str
    rank: int
    eligible: int
    missing: int

    @classmethod
    def from_statement(cls, scope: QueryScope, values: Sequence[Any]) -> CoverageShare:
        """Return the share of a row of the statement."""
        return cls(duty_of_rank(values[1], scope.as_of), *values)


def _summary_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    """Return the parameters of the statement; without a level, of one sum of all areas."""
    level = arguments.get("by")
    if level and "area" in arguments:
        _require_level_below(arguments["area"], level)
    digits = code_digits(level) if level else 0
    return {
        **duty_parameters(arguments.get("duties"), scope.as_of),
        "reasons": arguments.get("reasons") or None,
        "waived": arguments.get("waived"),
        "digits": digits,
        "moved": _merged_ranges(scope, digits),
    }


def _require_level_below(area: str, level: str) -> None:
    """Raise `ArgumentInvalid` where an area has no areas of a level: its figures would be shown under the name of a larger area."""
    if len(unpad_code(area)) > CODE_DIGITS.get(level, 0):
        levels = ", ".join(level for level, digits in CODE_DIGITS.items() if digits >= len(unpad_code(area)))
        raise ArgumentInvalid(
            name="by", reason_zh=f"区划 {area} 可用：{levels}", reason_en=f"for area {area} it must be one of {levels}"
        )


def _merged_ranges(scope: QueryScope, digits: int) -> list[dict[str, str]]:
    """Return the codes of each area merged into another area of the level: the first, the one beyond the last, and the area. Longer codes
    come first: the merger of an area itself precedes that of an area around it."""
    merged_codes = [(code, new_code) for code, new_code in scope.merged_away if code[:digits] != new_code[:digits]]
    return [
        {"first_code": first_code, "beyond_code": beyond_code, "area": new_code[:digits]}
        for code, new_code in sorted(merged_codes, key=lambda codes: (-len(codes[0]), codes))
        for first_code, beyond_code in [code_range(code)]
    ]


COVERAGE_SUMMARY = Question(
    "coverageSummary",
    "CoverageShare",
    "帮扶责任落实汇总",
    "Number of duties owed and of duties not fulfilled on the query date, for each area of a level and each duty. A merged area counts in "
    "the area that it was merged into from the day of the merger. Sorted by area and duty.",
    "coverage/coverage_summary",
    (("area", str), ("rank", int)),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        ResultColumn(
            "duty", "帮扶责任", "Duty of help.", PropertyKind.ENUM, enum="Duty", required=True, convert=lambda duty: duty.name,
        ),
        ResultColumn(
            "eligible", "应落实数", "Number of villages or households to which the duty is owed.", PropertyKind.INTEGER, required=True,
        ),
        ResultColumn("missing", "未落实数", "Number of these for which it is not fulfilled.", PropertyKind.INTEGER, required=True),
    ),
    _summary_parameters,
    (
        Filter("by", "汇总级别", "Level of the areas by which to sum.", PropertyKind.ENUM, enum="AreaLevel", required=True),
        Filter("duties", "帮扶责任", "Only these duties; all if omitted.", enum="Duty"),
    ),
    within_current_boundaries=True,
    record=CoverageShare.from_statement,
    eligible=None,
    has_total_count=False,
    row_doc="Number of villages or households of an area to which a duty is owed, and for which it is not fulfilled.",
)  # fmt: skip
