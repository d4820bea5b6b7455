"""The domain, declared once. Constraints, upserts, row parsing, types and docs are derived from `MODEL`."""

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
    labels={label.name: label for module in _MODULES for label in module.LABELS},
    relationships={r.type: r for module in _MODULES for r in module.RELATIONSHIPS},
    enumerations={e.name: e for e in enumerations.ENUMERATIONS},
    sheets={sheet.name: sheet for sheet in sheets.SHEETS},
    unions={union.name: union for union in unions.UNIONS},
)
