"""Every inquiry."""

from __future__ import annotations

from graph_service.services.inquiries.duties import EXPIRING_DUTIES
from graph_service.services.inquiries.inquiry import Inquiry
from graph_service.services.inquiries.measures import GUARANTEE_GAPS, MEASURE_GAPS
from graph_service.services.inquiries.operators import UNLINKED_HOUSEHOLDS

INQUIRIES: tuple[Inquiry, ...] = (EXPIRING_DUTIES, MEASURE_GAPS, GUARANTEE_GAPS, UNLINKED_HOUSEHOLDS)
