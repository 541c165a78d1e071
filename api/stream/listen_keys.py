"""listenKeys: who holds one is sent its user's events, without a signature, for 60 minutes.

Binance has removed them; they are kept, where the operator wants it, for clients that know
nothing else. A key lives in Redis alone: what Redis forgets is asked for again.
"""

import secrets
import string
from typing import Final

from redis.asyncio import Redis

from api.breaker import CircuitBreaker
from api.errors import Overloaded
from api.guarded import guarded
from api.stream.hub import user_channel
from contracts.topology import listen_key_key, listen_key_of_user_key

VALID_S: Final = 3_600
LENGTH: Final = 64
_ALPHABET: Final = string.ascii_letters + string.digits


class ListenKeys:
    """The keys of all users, at most one each.

    `create`, `extend` and `end` raise `Overloaded` while Redis is away.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._breaker = CircuitBreaker("listen-keys")

    async def create(self, user_id: int) -> str:
        """The user's key, valid from now on; the same one while it is."""
        return await guarded(self._breaker, self._create, user_id)

    async def extend(self, user_id: int, key: str) -> bool:
        """Make the key valid from now on; False where it is not this user's key."""
        return await guarded(self._breaker, self._extend, user_id, key)

    async def end(self, user_id: int, key: str) -> bool:
        """End the key; False where it is not this user's key."""
        return await guarded(self._breaker, self._end, user_id, key)

    async def channel_of(self, key: str) -> str | None:
        """The hub's name of what the key opens; None where it is no key, or not any more, or
        where nobody can tell now."""
        if len(key) != LENGTH or not key.isalnum():
            return None
        try:
            owner = await guarded(self._breaker, self._owner, key)
        except Overloaded:
            return None
        return None if owner is None else user_channel(owner)

    async def _create(self, user_id: int) -> str:
        place = listen_key_of_user_key(user_id)
        new = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
        known = await self._redis.set(place, new, nx=True, get=True, ex=VALID_S)
        key = new if known is None else _text(known)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(place, key, ex=VALID_S)
            pipeline.set(listen_key_key(key), user_id, ex=VALID_S)
            await pipeline.execute()
        return key

    async def _extend(self, user_id: int, key: str) -> bool:
        if await self._owner(key) != user_id:
            return False
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.expire(listen_key_of_user_key(user_id), VALID_S)
            pipeline.expire(listen_key_key(key), VALID_S)
            await pipeline.execute()
        return True

    async def _end(self, user_id: int, key: str) -> bool:
        if await self._owner(key) != user_id:
            return False
        await self._redis.delete(listen_key_of_user_key(user_id), listen_key_key(key))
        return True

    async def _owner(self, key: str) -> int | None:
        found = await self._redis.get(listen_key_key(key))
        return None if found is None else int(found)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
