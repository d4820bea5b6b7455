"""The service over HTTP on 127.0.0.1: a household's card compared with a handler that does nothing, overload, clients that go away.

Each turn asks both for the card, so that a disturbance affects both. Example: python -m bench.load --repeat 5
"""

from __future__ import annotations

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

from bench.engines import fresh_engine, parse_arguments
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
    """A connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: bytes = b"") -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._streams[1].write(head.encode() + body)
        await self._streams[1].drain()

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send a request and return (status, body) of its answer."""
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
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


async def measure_rate(port: int, path: str, bodies: list[bytes]) -> float:
    """Return the answers a second over all connections."""
    remaining_bodies = iter(bodies)

    async def send_bodies() -> None:
        client = Client(port)
        for body in remaining_bodies:
            status, _ = await client.ask("POST", path, body)
            assert status == 200
        client.close()

    return len(bodies) / await measure_seconds(asyncio.gather(*(send_bodies() for _ in range(CONNECTIONS))))


async def measure_overload(port: int, body: bytes) -> str:
    """Send OVERLOAD_REQUESTS heavy questions at once, ask /healthz meanwhile, and return the times as a text."""
    seconds_by_status: dict[int, list[float]] = defaultdict(list)
    health_seconds: list[float] = []
    finished = asyncio.Event()

    async def send_request() -> None:
        client, start = Client(port), time.perf_counter()
        status, _ = await client.ask("POST", "/graphql", body)
        seconds_by_status[status].append(time.perf_counter() - start)
        client.close()

    async def check_health() -> None:
        client = Client(port)
        while not finished.is_set():
            health_seconds.append(await measure_seconds(client.ask("GET", "/healthz")))
            await asyncio.sleep(0.05)
        client.close()

    health_task = asyncio.create_task(check_health())
    await asyncio.gather(*(send_request() for _ in range(OVERLOAD_REQUESTS)))
    finished.set()
    await health_task
    summary = "; ".join(
        f"{len(seconds)} × {status}, median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s"
        for status, seconds in sorted(seconds_by_status.items())
    )
    return f"{OVERLOAD_REQUESTS} at once: {summary}; /healthz median {statistics.median(health_seconds) * 1000:.0f} ms, most {max(health_seconds) * 1000:.0f} ms"


async def measure_abandoned(port: int, body: bytes) -> str:
    """Measure how long a client waits after others asked and went away, compared with a client on its own; return a text."""
    client = Client(port)
    alone_seconds = await measure_seconds(client.ask("POST", "/graphql", body))
    leaving_clients = [Client(port) for _ in range(ABANDONED_REQUESTS)]
    await asyncio.gather(*(leaving_client.send("POST", "/graphql", body) for leaving_client in leaving_clients))
    await asyncio.sleep(0.2)
    for leaving_client in leaving_clients:
        leaving_client.close()
    next_seconds = await measure_seconds(client.ask("POST", "/graphql", body))
    health_seconds = await measure_seconds(client.ask("GET", "/healthz"))
    client.close()
    return f"{ABANDONED_REQUESTS} abandoned: the next answer after {next_seconds:.2f} s (alone {alone_seconds:.2f} s), /healthz {health_seconds * 1000:.0f} ms"


def bare_app(answer: bytes) -> Starlette:
    """Return an application that answers any card with the same bytes."""

    async def handle(http: Request) -> Response:
        await http.body()
        return Response(answer, media_type="application/json")

    return Starlette(routes=[Route("/graphql", handle, methods=["POST"])])


def request_body(query: str, **variables: object) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


async def fetch_answer(port: int, body: bytes) -> bytes:
    """Return an answer; assert that it has no errors."""
    client = Client(port)
    status, answer = await client.ask("POST", "/graphql", body)
    client.close()
    assert status == 200, answer
    assert b'"errors"' not in answer, answer
    return answer


async def measure_engine(kind: str, port: int, repeat: int) -> None:
    listing = json.loads(await fetch_answer(port, request_body(CARDS, code=COUNTY)))
    cards = [request_body(CARD, no=node["cardNo"]) for node in listing["data"]["households"]["nodes"]]
    bodies = (cards * (REQUESTS_PER_TURN // len(cards) + 1))[:REQUESTS_PER_TURN]
    with running(bare_app(await fetch_answer(port, cards[0]))) as bare_url:
        bare_port = int(bare_url.rpartition(":")[2])
        await measure_rate(port, "/graphql", bodies)
        turns = [
            (await measure_rate(port, "/graphql", bodies), await measure_rate(bare_port, "/graphql", bodies))
            for _ in range(repeat)
        ]
    low, middle, high = statistics.quantiles([rate / bare_rate for rate, bare_rate in turns], n=4)
    rate_median, bare_median = (statistics.median(column) for column in zip(*turns, strict=True))
    print(
        f"{kind}: card: {rate_median:.0f}/s, bare handler {bare_median:.0f}/s, ratio {middle:.2f} ({low:.2f}–{high:.2f})",
        flush=True,
    )
    heavy = request_body(HEAVY, code=COUNTY)
    await fetch_answer(port, heavy)
    print(f"{kind}: {await measure_overload(port, heavy)}", flush=True)
    print(f"{kind}: {await measure_abandoned(port, heavy)}", flush=True)


def main() -> None:
    arguments = parse_arguments(__doc__, 5, takes_folder=False)
    for kind in arguments.engines:
        with fresh_engine(kind) as (store, environment):
            ensure_imported(store, environment, DATA / "sample-register.xlsx")
            with service(environment) as (_, port):
                asyncio.run(measure_engine(kind, port, arguments.repeat))


if __name__ == "__main__":
    main()
