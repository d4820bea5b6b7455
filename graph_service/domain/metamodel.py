"""The vocabulary in which the domain is declared: frozen records that know nothing of GraphQL, Cypher or files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

FIRST_DAY = 1_01_01
"""The first day of time, as stored (YYYYMMDD): what has no beginning holds since then."""
LAST_DAY = 9999_12_31
"""The last day of time, as stored: what has no end holds until then."""
OPEN_SEQUENCE = 2**31 - 1
"""The sequence that supersedes what nothing has superseded yet. Small: it stands in everything, and GraphQL has no larger."""


class PropertyKind(StrEnum):
    """What a property's value is. Named in brackets: how the store keeps it."""

    TEXT = "TEXT"  # text
    INTEGER = "INTEGER"  # integer
    NUMBER = "NUMBER"  # float: measured quantities (mu, km), never money
    FLAG = "FLAG"  # boolean
    DATE = "DATE"  # integer YYYYMMDD
    YEAR = "YEAR"  # integer
    YUAN = "YUAN"  # integer fen
    SHARES = "SHARES"  # integer
    RATE = "RATE"  # integer, millionths (5 % = 50,000)
    ENUM = "ENUM"  # text: the member's name; what is not in the list is OTHER, its raw text beside it
    ENUMS = "ENUMS"  # list of text


class DataClassification(StrEnum):
    """How personal a value is (TRUST, 'Who may see what')."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"
    CONFIDENTIAL = "CONFIDENTIAL"
    SENSITIVE = "SENSITIVE"


@dataclass(frozen=True, slots=True)
class EnumMember:
    """One value of an enumeration: English name, Chinese name, other spellings found in registers."""

    name: str
    zh: str
    aliases: tuple[str, ...] = ()


_BRACKETS = str.maketrans("[{〔【「<〈《]}〕】」>〉》", "((((((((" + "))))))))")


def plain_spelling(text: str) -> str:
    """Return the text without what registers write one word with and without: blanks, kinds of brackets, full width."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A code list. `OTHER` is added to each; the raw text stands beside it."""

    name: str
    zh: str
    doc: str
    members: tuple[EnumMember, ...]

    def names_by_text(self) -> dict[str, str]:
        """Every spelling (Chinese name, aliases, English name) to the member's name."""
        table: dict[str, str] = {}
        for member in self.members:
            for text in (member.zh, member.name, *member.aliases):
                table[text] = member.name
        return table

    def names_by_spelling(self) -> dict[str, str]:
        """Every spelling as `plain_spelling` gives it, to the member's name."""
        return {plain_spelling(text): name for text, name in self.names_by_text().items()}


@dataclass(frozen=True, slots=True)
class Property:
    """A value of a label or relationship.

    `headers` are the column headers under which registers bring it, the usual one first; none = not in a register.
    `unit` is that of the register's cells where header and cell state none (derive/units.py): 元 for yuan, where it is empty.
    """

    name: str
    kind: PropertyKind
    zh: str
    doc: str
    headers: tuple[str, ...] = ()
    classification: DataClassification = DataClassification.INTERNAL
    enum: Enumeration | None = None
    check: Literal["", "id_document", "identity", "phone", "voucher"] = ""
    minimum: int | None = None
    maximum: int | None = None
    """The largest number there can be: one beyond is not understood."""
    unit: str = ""
    indexed: bool = False
    shared_seal_name: str = ""
    """The name under which it is sealed, where it must be comparable with another property; else its own."""
    search_kind: Literal["", "name", "person"] = ""
    """Whether it is looked for by its beginning, also in pinyin, and how that is spelt."""
    required: bool = False
    """Whether a row that does not state it is refused, and a table without it is none of its sheet."""

    accepts_range: bool = False
    """Whether a range or a bound (25–50, >25) in its place is understood as not known, and flagged."""

    @property
    def is_sealed(self) -> bool:
        """Whether its values pass the codec on their way into the store and out of it."""
        return self.classification is DataClassification.CONFIDENTIAL

    def seal_name(self, owner: str) -> str:
        """The name under which the codec seals a value of it at its owner; empty for what is not confidential."""
        return (self.shared_seal_name or f"{owner}.{self.name}") if self.is_sealed else ""

    @property
    def raw_name(self) -> str:
        """The sibling that keeps what an enumeration does not know."""
        return f"{self.name}_text"

    @property
    def pinyin_names(self) -> tuple[str, str]:
        """Names under which its spelling is stored: in full, by the first letters."""
        return f"{self.name}_pinyin", f"{self.name}_initials"

    @property
    def stored_names(self) -> tuple[str, ...]:
        """Names of the stored properties: an enumeration keeps its raw text beside it when it is OTHER."""
        return (self.name, self.raw_name) if self.kind in (PropertyKind.ENUM, PropertyKind.ENUMS) else (self.name,)


class LabelStorage(StrEnum):
    """Where a label's changing values are kept."""

    STATE = "STATE"  # on a state node beside the identity node, a version each
    ITSELF = "ITSELF"  # the node is the version, of its owner and a year
    FIXED = "FIXED"  # on the identity node: reference data that never change


@dataclass(frozen=True, slots=True)
class AnchorStep:
    """One hop of an anchor path: relationship type, and whether it is walked from its start to its end."""

    relationship: str
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of node.

    `anchors` are the paths by which it lies in an `Area`; empty means that it is public.
    `owner` is the label whose version this is (yearly cards), reached by `OF`.
    `base_label` is a second label that each node carries.
    """

    name: str
    zh: str
    doc: str
    key: Property
    properties: tuple[Property, ...] = ()
    anchors: tuple[tuple[AnchorStep, ...], ...] = ()
    storage: LabelStorage = LabelStorage.STATE
    owner: str = ""
    base_label: str = ""
    plural: str = ""

    @property
    def state_label(self) -> str:
        """Name of the label of its state nodes; empty where it has none."""
        return f"{self.name}State" if self.storage is LabelStorage.STATE and self.properties else ""

    @property
    def plural_name(self) -> str:
        return self.plural or f"{self.name}s"

    def stored_names(self) -> tuple[str, ...]:
        """Stored names of its changing properties, in order."""
        return tuple(name for p in self.properties for name in p.stored_names)

    @property
    def search_property(self) -> Property | None:
        """The property by whose beginning its nodes are looked for."""
        return next((p for p in self.properties if p.search_kind), None)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A kind of relationship, dated (`since`, `until`) or a flow (`on`: it counts from that day).

    `key` names the properties that, with both ends, tell one from another; `identified_by` is the end that alone, with
    `key`, finds it (so that a corrected other end is a correction and not a second fact): 'both' or one end.
    `smaller_end` is the end that has few of it: every statement walks from there.
    `forward_name` and `backward_name` are the GraphQL names at its start and at its end; `single_from` says from which end at most
    one holds on a day.
    """

    type: str
    start: tuple[str, ...]
    end: tuple[str, ...]
    zh: str
    doc: str
    forward_name: str
    backward_name: str
    smaller_end: Literal["start", "end"]
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    identified_by: Literal["both", "start", "end"] = "both"
    is_flow: bool = False
    single_from: Literal["", "start", "end"] = ""
    since_headers: tuple[str, ...] = ("开始时间", "开始日期", "起始日期", "起始时间")
    until_headers: tuple[str, ...] = ("结束时间", "结束日期", "终止日期", "终止时间")

    def stored_names(self) -> tuple[str, ...]:
        """Stored names of its own properties, without the times."""
        return tuple(name for p in self.properties for name in p.stored_names)


@dataclass(frozen=True, slots=True)
class Write:
    """What one row of a sheet writes: a label or relationship.

    `when` is (column, texts): only rows with one of these texts there; "" stands for a blank cell. `start_column`, `end_column` and `key_column` name the columns that
    bring the ends' or the label's key where it is not the label's own. `optional` ends may be blank: nothing is written.
    """

    target: str
    when: tuple[str, tuple[str, ...]] | None = None
    start_column: str = ""
    end_column: str = ""
    key_column: str = ""
    start_label: str = ""
    end_label: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet that no property of the model declares: a discriminator, or a reference of several kinds."""

    name: str
    headers: tuple[str, ...]
    property: Property
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One object of the register: its name, what its rows are told apart by, what they write."""

    name: str
    doc: str
    key: tuple[str, ...]
    writes: tuple[Write, ...]
    columns: tuple[SheetColumn, ...] = ()
    aliases: tuple[str, ...] = ()
    optional_key: tuple[str, ...] = ()
    """Columns of the key that may be blank."""
    header_overrides: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Other headers than the model's, by column name."""
    ended_when_missing: tuple[str, ...] = ()
    """What a delivery of it that is complete for an area ends there where it has no row of it: dated relationships, records of a year."""


@dataclass(frozen=True, slots=True)
class Union:
    """The name of an end that is of several labels."""

    name: str
    zh: str
    doc: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """The whole domain."""

    labels: dict[str, Label]
    relationships: dict[str, Relationship]
    enumerations: dict[str, Enumeration]
    sheets: dict[str, Sheet]
    unions: dict[str, Union]

    def relationships_of(self, label: str) -> Iterator[tuple[Relationship, bool]]:
        """Relationships that begin (True) or end (False) at a label, in declared order."""
        for relationship in self.relationships.values():
            if label in relationship.start:
                yield relationship, True
            if label in relationship.end:
                yield relationship, False
