"""The demo users, made through the public API once the exchange answers.

Their secrets are generated, kept beside the platform's own, and made anew only where they are
not known: a second start finds the same users with the same balances and keys.
"""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import msgspec

from stack.credentials import load_credentials, write_private

if TYPE_CHECKING:
    from stack.platform import Platform

TRADERS: Final = {
    "alice": {"USDT": "1000000", "BTC": "10", "ETH": "100"},
    "bob": {"USDT": "1000000", "BTC": "10", "ETH": "100"},
}
"""Trader → what the faucet gives them, once."""
STAFF: Final = ("ops", "compliance")
"""Users that the gateway makes at its start, each of the role that it is named after."""
TIMEOUT_S: Final = 30.0


class DemoUser(msgspec.Struct, frozen=True):
    """A login that `make up` prints and status.json lists."""

    name: str
    password: str
    role: str
    api_key: str
    api_secret: str


async def seed(platform: "Platform") -> list[DemoUser]:
    """Make the demo users, or find those of an earlier start."""
    path = platform.data_dir / "demo_users.json"
    known = _read(path)
    async with httpx.AsyncClient(base_url=platform.api_url, timeout=TIMEOUT_S) as api:
        for name in TRADERS:
            if name not in known:
                known[name] = await _make_trader(api, name)
                _write(path, known)
        for name in STAFF:
            if name not in known:
                password = load_credentials(platform.data_dir)[f"{name}_password"]
                known[name] = await _with_key(api, name, password, name)
                _write(path, known)
        for name, funds in TRADERS.items():
            await _fund(api, known[name], funds)
    return list(known.values())


async def _make_trader(api: httpx.AsyncClient, name: str) -> DemoUser:
    password = secrets.token_urlsafe(16)
    answer = await api.post("/v1/users", json={"username": name, "password": password})
    answer.raise_for_status()
    return await _with_key(api, name, password, "trader")


async def _with_key(api: httpx.AsyncClient, name: str, password: str, role: str) -> DemoUser:
    token = await _token(api, name, password)
    answer = await api.post("/v1/api-keys", json={"label": "demo"}, headers=token)
    answer.raise_for_status()
    key = answer.json()
    return DemoUser(name, password, role, key["api_key"], key["secret"])


async def _fund(api: httpx.AsyncClient, user: DemoUser, funds: dict[str, str]) -> None:
    """The same idempotency keys at each start: the money comes once."""
    token = await _token(api, user.name, user.password)
    for currency, amount in funds.items():
        answer = await api.post(
            "/v1/deposits",
            json={"currency": currency, "amount": amount},
            headers=token | {"Idempotency-Key": f"demo-{currency}"},
        )
        answer.raise_for_status()


async def _token(api: httpx.AsyncClient, name: str, password: str) -> dict[str, str]:
    answer = await api.post(
        "/v1/oauth/token",
        data={"grant_type": "password", "username": name, "password": password},
    )
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _read(path: Path) -> dict[str, DemoUser]:
    if not path.exists():
        return {}
    return {u.name: u for u in msgspec.json.decode(path.read_bytes(), type=list[DemoUser])}


def _write(path: Path, users: dict[str, DemoUser]) -> None:
    write_private(path, msgspec.json.encode(list(users.values())).decode())
