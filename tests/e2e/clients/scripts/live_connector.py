"""binance-connector 3 in a market that others move: REST, the user's events over the WebSocket
API, and a local book by the rules of the diff stream."""

import json
from decimal import Decimal
from typing import Any

from binance.lib.utils import websocket_api_signature
from binance.spot import Spot
from binance.websocket.spot.websocket_api import SpotWebsocketAPIClient
from binance.websocket.spot.websocket_stream import SpotWebsocketStreamClient
from live import (
    BOUGHT,
    CURRENCIES,
    LOOK_EVERY_S,
    RESTING,
    SOLD,
    SYMBOL,
    Books,
    balances_after,
    book,
    far_below,
    same,
)
from venue import API, CLIENT, WS, report, until


class Inbox:
    """What a socket's thread was told."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.errors: list[str] = []

    def on_message(self, _: object, text: str) -> None:
        self.messages.append(json.loads(text))

    def on_error(self, _: object, error: object) -> None:
        self.errors.append(repr(error))

    def events(self, kind: str) -> list[Any]:
        told = [m["event"] for m in list(self.messages) if "event" in m]
        return [event for event in told if event["e"] == kind]

    def statuses(self, order: Any) -> list[str]:
        reports = self.events("executionReport")
        return [event["X"] for event in reports if event["i"] == order["orderId"]]

    def balances(self) -> dict[str, dict[str, str]]:
        return {
            b["a"]: {"free": b["f"], "used": b["l"]}
            for event in self.events("outboundAccountPosition")
            for b in event["B"]
        }


class LocalBook:
    """A snapshot, and every event after it, kept as Binance's documents say."""

    def __init__(self, inbox: Inbox, snapshot: Any) -> None:
        self._inbox = inbox
        self._taken = 0
        self._last = snapshot["lastUpdateId"]
        self._sides = [{float(p): float(q) for p, q in snapshot[s]} for s in ("bids", "asks")]

    def take(self, books: Books) -> None:
        """Apply what has come since; note the book at each number."""
        messages = self._inbox.messages[self._taken :]
        self._taken += len(messages)
        for event in messages:
            if event.get("e") != "depthUpdate" or event["u"] <= self._last:
                continue
            assert event["U"] <= self._last + 1, (event["U"], self._last)
            self._last = event["u"]
            for side, changes in zip(self._sides, (event["b"], event["a"]), strict=True):
                for price, quantity in changes:
                    side[float(price)] = float(quantity)
                    if not side[float(price)]:
                        del side[float(price)]
            bids, asks = self._sides
            books.local[self._last] = book(sorted(bids.items(), reverse=True), sorted(asks.items()))


def rest_and_cancel(client: Spot) -> Any:
    """An order that nobody takes, and its end."""
    price = far_below(client.ticker_price(SYMBOL)["price"])
    resting = client.new_order(
        SYMBOL, "BUY", "LIMIT", timeInForce="GTC", quantity=RESTING, price=price
    )
    assert resting["status"] == "NEW", resting
    client.cancel_order(SYMBOL, orderId=resting["orderId"])
    return resting


def trade(client: Spot, user: Inbox) -> list[Any]:
    """Both sides, at the price that the others make; returns all own trades."""
    until(lambda: user.statuses(rest_and_cancel(client)), "a word of an own order")
    bought = client.new_order(SYMBOL, "BUY", "MARKET", quantity=BOUGHT)
    sold = client.new_order(SYMBOL, "SELL", "MARKET", quantity=SOLD)
    gone = rest_and_cancel(client)
    for order, last in ((bought, "FILLED"), (sold, "FILLED"), (gone, "CANCELED")):
        until(
            lambda o=order, s=last: user.statuses(o)[-1:] == [s],  # type: ignore[misc]
            f"{order['orderId']} {last}",
        )
    trades: list[Any] = client.my_trades(SYMBOL)
    assert {t["orderId"] for t in trades} == {bought["orderId"], sold["orderId"]}
    told = {e["t"] for e in user.events("executionReport") if e["x"] == "TRADE"}
    assert told == {t["id"] for t in trades}, (told, trades)
    return trades


def held_balances(client: Spot) -> dict[str, dict[str, str]]:
    return {
        b["asset"]: {"free": b["free"], "used": b["locked"]}
        for b in client.account()["balances"]
        if b["asset"] in CURRENCIES
    }


def compare_books(client: Spot) -> Books:
    inbox, books = Inbox(), Books()
    socket = SpotWebsocketStreamClient(
        stream_url=WS, on_message=inbox.on_message, on_error=inbox.on_error
    )
    socket.subscribe([f"{SYMBOL.lower()}@depth@100ms"], id=1)
    until(lambda: {"result": None, "id": 1} in inbox.messages, "the subscription")
    until(lambda: any(m.get("e") == "depthUpdate" for m in list(inbox.messages)), "a first event")
    local = LocalBook(inbox, client.depth(SYMBOL, limit=1000))

    def enough() -> bool:
        seen = client.depth(SYMBOL, limit=1000)
        books.rest[seen["lastUpdateId"]] = book(seen["bids"], seen["asks"])
        local.take(books)
        return books.enough

    until(enough, "numbers at which both books were seen", LOOK_EVERY_S)
    socket.stop()
    assert not inbox.errors, inbox.errors
    return books


def main() -> None:
    client, user = Spot(CLIENT.key, CLIENT.secret, base_url=API), Inbox()
    socket = SpotWebsocketAPIClient(
        stream_url=f"{WS}/ws-api/v3",
        api_key=CLIENT.key,
        api_secret=CLIENT.secret,
        on_message=user.on_message,
        on_error=user.on_error,
    )
    signed = websocket_api_signature(CLIENT.key, CLIENT.secret, {})
    method = "userDataStream.subscribe.signature"
    socket.send({"id": "user", "method": method, "params": signed})
    start = {c: Decimal(held["free"]) for c, held in held_balances(client).items()}
    trades = trade(client, user)
    held = balances_after(start, trades)
    until(
        lambda: same(user.balances(), held) and same(held_balances(client), held),
        f"{held}, told and asked",
    )
    books = compare_books(client)
    socket.stop()
    assert not user.errors, user.errors
    report(
        balances=user.balances(),
        trades=[[t["id"], t["price"], t["qty"], t["commission"]] for t in trades],
        orders={o["orderId"]: o["status"] for o in client.get_orders(SYMBOL)},
        **books.facts(),
    )


main()
