"""Every inquiry."""

from __future__ import annotations

from graph_service.services.inquiries.area_exits import COUNTY_EXIT_GAPS, VILLAGE_EXIT_GAPS
from graph_service.services.inquiries.duties import EXPIRING_DUTIES, HELPER_LOAD, SOLE_HOLDERS
from graph_service.services.inquiries.exits import EXIT_GAPS, LOST_SUPPORT, WATCH_DELAYS
from graph_service.services.inquiries.housing import HOUSING_STATES
from graph_service.services.inquiries.inquiry import Question
from graph_service.services.inquiries.ledgers import LEDGER, LEDGER_CARDS, LOOK_BACK, POVERTY_BALANCES, PROGRESS
from graph_service.services.inquiries.measures import GUARANTEE_GAPS, MEASURE_GAPS
from graph_service.services.inquiries.money import RECONCILIATION
from graph_service.services.inquiries.operators import IDLE_LABOUR, OPERATOR_LINKS, UNLINKED_HOUSEHOLDS
from graph_service.services.inquiries.policies import BATCH_REACH, MEDICAL_BURDENS, PLAN_REACH, POLICY_GAPS
from graph_service.services.inquiries.quality import FINDING_COUNTS, FINDINGS
from graph_service.services.inquiries.responsibility import (
    AREA_HISTORY,
    EARLY_DEPARTURES,
    INSPECTION_ROUNDS,
    LEADERLESS_AREAS,
    OPEN_PROBLEMS,
    UNSIGNED_PLEDGES,
)

QUESTIONS: tuple[Question, ...] = (
    EXPIRING_DUTIES,
    HELPER_LOAD,
    SOLE_HOLDERS,
    MEASURE_GAPS,
    GUARANTEE_GAPS,
    HOUSING_STATES,
    UNLINKED_HOUSEHOLDS,
    IDLE_LABOUR,
    OPERATOR_LINKS,
    POLICY_GAPS,
    MEDICAL_BURDENS,
    PLAN_REACH,
    BATCH_REACH,
    OPEN_PROBLEMS,
    UNSIGNED_PLEDGES,
    LEADERLESS_AREAS,
    EARLY_DEPARTURES,
    INSPECTION_ROUNDS,
    LOOK_BACK,
    LEDGER,
    LEDGER_CARDS,
    POVERTY_BALANCES,
    PROGRESS,
    AREA_HISTORY,
    EXIT_GAPS,
    VILLAGE_EXIT_GAPS,
    COUNTY_EXIT_GAPS,
    LOST_SUPPORT,
    WATCH_DELAYS,
    FINDINGS,
    FINDING_COUNTS,
    RECONCILIATION,
)
