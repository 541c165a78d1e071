"""A fast memory of orders that were answered: lets an exact repeat skip the saga.

It is a copy. When Redis is gone or has forgotten, the repeat goes to the workflow, which
decides by the order row.
"""

from typing import Final

import msgspec

from api.optional_redis import OptionalRedis

REMEMBERED_S: Final = 600


class CompletedOrder(msgspec.Struct, frozen=True):
    """Which order a client id stands for, and the body that made it."""

    order_id: int
    body_hash: str


class CompletedOrders:
    """Client order ids with a definite answer."""

    def __init__(self, redis: OptionalRedis) -> None:
        self._redis = redis

    async def find(self, user_id: int, client_order_id: str) -> CompletedOrder | None:
        """What is remembered of a client id; None also where nothing can be known."""
        client = self._redis.client
        if client is None:
            return None
        value = await self._redis.ask(client.get, _key(user_id, client_order_id))
        if value is None:
            return None
        order_id, _, body_hash = str(value).partition(":")
        return CompletedOrder(int(order_id), body_hash)

    async def remember(self, user_id: int, client_order_id: str, completed: CompletedOrder) -> None:
        """Keep it for as long as the client id may not be used for another order."""
        client = self._redis.client
        if client is None:
            return
        value = f"{completed.order_id}:{completed.body_hash}"
        await self._redis.ask(client.set, _key(user_id, client_order_id), value, ex=REMEMBERED_S)


def _key(user_id: int, client_order_id: str) -> str:
    return f"done:order:{user_id}:{client_order_id}"
