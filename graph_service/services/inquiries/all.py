"""Every inquiry."""

from __future__ import annotations

from graph_service.services.inquiries.inquiry import Inquiry
from graph_service.services.inquiries.measures import MEASURE_GAPS

INQUIRIES: tuple[Inquiry, ...] = (MEASURE_GAPS,)
