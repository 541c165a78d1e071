"""Bad input against the whole running platform: refused in the right words, and nothing moves."""

import hmac
import time
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from hashlib import sha256
from urllib.parse import urlencode

import httpx
import pytest

from stack.platform import Platform

MARKET = {"symbol": "BTCUSDT"}
ORDER = {
    **MARKET,
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.1",
    "price": "100",
}
BAD_ORDERS: list[tuple[Mapping[str, str], int]] = [
    ({"symbol": "NOPE"}, -1121),
    ({"symbol": ""}, -1105),
    ({"side": "HOLD"}, -1117),
    ({"type": "SWAP"}, -1116),
    ({"timeInForce": "GTX"}, -1115),
    ({"quantity": "-0.01"}, -1100),
    ({"quantity": "1e-2"}, -1100),
    ({"quantity": "NaN"}, -1100),
    ({"quantity": "\uff11"}, -1100),
    ({"quantity": "0"}, -1013),
    ({"quantity": "0.000001"}, -1013),
    ({"quantity": "0.0100000001"}, -1111),
    ({"quantity": "9" * 20}, -1013),
    ({"price": "100.001"}, -1013),
    ({"price": "0.01"}, -1013),
    ({"newClientOrderId": "x" * 37}, -1100),
    ({"newClientOrderId": "'; DROP TABLE orders; --"}, -1100),
    ({"user_id": "1"}, -1104),
    ({"status": "FILLED"}, -1104),
    ({"side": "SELL", "quantity": "9000"}, -2010),
]


class Account:
    """The first demo trader."""

    def __init__(self, platform: Platform, http: httpx.AsyncClient) -> None:
        user = next(user for user in platform.users if user.role == "trader")
        self._key, self._secret = user.api_key, user.api_secret
        self.name, self.password = user.name, user.password
        self.http = http

    def signed(self, parameters: Mapping[str, str], secret: str | None = None) -> str:
        query = urlencode({**parameters, "timestamp": str(int(time.time() * 1000))})
        key = (secret or self._secret).encode()
        return f"{query}&signature={hmac.new(key, query.encode(), sha256).hexdigest()}"

    async def send(self, method: str, path: str, query: str, body: bytes = b"") -> httpx.Response:
        return await self.http.request(
            method,
            f"/api/v3/{path}?{query}",
            content=body,
            headers={"X-MBX-APIKEY": self._key},
        )

    async def state(self) -> tuple[object, object]:
        """Balances and open orders: what bad input must not change."""
        account = await self.send("GET", "account", self.signed({}))
        orders = await self.send("GET", "openOrders", self.signed({}))
        return account.json()["balances"], orders.json()


@pytest.fixture
async def account(platform: Platform) -> AsyncIterator[Account]:
    http = httpx.AsyncClient(base_url=platform.api_url, timeout=20)
    try:
        yield Account(platform, http)
    finally:
        await http.aclose()


async def test_no_bad_order_moves_money(account: Account) -> None:
    before = await account.state()
    for changes, code in BAD_ORDERS:
        answer = await account.send("POST", "order", account.signed({**ORDER, **changes}))
        assert (answer.status_code, answer.json()["code"]) == (400, code), changes
    assert await account.state() == before


async def test_no_request_under_a_wrong_signature_moves_money(account: Account) -> None:
    before = await account.state()
    good = account.signed(ORDER)
    stale = urlencode({**ORDER, "timestamp": "1"})
    for query, code in (
        (account.signed(ORDER, secret="wrong"), -1022),
        (good.replace("quantity=0.1", "quantity=0.2"), -1022),
        (good + "&price=1", -1101),
        (good.partition("&signature=")[0], -1102),
        (f"{stale}&signature={'0' * 64}", -1021),
        ("%ff=1&" + good, -1100),
    ):
        answer = await account.send("POST", "order", query)
        assert (answer.status_code, answer.json()["code"]) == (400, code), query
    assert await account.state() == before


async def test_bodies_that_are_too_large_or_of_another_kind(account: Account) -> None:
    before = await account.state()
    large = await account.send("POST", "order", account.signed(ORDER), b"x" * 70_000)
    assert large.status_code == 413
    json_body = await account.send("POST", "order", account.signed({}), b'{"symbol":"BTCUSDT"}')
    assert (json_body.status_code, json_body.json()["code"]) == (400, -1022)
    assert await account.state() == before


async def test_nobody_reaches_what_is_not_theirs(account: Account, platform: Platform) -> None:
    last = Decimal((await account.http.get("/api/v3/ticker/price", params=MARKET)).json()["price"])
    price = f"{last * Decimal('0.9'):.2f}" if last else ORDER["price"]  # within the band
    placed = await account.send("POST", "order", account.signed({**ORDER, "price": price}))
    assert placed.status_code == 200, placed.text
    order = {**MARKET, "orderId": str(placed.json()["orderId"])}
    other = next(u for u in platform.users if u.role == "trader" and u.name != account.name)
    thief = Account(platform, account.http)
    thief._key, thief._secret = other.api_key, other.api_secret
    assert (await thief.send("GET", "order", thief.signed(order))).json()["code"] == -2013
    assert (await thief.send("DELETE", "order", thief.signed(order))).json()["code"] == -2011
    mine = await account.send("GET", "order", account.signed(order))
    assert mine.json()["status"] == "NEW"
    cancelled = await account.send("DELETE", "order", account.signed(order))
    assert cancelled.json()["status"] == "CANCELED"


async def test_bad_deposits_and_tokens(account: Account) -> None:
    form = {"grant_type": "password", "username": account.name, "password": account.password}
    token = (await account.http.post("/v1/oauth/token", data=form)).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}", "Idempotency-Key": "bad-input"}
    before = await account.state()
    for body, status in (
        ({"currency": "USDT", "amount": "-1"}, 400),
        ({"currency": "USDT", "amount": "0"}, 400),
        ({"currency": "USDT", "amount": 1}, 422),
        ({"currency": "USDT", "amount": "1e6"}, 422),
        ({"currency": "USDT", "amount": "1", "user_id": 2}, 422),
        ({"currency": "NOPE", "amount": "1"}, 400),
        ({"currency": "USDT", "amount": "999999999999"}, 400),
    ):
        answer = await account.http.post("/v1/deposits", json=body, headers=bearer)
        assert answer.status_code == status, body
    header, _, rest = token.partition(".")
    for forged in (rest, f"{header}.{rest[:-2]}xx", f"eyJhbGciOiJub25lIn0.{rest}", "x"):
        answer = await account.http.get(
            "/v1/balances", headers={"Authorization": f"Bearer {forged}"}
        )
        assert answer.status_code == 401
    assert await account.state() == before
