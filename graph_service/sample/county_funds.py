"""Flows of money: funds of a county, projects of a village, the assets they form, dividends. The amounts add up to the fen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from graph_service.core.areas import CODE_DIGITS
from graph_service.domain.model import enumerations as enums
from graph_service.sample.offices import AREA_LEVELS
from graph_service.sample.register_writer import RegisterWriter, RowCells, member_texts, yuan_text
from graph_service.sample.trap_ledger import TrapLedger

FUND_SUFFIXES = {
    "POVERTY_SPECIAL": "01", "EDUCATION_AID": "02", "MEDICAL_AID": "03", "AGRICULTURE_INTEGRATED": "04", "RELENDING": "05",
}  # fmt: skip
"""Kind of fund → suffix of its number. The province has funds of the first and the last kind, counties of all but the last."""
MEASURE_FUNDS = {
    **dict.fromkeys(("INDUSTRY", "EMPLOYMENT", "PUBLIC_POST", "SAFE_HOUSING", "RELOCATION"), "POVERTY_SPECIAL"),
    **dict.fromkeys(("EDUCATION", "COMPULSORY_SCHOOLING"), "EDUCATION_AID"), "HEALTH": "MEDICAL_AID",
    **dict.fromkeys(("SAFE_WATER", "LIVING_CONDITIONS", "INFRASTRUCTURE"), "AGRICULTURE_INTEGRATED"),
}  # fmt: skip
"""Kind of measure → kind of the fund that pays for it."""
FUND_NAMES = member_texts(enums.FUND_KIND)
PROJECT, HOUSEHOLD, FUND, OPERATOR, PERSON, COLLECTIVE = "项目", "户", "资金", "经营主体", "人", "村集体"
FLOW_RELATIONSHIPS = {
    FUND: "TRANSFERRED", PROJECT: "ALLOCATED", HOUSEHOLD: "GRANTED", OPERATOR: "INVESTED",
    PERSON: "DISBURSED", COLLECTIVE: "DISBURSED",
}  # fmt: skip
APPROVAL_DAY = (1, 4)
"""Month and day on which a year's funds are approved."""
FUND_DEFECTS = {"MEDICAL_AID": ("FUND_UNSPENT", 3), "EDUCATION_AID": ("FUND_OVERSPENT", -1)}
"""Kind of fund → defect of its fund of the last year, and by how many tenths of the spending its amount exceeds the spending."""


def fund_no(area: str, kind: str, year: int) -> str:
    return f"{area}ZJ{year}{FUND_SUFFIXES[kind]}"


@dataclass(slots=True)
class CountyFunds:
    """Funds of a county, approved by a cadre, and the fen spent out of each; `spent_by_province`: out of the province's.

    Both are by kind and year.
    """

    register: RegisterWriter
    county: str
    approver: str
    spent_by_county: Counter[tuple[str, int]] = field(default_factory=Counter)
    spent_by_province: Counter[tuple[str, int]] = field(default_factory=Counter)

    def pay(
        self, kind: str, recipient_kind: str, recipient: str, paid_on: date, fen: int, voucher: str, corrects: str = ""
    ) -> None:
        self.spent_by_county[kind, paid_on.year] += fen
        self._write(
            fund_no(self.county, kind, paid_on.year), recipient_kind, recipient, paid_on, fen, voucher, corrects
        )

    def pay_past_county(self, project: str, paid_on: date, fen: int, voucher: str) -> None:
        """Pay a project from the province's fund, past the county."""
        self.spent_by_province["POVERTY_SPECIAL", paid_on.year] += fen
        self._write(fund_no(self.county[:2], "POVERTY_SPECIAL", paid_on.year), PROJECT, project, paid_on, fen, voucher)

    def charge_measure(self, measure: str, year: int, fen: int) -> str | None:
        """Charge a measure to the fund of a year that pays for its kind, and return the fund's number; None where no fund does."""
        kind = MEASURE_FUNDS.get(measure)
        if kind is None:
            return None
        self.spent_by_county[kind, year] += fen
        return fund_no(self.county, kind, year)

    def relend(self, year: int, fen: int) -> str:
        """Charge the province's fund that lends to the county's bank in a year, and return its number."""
        self.spent_by_province["RELENDING", year] += fen
        return fund_no(self.county[:2], "RELENDING", year)

    def _write(
        self, fund: str, recipient_kind: str, recipient: str, paid_on: date, fen: int, voucher: str, corrects: str = ""
    ) -> None:
        type_ = FLOW_RELATIONSHIPS[recipient_kind]
        flow_cells: RowCells = {
            "voucher": voucher,
            "Fund.fund_no": fund,
            "to_kind": recipient_kind,
            "to": recipient,
            f"{type_}.since": paid_on,
        }
        self.register.add(
            "资金流向", {**flow_cells, f"{type_}.amount": yuan_text(fen), f"{type_}.corrects": corrects or None}
        )

    def write_funds(self, county_name: str, last_year: int, ledger: TrapLedger | None) -> None:
        """Write the county's funds, each as large as the spending out of it unless traps go to a ledger, and the transfers that filled
        them."""
        for (kind, year), fen in sorted(self.spent_by_county.items()):
            if kind == "AGRICULTURE_INTEGRATED":
                voucher, paid_on = f"{self.county}PZ{year}04", date(year, 2, 20)
                self.pay("POVERTY_SPECIAL", FUND, fund_no(self.county, kind, year), paid_on, fen, voucher)
        for (kind, year), fen in sorted(self.spent_by_county.items()):
            number, amount = fund_no(self.county, kind, year), fen
            if ledger and kind in FUND_DEFECTS and year == last_year:
                defect, tenths = FUND_DEFECTS[kind]
                amount += fen * tenths // 10
                ledger.money[defect].add(number)
            write_fund(self.register, self.county, f"{county_name}{year}年", kind, year, amount, self.approver)
            if kind == "POVERTY_SPECIAL":
                self.spent_by_province[kind, year] += fen
                province_fund = fund_no(self.county[:2], kind, year)
                self._write(province_fund, FUND, number, date(year, 2, 10), fen, f"{self.county}PZ{year}01")


def write_fund(register: RegisterWriter, area: str, name: str, kind: str, year: int, fen: int, approver: str) -> None:
    """Write the fund of an area, which manages it, and its approver."""
    level = "PROVINCE" if len(area) == CODE_DIGITS["PROVINCE"] else "COUNTY"
    register.add(
        "资金",
        {
            "Fund.fund_no": fund_no(area, kind, year), "Fund.name": name + FUND_NAMES[kind], "Fund.kind": FUND_NAMES[kind],
            "Fund.level": AREA_LEVELS[level], "Fund.year": year, "Fund.amount": yuan_text(fen), "keeper": area,
            "Cadre.cadre_no": approver, "APPROVED.since": date(year, *APPROVAL_DAY),
        },
    )  # fmt: skip
