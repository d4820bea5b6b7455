"""Rows that an import must refuse, beside good ones: a key missing or duplicate, an interval reversed, a household unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph_service.sample.households import Household
from graph_service.sample.register_writer import RegisterWriter
from graph_service.sample.trap_ledger import TrapLedger


def write_rejected_rows(
    register: RegisterWriter, ledger: TrapLedger, cadres: Sequence[str], households: Sequence[Household], last_year: int
) -> None:
    """Write rows that an import must refuse. `cadres`: cadres of the village, already in the register."""
    household = households[-1]
    keyless_cells = {
        **household.head.year_row(household.card, household.ethnic_group, last_year, last_year),
        "Person.person_no": None,
    }
    register.add("家庭成员", keyless_cells)
    ledger.rejected.append(("家庭成员", "", "KEY_MISSING"))
    if not cadres:
        return
    cadre = cadres[0]
    register.add("帮扶干部", {"Cadre.cadre_no": cadre, "Cadre.name": "重复登记"})
    ledger.rejected.append(("帮扶干部", cadre, "KEY_DUPLICATE"))
    pair_cells = {"Cadre.cadre_no": cadre, "Household.card_no": household.card}
    register.add(
        "结对帮扶", {**pair_cells, "HELPS.since": date(last_year, 10, 9), "HELPS.until": date(last_year, 9, 10)}
    )
    ledger.rejected.append(("结对帮扶", cadre, "INTERVAL_REVERSED"))
    unknown_card = f"{household.card[:12]}9999999"
    register.add(
        "走访记录",
        {"Cadre.cadre_no": cadre, "Household.card_no": unknown_card, "VISITED.since": date(last_year, 11, 11)},
    )
    ledger.rejected.append(("走访记录", cadre, "REFERENCE_UNKNOWN"))
