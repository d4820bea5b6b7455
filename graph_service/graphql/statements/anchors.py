"""Scope: the condition that a node lies in the areas that the caller may see, from the anchors of its label."""

from __future__ import annotations

from graph_service.domain.area_paths import is_area
from graph_service.domain.metamodel import AnchorStep, Label, Model
from graph_service.platform.catalog import HOLDS_CONDITION, KNOWN_CONDITION

MAX_CODES = 20
"""Largest number of areas that are listed for a node."""
# Not any(…): in a subquery inside of coalesce() or CASE, one engine does not find its variable.
IN_RANGES = "size([s IN ${ranges} WHERE {v}.code >= s[0] AND {v}.code < s[1]]) > 0"


def anchor_condition(model: Model, label: Label, variable: str, ranges: str = "scope") -> str:
    """Return a condition on the ranges of codes in a parameter; empty for a public label.

    Where a node has at most one such tie, as a household has one village, the tie must hold on the day; of other ties
    any known one counts, so that a cadre who helped until last year stays visible where the help was given.
    """
    return " OR ".join(_path_condition(model, path, variable, ranges) for path in label.anchors)


def anchor_codes(model: Model, label: Label, variable: str) -> str:
    """Return the expression of the codes of the areas in which a node lies, as a list; an area lies in itself."""
    if is_area(label):
        return f"[{variable}.{label.key.name}]"
    lists = []
    for path in label.anchors:
        pattern, conditions = _path_match(model, path, variable)
        code = f"{variable}a{len(path) - 1}.code"
        # The same step may lead to nodes of other labels, too.
        where = " AND ".join([*conditions, f"{code} IS NOT NULL"])
        lists.append(
            f"COLLECT {{ MATCH {pattern} WHERE {where} RETURN DISTINCT {code} ORDER BY {code} LIMIT {MAX_CODES} }}"
        )
    return " + ".join(lists) or "[]"


def _path_match(model: Model, path: tuple[AnchorStep, ...], variable: str) -> tuple[str, list[str]]:
    """Return the pattern of a path to an area, and the conditions on its ties."""
    pattern, conditions = f"({variable})", []
    for i, step in enumerate(path):
        relationship, name = model.relationships[step.relationship], f"{variable}r{i}"
        arrow = "-[{0}:{1}]->" if step.forward else "<-[{0}:{1}]-"
        pattern += arrow.format(name, step.relationship) + f"({variable}a{i})"
        if step.relationship != "OF":
            is_single = relationship.single_from == ("start" if step.forward else "end")
            conditions.append((HOLDS_CONDITION if is_single else KNOWN_CONDITION).format(name))
    return pattern, conditions


def _path_condition(model: Model, path: tuple[AnchorStep, ...], variable: str, ranges: str) -> str:
    pattern, conditions = _path_match(model, path, variable)
    conditions.append(IN_RANGES.format(v=f"{variable}a{len(path) - 1}", ranges=ranges))
    return f"EXISTS {{ MATCH {pattern} WHERE {' AND '.join(conditions)} }}"
