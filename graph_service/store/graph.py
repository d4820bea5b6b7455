"""The store: the only way to an engine. It runs catalogued statements, and nothing that writes where a read was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from graph_service.catalog import Question, question
from graph_service.derive.schema import schema
from graph_service.engine.port import Engine, Row, Transaction
from graph_service.errors import StatementRefused
from graph_service.model import MODEL

T = TypeVar("T")


class Store:
    """Reads and writes over one engine. `statements` counts what was sent, by name, when a list is given."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statements: list[str] | None = None

    @property
    def engine_name(self) -> str:
        return self._engine.name

    def prepare(self) -> None:
        """Constraints and indexes, as the model has them."""
        writer = "CREATE CONSTRAINT writer_name IF NOT EXISTS FOR (n:Writer) REQUIRE n.name IS UNIQUE"
        self._engine.define((*schema(MODEL), writer))

    def ask(self, name: str, **parameters: Any) -> list[Row]:
        """Rows of a catalogued question."""
        return self.read(question(name), parameters)

    def read(self, asked: Question, parameters: Mapping[str, Any]) -> list[Row]:
        """Rows of a question. One that writes is refused before it reaches the engine."""
        if asked.writes:
            raise StatementRefused(name=asked.name, reason="it writes, and a read was asked")
        if self.statements is not None:
            self.statements.append(asked.name)
        return self._engine.read(asked.text, parameters, name=asked.name)

    def lookup(self, text: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Rows of a statement derived from the model."""
        return self._engine.read(text, parameters)

    def tell(self, name: str, **parameters: Any) -> list[Row]:
        """Run one catalogued write by itself."""
        return self.write(lambda tx: tx.run(question(name).text, parameters), name)

    def write(self, work: Callable[[Transaction], T], name: str = "") -> T:
        return self._engine.write(work, name=name)

    def close(self) -> None:
        self._engine.close()


def in_batches(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
