"""The exchange's REST API as a bot uses it: HMAC-signed requests, errors that say what to do."""

import hmac
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from simulator.refusals import Reaction, pause_s, reaction_to

RECV_WINDOW_MS: Final = 10_000
Parameters = Mapping[str, str | int]


class ApiRefused(Exception):
    """The exchange answered with an error. `reaction` says what that calls for."""

    def __init__(self, status: int, code: int | None, text: str, retry_after: str | None) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status = status
        self.code = code
        self.reaction = reaction_to(status, code, text)
        self.pause_s = pause_s(status, retry_after)


class Unanswered(ApiRefused):
    """No answer came: the request may have been carried out, or never have arrived."""

    def __init__(self, reason: str) -> None:
        super().__init__(504, -1007, reason, None)


class Api:
    """Requests of all agents: one pool of connections, so many at once, and no more."""

    def __init__(self, http: httpx.AsyncClient, at_once: AbstractAsyncContextManager[Any]) -> None:
        self._http = http
        self._at_once = at_once
        self._clock_offset_ms = 0

    async def public(self, path: str, **parameters: str | int) -> Any:
        """GET `/api/v3/<path>`. Raises ApiRefused."""
        return await self._send("GET", f"/api/v3/{path}?{urlencode(parameters)}", {})

    async def signed(
        self, method: str, path: str, key: str, secret: str, **parameters: str | int
    ) -> Any:
        """A signed request to `/api/v3/<path>`. Raises ApiRefused.

        Where the exchange's clock differs, takes its time and asks once more.
        """
        try:
            return await self._signed(method, path, key, secret, parameters)
        except ApiRefused as refused:
            if refused.reaction is not Reaction.SYNC:
                raise
        asked_ms = time.time_ns() // 1_000_000
        server_ms = int((await self.public("time"))["serverTime"])
        self._clock_offset_ms = server_ms - asked_ms
        return await self._signed(method, path, key, secret, parameters)

    async def _signed(
        self, method: str, path: str, key: str, secret: str, parameters: Parameters
    ) -> Any:
        now_ms = time.time_ns() // 1_000_000 + self._clock_offset_ms
        query = urlencode({**parameters, "recvWindow": RECV_WINDOW_MS, "timestamp": now_ms})
        signature = hmac.new(secret.encode(), query.encode(), sha256).hexdigest()
        url = f"/api/v3/{path}?{query}&signature={signature}"
        return await self._send(method, url, {"X-MBX-APIKEY": key})

    async def _send(self, method: str, url: str, headers: Mapping[str, str]) -> Any:
        async with self._at_once:
            try:
                answer = await self._http.request(method, url, headers=dict(headers))
            except httpx.HTTPError as error:
                raise Unanswered(repr(error)) from error
        return checked(answer)


def checked(answer: httpx.Response) -> Any:
    """The answer's JSON. Raises ApiRefused where it is an error, or no JSON."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.is_success and body is not None:
        return body
    code = body.get("code") if isinstance(body, dict) else None
    status = answer.status_code if not answer.is_success else 502
    raise ApiRefused(
        status,
        code if isinstance(code, int) else None,
        answer.text[:300],
        answer.headers.get("Retry-After"),
    )
