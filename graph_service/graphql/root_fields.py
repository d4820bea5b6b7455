"""Root fields: their declarations, their arguments and their resolvers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graph_service.access.masking import NOTHING_MASKED, MaskedClasses, masked_classes
from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right, access_denied
from graph_service.core.query_scope import QueryScope
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.graphql.audit_trail import PURPOSE, stated_purpose
from graph_service.graphql.pages import Encoder, object_encoder
from graph_service.graphql.paging import Window
from graph_service.graphql.plan_key import Execution, enums_to_names
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.types.derived import FORWARD_PAGE_ARGUMENTS
from graph_service.graphql.types.scalars import Date, Purpose
from graph_service.graphql.types.type_registry import REQUIRED, Argument, Field, TypeRegistry
from graph_service.platform.codec import Codec

Resolver = Callable[[Execution], Any]


@dataclass(frozen=True, slots=True)
class RootFieldContext:
    """A root field that is being planned: its selection, whether the caller may see everything, the classes of values that the caller
    sees masked, and, once it is planned, the confidential and sensitive values by which it selects records."""

    operation: Operation
    selected: SelectedField
    sees_everything: bool
    codec: Codec
    masked: MaskedClasses = NOTHING_MASKED
    selected_by: dict[str, None] = field(default_factory=dict)

    def argument(self, name: str) -> Any:
        """Return an argument that the plan depends on: see `plan_key.variables_shape`."""
        return enums_to_names(self.selected.arguments.get(name))

    def window(self) -> Window:
        return Window.from_arguments(self.selected.arguments)

    @property
    def has_purpose(self) -> bool:
        """Tell whether the caller states a purpose."""
        return stated_purpose(self.selected, self.selected.arguments) is not None

    def compiler(self) -> Compiler:
        return Compiler(
            MODEL,
            self.operation,
            self.codec,
            scoped=not self.sees_everything,
            masked=self.masked,
            has_purpose=self.has_purpose,
            selected_by=self.selected_by,
        )

    def object_encoder(
        self, type_name: str, selected: SelectedField, on_field: Callable[[SelectedField], Encoder]
    ) -> Encoder:
        return object_encoder(self.operation, type_name, [selected], on_field)


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field and its planner, which returns a resolver: each run of it returns the selected shape, ready for JSON. `right`: the right
    without which it is refused, wherever that holds; None where everybody may ask, or where it decides by itself. `classification`: class of
    data that its rows tell, whatever their values are."""

    field: Field
    plan: Callable[[RootFieldContext], Resolver]
    right: Right | None = Right.READ_RECORDS
    classification: DataClassification = DataClassification.INTERNAL

    def is_readable(self, permissions: Permissions) -> bool:
        """Tell whether a caller may ask, and does not see masked what the rows tell."""
        return self.is_allowed(permissions) and self.classification not in masked_classes(permissions)

    def is_allowed(self, permissions: Permissions) -> bool:
        """Tell whether a caller has the right somewhere."""
        return self.right is None or permissions.allows_anywhere(self.right)

    def require_right(self, permissions: Permissions) -> None:
        """Raise `AccessDenied` for a caller who has the right nowhere: an empty answer would say that there is nothing."""
        if self.right is not None and not self.is_allowed(permissions):
            raise access_denied(self.right)


AREA = Argument("area", "AreaScope!", "区域范围：Area to query.")
AS_OF = Argument(
    "asOf",
    Date | None,
    "截至日期：Query date: the day that the answer describes. By default the later of the days of the last collection and the last change.",
)
AS_KNOWN_AT = Argument("asKnownAt", "Int", "数据版本：Data version to query; the newest if omitted.")
TIME_ARGUMENTS = (AS_OF, AS_KNOWN_AT)
PURPOSE_ARGUMENT = Argument(
    PURPOSE,
    Purpose | None,
    "用途：Purpose of the query, for the audit log. Required where records are filtered, sorted or summed by confidential or sensitive values.",
)
REQUIRED_PURPOSE_ARGUMENT = Argument(
    PURPOSE, Purpose, "用途：Purpose of the query, for the audit log: its rows tell sensitive values."
)
FURTHER_ROWS_ARGUMENT = Argument(
    PURPOSE,
    Purpose | None,
    "用途：Purpose of the query, for the audit log. Rows and values that are sensitive are given for a stated purpose only.",
)
FORWARD_PAGING = FORWARD_PAGE_ARGUMENTS
ANSWER_FIELDS = (
    Field("asOf", Date, "截至日期：Query date: the day that the answer describes."),
    Field("dataVersion", "Int!", "数据版本：Data version that the answer is based on."),
)


def answer_values(scope: QueryScope) -> dict[str, Any]:
    """Return the values of `ANSWER_FIELDS`."""
    return {"asOf": iso_day(scope.as_of), "dataVersion": scope.version}


def add_area_types(types: TypeRegistry) -> None:
    """Add the types of the argument `area`, which every question takes."""
    types.add_enum(
        "AreaMode",
        "区域范围方式：Areas that an area code stands for.",
        [
            ("SELF", "本级：The area itself."),
            ("CHILDREN", "下一级：The areas directly below it."),
            ("DESCENDANTS", "本级及以下：The area and all areas below it."),
        ],
    )

    code = Field("code", "String!", "区划代码：Area code of 2, 4, 6, 9 or 12 digits.", default=REQUIRED)
    default_mode = types.by_name["AreaMode"]["DESCENDANTS"]
    mode = Field(
        "mode",
        "AreaMode!",
        "范围方式：Areas to include: the area itself, the areas directly below it, or (by default) the area and all areas below it.",
        default=default_mode,
    )
    types.add_input("AreaScope", "区域范围：An area, and which of the areas below it to include.", [code, mode])
