"""What is told of a delivery, bounded: a file of millions of wrong rows must not fill the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, TypeVar

MOST_ISSUES = 100_000


class Issue(Protocol):
    """Anything that is told under a code."""

    @property
    def code(self) -> str: ...


AnyIssue = TypeVar("AnyIssue", bound=Issue)


class IssueList(list[AnyIssue]):
    """The first issues in the order in which they came; further ones are counted by code in `beyond`."""

    def __init__(self, issues: Iterable[AnyIssue] = ()) -> None:
        super().__init__()
        self.beyond: Counter[str] = Counter()
        self.extend(issues)

    def append(self, issue: AnyIssue) -> None:
        """Keep an issue, or count it where there are too many."""
        if len(self) < MOST_ISSUES:
            super().append(issue)
        else:
            self.beyond[issue.code] += 1

    def extend(self, issues: Iterable[AnyIssue]) -> None:
        """Keep issues, or count them; those that another list has counted too."""
        if isinstance(issues, IssueList):
            self.beyond.update(issues.beyond)
        for issue in issues:
            self.append(issue)
