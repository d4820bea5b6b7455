"""Bounded list of the issues of a delivery: a file of millions of wrong rows must not fill the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, TypeVar

MAX_ISSUES = 100_000


class CodedIssue(Protocol):
    """An issue with a code."""

    @property
    def code(self) -> str: ...


AnyIssue = TypeVar("AnyIssue", bound=CodedIssue)


class IssueList(list[AnyIssue]):
    """The first issues in order of arrival; further ones are counted by code in `omitted_counts`."""

    def __init__(self, issues: Iterable[AnyIssue] = ()) -> None:
        super().__init__()
        self.omitted_counts: Counter[str] = Counter()
        self.extend(issues)

    def append(self, issue: AnyIssue) -> None:
        """Keep an issue, or count it where there are too many."""
        if len(self) < MAX_ISSUES:
            super().append(issue)
        else:
            self.omitted_counts[issue.code] += 1

    def extend(self, issues: Iterable[AnyIssue]) -> None:
        """Keep issues, or count them, including those that another list has only counted."""
        if isinstance(issues, IssueList):
            self.omitted_counts.update(issues.omitted_counts)
        for issue in issues:
            self.append(issue)
