"""A trader's client in a few lines: signed requests as any bot sends them, and the login's own."""

import hashlib
import hmac
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from stack.seed import DemoUser

TIMEOUT_S = 30.0


class Refused(RuntimeError):
    """The exchange answered with an error."""


class Trader:
    """One demo user's connection to the public API."""

    def __init__(self, api_url: str, user: DemoUser) -> None:
        self.name = user.name
        self._user = user
        self._http = httpx.AsyncClient(base_url=api_url, timeout=TIMEOUT_S)
        self._token = ""

    async def __aenter__(self) -> Self:
        answer = await self._http.post(
            "/v1/oauth/token",
            data={
                "grant_type": "password",
                "username": self._user.name,
                "password": self._user.password,
            },
        )
        self._token = _checked(answer)["access_token"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def signed(self, method: str, path: str, **parameters: str | int) -> Any:
        """A signed request to `/api/v3`, parameters in the query."""
        query = urlencode(parameters | {"timestamp": int(time.time() * 1000)})
        signature = hmac.new(
            self._user.api_secret.encode(), query.encode(), hashlib.sha256
        ).hexdigest()
        answer = await self._http.request(
            method,
            f"/api/v3/{path}?{query}&signature={signature}",
            headers={"X-MBX-APIKEY": self._user.api_key},
        )
        return _checked(answer)

    async def own(self, path: str) -> Any:
        """A read of TradeFlow's own API under the login's token."""
        answer = await self._http.get(
            f"/v1/{path}", headers={"Authorization": f"Bearer {self._token}"}
        )
        return _checked(answer)

    async def public(self, path: str, **parameters: str | int) -> Any:
        """A public read of `/api/v3`."""
        return _checked(await self._http.get(f"/api/v3/{path}", params=parameters))


def _checked(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise Refused(f"{answer.status_code} {answer.text}")
    return answer.json()
