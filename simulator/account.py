"""One user's balances and open orders in one market, kept by what the exchange answers."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Any, Final

import structlog

from simulator.agent import Place
from simulator.api import Api, ApiRefused
from simulator.market import Market
from simulator.refusals import Reaction
from simulator.view import ZERO, Balance, OwnOrder

OPEN: Final = frozenset({"NEW", "PARTIALLY_FILLED", "PENDING_NEW"})
SETTLING_S: Final = 3.0  # a list may lag behind an order's own answer by that much
ASK_AGAIN_S: Final = (0.5, 1.0, 2.0, 4.0)  # after an answer that did not come

log = structlog.get_logger()


@dataclass(frozen=True)
class Credentials:
    """An API key and its secret."""

    api_key: str
    api_secret: str


class Account:
    """Places, cancels, and knows what is open. `filled`: what its orders have traded at once in
    all, of the base asset. `stale`: what it knows may be out of date."""

    def __init__(self, api: Api, credentials: Credentials, market: Market, prefix: str) -> None:
        self._api = api
        self._credentials = credentials
        self._market = market
        self._next_id = _client_order_ids(prefix)
        self.balances: dict[str, Balance] = {}
        self.orders: dict[str, OwnOrder] = {}
        self.filled = ZERO
        self.stale = True
        self._placed_s: dict[str, float] = {}

    async def refresh(self) -> None:
        """Read open orders and balances anew. Raises ApiRefused."""
        orders = await self._call("GET", "openOrders", symbol=self._market.symbol)
        account = await self._call("GET", "account")
        listed = {row["clientOrderId"]: _own_order(row) for row in orders}
        self.orders = self._just_placed() | listed
        self.balances = {
            row["asset"]: Balance(Decimal(row["free"]), Decimal(row["locked"]))
            for row in account["balances"]
        }
        self.stale = False

    async def place(self, wanted: Place) -> None:
        """Send an order. One whose outcome is unknown is asked for by its own id, and where
        nobody knows it left to the next `refresh`. Raises ApiRefused, also when that is known
        by then: an exchange that does not answer in time has enough to do."""
        client_order_id = self._next_id()
        parameters = _order_parameters(wanted)
        try:
            answer = await self._call(
                "POST",
                "order",
                symbol=self._market.symbol,
                newClientOrderId=client_order_id,
                **parameters,
            )
        except ApiRefused as refused:
            if refused.reaction is Reaction.ASK:
                log.warning("simulator.unknown_outcome", order=client_order_id, error=str(refused))
                self.stale = True
                self._take_in(await self._ask(client_order_id))
            raise
        self._take_in(answer)

    async def cancel(self, client_order_id: str) -> None:
        """Take an order back; one that has ended by itself is no error. Raises ApiRefused."""
        try:
            await self._call(
                "DELETE",
                "order",
                symbol=self._market.symbol,
                origClientOrderId=client_order_id,
            )
        except ApiRefused as refused:
            self.stale = True
            if refused.reaction is not Reaction.DROP:
                raise
        gone = self.orders.pop(client_order_id, None)
        self._placed_s.pop(client_order_id, None)
        if gone is not None:
            self._unlock(gone)

    def _just_placed(self) -> dict[str, OwnOrder]:
        """Orders that a list of open ones may not have yet."""
        since_s = time.monotonic() - SETTLING_S
        self._placed_s = {name: at for name, at in self._placed_s.items() if at > since_s}
        return {name: order for name, order in self.orders.items() if name in self._placed_s}

    async def _ask(self, client_order_id: str) -> Any:
        """What became of an order, or None where the exchange does not know (yet)."""
        for pause_s in ASK_AGAIN_S:
            await asyncio.sleep(pause_s)
            try:
                return await self._call(
                    "GET",
                    "order",
                    symbol=self._market.symbol,
                    origClientOrderId=client_order_id,
                )
            except ApiRefused as refused:
                if refused.reaction is Reaction.GIVE_UP:
                    raise
        return None

    def _take_in(self, answer: Mapping[str, Any] | None) -> None:
        """Count what was traded and what rests. Fees are left to the next refresh."""
        if answer is None:
            return
        traded, paid = Decimal(answer["executedQty"]), Decimal(answer["cummulativeQuoteQty"])
        self.filled += traded
        sign = 1 if answer["side"] == "BUY" else -1
        self._change(self._market.base, sign * traded, ZERO)
        self._change(self._market.quote, -sign * paid, ZERO)
        if answer["status"] in OPEN:
            order = _own_order(answer)
            self.orders[order.client_order_id] = order
            self._placed_s[order.client_order_id] = time.monotonic()
            asset, amount = self._held_by(order)
            self._change(asset, -amount, amount)

    def _unlock(self, order: OwnOrder) -> None:
        asset, amount = self._held_by(order)
        self._change(asset, amount, -amount)

    def _held_by(self, order: OwnOrder) -> tuple[str, Decimal]:
        if order.side == "BUY":
            return self._market.quote, order.price * order.remaining
        return self._market.base, order.remaining

    def _change(self, asset: str, free: Decimal, locked: Decimal) -> None:
        had = self.balances.get(asset, Balance())
        self.balances[asset] = replace(had, free=had.free + free, locked=had.locked + locked)

    async def _call(self, method: str, path: str, **parameters: str | int) -> Any:
        key, secret = self._credentials.api_key, self._credentials.api_secret
        return await self._api.signed(method, path, key, secret, **parameters)


def _order_parameters(wanted: Place) -> dict[str, str]:
    parameters = {"side": wanted.side, "quantity": f"{wanted.quantity:f}"}
    parameters["newOrderRespType"] = "RESULT"
    if wanted.kind == "LIMIT_IOC":
        parameters |= {"type": "LIMIT", "timeInForce": "IOC"}
    else:
        parameters["type"] = wanted.kind
    if wanted.price is not None:
        parameters["price"] = f"{wanted.price:f}"
    return parameters


def _own_order(row: Mapping[str, Any]) -> OwnOrder:
    return OwnOrder(
        client_order_id=row["clientOrderId"],
        side=row["side"],
        price=Decimal(row["price"]),
        remaining=Decimal(row["origQty"]) - Decimal(row["executedQty"]),
    )


def _client_order_ids(prefix: str) -> Callable[[], str]:
    """Ids that no earlier run of this agent has used: the same id would be the same order."""
    run, number = f"{time.time_ns() // 1_000_000:x}", count(1)
    return lambda: f"{prefix}-{run}-{next(number)}"
