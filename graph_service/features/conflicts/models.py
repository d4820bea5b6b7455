"""Model of a conflict of interest: its kind, its steps with their evidence, the area in which it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from graph_service.core.areas import covers_province, lies_in
from graph_service.core.question import Node
from graph_service.domain.metamodel import Enumeration, EnumMember
from graph_service.domain.model import MODEL

CONFLICT_KIND = Enumeration(
    "ConflictKind",
    "利益冲突类型",
    "Kinds of conflicts of interest; see docs/explanation/conflicts.md.",
    (
        EnumMember("OPERATOR_OF_DUTY", "履职对象与本人或亲属的经营主体有利益关系"),
        EnumMember("APPROVED_OWN", "审批的资金或项目流向本人或亲属"),
        EnumMember("HOLDER_IS_CADRE_OR_KIN", "履职或审批范围内本人或亲属持股分红"),
        EnumMember("PAYROLL_DIVIDENDS", "财政供养人员持股分红"),
        EnumMember("VILLAGE_HEAD_DIVIDENDS", "村干部持股分红"),
        EnumMember("SOLE_WINNER", "一个经营主体承担全县项目"),
        EnumMember("CIRCLE_OF_INVESTMENTS", "循环参股"),
        EnumMember("STAKES_OVER_WHOLE", "参股比例合计超过 100%"),
    ),
)
OWNERSHIP_FAULT = Enumeration(
    "OwnershipFault",
    "无法确定最终持股的原因",
    "Reasons why the ultimate owners of the operators in a cycle cannot be determined.",
    (
        EnumMember("UNKNOWN_PART", "有参股比例未登记"),
        EnumMember("OVER_WHOLE", "参股比例合计超过 100%"),
        EnumMember("OWNS_ITSELF", "循环内完全自我持有"),
    ),
)
CONFLICT_TIE = Enumeration(
    "ConflictTie",
    "利益关系",
    "How a step of a conflict is reached: a relationship of the model, or an identical ID number.",
    (
        EnumMember("IDENTITY", "证件号码相同"),
        *(
            EnumMember(name, MODEL.relationships[name].zh)
            for name in (
                "SAME_AS", "KIN_OF", "MEMBER_OF", "REPRESENTS", "SERVES", "LEADS", "POSTED_TO", "HELPS", "APPROVED", "PART_OF",
                "LOCATED_IN", "LIVES_IN", "OPERATES", "OWNS", "IMPLEMENTS", "FORMED", "INVESTS_IN", "TRANSFERRED", "ALLOCATED", "GRANTED",
                "DISBURSED", "INVESTED", "LENT", "HOLDS", "YIELDED", "PAID", "JOINED", "LEASES_TO", "BORROWED_FROM", "ENTRUSTS_TO", "EMPLOYS",
            )
        ),
    ),
)  # fmt: skip
KIND_ORDER = {member.name: position for position, member in enumerate(CONFLICT_KIND.members)}


@dataclass(frozen=True, slots=True)
class ConflictEvidence:
    """Evidence of a step: voucher, certificate, stake (millionths), detail of the relationship (duty, post, kinship,
    kind of shares); amount in fen, first day (YYYYMMDD). `relationship`: that of the step."""

    number: str | None = None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    stake_millionths: int | None = None
    detail: str | None = None
    day: int | None = None
    relationship: str = field(default="", compare=False)

    @property
    def share_kind(self) -> str | None:
        return self._detail_of("HOLDS")

    @property
    def kinship(self) -> str | None:
        return self._detail_of("KIN_OF")

    @property
    def duty(self) -> str | None:
        return self._detail_of("SERVES")

    @property
    def post(self) -> str | None:
        return self._detail_of("LEADS", "POSTED_TO")

    def _detail_of(self, *relationships: str) -> str | None:
        return self.detail if self.relationship in relationships else None


@dataclass(frozen=True, slots=True)
class ConflictStep:
    """A node and, except for the first, how it is reached: the step that leads to it (counted from 0), the
    relationship, and whether the relationship leads to the node (`is_forward`) or comes from it. `position`: counted from 1."""

    node: Node
    position: int = 1
    origin: int = -1
    relationship: str = ""
    is_forward: bool = True
    evidence: tuple[ConflictEvidence, ...] = ()
    is_hidden: bool = False

    @property
    def origin_position(self) -> int | None:
        return self.origin + 1 or None

    @property
    def label(self) -> str:
        return self.node[0]


@dataclass(slots=True)
class ConflictPath:
    """Steps of a path under construction: the first is the start, each further one goes on from any step before it."""

    steps: list[ConflictStep]

    @classmethod
    def starting_at(cls, node: Node) -> ConflictPath:
        return cls([ConflictStep(node)])

    def copy(self) -> ConflictPath:
        return ConflictPath(list(self.steps))

    def add_step(
        self,
        node: Node,
        relationship: str,
        evidence: Iterable[ConflictEvidence] = (),
        *,
        is_forward: bool,
        origin: int = -1,
    ) -> int:
        """Add a step from `origin`, or from the last one. Return its index."""
        origin = len(self.steps) - 1 if origin < 0 else origin
        documents = tuple(replace(document, relationship=relationship) for document in evidence)
        self.steps.append(ConflictStep(node, len(self.steps) + 1, origin, relationship, is_forward, documents))
        return len(self.steps) - 1


@dataclass(frozen=True, slots=True)
class EffectiveShare:
    """Part of an operator that ultimately belongs to the holders of another operator who are not operators themselves;
    where `is_outside`, to a holder outside of the cycle, whoever owns it."""

    holder: Node
    operator: Node
    share: Fraction
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Steps of a conflict; amount in fen, where money is involved."""

    steps: tuple[ConflictStep, ...]
    cadre: str | None = None
    operator: Node | None = None
    household: str | None = None
    amount: int | None = None
    effective_shares: tuple[EffectiveShare, ...] = ()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ConflictCandidate:
    """A possible conflict of a kind: identified by its `name`, with the codes of the areas in which it lies, and the
    conflict where it is one."""

    kind: str
    name: str
    area_codes: frozenset[str]
    conflict: Conflict | None = None
    area_code: str = field(default="", compare=False)

    @property
    def kind_order(self) -> int:
        return KIND_ORDER[self.kind]

    def mask_hidden(self, is_visible: Callable[[Node], bool]) -> ConflictCandidate:
        """Return the conflict as somebody sees it who may not see all of its nodes: a step keeps its evidence where both of its ends are
        visible, and the amount is given where all evidence of amounts is."""
        if self.conflict is None:
            raise LookupError(self.name)
        visibility = [is_visible(step.node) for step in self.conflict.steps]
        steps = tuple(
            replace(
                step,
                is_hidden=not visibility[index],
                evidence=step.evidence if visibility[index] and visibility[max(step.origin, 0)] else (),
            )
            for index, step in enumerate(self.conflict.steps)
        )
        shows_amount = all(
            masked_step.evidence == step.evidence
            for step, masked_step in zip(self.conflict.steps, steps, strict=True)
            if any(document.amount is not None for document in step.evidence)
        )
        amount = self.conflict.amount if shows_amount else None
        return replace(self, conflict=replace(self.conflict, steps=steps, amount=amount))

    def within(self, areas: Sequence[tuple[str, str]]) -> ConflictCandidate | None:
        """Return the candidate with the first of its area codes in these ranges, or None. A candidate without area
        codes is in the ranges of a whole province."""
        codes = sorted(code for code in self.area_codes if lies_in(code, areas))
        if codes:
            return replace(self, area_code=codes[0])
        return self if covers_province(areas) and not self.area_codes else None
