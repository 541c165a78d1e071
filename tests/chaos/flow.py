"""Orders from several traders at once, with a log of what each was told."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any

import httpx

from tests.support.trader import Trader

SYMBOL = "BTCUSDT"
AT_ONCE = 16
REACHABLE_WITHIN_S = 60.0
RETRY_PAUSE_S = 0.1
NO_SUCH_ORDER = -2013


class Told(Enum):
    """What the client knows of a request."""

    NOTHING = auto()  # it is outstanding
    DONE = auto()  # 2xx
    REFUSED = auto()  # a definitive 4xx
    OVERLOADED = auto()  # 503: nothing was done, which is definitive too
    UNKNOWN = auto()  # another 5xx, or the connection broke after the request was sent


@dataclass
class Request:
    """One order of one trader."""

    trader: Trader
    client_order_id: str
    side: str
    quantity: str
    price: str
    cancels: bool
    insists: bool  # on an order, while the exchange is overloaded
    told: Told = Told.NOTHING
    answer: dict[str, Any] = field(default_factory=dict)
    cancel_told: Told | None = None
    sent: bool = False


class Flow:
    """`count` orders around 100 USDT, some of which are cancelled; `run` sends them.

    Of `insisting` (a share) the orders are sent until the exchange is overloaded no more.
    """

    def __init__(
        self,
        traders: Sequence[Trader],
        count: int,
        seed: int,
        prefix: str = "",
        *,
        insisting: float = 1.0,
    ) -> None:
        self.traders = traders
        self.name = f"{prefix}{seed}"
        chance = random.Random(seed)  # noqa: S311 - which orders, not whose money
        self.requests = [
            _request(chance, traders[n % len(traders)], f"{self.name}-{n}", insisting)
            for n in range(count)
        ]
        self._changed = asyncio.Condition()

    async def run(self, at_once: int = AT_ONCE) -> None:
        """Send all, `at_once` outstanding at any time."""
        waiting = iter(self.requests)

        async def work() -> None:
            for request in waiting:
                await self._place(request)
                if request.cancels and request.told is Told.DONE:
                    await self._cancel(request)

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())

    def count(self, told: Told) -> int:
        """How many orders were answered so."""
        return sum(r.told is told for r in self.requests)

    @property
    def outstanding(self) -> int:
        """Requests that are sent and not answered."""
        return sum(r.sent and r.told is Told.NOTHING for r in self.requests)

    def of(self, told: Told) -> list[Request]:
        return [r for r in self.requests if r.told is told]

    async def until(self, condition: Callable[[], bool], limit_s: float = 60.0) -> None:
        """Wait until the log of answers looks like this."""
        async with asyncio.timeout(limit_s), self._changed:
            await self._changed.wait_for(condition)

    async def ask_again(self) -> None:
        """Ask for every order of unknown fate by its client id: it is there, or it is not."""
        for request in self.of(Told.UNKNOWN):
            answer = await query(request)
            if answer.status_code == httpx.codes.OK:
                request.told, request.answer = Told.DONE, answer.json()
            else:
                assert answer.json()["code"] == NO_SUCH_ORDER, answer.text

    async def _place(self, request: Request) -> None:
        answer = await self._reach(
            request,
            lambda: request.trader.place(
                SYMBOL,
                request.side,
                request.quantity,
                request.price,
                request.client_order_id,
                insist=request.insists,
            ),
        )
        request.told, request.answer = answer
        async with self._changed:
            self._changed.notify_all()

    async def _cancel(self, request: Request) -> None:
        told, _ = await self._reach(
            request, lambda: request.trader.cancel(SYMBOL, request.client_order_id)
        )
        request.cancel_told = told

    async def _reach(
        self, request: Request, send: Callable[[], Any]
    ) -> tuple[Told, dict[str, Any]]:
        """Send once; only a connection that was never made is tried again."""
        deadline = time.monotonic() + REACHABLE_WITHIN_S
        while True:
            request.sent = True
            try:
                answer = await send()
            except (httpx.ConnectError, httpx.ConnectTimeout):
                request.sent = False
                assert time.monotonic() < deadline, "the gateway is gone"
                await asyncio.sleep(RETRY_PAUSE_S)
            except httpx.TransportError:
                return Told.UNKNOWN, {}
            else:
                return _read(answer)


async def query(request: Request) -> httpx.Response:
    """GET the order by its client id."""
    return await request.trader.send(
        "GET", "order", symbol=SYMBOL, origClientOrderId=request.client_order_id
    )


def _read(answer: httpx.Response) -> tuple[Told, dict[str, Any]]:
    if answer.is_success:
        return Told.DONE, answer.json()
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return Told.OVERLOADED, answer.json()
    if answer.is_server_error:
        return Told.UNKNOWN, answer.json()
    return Told.REFUSED, answer.json()


def _request(
    chance: random.Random, trader: Trader, client_order_id: str, insisting: float
) -> Request:
    """Half cross the spread, a tenth rest far away; a fifth are cancelled when they were placed."""
    side = chance.choice(("BUY", "SELL"))
    away = chance.random() < 0.1
    offset = Decimal(chance.randrange(-100, 101)) / 100
    if away:
        offset = Decimal(-20 if side == "BUY" else 20)
    return Request(
        trader=trader,
        client_order_id=client_order_id,
        side=side,
        quantity=str(Decimal(chance.randrange(7_000, 50_000)) / 100_000),
        price=str(Decimal(100) + offset),
        cancels=chance.random() < 0.2,
        insists=chance.random() < insisting,
    )
