"""What sign-in, scope, masking and the audit log cost: five operations over HTTP, asked by callers who differ in one step each.

Two services share one engine, one of them without sign-in; the callers take turns in changing order, so that a disturbance affects all. Each ratio is that of
a caller to the service without sign-in. Example: python -m bench.access --repeat 40
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench.engines import fresh_engine, parse_arguments
from bench.pages import ensure_imported
from bench.register import COUNTY, DATA
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.audit.log import AuditAnchor, AuditLog
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import open_access
from tests.serving import running

OPERATIONS = {
    "card of a household": """query($card: String!) { household(cardNo: $card) { cardNo
      current { headName phone size mainCause } village { name }
      members { nodes { personNo current { name relation idDocument FULL } } } helpers { nodes { name } } } }""",
    "page of households": """query($area: String!) { households(area: {code: $area}, first: 100) { totalCount
      nodes { cardNo current { headName phone } members { nodes { current { name idDocument FULL } } } } } }""",
    "page of gaps": """query($area: String!) { coverageGaps(area: {code: $area}, first: 100) { totalCount
      nodes { duty reason since subject { ... on Household { cardNo current { headName } } ... on Village { code } } } } }""",
    "summary by township": """query($area: String!) { coverageSummary(area: {code: $area}, by: TOWNSHIP) {
      nodes { eligible missing area { name } } } }""",
    "chains of a fund": """query { benefitChains(from: {fundNo: "ZJ000"}, first: 50) { totalCount
      nodes { kind attributed hops { amount } } } }""",
}
FULL = 'full(purpose: "核对") { idDocument bornOn }'
CALLERS: dict[str, tuple[Role, tuple[str, ...]] | None] = {
    "without sign-in": None,
    "signed in, everywhere": (Role.OFFICIAL, ("",)),
    "of a county": (Role.OFFICIAL, (COUNTY,)),
    "of a county, names masked": (Role.AUDITOR, (COUNTY,)),
    "of a county, in full, with audit entry": (Role.OFFICIAL, (COUNTY,)),
}
IN_FULL = "of a county, in full, with audit entry"


@contextmanager
def callers(store: Store, folder: Path) -> Iterator[dict[str, Callable[[bytes], bytes]]]:
    """Yield for each caller a function that sends a request and returns the body of the answer, each over a connection of its own."""
    settings = Settings.model_validate({"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": folder})
    log = AuditLog(folder / "audit.sqlite", AuditAnchor(folder / "anchor.txt"))
    access = open_access(settings)
    with ExitStack() as stack:
        stack.callback(access.close)
        stack.callback(log.close)
        open_app = build_app(store, Settings.model_validate({"GRAPH_SERVICE_DATA": folder}), audit_log=log)
        closed_app = build_app(store, settings, access=access, audit_log=log)
        addresses = {app: stack.enter_context(running(app)) for app in (open_app, closed_app)}
        senders = {}
        for caller, grant in CALLERS.items():
            headers = {"content-type": "application/json"}
            if grant is not None:
                access.grants.add(AccessGrant(caller, grant[0], grant[1]))
                headers["authorization"] = f"Bearer {access.api_keys.create(caller, 'bench')[0]}"
            address = urlsplit(addresses[open_app if grant is None else closed_app]).netloc
            senders[caller] = _sender(http.client.HTTPConnection(address), headers)
        yield senders


def _sender(connection: http.client.HTTPConnection, headers: dict[str, str]) -> Callable[[bytes], bytes]:
    def send(body: bytes) -> bytes:
        try:
            connection.request("POST", "/graphql", body, headers)
            answer = connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            # The service has closed it while others asked.
            connection.close()
            connection.request("POST", "/graphql", body, headers)
            answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        assert b'"errors"' not in content, content
        return content

    return send


def measure(senders: dict[str, Callable[[bytes], bytes]], operation: str, card: str, repeat: int) -> None:
    """Print the median in ms without sign-in, and of each caller the ratio of turns with its quartiles."""
    variables = {"card": card, "area": COUNTY}
    bodies = {
        caller: json.dumps(
            {"query": operation.replace("FULL", FULL if caller == IN_FULL else ""), "variables": variables}
        ).encode()
        for caller in CALLERS
    }
    seconds: dict[str, list[float]] = {caller: [] for caller in CALLERS}
    for turn in range(repeat + 5):
        for caller, send in random.sample(list(senders.items()), len(senders)):
            start = time.perf_counter()
            send(bodies[caller])
            if turn >= 5:
                seconds[caller].append(time.perf_counter() - start)
    open_seconds = seconds["without sign-in"]
    print(f"  without sign-in {statistics.median(open_seconds) * 1000:.1f} ms")
    for caller in list(CALLERS)[1:]:
        ratios = [own / open_ for own, open_ in zip(seconds[caller], open_seconds, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(f"  {caller}: {middle:.2f} ({low:.2f}–{high:.2f})", flush=True)


def main() -> None:
    arguments = parse_arguments(__doc__, 40, takes_folder=False)
    for kind in arguments.engines:
        with (
            tempfile.TemporaryDirectory(prefix="graph-service-bench-") as folder,
            fresh_engine(kind) as (store, environment),
        ):
            ensure_imported(store, environment, DATA / "sample-register.xlsx")
            [[card]] = store.query_text(
                "MATCH (h:Household)-[:LIVES_IN]->(v:Village) WHERE v.code STARTS WITH $area RETURN min(h.card_no)",
                {"area": COUNTY},
            )
            with callers(store, Path(folder)) as senders:
                for name, operation in OPERATIONS.items():
                    print(f"{kind}: {name}", flush=True)
                    measure(senders, operation, card, arguments.repeat)


if __name__ == "__main__":
    main()
