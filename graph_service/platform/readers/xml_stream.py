"""XML read as a stream: no tree is built, no external file is opened, entities are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from graph_service.platform.readers.archives import Archive

MAX_DEPTH = 200
MAX_TAG_BYTES = 4 * 1024**2
_MAX_CACHED_NAMES = 4_096

Attributes = dict[str, str]


class _EntitiesDeclared(Exception):
    """The document has a DOCTYPE."""


class _TooDeep(Exception):
    """The document is nested deeper than any workbook's."""


def parse_part(
    archive: Archive,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], Any] | None = None,
    *,
    raw: bool = False,
) -> None:
    """Read a part; the handlers get the local names of its elements, without prefixes.

    `raw`: the handlers get the names as written, and strip prefixes themselves: one call less for each element.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    names: dict[str, str] = {}
    depth = 0

    def local_name(tag: str) -> str:
        name = names.get(tag)
        if name is None:
            name = tag.rpartition(":")[2]
            if len(names) < _MAX_CACHED_NAMES:
                names[tag] = name
        return name

    def handle_start(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _TooDeep
        start(names.get(tag) or local_name(tag), attributes)

    def handle_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(names.get(tag) or local_name(tag))

    def refuse_doctype(*_: object) -> None:
        raise _EntitiesDeclared

    parser.StartElementHandler = start if raw else handle_start
    parser.EndElementHandler = end if raw else handle_end
    parser.StartDoctypeDeclHandler = refuse_doctype
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parsed_bytes = 0
        for chunk in archive.read_chunks(part):
            parsed_bytes += len(chunk)
            parser.Parse(chunk, False)
            # An unfinished tag is parsed again from its start with each chunk.
            if parsed_bytes - parser.CurrentByteIndex > MAX_TAG_BYTES + len(chunk):
                raise archive.damaged_error(f"{part} 中有过长的标记", f"{part} has a tag that is too long")
        parser.Parse(b"", True)
    except _EntitiesDeclared as error:
        raise archive.unreadable_error(
            "文件含有 XML 实体声明；请重新导出", "the file declares XML entities; export it again"
        ) from error
    except _TooDeep as error:
        raise archive.damaged_error(f"{part} 嵌套过深", f"{part} is nested too deeply") from error
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        raise archive.damaged_error(f"{part}: {error}", f"{part}: {error}") from error
    except (LookupError, ValueError) as error:
        raise archive.damaged_error(f"{part}: {error}", f"{part}: {error}") from error


def get_attribute(attributes: Attributes, name: str) -> str:
    """Return an attribute by its local name, "" where it is missing."""
    value = attributes.get(name)
    if value is not None:
        return value
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def is_true(value: str | None) -> bool:
    """Tell whether an XML boolean is true."""
    return value is not None and value.strip().lower() in ("1", "true", "on")
