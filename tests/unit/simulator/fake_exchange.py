"""An exchange in memory, behind HTTP: orders rest or are filled, users and money are made up."""

import json
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import httpx

from api.exchange_info import symbol_info
from config.markets import load_markets

Answer = tuple[int, Any]
INFOS = [
    {
        **symbol_info(market, "TRADING"),
        "filters": [
            {k: str(v) for k, v in row.items()}
            for row in symbol_info(market, "TRADING")["filters"]  # type: ignore[attr-defined]
        ],
    }
    for market in load_markets().values()
]


class FakeExchange:
    """Limit orders rest, market orders trade at `price`. `failures` is asked before each
    request, and what it answers is answered, before or (`late`) after the work is done."""

    def __init__(self) -> None:
        self.price = Decimal(60_000)
        self.infos: list[dict[str, Any]] = INFOS
        self.orders: dict[str, dict[str, Any]] = {}  # by client order id
        self.users: dict[str, str] = {}  # name → password
        self.keys: dict[str, str] = {}  # API key → name
        self.revoked: set[str] = set()  # API keys
        self.deposits: list[tuple[str, str, str, str]] = []  # name, asset, amount, key
        self.trades: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.failures: Callable[[str], Answer | None] = lambda _: None
        self.late = False
        self._ids = count(1)

    def client(self) -> httpx.AsyncClient:
        """A way in."""
        transport = httpx.MockTransport(self._handle)
        return httpx.AsyncClient(transport=transport, base_url="http://exchange")

    def open_orders(self, side: str = "") -> list[dict[str, Any]]:
        """What rests, of one side or of both."""
        resting = [o for o in self.orders.values() if o["status"] == "NEW"]
        return [order for order in resting if side in {"", order["side"]}]

    def trade(self, price: str) -> None:
        """Somebody else traded."""
        self.trades.append({"a": len(self.trades), "p": price, "q": "0.01", "m": False})

    def _handle(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path.removeprefix('/api/v3/')}"
        self.requests.append(name)
        failure = self.failures(name)
        if request.headers.get("X-MBX-APIKEY") in self.revoked:
            failure = 401, {"code": -2015, "msg": "Invalid API-key, IP, or permissions."}
        if failure is not None and not self.late:
            return _response(failure)
        done = self._answer(name, request)
        return _response(done if failure is None else failure)

    def _answer(self, name: str, request: httpx.Request) -> Answer:
        asked = dict(parse_qsl(request.url.query.decode()))
        owner = self.keys.get(request.headers.get("X-MBX-APIKEY", ""), "")
        match name:
            case "GET exchangeInfo":
                return 200, {"symbols": self.infos}
            case "GET time":
                return 200, {"serverTime": 1_767_225_600_000}
            case "GET depth":
                return 200, {side: self._level(side) for side in ("bids", "asks")}
            case "GET aggTrades":
                first = int(asked.get("fromId", max(len(self.trades) - 1, 0)))
                return 200, [trade for trade in self.trades if trade["a"] >= first]
            case "GET openOrders":
                return 200, [o for o in self.open_orders() if _matches(o, owner, asked)]
            case "GET account":
                return 200, {"balances": [{"asset": a, "free": "1000", "locked": "0"}
                                          for a in ("BTC", "ETH", "USDT")]}  # fmt: skip
            case "POST order":
                return self._place(owner, asked)
            case "GET order":
                found = self.orders.get(asked["origClientOrderId"])
                return (200, found) if found else (400, {"code": -2013, "msg": "no such order"})
            case "DELETE order":
                return self._cancel(asked["origClientOrderId"])
            case "DELETE openOrders":
                gone = [o for o in self.open_orders() if _matches(o, owner, asked)]
                return 200, [self._cancel(order["clientOrderId"])[1] for order in gone]
            case _:
                return self._identity(name, request)

    def _identity(self, name: str, request: httpx.Request) -> Answer:
        user = request.headers.get("Authorization", "").removeprefix("Bearer ")
        match name:
            case "POST /v1/users":
                body = json.loads(request.content)
                if body["username"] in self.users:
                    return 409, {"code": -9001, "msg": "taken"}
                self.users[body["username"]] = body["password"]
                return 201, {"user_id": 1, "username": body["username"]}
            case "POST /v1/oauth/token":
                form = dict(parse_qsl(request.content.decode()))
                assert self.users[form["username"]] == form["password"]
                return 200, {"access_token": form["username"]}
            case "POST /v1/api-keys":
                key = f"key-{user}-{len(self.keys)}"
                self.keys[key] = user
                return 201, {"api_key": key, "secret": "secret"}
            case "GET /v1/balances":
                return 200, [
                    {"currency": asset, "available": amount, "reserved": "0"}
                    for name, asset, amount, _ in self.deposits
                    if name == user
                ]
            case "POST /v1/deposits":
                body, key = json.loads(request.content), request.headers["Idempotency-Key"]
                self.deposits.append((user, body["currency"], body["amount"], key))
                return 201, {}
        return 404, {"code": -1000, "msg": "Not Found."}

    def _level(self, side: str) -> list[list[str]]:
        prices = [
            Decimal(o["price"]) for o in self.open_orders("BUY" if side == "bids" else "SELL")
        ]
        best = sorted(prices, reverse=side == "bids")[:20]
        return [[str(price), "1"] for price in best]

    def _place(self, owner: str, asked: dict[str, str]) -> Answer:
        taken = asked["type"] == "MARKET"
        price = self.price if taken else Decimal(asked["price"])
        filled = Decimal(asked["quantity"]) if taken else Decimal(0)
        self.orders[asked["newClientOrderId"]] = order = {
            "owner": owner,
            "symbol": asked["symbol"],
            "orderId": next(self._ids),
            "clientOrderId": asked["newClientOrderId"],
            "side": asked["side"],
            "price": str(price),
            "origQty": asked["quantity"],
            "executedQty": str(filled),
            "cummulativeQuoteQty": str(filled * price),
            "status": "FILLED" if taken else "NEW",
        }
        return 200, order

    def _cancel(self, client_order_id: str) -> Answer:
        order = self.orders.get(client_order_id)
        if order is None or order["status"] != "NEW":
            return 400, {"code": -2011, "msg": "Unknown order sent."}
        order["status"] = "CANCELED"
        return 200, order


def _matches(order: dict[str, Any], owner: str, asked: dict[str, str]) -> bool:
    return order["owner"] == owner and order["symbol"] == asked.get("symbol", order["symbol"])


def _response(answer: Answer) -> httpx.Response:
    status, body = answer
    return httpx.Response(status, json=body)
