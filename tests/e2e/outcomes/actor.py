"""A trader in the words of the outcome tests: places, is refused, owns exactly this money."""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import httpx

from tests.support.trader import Trader
from tests.support.waits import until

SYMBOL = "ETHUSDT"
FUNDS = {"USDT": "100000", "ETH": "100"}
PATIENCE_S = 30.0

Json = dict[str, Any]
Money = dict[str, tuple[Decimal, Decimal]]

_numbers = itertools.count(1)


class Placed:
    """An order: what its owner was told of it, and how it stands now."""

    def __init__(self, owner: "Actor", told: Json) -> None:
        self.owner = owner
        self.told = told
        self.id: int = told["orderId"]
        self.client_id: str = told["clientOrderId"]

    async def now(self) -> Json:
        """The order as a query shows it."""
        found = await self.owner.trader.ask("order", symbol=SYMBOL, orderId=self.id)
        assert isinstance(found, dict)
        return found

    async def stands(
        self,
        status: str,
        executed: str = "0",
        worth: str = "0",
        expiry: str | None = None,
        fills: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """The POST has said so, and a GET right after it says the same.

        `worth` is what was executed in quote currency; `fills` are price, quantity, commission.
        """
        wanted = (status, Decimal(executed), Decimal(worth), expiry)
        assert _summary(self.told) == wanted, self.told
        assert _summary(await self.now()) == wanted, await self.now()
        told = [_numbers_of(f, "price", "qty", "commission") for f in self.told["fills"]]
        assert told == [tuple(Decimal(n) for n in fill) for fill in fills], self.told["fills"]

    async def becomes(
        self, status: str, executed: str = "0", worth: str = "0", expiry: str | None = None
    ) -> Json:
        """Others, time or the market bring it there, sooner or later."""
        wanted = (status, Decimal(executed), Decimal(worth), expiry)
        found = await self.now()

        async def there() -> bool:
            nonlocal found
            found = await self.now()
            return found["status"] == status and Decimal(found["executedQty"]) == wanted[1]

        try:
            await until(there, f"order {self.id}", PATIENCE_S)
        except AssertionError as late:
            raise AssertionError(f"{wanted} wanted, is {found}") from late
        assert _summary(found) == wanted, found
        return found


class Actor:
    """A trader of the one market that these tests use."""

    def __init__(self, trader: Trader) -> None:
        self.trader = trader
        self.expected: Money | None = None

    async def post(self, path: str = "order", **parameters: object) -> httpx.Response:
        """A signed POST about the market."""
        return await self.trader.send("POST", path, symbol=SYMBOL, **parameters)

    async def places(self, side: str, type: str, **parameters: object) -> Placed:
        """A new order that must be taken; the answer is as long as there is."""
        sent = {"side": side, "type": type, "newOrderRespType": "FULL", **parameters}
        answer = await self.post(**sent)
        assert answer.status_code == httpx.codes.OK, answer.text
        return Placed(self, answer.json())

    async def buys(self, quantity: str, price: str, **more: object) -> Placed:
        """A limit order, good till cancelled unless `more` says otherwise."""
        return await self._limit("BUY", quantity, price, more)

    async def sells(self, quantity: str, price: str, **more: object) -> Placed:
        """A limit order, good till cancelled unless `more` says otherwise."""
        return await self._limit("SELL", quantity, price, more)

    async def _limit(self, side: str, quantity: str, price: str, more: Json) -> Placed:
        terms = {"type": "LIMIT", "quantity": quantity, "price": price, **more}
        if terms["type"] == "LIMIT":
            terms.setdefault("timeInForce", "GTC")
        return await self.places(side, **terms)

    async def is_refused(self, code: int, message: str, **order: object) -> None:
        """A new order that must be refused; moments later no query knows of it."""
        client_id = f"refused-{next(_numbers)}"
        answer = await self.post(newClientOrderId=client_id, **order)
        assert_error(answer, 400, code, message)
        await self.forgets(client_id)

    async def forgets(self, client_id: str) -> None:
        """Wait until there is no such order: a refused one's row is closed after the answer."""

        async def unknown() -> bool:
            found = await self.trader.send(
                "GET", "order", symbol=SYMBOL, origClientOrderId=client_id
            )
            return bool(found.json().get("code") == -2013)

        await until(unknown, f"{client_id} is shown no more", PATIENCE_S)

    async def cancels(self, order: Placed) -> httpx.Response:
        """DELETE one order."""
        return await self.trader.cancel(SYMBOL, order.client_id)

    async def open_ids(self) -> list[int]:
        """Ids of the orders that may still trade."""
        found = await self.trader.ask("openOrders", symbol=SYMBOL)
        assert isinstance(found, list)
        return [order["orderId"] for order in found]

    async def owns(
        self,
        usdt: str = FUNDS["USDT"],
        eth: str = FUNDS["ETH"],
        locked_usdt: str = "0",
        locked_eth: str = "0",
    ) -> None:
        """Exactly this, to the last unit, as soon as what was filled has been settled.

        The stage asks for the same once more when the exchange has come to rest.
        """
        self.expected = {
            currency: (Decimal(free), Decimal(locked))
            for currency, free, locked in (("USDT", usdt, locked_usdt), ("ETH", eth, locked_eth))
            if Decimal(free) or Decimal(locked)
        }
        seen: Money = {}

        async def there() -> bool:
            nonlocal seen
            seen = await self.trader.balances()
            return seen == self.expected

        try:
            await until(there, "the money", PATIENCE_S)
        except AssertionError as late:
            raise AssertionError(f"{self.expected} expected, {seen} is there") from late


def assert_error(answer: httpx.Response, status: int, code: int, message: str) -> None:
    """A refusal in Binance's shape, word for word."""
    wanted = {"code": code, "msg": message}
    assert (answer.status_code, answer.json()) == (status, wanted), answer.text


def _summary(order: Json) -> tuple[str, Decimal, Decimal, str | None]:
    executed, worth = _numbers_of(order, "executedQty", "cummulativeQuoteQty")
    return order["status"], executed, worth, order.get("expiryReason")


def _numbers_of(source: Json, *names: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(source[name]) for name in names)
