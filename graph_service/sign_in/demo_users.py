"""Users of the demo: offices with one role each. They exist in the demo only, and are nobody."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.access.grants import Grants
from graph_service.access.permissions import EVERYWHERE, AccessGrant
from graph_service.access.rights import RIGHTS_BY_ROLE, ROLE_DESCRIPTIONS, WRITE_RIGHTS, Role

COUNTY: tuple[str, ...] = ("513431",)
TOWNSHIP: tuple[str, ...] = ("513431100",)
AREA_NAMES: dict[tuple[str, ...], tuple[str, str]] = {
    EVERYWHERE: ("全部", "everywhere"),
    COUNTY: ("昭觉县", "Zhaojue county"),
    TOWNSHIP: ("昭觉县新城镇", "Xincheng township of Zhaojue"),
}
"""Chinese and English names of the areas, by their codes."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demo. `title`: the office, in Chinese; `areas`: codes of the areas to read, and to change for roles that change anything;
    `rights_zh`, `rights_en`: what the user may do."""

    user: str
    title: str
    role: Role
    areas: tuple[str, ...]
    rights_zh: str
    rights_en: str

    @property
    def role_name(self) -> str:
        """Return the Chinese name of the role."""
        return ROLE_DESCRIPTIONS[self.role].partition("：")[0]

    def grant(self) -> AccessGrant:
        """Return the grant of the role."""
        write_areas = self.areas if RIGHTS_BY_ROLE[self.role] & WRITE_RIGHTS else ()
        return AccessGrant(self.user, self.role, self.areas, write_areas, granted_by="demo", reason="演示 / demo")


DEMO_USERS = (
    DemoUser(
        "demo-front-end",
        "演示·前端应用",
        Role.FRONT_END,
        COUNTY,
        "查看登记信息和姓名；证件号码、电话部分隐去，健康状况、出生日期不显示",
        "Reads records and names; ID documents and telephones are masked, health and birth dates left out",
    ),
    DemoUser(
        "demo-county-official",
        "演示·县扶贫办",
        Role.OFFICIAL,
        COUNTY,
        "查看全县的全部信息，登记帮扶责任、走访和股权",
        "Reads everything of the county; records duties, visits and shares",
    ),
    DemoUser(
        "demo-township-official",
        "演示·镇扶贫工作站",
        Role.OFFICIAL,
        TOWNSHIP,
        "查看本镇的全部信息，登记帮扶责任、走访和股权；看不到其他乡镇",
        "Reads everything of the township, and records there; sees no other township",
    ),
    DemoUser(
        "demo-auditor",
        "演示·省审计厅",
        Role.AUDITOR,
        EVERYWHERE,
        "查看资金和登记信息；姓名也部分隐去",
        "Reads money and records; names are masked too",
    ),
    DemoUser(
        "demo-registrar",
        "演示·省扶贫信息中心",
        Role.REGISTRAR,
        EVERYWHERE,
        "同帮扶干部，并可导入登记表",
        "The same as an official, and imports registers",
    ),
    DemoUser(
        "demo-administrator",
        "演示·系统管理员",
        Role.ADMINISTRATOR,
        EVERYWHERE,
        "授权和撤销；不能查看登记信息",
        "Grants and revokes; reads no records",
    ),
    DemoUser(
        "demo-approver",
        "演示·县扶贫开发领导小组",
        Role.APPROVER,
        COUNTY,
        "查看登记信息和姓名",
        "Reads records and names",
    ),
    DemoUser(
        "demo-outsider",
        "演示·高校研究人员",
        Role.OUTSIDER,
        EVERYWHERE,
        "只能查看各县的对外汇总（publishedTotals）：小于 5 的数不公布，其余向下取整到 5 的倍数",
        "Reads the published totals of counties only (publishedTotals): numbers below 5 are suppressed, others rounded down to multiples of 5",
    ),
)
"""At least one user for each role."""


def grant_demo_users(grants: Grants) -> None:
    """Store the grants of the users of the demo."""
    for user in DEMO_USERS:
        grants.add(user.grant())
