"""Ops find a resting order's saga by its symbol, and not among those that are stuck."""

import httpx
import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.trader import log_in
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_ops_find_an_order_that_rests(
    platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    trader = await new_trader()
    placed = await trader.place(SYMBOL, "BUY", "1", "0.04", "found-by-ops")
    order_id = str(placed.json()["orderId"])
    ops = next(user for user in platform.users if user.role == "ops")
    headers = {"Authorization": f"Bearer {await log_in(http, ops.name, ops.password)}"}

    async def sagas(show: str) -> dict[str, dict[str, str]]:
        answer = await http.get(f"/v1/ops/sagas?show={show}&symbol={SYMBOL}", headers=headers)
        assert answer.status_code == httpx.codes.OK, answer.text
        return {row["order_id"]: row for row in answer.json()}

    async def found() -> bool:
        row = (await sagas("running")).get(order_id)
        return row is not None and row["state"] == "MATCHING_SUBMITTED"

    await until(found, "the saga among those that run")
    row = (await sagas("running"))[order_id]
    assert (row["user_id"], row["status"]) == (str(trader.user_id), "RUNNING")
    assert row["workflow_id"] == f"order:{trader.user_id}:found-by-ops"
    assert order_id not in await sagas("stuck")
