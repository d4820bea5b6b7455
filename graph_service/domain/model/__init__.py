"""The domain, declared once. Everything mechanical — constraints, upserts, row parsing, types, docs — is derived from `MODEL`."""

from __future__ import annotations

from graph_service.domain.metamodel import Model
from graph_service.domain.model import (
    assistance,
    enumerations,
    money,
    population,
    quality,
    responsibility,
    sheets,
    unions,
)

_MODULES = (population, assistance, money, responsibility, quality)

MODEL = Model(
    labels={label.name: label for part in _MODULES for label in part.LABELS},
    relationships={r.type: r for part in _MODULES for r in part.RELATIONSHIPS},
    enumerations={e.name: e for e in enumerations.ENUMERATIONS},
    sheets={sheet.name: sheet for sheet in sheets.SHEETS},
    unions={union.name: union for union in unions.UNIONS},
)
