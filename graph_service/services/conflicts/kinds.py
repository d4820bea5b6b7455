"""What a conflict of interest is: its kind, its steps with their evidence, the area that it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from graph_service.declare import Enumeration, Member
from graph_service.model import MODEL
from graph_service.services.areas import everywhere

Node = tuple[str, str]
"""Label and key."""
KIND = Enumeration(
    "ConflictKind",
    "利益冲突类型",
    "What a conflict of interest is made of (DOMAIN §7).",
    (
        Member("OPERATOR_OF_DUTY", "履职对象与本人或亲属的经营主体有利益关系"),
        Member("APPROVED_OWN", "审批的资金或项目流向本人或亲属"),
        Member("HOLDER_IS_CADRE_OR_KIN", "履职或审批范围内本人或亲属持股分红"),
        Member("PAYROLL_DIVIDENDS", "财政供养人员持股分红"),
        Member("VILLAGE_HEAD_DIVIDENDS", "村干部持股分红"),
        Member("SOLE_WINNER", "一个经营主体承担全县项目"),
        Member("CIRCLE_OF_INVESTMENTS", "循环参股"),
        Member("STAKES_OVER_WHOLE", "参股比例合计超过 100%"),
    ),
)
FAULT = Enumeration(
    "OwnershipFault",
    "无法确定最终持股的原因",
    "Why it cannot be said to whom operators of a circle belong in the end.",
    (
        Member("UNKNOWN_PART", "有参股比例未登记"),
        Member("OVER_WHOLE", "参股比例合计超过 100%"),
        Member("OWNS_ITSELF", "循环内完全自我持有"),
    ),
)
TIE = Enumeration(
    "ConflictTie",
    "利益关系",
    "By what a step of a conflict is reached: a relationship of the model, or the same document.",
    (
        Member("IDENTITY", "证件号码相同"),
        *(
            Member(name, MODEL.relationships[name].zh)
            for name in (
                "SAME_AS", "KIN_OF", "MEMBER_OF", "REPRESENTS", "SERVES", "LEADS", "POSTED_TO", "HELPS", "APPROVED", "PART_OF",
                "LOCATED_IN", "LIVES_IN", "OPERATES", "OWNS", "IMPLEMENTS", "FORMED", "INVESTS_IN", "TRANSFERRED", "ALLOCATED", "GRANTED",
                "DISBURSED", "INVESTED", "LENT", "HOLDS", "YIELDED", "PAID", "JOINED", "LEASES_TO", "BORROWED_FROM", "ENTRUSTS_TO", "EMPLOYS",
            )
        ),
    ),
)  # fmt: skip
ORDER = {member.name: at for at, member in enumerate(KIND.members)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows a step: voucher, certificate, part held (millionths), what the relationship says (duty, post, kinship, kind of
    shares); amount in fen, first day (YYYYMMDD)."""

    number: str | None = None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    part: int | None = None
    says: str | None = None
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A node and, except for the first, how it is reached: from which step (counted from 0), by what, and whether the relationship
    leads to it (`forward`) or comes from it."""

    node: Node
    origin: int = -1
    relationship: str = ""
    forward: bool = True
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Way:
    """Steps that are being walked: one begins somewhere, others go on from any of them."""

    steps: list[Step]

    @classmethod
    def at(cls, node: Node) -> Way:
        return cls([Step(node)])

    def copy(self) -> Way:
        return Way(list(self.steps))

    def on(
        self, node: Node, relationship: str, evidence: Iterable[Evidence] = (), *, forward: bool, origin: int = -1
    ) -> int:
        """A further step from `origin`, or from the last one; where it stands."""
        origin = len(self.steps) - 1 if origin < 0 else origin
        self.steps.append(Step(node, origin, relationship, forward, tuple(evidence)))
        return len(self.steps) - 1


@dataclass(frozen=True, slots=True)
class Effective:
    """What part of an operator belongs in the end to those who hold another one and are no operators themselves; where `outside`,
    to a holder that is no member of the circle, whoever owns that."""

    holder: Node
    operator: Node
    part: Fraction
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Steps of a conflict; amount in fen, where it is about money."""

    steps: tuple[Step, ...]
    cadre: str | None = None
    operator: Node | None = None
    household: str | None = None
    amount: int | None = None
    effective: tuple[Effective, ...] = ()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What may be a conflict of a kind: told apart from others by its `name`, in which areas it lies (codes), and what it is
    where it is one."""

    kind: str
    name: str
    places: frozenset[str]
    conflict: Conflict | None = None
    place: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[int, str, str]:
        """By kind, area, name."""
        return ORDER[self.kind], self.place, self.name

    def within(self, areas: Sequence[tuple[str, str]]) -> Opening | None:
        """The same with the first of its places that lies in ranges of codes. One that lies nowhere is told of a whole province."""
        there = sorted(place for place in self.places if any(low <= place < high for low, high in areas))
        if there:
            return replace(self, place=there[0])
        return self if everywhere(areas) and not self.places else None
