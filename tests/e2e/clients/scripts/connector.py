"""binance-connector 3: REST, market streams, and the WebSocket API with the user's events."""

import json
from typing import Any

from binance.error import ClientError
from binance.lib.utils import websocket_api_signature
from binance.spot import Spot
from binance.websocket.spot.websocket_api import SpotWebsocketAPIClient
from binance.websocket.spot.websocket_stream import SpotWebsocketStreamClient
from venue import API, CLIENT, MAKER, SYMBOL, WS, refusal, report, until

LIMIT = {"type": "LIMIT", "timeInForce": "GTC"}


class Inbox:
    """What a socket's thread was told."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.errors: list[str] = []

    def on_message(self, _: object, text: str) -> None:
        self.messages.append(json.loads(text))

    def on_error(self, _: object, error: object) -> None:
        self.errors.append(repr(error))

    def streams(self) -> set[str]:
        return {m["stream"] for m in self.messages if "stream" in m}

    def newest(self, stream: str) -> Any:
        return [m["data"] for m in self.messages if m.get("stream") == stream][-1]

    def answer(self, request: str) -> Any:
        """The result of a request; raises what the venue refused it with."""
        found: list[Any] = []

        def there() -> bool:
            found.extend(m for m in self.messages if m.get("id") == request)
            return bool(found)

        until(there, f"an answer to {request}, errors {self.errors}")
        assert found[0]["status"] == 200, found[0]
        return found[0]["result"]

    def events(self, kind: str) -> list[Any]:
        told = [m["event"] for m in self.messages if "event" in m]
        return [event for event in told if event["e"] == kind]


def rest(client: Spot, maker: Spot) -> None:
    assert client.ping() == {}
    assert abs(client.time()["serverTime"] - maker.time()["serverTime"]) < 5_000
    (market,) = client.exchange_info(symbol=SYMBOL)["symbols"]
    assert market["status"] == "TRADING"
    maker.new_order(SYMBOL, "SELL", quantity=2, price=0.05, **LIMIT)
    bought = client.new_order(SYMBOL, "BUY", quantity=0.5, price=0.051, **LIMIT)
    assert (bought["status"], bought["fills"][0]["price"]) == ("FILLED", "0.05000000")
    taken = client.new_order(SYMBOL, "BUY", "MARKET", quoteOrderQty=0.015)
    assert (taken["status"], taken["executedQty"]) == ("FILLED", "0.30000000")
    resting = client.new_order(SYMBOL, "BUY", quantity=1, price=0.045, **LIMIT)
    assert client.get_order(SYMBOL, orderId=resting["orderId"])["status"] == "NEW"
    assert [o["orderId"] for o in client.get_open_orders(SYMBOL)] == [resting["orderId"]]
    assert client.cancel_order(SYMBOL, orderId=resting["orderId"])["status"] == "CANCELED"
    client.new_order_test(SYMBOL, "BUY", quantity=1, price=0.045, **LIMIT)
    too_much = {"quantity": 3_000, "price": 0.049}
    error = refusal(lambda: client.new_order(SYMBOL, "BUY", **too_much, **LIMIT), ClientError)
    assert error.error_code == -2010, error


def market_data(client: Spot) -> None:
    until(
        lambda: client.depth(SYMBOL, limit=5)["asks"] == [["0.05000000", "1.20000000"]],
        "what is left of the ask",
    )
    trades = client.trades(SYMBOL, limit=2)
    assert [t["qty"] for t in trades] == ["0.50000000", "0.30000000"]
    assert client.historical_trades(SYMBOL, limit=2) == trades
    assert client.agg_trades(SYMBOL, limit=1)[0]["q"] == "0.30000000"
    assert client.klines(SYMBOL, "1m", limit=1)[0][4] == "0.05000000"
    assert client.ui_klines(SYMBOL, "1h", limit=1)[0][4] == "0.05000000"
    assert client.avg_price(SYMBOL)["mins"] > 0
    assert client.ticker_24hr(SYMBOL)["lastId"] == trades[1]["id"]
    assert client.ticker_price(SYMBOL)["price"] == "0.05000000"
    assert client.book_ticker(SYMBOL)["askQty"] == "1.20000000"
    assert client.rolling_window_ticker(SYMBOL, windowSize="1h")["lastPrice"] == "0.05000000"
    assert client.trading_day_ticker(SYMBOL)["lastPrice"] == "0.05000000"
    assert client.get_order_rate_limit()


def streams(maker: Spot) -> None:
    """Combined streams, subscribed one by one as the client does it."""
    inbox = Inbox()
    socket = SpotWebsocketStreamClient(
        stream_url=WS, on_message=inbox.on_message, on_error=inbox.on_error, is_combined=True
    )
    low = SYMBOL.lower()
    wanted = [
        f"{low}@depth@100ms",
        f"{low}@bookTicker",
        f"{low}@depth5@100ms",
        f"{low}@kline_1m",
        f"{low}@miniTicker",
    ]
    socket.subscribe(wanted, id=1)
    until(lambda: {"result": None, "id": 1} in inbox.messages, "the subscription")

    def moved() -> bool:
        order = maker.new_order(SYMBOL, "SELL", quantity=0.1, price=0.0499, **LIMIT)
        maker.cancel_order(SYMBOL, orderId=order["orderId"])
        return inbox.streams() >= set(wanted[:3])

    until(moved, "changes of the book on every stream")
    until(lambda: inbox.newest(wanted[1])["a"] == "0.05000000", "the old best ask")
    assert set(inbox.newest(wanted[0])) == {"e", "E", "s", "U", "u", "b", "a"}
    socket.unsubscribe(wanted, id=2)
    until(lambda: {"result": None, "id": 2} in inbox.messages, "the end of it")
    socket.stop()
    assert not inbox.errors, inbox.errors


def websocket_api() -> Inbox:
    """Orders and the user's events over one connection; returns what came."""
    inbox = Inbox()
    socket = SpotWebsocketAPIClient(
        stream_url=f"{WS}/ws-api/v3",
        api_key=CLIENT.key,
        api_secret=CLIENT.secret,
        on_message=inbox.on_message,
        on_error=inbox.on_error,
    )
    socket.ping_connectivity(id="ping")
    assert inbox.answer("ping") == {}
    signed = websocket_api_signature(CLIENT.key, CLIENT.secret, {})
    method = "userDataStream.subscribe.signature"
    socket.send({"id": "user", "method": method, "params": signed})
    assert inbox.answer("user") == {"subscriptionId": 0}
    socket.new_order(SYMBOL, "BUY", quantity=0.2, price=0.05, id="buy", **LIMIT)
    bought = inbox.answer("buy")
    assert bought["status"] == "FILLED", bought
    socket.new_order(SYMBOL, "BUY", quantity=1, price=0.045, id="rest", **LIMIT)
    resting = inbox.answer("rest")
    socket.get_order(SYMBOL, orderId=resting["orderId"], id="ask")
    assert inbox.answer("ask")["status"] == "NEW"
    socket.cancel_order(SYMBOL, orderId=resting["orderId"], id="cancel")
    assert inbox.answer("cancel")["status"] == "CANCELED"

    def statuses(order: Any) -> list[str]:
        reports = inbox.events("executionReport")
        return [event["X"] for event in reports if event["i"] == order["orderId"]]

    until(lambda: statuses(bought) == ["NEW", "FILLED"], "both reports of the fill")
    until(lambda: statuses(resting) == ["NEW", "CANCELED"], "both reports of the cancelled")
    socket.account(id="account")
    account = {b["asset"]: b for b in inbox.answer("account")["balances"]}

    def told() -> bool:
        known = {
            b["a"]: (b["f"], b["l"])
            for event in inbox.events("outboundAccountPosition")
            for b in event["B"]
        }
        return all(known.get(c) == (account[c]["free"], account[c]["locked"]) for c in account)

    until(lambda: told() or not socket.account(id="again"), "the balances of the account")
    socket.stop()
    assert not inbox.errors, inbox.errors
    return inbox


def main() -> None:
    client = Spot(CLIENT.key, CLIENT.secret, base_url=API)
    maker = Spot(MAKER.key, MAKER.secret, base_url=API)
    rest(client, maker)
    market_data(client)
    streams(maker)
    websocket_api()

    def settled() -> bool:
        free = {b["asset"]: b["free"] for b in client.account()["balances"]}
        return free["ETH"] == "1000.99900000"

    until(settled, "the bought ETH, less its fee")
    report(
        balances={
            b["asset"]: {"free": b["free"], "used": b["locked"]}
            for b in client.account()["balances"]
            if b["asset"] in {"ETH", "BTC"}
        },
        trades=[[t["id"], t["price"], t["qty"], t["commission"]] for t in client.my_trades(SYMBOL)],
        orders={o["orderId"]: o["status"] for o in client.get_orders(SYMBOL)},
        book=client.depth(SYMBOL)["asks"],
    )


main()
