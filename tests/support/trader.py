"""Traders as any bot sees the exchange: HTTP and an API key, requests signed with HMAC."""

import asyncio
import hmac
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from urllib.parse import urlencode

import httpx

PASSWORD = "correct horse battery"
REQUEST_TIMEOUT_S = 15.0
OVERLOADED_LIMIT_S = 20.0
OVERLOADED_PAUSE_S = 0.2
_names = itertools.count(1)


@dataclass
class Trader:
    """One user with a key that may trade."""

    name: str
    user_id: int
    token: str
    api_key: str
    api_secret: str
    http: httpx.AsyncClient
    deposits: dict[str, Decimal]

    def sign(self, parameters: Mapping[str, object]) -> str:
        """The query with timestamp and signature."""
        stamped = {**parameters, "recvWindow": 60_000, "timestamp": int(time.time() * 1000)}
        query = urlencode(stamped)
        signature = hmac.new(self.api_secret.encode(), query.encode(), sha256).hexdigest()
        return f"{query}&signature={signature}"

    async def send(
        self, method: str, path: str, *, insist: bool = True, **parameters: object
    ) -> httpx.Response:
        """A signed request below /api/v3; one that meets an overloaded exchange is sent again,
        where the trader insists.

        Sending an order again is safe: its client id is the same.
        """
        deadline = time.monotonic() + OVERLOADED_LIMIT_S
        while True:
            answer = await self.http.request(
                method,
                f"/api/v3/{path}?{self.sign(parameters)}",
                headers={"X-MBX-APIKEY": self.api_key},
            )
            overloaded = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
            if not overloaded or not insist or time.monotonic() > deadline:
                return answer
            await asyncio.sleep(OVERLOADED_PAUSE_S)

    async def ask(self, path: str, **parameters: object) -> object:
        """A signed GET that must succeed."""
        answer = await self.send("GET", path, **parameters)
        assert answer.status_code == httpx.codes.OK, f"{path}: {answer.text}"
        return answer.json()

    async def place(
        self,
        symbol: str,
        side: str,
        quantity: str,
        price: str,
        client_order_id: str | None = None,
        *,
        insist: bool = True,
    ) -> httpx.Response:
        """POST a limit order, good till cancelled."""
        named = {} if client_order_id is None else {"newClientOrderId": client_order_id}
        return await self.send(
            "POST",
            "order",
            insist=insist,
            symbol=symbol,
            side=side,
            type="LIMIT",
            timeInForce="GTC",
            quantity=quantity,
            price=price,
            **named,
        )

    async def cancel(self, symbol: str, client_order_id: str) -> httpx.Response:
        """DELETE an order by its client id."""
        return await self.send("DELETE", "order", symbol=symbol, origClientOrderId=client_order_id)

    async def cancel_all(self, symbol: str) -> None:
        """DELETE every open order of a market; none is fine too."""
        answer = await self.send("DELETE", "openOrders", symbol=symbol)
        assert answer.status_code == httpx.codes.OK or answer.json()["code"] == -2011, answer.text

    async def balances(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Currency → (free, locked), those that are not zero."""
        account = await self.ask("account", omitZeroBalances="true")
        assert isinstance(account, dict)
        return {b["asset"]: (Decimal(b["free"]), Decimal(b["locked"])) for b in account["balances"]}

    async def deposit(self, currency: str, amount: str, key: str) -> None:
        """Take play money from the faucet."""
        answer = await self.http.post(
            "/v1/deposits",
            json={"currency": currency, "amount": amount},
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key},
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.deposits[currency] = self.deposits.get(currency, Decimal(0)) + Decimal(amount)


async def log_in(http: httpx.AsyncClient, name: str, password: str) -> str:
    """An access token."""
    answer = await http.post(
        "/v1/oauth/token",
        data={"grant_type": "password", "username": name, "password": password},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    return str(answer.json()["access_token"])


async def register(http: httpx.AsyncClient, **deposits: str) -> Trader:
    """A new user with a key and this money."""
    name = f"trader{next(_names)}x{time.time_ns() % 10**9}"
    made = await http.post("/v1/users", json={"username": name, "password": PASSWORD})
    assert made.status_code == httpx.codes.CREATED, made.text
    token = await log_in(http, name, PASSWORD)
    key = await http.post(
        "/v1/api-keys", json={"label": "test"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert key.status_code in {httpx.codes.OK, httpx.codes.CREATED}, key.text
    trader = Trader(
        name=name,
        user_id=made.json()["user_id"],
        token=token,
        api_key=key.json()["api_key"],
        api_secret=key.json()["secret"],
        http=http,
        deposits={},
    )
    for currency, amount in deposits.items():
        await trader.deposit(currency, amount, f"first-{currency}")
    return trader
