"""The rows of the table: what is measured, how, and what this client may cost at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.pairs import Budget

Way = Literal["calls", "async calls", "concurrent", "threads", "program", "memory"]
"""How a case is measured: calls one after another, in asyncio too, many at once, or programs in fresh processes."""

SUBJECTS = ("batch", "plain", "generator", "openai", "stripe")
"""The modules of `benchmarks.subjects`, in the order of the table's columns."""

CALLS, PROGRAMS, PEAKS = Budget(40, 3, seconds=5.0), Budget(15, 1, seconds=9.0), Budget(7, 1, seconds=4.0)


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
        key: The name by which `ONLY=` chooses it.
        what: What is measured.
        against: What it is compared with.
        case: The function that a subject's module has for it.
        limit: The most that this client may cost: a ratio, or megabytes in the row for memory.
        calls: How many calls a sample makes; concurrent and threads make so many each time together.
    """

    key: str
    what: str
    against: str
    case: str
    limit: float
    way: Way = "calls"
    calls: int = 1
    budget: Budget = CALLS


ROWS = (
    Row(
        "view",
        "`audiences.view`, in-memory transport, sync",
        "`Client.get().json()`",
        "view_in_memory",
        1.05,
        calls=200,
    ),
    Row(
        "view-async",
        "`audiences.view`, in-memory transport, async",
        "`AsyncClient.get().json()`",
        "view_in_memory_async",
        1.10,
        "async calls",
        200,
    ),
    Row(
        "loopback",
        "view one object over the loopback, sync",
        "`Client.get().json()`",
        "view_over_loopback",
        0.90,
        calls=100,
    ),
    Row(
        "loopback-async",
        "view one object over the loopback, async",
        "`AsyncClient.get().json()`",
        "view_over_loopback_async",
        0.90,
        "async calls",
        100,
    ),
    Row("audiences", "parse a page of 100 audiences", "`json.loads`", "parse_audiences", 2.8, calls=50),
    Row("orchestrations", "parse a page of 100 orchestrations", "`json.loads`", "parse_orchestrations", 3.5, calls=50),
    Row("dicts", "`profiles.update` of 200 dicts", "`Client.post(json=dicts)`", "update_dicts", 1.25, calls=20),
    Row("models", "`profiles.update` of 200 models", "`Client.post(json=dicts)`", "update_models", 3.0, calls=20),
    Row("import", "import", "`import httpx`", "import_program", 1.15, "program", budget=PROGRAMS),
    Row("memory", "import: extra memory", "`import httpx`", "import_program", 2.0, "memory", budget=PEAKS),
    Row("client", "import and make a client", "`httpx.Client()`", "client_program", 1.15, "program", budget=PROGRAMS),
    Row(
        "first-view",
        "import, make a client, view one object",
        "`Client.get().json()`",
        "view_program",
        1.25,
        "program",
        budget=PROGRAMS,
    ),
    Row(
        "concurrent",
        "100 concurrent views in asyncio",
        "20 at once by `AsyncClient`",
        "view_concurrently",
        0.7,
        "concurrent",
        100,
    ),
    Row("threads", "views in 32 threads", "one `Client` in 32 threads", "view_over_loopback", 1.0, "threads", 320),
)
