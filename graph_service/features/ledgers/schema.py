"""Schema part of the ledgers of a year."""

from __future__ import annotations

from graph_service.features.ledgers.ledgers import LEDGER, LEDGER_CARDS, LOOK_BACK, POVERTY_BALANCES, PROGRESS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(LOOK_BACK, LEDGER, LEDGER_CARDS, POVERTY_BALANCES, PROGRESS),
)
