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

    @classmethod
    def read(cls, text: str) -> "CompletedOrder":
        """What `CompletedOrders.remember` has written under `key_of`."""
        order_id, _, body_hash = text.partition(":")
        return cls(int(order_id), body_hash)


class CompletedOrders:
    """Client order ids with a definite answer. They are read where requests are counted."""

    def __init__(self, redis: OptionalRedis) -> None:
        self._redis = redis

    async def remember(self, user_id: int, client_order_id: str, completed: CompletedOrder) -> None:
        """Keep it for as long as the client id may not be used for another order."""
        client = self._redis.client
        if client is None:
            return
        value = f"{completed.order_id}:{completed.body_hash}"
        await self._redis.ask(client.set, key_of(user_id, client_order_id), value, ex=REMEMBERED_S)


def key_of(user_id: int, client_order_id: str) -> str:
    """Where an answered order is remembered."""
    return f"done:order:{user_id}:{client_order_id}"
