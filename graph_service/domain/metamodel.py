"""Vocabulary for declaring the domain: frozen records, independent of GraphQL, Cypher and files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

FIRST_DAY = 1_01_01
"""The first day of time, as stored (YYYYMMDD): the `since` of records without a beginning."""
LAST_DAY = 9999_12_31
"""The last day of time, as stored: the `until` of records without an end."""
OPEN_SEQUENCE = 2**31 - 1
"""The `superseded` sequence of current versions. It is small because every version stores it, and GraphQL has no larger integer."""


class PropertyKind(StrEnum):
    """Kind of a property's value. The comment on each member gives its stored form."""

    TEXT = "TEXT"  # text
    INTEGER = "INTEGER"  # integer
    NUMBER = "NUMBER"  # float: measured quantities (mu, km), never money
    FLAG = "FLAG"  # boolean
    DATE = "DATE"  # integer YYYYMMDD
    YEAR = "YEAR"  # integer
    YUAN = "YUAN"  # integer fen
    SHARES = "SHARES"  # integer
    RATE = "RATE"  # integer, millionths (5 % = 50,000)
    ENUM = "ENUM"  # text: the member's name; a value outside of the list is OTHER, its raw text beside it
    ENUMS = "ENUMS"  # list of text


class DataClassification(StrEnum):
    """Sensitivity of a value as personal data: PERSONAL, names of people; CONFIDENTIAL, what identifies or reaches them; SENSITIVE, health,
    birth and schooling."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"
    PERSONAL = "PERSONAL"
    CONFIDENTIAL = "CONFIDENTIAL"
    SENSITIVE = "SENSITIVE"


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A value of an enumeration: English name, Chinese name, other spellings found in registers."""

    name: str
    zh: str
    aliases: tuple[str, ...] = ()


_BRACKETS = str.maketrans("[{〔【「<〈《]}〕】」>〉》", "((((((((" + "))))))))")


def plain_spelling(text: str) -> str:
    """Return the text without differences in spelling that registers make: blanks, kinds of brackets, full width."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A code list. `OTHER` is added to each; the raw text is stored beside it."""

    name: str
    zh: str
    doc: str
    members: tuple[EnumMember, ...]

    def names_by_text(self) -> dict[str, str]:
        """Return the member's name by each spelling (Chinese name, aliases, English name)."""
        member_names: dict[str, str] = {}
        for member in self.members:
            for text in (member.zh, member.name, *member.aliases):
                member_names[text] = member.name
        return member_names

    def names_by_spelling(self) -> dict[str, str]:
        """Return the member's name by each spelling as `plain_spelling` gives it."""
        return {plain_spelling(text): name for text, name in self.names_by_text().items()}


@dataclass(frozen=True, slots=True)
class Property:
    """A value of a label or relationship.

    `headers` are its column headers in registers, the usual one first; none = not in a register.
    `unit` is the unit of the register's cells where header and cell state none (core/cells/units.py): 元 for yuan, where it is empty.
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
    """Name under which its values are sealed so that they can be compared with another property; empty: the name of the property."""
    search_kind: Literal["", "name", "person"] = ""
    """Set where nodes are searched by the beginning of the value, also in pinyin: spelt as a name, or as a person's name."""
    required: bool = False
    """True where a row without it is refused, and a table without its column is not recognised as its sheet."""

    accepts_range: bool = False
    """True where a range or a bound (25–50, >25) in its place is read as not known, and flagged."""

    has_record_numbers: bool = False
    """True for a text that is the number of a record, or has numbers of things, such as a voucher or a plate: it is stored as delivered."""

    @property
    def is_sealed(self) -> bool:
        """Tell whether the codec seals its values in the store."""
        return self.classification is DataClassification.CONFIDENTIAL

    def seal_name(self, owner: str) -> str:
        """Return the name under which the codec seals its values at an owner; empty for a property that is not confidential."""
        return (self.shared_seal_name or f"{owner}.{self.name}") if self.is_sealed else ""

    @property
    def raw_name(self) -> str:
        """Return the name of the stored property for the raw text of a value outside of the enumeration."""
        return f"{self.name}_text"

    @property
    def pinyin_names(self) -> tuple[str, str]:
        """Return the stored names of its pinyin: in full, by the first letters."""
        return f"{self.name}_pinyin", f"{self.name}_initials"

    @property
    def stored_names(self) -> tuple[str, ...]:
        """Return the names of the stored properties: an enumeration has a second one for the raw text of OTHER."""
        return (self.name, self.raw_name) if self.kind in (PropertyKind.ENUM, PropertyKind.ENUMS) else (self.name,)


class LabelStorage(StrEnum):
    """Storage of a label's changing values."""

    STATE = "STATE"  # on state nodes beside the identity node, one for each version
    ITSELF = "ITSELF"  # the node is the version, of its owner and a year
    FIXED = "FIXED"  # on the identity node: reference data that never change


@dataclass(frozen=True, slots=True)
class AnchorStep:
    """A hop of an anchor path: relationship type, and whether it is walked from its start to its end."""

    relationship: str
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of node.

    `anchors` are the paths by which it lies in an `Area`; empty means that it is public.
    `owner` is the label that owns these versions (yearly cards), reached by `OF`.
    `base_label` is a second label that each node carries.
    `in_directory`: the API lists its nodes; False where another type of the API shows them.
    `classification`: that of whether there is such a node for somebody, whatever its values are.
    `classed_by_check`: a node whose key begins with the code of a check is as a whole of that check's class.
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
    in_directory: bool = True
    classification: DataClassification = DataClassification.PUBLIC
    classed_by_check: bool = False

    @property
    def has_source(self) -> bool:
        """Return False for a node without values of its own, as a household: its yearly records have the sources."""
        return bool(self.state_label) or self.storage is not LabelStorage.STATE

    @property
    def state_label(self) -> str:
        """Return the label of its state nodes; empty where it has none."""
        return f"{self.name}State" if self.storage is LabelStorage.STATE and self.properties else ""

    @property
    def plural_name(self) -> str:
        return self.plural or f"{self.name}s"

    def stored_names(self) -> tuple[str, ...]:
        """Return the stored names of its changing properties, in order."""
        return tuple(name for p in self.properties for name in p.stored_names)

    @property
    def search_property(self) -> Property | None:
        """Return the property by whose beginning its nodes are searched, or None."""
        return next((p for p in self.properties if p.search_kind), None)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A kind of relationship, dated (`since`, `until`) or a flow (`on`: it counts from that day).

    `key` names the properties that identify it together with both ends; `identified_by` is the end that is enough to identify it
    with `key` (so that a corrected far end is a correction and not a second fact): 'both' or one end.
    `smaller_end` is the end whose nodes have few of it: every statement walks from there.
    `forward_name` and `backward_name` are the GraphQL names at its start and at its end; `single_from` is the end from which at most
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
        """Return the stored names of its properties, without the times."""
        return tuple(name for p in self.properties for name in p.stored_names)


@dataclass(frozen=True, slots=True)
class Write:
    """A label or relationship that a row of a sheet writes.

    `when` is (column, texts): only rows with one of these texts in the column; "" stands for a blank cell. `start_column`,
    `end_column` and `key_column` name the columns of the ends' or the label's key where these differ from the label's key column.
    `optional` ends may be blank: nothing is written.
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
    """A sheet of the register: its name, the key of its rows, their writes."""

    name: str
    doc: str
    key: tuple[str, ...]
    writes: tuple[Write, ...]
    columns: tuple[SheetColumn, ...] = ()
    aliases: tuple[str, ...] = ()
    optional_key: tuple[str, ...] = ()
    """Key columns that may be blank."""
    header_overrides: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Headers that replace the model's, by column name."""
    ended_when_missing: tuple[str, ...] = ()
    """Targets that a delivery complete for an area ends there where it has no row: dated relationships, yearly records."""


@dataclass(frozen=True, slots=True)
class Union:
    """Name of an end that may have several labels."""

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

    @property
    def directory_labels(self) -> tuple[Label, ...]:
        """Return the labels whose nodes the API lists."""
        return tuple(label for label in self.labels.values() if label.in_directory)

    def relationships_of(self, label: str) -> Iterator[tuple[Relationship, bool]]:
        """Yield the relationships that begin (True) or end (False) at a label, in declared order."""
        for relationship in self.relationships.values():
            if label in relationship.start:
                yield relationship, True
            if label in relationship.end:
                yield relationship, False
