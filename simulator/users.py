"""The agents' users: made through the public API, their keys kept in a file of the owner's."""

import os
import secrets
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import structlog

from simulator.account import Credentials
from simulator.api import ApiRefused, Unanswered, checked

NAME_TAKEN: Final = -9001
FAUCET_LIMIT: Final = -9010  # it is off, gives less a request, or has given all of the day
HOUR_S: Final = 3_600

log = structlog.get_logger()


class SimulatedUser(msgspec.Struct, frozen=True):
    """A login and its API key."""

    agent: str
    name: str
    password: str
    api_key: str = ""
    api_secret: str = ""

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.api_key, self.api_secret)


class Users:
    """Finds or makes one user for each agent, and fills its purse from the faucet."""

    def __init__(self, http: httpx.AsyncClient, path: Path) -> None:
        self._http = http
        self._path = path
        self.known = _read(path)

    async def open(self, agent: str) -> SimulatedUser:
        """The agent's user: that of an earlier run, or a new one. Raises ApiRefused."""
        user = self.known.get(agent)
        if user is None:
            user = await self._register(agent)
            self._keep(user)
        if not user.api_key:
            token = await self._token(user)
            key = await self._post("/v1/api-keys", token, {"label": "simulator"})
            user = msgspec.structs.replace(user, api_key=key["api_key"], api_secret=key["secret"])
            self._keep(user)
        return user

    async def renew(self, agent: str) -> SimulatedUser:
        """The agent's user with a new key: the old one does not hold. Raises ApiRefused."""
        self._keep(msgspec.structs.replace(self.known[agent], api_key="", api_secret=""))
        return await self.open(agent)

    async def fill(self, user: SimulatedUser, funds: Mapping[str, Decimal]) -> None:
        """One deposit of each asset of which less than half is left. Raises ApiRefused.

        The deposit's key changes once an hour: sent again, it is the same deposit. What the
        faucet does not give is done without.
        """
        token = await self._token(user)
        answer = await self._send("GET", "/v1/balances", token, None)
        left = {row["currency"]: Decimal(row["available"]) + Decimal(row["reserved"])
                for row in answer}  # fmt: skip
        for asset, amount in funds.items():
            if left.get(asset, Decimal(0)) < amount / 2:
                once = {"Idempotency-Key": f"{asset}-{int(time.time() / HOUR_S)}"}
                deposit = {"currency": asset, "amount": f"{amount:f}"}
                try:
                    await self._post("/v1/deposits", token | once, deposit)
                except ApiRefused as refused:
                    if refused.code != FAUCET_LIMIT:
                        raise
                    log.warning("simulator.not_funded", agent=user.agent, error=str(refused))
                else:
                    log.info("simulator.funded", agent=user.agent, asset=asset)

    async def _register(self, agent: str) -> SimulatedUser:
        """A name that is taken (by a run whose file is gone) gets a few letters more."""
        password = secrets.token_urlsafe(16)
        for name in (f"sim-{agent}", f"sim-{agent}-{secrets.token_hex(3)}"):
            try:
                await self._post("/v1/users", {}, {"username": name, "password": password})
            except ApiRefused as refused:
                if refused.code != NAME_TAKEN:
                    raise
            else:
                return SimulatedUser(agent, name, password)
        raise Unanswered(f"no name is free for {agent}")

    async def _token(self, user: SimulatedUser) -> dict[str, str]:
        form = {"grant_type": "password", "username": user.name, "password": user.password}
        try:
            answer = checked(await self._http.post("/v1/oauth/token", data=form))
        except httpx.HTTPError as error:
            raise Unanswered(repr(error)) from error
        return {"Authorization": f"Bearer {answer['access_token']}"}

    async def _post(
        self, path: str, headers: Mapping[str, str], body: Mapping[str, str]
    ) -> dict[str, str]:
        answer: dict[str, str] = await self._send("POST", path, headers, body)
        return answer

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, str] | None
    ) -> Any:
        try:
            answer = await self._http.request(method, path, headers=dict(headers), json=body)
        except httpx.HTTPError as error:
            raise Unanswered(repr(error)) from error
        return checked(answer)

    def _keep(self, user: SimulatedUser) -> None:
        self.known[user.agent] = user
        _write(self._path, list(self.known.values()))


def _read(path: Path) -> dict[str, SimulatedUser]:
    if not path.exists():
        return {}
    found = msgspec.json.decode(path.read_bytes(), type=list[SimulatedUser])
    return {user.agent: user for user in found}


def _write(path: Path, users: list[SimulatedUser]) -> None:
    """Replace the file at once, mode 0600 from the beginning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(users))
    draft.replace(path)
