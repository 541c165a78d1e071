"""How much play money a user may bring in: so much a request, so much a day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from api.errors import ApiError
from api.optional_redis import OptionalRedis
from api.rate_limits import LimitReached, RateLimits, Window
from contracts.amounts import Amount, to_e8

DAY_S: Final = 86_400
FAUCET_LIMIT: Final = -9010


class Faucet:
    """Limits deposits. A repeat of a key is not counted again while Redis remembers it."""

    def __init__(
        self,
        limits: RateLimits,
        redis: OptionalRedis,
        *,
        per_request: Mapping[str, str],
        requests_per_day: int,
        enabled: bool,
    ) -> None:
        self._limits = limits
        self._redis = redis
        self._per_request = {currency: Decimal(text) for currency, text in per_request.items()}
        self._requests_per_day = requests_per_day
        self._enabled = enabled

    async def admit(
        self, user_id: int, currency: str, amount: Amount, idempotency_key: str
    ) -> None:
        """Raises ApiError where the faucet is off, or gives less than that."""
        if not self._enabled:
            raise ApiError(403, FAUCET_LIMIT, "The faucet is switched off.")
        largest = self._per_request.get(currency)
        if largest is None:
            raise ApiError(400, FAUCET_LIMIT, "The faucet does not give this currency.")
        if amount > largest:
            raise ApiError(400, FAUCET_LIMIT, f"At most {largest:f} {currency} a request.")
        if await self._seen(user_id, idempotency_key):
            return
        window = Window(
            name="faucet",
            subject=f"{user_id}:{currency}",
            cost=to_e8(amount),
            limit=to_e8(largest) * self._requests_per_day,
            seconds=DAY_S,
        )
        try:
            await self._limits.take([window])
        except LimitReached as reached:
            raise ApiError(
                429,
                FAUCET_LIMIT,
                f"The faucet has given all it gives a day of {currency}.",
                {"Retry-After": str(reached.retry_after_s)},
            ) from reached

    async def _seen(self, user_id: int, idempotency_key: str) -> bool:
        client = self._redis.client
        if client is None:
            return False
        key = f"faucet:{user_id}:{idempotency_key}"
        before = await self._redis.ask(client.set, key, "1", nx=True, get=True, ex=DAY_S)
        return before is not None
