"""The stage of an outcome test: an empty book, a known last price, two traders with known money."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

import httpx

from market_data.queries import MarketDataQueries
from reconciliation.sources import Sources
from stack.platform import Platform
from tests.e2e.outcomes.actor import FUNDS, PATIENCE_S, SYMBOL, Actor, Json
from tests.support.ledger_checks import require_own_money, require_reconciled
from tests.support.trader import Trader, log_in, register
from tests.support.waits import until

LAST_PRICE = "2000"
AT_REST_WITHIN_S = 120.0  # after 500 fills a slow machine has 500 sagas to end
DEEP_POCKETS = {"USDT": "1000000", "ETH": "1000"}


@dataclass(frozen=True)
class House:
    """Two traders that outlive the tests. They make the last price, and lend a third hand."""

    buyer: Actor
    seller: Actor
    market_data: MarketDataQueries  # what the gateway measures market orders by

    @classmethod
    async def open(cls, http: httpx.AsyncClient, market_data: MarketDataQueries) -> "House":
        """Register them."""
        buyer, seller = await fresh(http, 2, DEEP_POCKETS)
        return cls(buyer, seller, market_data)


class Stage:
    """`me` is under test, `other` stands against it; `third` is somebody whose money is nobody's
    business here."""

    def __init__(
        self, platform: Platform, sources: Sources, house: House, me: Actor, other: Actor
    ) -> None:
        self.platform = platform
        self.me = me
        self.other = other
        self.third = house.buyer
        self._house = house
        self._sources = sources
        self._http = me.trader.http
        self._guests: list[Actor] = []

    @classmethod
    async def set(
        cls, platform: Platform, sources: Sources, house: House, http: httpx.AsyncClient
    ) -> "Stage":
        """Fresh traders, and a last price that everybody can see."""
        me, other = await fresh(http, 2, FUNDS)
        stage = cls(platform, sources, house, me, other)
        book = await stage.book()
        assert book == {"bids": [], "asks": []}, book
        await stage.trades_at(LAST_PRICE)
        return stage

    async def guests(self, count: int) -> list[Actor]:
        """More fresh traders."""
        self._guests += await fresh(self._http, count, FUNDS)
        return self._guests[-count:]

    async def trades_at(self, price: str, then: str | None = None) -> None:
        """The house trades at this price, and market data have heard of it.

        `then` is the last price where the trade triggers orders that trade in their turn.
        """
        await self._house.seller.sells("0.01", price)
        bought = await self._house.buyer.buys("0.01", price, timeInForce="IOC")
        assert bought.told["status"] == "FILLED", bought.told

        async def published() -> bool:
            return await self._house.market_data.last_price(SYMBOL) == Decimal(then or price)

        await until(published, f"{then or price} as the last price in market data", PATIENCE_S)

    async def book(self) -> Json:
        """The displayed book: bids and asks, each as pairs of text, best first."""
        found = await self._public("depth", limit=100)
        return {"bids": found["bids"], "asks": found["asks"]}

    async def shows(self, side: str, *levels: tuple[str, str]) -> None:
        """The displayed side becomes exactly this, best first."""
        wanted = [[_eight(price), _eight(quantity)] for price, quantity in levels]

        async def displayed() -> bool:
            return bool((await self.book())[side] == wanted)

        await until(displayed, f"{side} {wanted}, is {await self.book()}", PATIENCE_S)

    async def halt(self) -> None:
        """Ops close the market."""
        await self._ops("halt", {"reason": "an outcome test"})

    async def resume(self) -> None:
        """Ops open the market."""
        await self._ops("resume", None)

    async def _ops(self, what: str, body: Json | None) -> None:
        ops = next(user for user in self.platform.users if user.role == "ops")
        token = await log_in(self._http, ops.name, ops.password)
        answer = await self._http.post(
            f"/v1/markets/{SYMBOL}/{what}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text

    async def _public(self, path: str, **parameters: object) -> Json:
        answer = await self._http.get(f"/api/v3/{path}", params={"symbol": SYMBOL, **parameters})
        assert answer.status_code == httpx.codes.OK, answer.text
        found: Json = answer.json()
        return found

    async def comes_to_rest(self) -> None:
        """All parts of the exchange agree, and the money is still what the test has seen."""
        await require_reconciled(self._sources, AT_REST_WITHIN_S)
        for actor in self._cast():
            if actor.expected is not None:
                now = await actor.trader.balances()
                assert now == actor.expected, f"{actor.expected} before, {now} at rest"

    async def clear(self) -> None:
        """No order of anybody is left, and each trader's own sum adds up."""
        everybody = (*self._cast(), self._house.buyer, self._house.seller)
        await asyncio.gather(*(actor.trader.cancel_all(SYMBOL) for actor in everybody))
        for actor in self._cast():
            await _require_own_money(actor.trader)

        async def empty() -> bool:
            return await self.book() == {"bids": [], "asks": []}

        await until(empty, "an empty book", PATIENCE_S)

    def _cast(self) -> tuple[Actor, ...]:
        return self.me, self.other, *self._guests


async def fresh(http: httpx.AsyncClient, count: int, money: dict[str, str]) -> list[Actor]:
    """New users with this money each."""
    made = await asyncio.gather(*(register(http, **money) for _ in range(count)))
    return [Actor(trader) for trader in made]


async def _require_own_money(trader: Trader) -> None:
    """Patient: a released budget follows a cancel within moments."""

    async def adds_up() -> bool:
        try:
            await require_own_money(trader, SYMBOL)
        except AssertionError:
            return False
        return True

    try:
        await until(adds_up, "the customer's own sum", PATIENCE_S)
    except AssertionError:
        await require_own_money(trader, SYMBOL)
        raise


def _eight(number: str) -> str:
    """As the exchange writes amounts."""
    return f"{Decimal(number):.8f}"
