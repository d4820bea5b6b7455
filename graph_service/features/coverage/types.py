"""Code lists of duties: the duties of the rules, reasons of gaps, offices that have to remedy them."""

from __future__ import annotations

from graph_service.core.duties import Duty, duties_by_name
from graph_service.domain.fields import sentence_case
from graph_service.features.coverage.coverage_gaps import OFFICES, REASONS
from graph_service.graphql.types.type_registry import TypeRegistry


def add_types(types: TypeRegistry) -> None:
    """Add the code lists."""
    duties = duties_by_name().values()
    types.add_enum("Duty", "帮扶责任：A duty of help.", [(duty.name, _duty_description(duty)) for duty in duties])
    household_duties = [(duty.name, _duty_description(duty)) for duty in duties if duty.subject == "HOUSEHOLD"]
    types.add_enum("HouseholdDuty", "对户的帮扶责任：A duty of help that is owed to a household.", household_duties)
    types.add_enum(
        "GapReason",
        "未落实原因：Reason why a duty is not fulfilled. If several apply, the one closest to fulfillment is given.",
        list(REASONS.items()),
    )
    types.add_enum(
        "MendingOffice", "整改责任单位：Office that has to remedy an unfulfilled duty.", list(OFFICES.items())
    )


def _duty_description(duty: Duty) -> str:
    return f"{duty.zh}：{sentence_case(duty.name)}, owed to {duty.subject.lower()}s."
