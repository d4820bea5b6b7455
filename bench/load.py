"""The service over HTTP on 127.0.0.1: a household's card against a handler that does nothing, overload, clients that go away.

Each turn asks both for the card, so that what disturbs one disturbs the other. Example: python -m bench.load --repeat 5
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.engines import ENGINE_KINDS, fresh_engine
from bench.pages import ensure_imported
from bench.register import COUNTY, DATA
from tests.processes import service
from tests.serving import running

CARDS = "query($code: String!) { households(area: {code: $code}, first: 400) { nodes { cardNo } } }"
CARD = """query($no: String!) { household(cardNo: $no) {
  cardNo current { size mainCause wageIncome } village { name } members { nodes { personNo current { name relation } } }
  helpers { nodes { name } } measures { nodes { kind content amount } } } }"""
HEAVY = """query($code: String!) { coverageGaps(area: {code: $code}, first: 100) { totalCount nodes { duty reason since } }
  coverageSummary(area: {code: $code}, by: TOWNSHIP) { nodes { eligible } }
  checkFindings(area: {code: $code}, first: 100) { totalCount nodes { check } } }"""
CONNECTIONS, REQUESTS_PER_TURN, OVERLOAD_REQUESTS, ABANDONED_REQUESTS = 8, 400, 600, 45
"""Connections that ask for cards; requests a turn; requests at once under overload; requests whose clients go away."""


class Client:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: bytes = b"") -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._streams[1].write(head.encode() + body)
        await self._streams[1].drain()

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """(status, body) of an answer."""
        await self.send(method, path, body)
        assert self._streams is not None
        head = (await self._streams[0].readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), await self._streams[0].readexactly(length)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def measure_seconds(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def measure_rate(port: int, path: str, bodies: list[bytes]) -> float:
    """Answers a second over all connections."""
    left = iter(bodies)

    async def follow() -> None:
        client = Client(port)
        for body in left:
            status, _ = await client.ask("POST", path, body)
            assert status == 200
        client.close()

    return len(bodies) / await measure_seconds(asyncio.gather(*(follow() for _ in range(CONNECTIONS))))


async def measure_overload(port: int, body: bytes) -> str:
    """So many heavy questions at once; /healthz is asked meanwhile."""
    took: dict[int, list[float]] = defaultdict(list)
    healthy: list[float] = []
    ended = asyncio.Event()

    async def one() -> None:
        client, began = Client(port), time.perf_counter()
        status, _ = await client.ask("POST", "/graphql", body)
        took[status].append(time.perf_counter() - began)
        client.close()

    async def watch() -> None:
        client = Client(port)
        while not ended.is_set():
            healthy.append(await measure_seconds(client.ask("GET", "/healthz")))
            await asyncio.sleep(0.05)
        client.close()

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(one() for _ in range(OVERLOAD_REQUESTS)))
    ended.set()
    await watching
    spread = "; ".join(
        f"{len(times)} × {status}, median {statistics.median(times):.2f} s, most {max(times):.2f} s"
        for status, times in sorted(took.items())
    )
    return f"{OVERLOAD_REQUESTS} at once: {spread}; /healthz median {statistics.median(healthy) * 1000:.0f} ms, most {max(healthy) * 1000:.0f} ms"


async def measure_abandoned(port: int, body: bytes) -> str:
    """Clients that ask and go away: how long the next one waits, against one whom nobody came before."""
    client = Client(port)
    alone = await measure_seconds(client.ask("POST", "/graphql", body))
    leaving = [Client(port) for _ in range(ABANDONED_REQUESTS)]
    await asyncio.gather(*(one.send("POST", "/graphql", body) for one in leaving))
    await asyncio.sleep(0.2)
    for one in leaving:
        one.close()
    after = await measure_seconds(client.ask("POST", "/graphql", body))
    healthy = await measure_seconds(client.ask("GET", "/healthz"))
    client.close()
    return f"{ABANDONED_REQUESTS} abandoned: the next answer after {after:.2f} s (alone {alone:.2f} s), /healthz {healthy * 1000:.0f} ms"


def bare_app(answer: bytes) -> Starlette:
    """What answers any card with the same bytes."""

    async def handle(http: Request) -> Response:
        await http.body()
        return Response(answer, media_type="application/json")

    return Starlette(routes=[Route("/graphql", handle, methods=["POST"])])


def request_body(query: str, **variables: object) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


async def fetch_answer(port: int, body: bytes) -> bytes:
    """An answer without errors."""
    client = Client(port)
    status, answer = await client.ask("POST", "/graphql", body)
    client.close()
    assert status == 200, answer
    assert b'"errors"' not in answer, answer
    return answer


async def measure_engine(kind: str, port: int, repeat: int) -> None:
    listed = json.loads(await fetch_answer(port, request_body(CARDS, code=COUNTY)))
    cards = [request_body(CARD, no=node["cardNo"]) for node in listed["data"]["households"]["nodes"]]
    bodies = (cards * (REQUESTS_PER_TURN // len(cards) + 1))[:REQUESTS_PER_TURN]
    with running(bare_app(await fetch_answer(port, cards[0]))) as plain:
        handler = int(plain.rpartition(":")[2])
        await measure_rate(port, "/graphql", bodies)
        turns = [
            (await measure_rate(port, "/graphql", bodies), await measure_rate(handler, "/graphql", bodies))
            for _ in range(repeat)
        ]
    low, middle, high = statistics.quantiles([one / other for one, other in turns], n=4)
    one, other = (statistics.median(column) for column in zip(*turns, strict=True))
    print(
        f"{kind}: card: {one:.0f}/s, bare handler {other:.0f}/s, ratio {middle:.2f} ({low:.2f}–{high:.2f})", flush=True
    )
    heavy = request_body(HEAVY, code=COUNTY)
    await fetch_answer(port, heavy)
    print(f"{kind}: {await measure_overload(port, heavy)}", flush=True)
    print(f"{kind}: {await measure_abandoned(port, heavy)}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--engines", nargs="*", default=ENGINE_KINDS, choices=ENGINE_KINDS)
    given = asked.parse_args()
    for kind in given.engines:
        with fresh_engine(kind) as (store, environment):
            ensure_imported(store, environment, DATA / "sample-register.xlsx")
            with service(environment) as (_, port):
                asyncio.run(measure_engine(kind, port, given.repeat))


if __name__ == "__main__":
    main()
