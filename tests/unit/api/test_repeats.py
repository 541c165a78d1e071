"""A request that Redis remembers is answered from its row; whatever differs goes to the saga."""

from collections.abc import Sequence

import httpx
import msgspec
import pytest

from api.app import create_app
from api.optional_redis import OptionalRedis
from api.rate_limits import Admission, RateLimits, Window
from contracts.amounts import Amount
from contracts.orders import ExpiryReason, OrderStatus, OrderType
from tests.unit.api.conftest import House
from tests.unit.api.rows import FILL, row
from tests.unit.api.signing import LIMIT_BUY, STOP_BUY, Trader

MINE = {"newClientOrderId": "mine-1"}


class RememberingLimits(RateLimits):
    """Counts as ever, and remembers what it was told to."""

    def __init__(self) -> None:
        super().__init__(OptionalRedis(None))
        self.memory: dict[str, str] = {}

    async def admit(
        self, always: Sequence[Window], once: Sequence[Window], memory_key: str = ""
    ) -> Admission:
        remembered = self.memory.get(memory_key)
        admitted = await super().admit(always, () if remembered else once)
        return Admission(admitted.used, remembered)


@pytest.fixture
def limits(house: House, client: httpx.AsyncClient) -> RememberingLimits:
    made = RememberingLimits()
    dependencies = msgspec.structs.replace(house.dependencies, rate_limits=made)
    client._transport = httpx.ASGITransport(app=create_app(dependencies))
    return made


async def remember(
    trader: Trader, house: House, limits: RememberingLimits, parameters: dict[str, str]
) -> None:
    """The first request: the saga answers it, and its answer is remembered."""
    await trader.call("POST", "order", parameters | MINE)
    (placed,) = house.sagas.placed
    limits.memory[f"done:order:{trader.user_id}:mine-1"] = f"41:{placed.body_hash}"
    house.sagas.placed.clear()


async def test_a_repeat_is_answered_from_the_row(
    ada: Trader, house: House, limits: RememberingLimits
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    house.orders.fills = [FILL]
    house.orders.rows = [
        row(
            ada.user_id,
            status=OrderStatus.EXPIRED,
            expiry=ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED,
            filled_quantity=Amount("0.5"),
            filled_quote=Amount("30000"),
        )
    ]
    answer = await ada.call("POST", "order", LIMIT_BUY | MINE)
    body = answer.json()
    assert (body["orderId"], body["status"], body["executedQty"]) == (41, "EXPIRED", "0.50000000")
    assert body["expiryReason"] == "UNFILLED_IOC_QUANTITY_EXPIRED"
    assert [fill["tradeId"] for fill in body["fills"]] == [56]
    assert house.sagas.placed == []
    assert "X-MBX-ORDER-COUNT-10S" not in answer.headers
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "0"


async def test_a_repeat_needs_no_room_for_one_more_order(
    ada: Trader, house: House, limits: RememberingLimits
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    house.orders.rows = [row(ada.user_id)]
    for _ in range(25):
        assert (await ada.call("POST", "order", LIMIT_BUY | MINE)).json()["orderId"] == 41


async def test_a_conditional_order_that_waits_is_shown_as_waiting(
    ada: Trader, house: House, limits: RememberingLimits
) -> None:
    await remember(ada, house, limits, STOP_BUY | {"newOrderRespType": "FULL"})
    house.orders.rows = [row(ada.user_id, order_type=OrderType.STOP_LOSS, working_at_ms=0)]
    body = (await ada.call("POST", "order", STOP_BUY | MINE | {"newOrderRespType": "FULL"})).json()
    assert (body["orderId"], body["workingTime"]) == (41, -1)


@pytest.mark.parametrize("changes", [{"quantity": "0.6"}, {"timeInForce": "IOC"}])
async def test_another_body_is_for_the_saga_to_judge(
    ada: Trader, house: House, limits: RememberingLimits, changes: dict[str, str]
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    house.orders.rows = [row(ada.user_id)]
    await ada.call("POST", "order", LIMIT_BUY | MINE | changes)
    assert len(house.sagas.placed) == 1


async def test_what_was_not_counted_gives_no_count_back(
    ada: Trader, house: House, limits: RememberingLimits
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    house.sagas.filled, house.sagas.fills = Amount("0.5"), (FILL,)
    await ada.call("POST", "order", LIMIT_BUY | MINE | {"quantity": "0.6"})
    assert len(house.sagas.placed) == 1
    counts = (await ada.call("GET", "rateLimit/order")).json()
    assert [limit["count"] for limit in counts] == [1, 1]  # the first, which rests


async def test_where_the_row_is_not_there_the_saga_decides(
    ada: Trader, house: House, limits: RememberingLimits
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    await ada.call("POST", "order", LIMIT_BUY | MINE)
    assert len(house.sagas.placed) == 1
