"""A client of the WebSocket API that signs as real clients do."""

import hmac
import itertools
import json
from hashlib import sha256
from typing import Any

from tests.unit.api.stream.conftest import Client, Exchange

PATH = "/ws-api/v3"
Parameters = dict[str, Any]
_numbers = itertools.count(1)


class Raw(str):
    """A JSON token that is written as it is: a number with its zeros, `true`."""

    __slots__ = ()


class Bot:
    """One user's key and one connection."""

    def __init__(self, client: Client, exchange: Exchange, user_id: int, key: str, secret: str):
        self.client = client
        self.exchange = exchange
        self.user_id = user_id
        self.key = key
        self.secret = secret

    def signed(self, **parameters: Any) -> Parameters:
        """With key, time and signature: over the names in order, values as they are written."""
        stamp = {"apiKey": self.key, "timestamp": self.exchange.dependencies.clock_ms()}
        stamped = stamp | parameters
        payload = "&".join(f"{name}={_text(value)}" for name, value in sorted(stamped.items()))
        return {**stamped, "signature": self.sign(payload)}

    def sign(self, payload: str) -> str:
        return hmac.new(self.secret.encode(), payload.encode(), sha256).hexdigest()

    async def asks(self, method: str, parameters: Parameters | None = None) -> Any:
        await self.says(method, parameters)
        return await self.client.hears()

    async def says(
        self, method: str, parameters: Parameters | None = None, *, id_json: str = '"1"'
    ) -> None:
        fields = ",".join(
            f"{json.dumps(name)}:{value if isinstance(value, Raw) else json.dumps(value)}"
            for name, value in (parameters or {}).items()
        )
        await self.client.says(f'{{"id":{id_json},"method":"{method}","params":{{{fields}}}}}')

    async def follows_itself(self) -> Any:
        return await self.asks("userDataStream.subscribe.signature", self.signed())


async def new_bot(exchange: Exchange, *, query: str = "") -> Bot:
    """A new user with a key, connected."""
    user_id, key = await exchange.house.key_of(f"bot-{next(_numbers)}")
    client = await exchange.connect(PATH + query)
    return Bot(client, exchange, user_id, key.api_key, key.secret)


async def again(bot: Bot) -> Bot:
    """Another connection of the same user, by the same key."""
    client = await bot.exchange.connect(PATH)
    return Bot(client, bot.exchange, bot.user_id, bot.key, bot.secret)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
