"""A trader who signs requests in each of the ways that real clients do."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode

import httpx

FORM = "application/x-www-form-urlencoded"
LIMIT_BUY = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.5",
    "price": "60000",
}
LIMIT_SELL = {**LIMIT_BUY, "side": "SELL"}
MARKET_BUY = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.5"}
MAKER_BUY = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT_MAKER",
    "quantity": "0.5",
    "price": "60000",
}
STOP_BUY = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "STOP_LOSS",
    "quantity": "0.5",
    "stopPrice": "61000",
}
STOP_LIMIT_BUY = {**LIMIT_BUY, "type": "STOP_LOSS_LIMIT", "stopPrice": "61000"}
OCO_SELL = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "0.5",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "66000",
    "belowType": "STOP_LOSS_LIMIT",
    "belowPrice": "55000",
    "belowStopPrice": "56000",
    "belowTimeInForce": "GTC",
}
OCO_BUY = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "quantity": "0.5",
    "aboveType": "STOP_LOSS",
    "aboveStopPrice": "66000",
    "belowType": "LIMIT_MAKER",
    "belowPrice": "55000",
}


class Trader:
    def __init__(
        self,
        client: httpx.AsyncClient,
        user_id: int,
        api_key: str,
        secret: str,
        clock_ms: Callable[[], int],
    ) -> None:
        self.client = client
        self.user_id = user_id
        self.api_key = api_key
        self.secret = secret
        self.clock_ms = clock_ms

    def sign(self, payload: str) -> str:
        return hmac.new(self.secret.encode(), payload.encode(), sha256).hexdigest()

    async def call(
        self, method: str, path: str, parameters: dict[str, str] | None = None, **stamp: str
    ) -> httpx.Response:
        """Everything in the query, as the official connectors do."""
        query = urlencode({**(parameters or {}), "timestamp": str(self.clock_ms()), **stamp})
        return await self.raw(method, path, f"{query}&signature={self.sign(query)}")

    async def raw(
        self, method: str, path: str, query: str = "", body: str = "", content_type: str = FORM
    ) -> httpx.Response:
        return await self.client.request(
            method,
            f"/api/v3/{path}" + (f"?{query}" if query else ""),
            content=body.encode(),
            headers={"X-MBX-APIKEY": self.api_key, "Content-Type": content_type},
        )
