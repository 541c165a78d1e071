"""What ops and compliance find over HTTP, and what a halt does to a market."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

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


async def test_both_legs_of_a_list_lead_to_the_workflow_that_ops_find(
    platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    trader = await new_trader()
    placed = await trader.send(
        "POST",
        "orderList/oco",
        symbol=SYMBOL,
        listClientOrderId="either-or",
        side="SELL",
        quantity="1",
        aboveType="LIMIT_MAKER",
        abovePrice="0.06",
        belowType="STOP_LOSS_LIMIT",
        belowStopPrice="0.04",
        belowPrice="0.04",
        belowTimeInForce="GTC",
    )
    assert placed.status_code == httpx.codes.OK, placed.text
    mine = {"Authorization": f"Bearer {trader.token}"}
    ops = next(user for user in platform.users if user.role == "ops")
    theirs = {"Authorization": f"Bearer {await log_in(http, ops.name, ops.password)}"}

    async def found() -> bool:
        answer = await http.get(f"/v1/ops/sagas?show=running&symbol={SYMBOL}", headers=theirs)
        return f"order-list:{trader.user_id}:either-or" in {
            row["workflow_id"] for row in answer.json()
        }

    await until(found, "the list's saga among those that run")
    legs = [leg["orderId"] for leg in placed.json()["orders"]]
    assert len(legs) == 2
    for leg in legs:
        saga = (await http.get(f"/v1/orders/{leg}/saga", headers=mine)).json()
        assert saga["workflow_id"] == f"order-list:{trader.user_id}:either-or"
        assert saga["order_id"] == placed.json()["orderListId"]


async def compliance(
    platform: Platform, http: httpx.AsyncClient
) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    """Asks, as compliance, for a user's actions until now."""
    carl = next(user for user in platform.users if user.role == "compliance")
    headers = {"Authorization": f"Bearer {await log_in(http, carl.name, carl.password)}"}

    async def actions(**question: object) -> list[dict[str, Any]]:
        end = int(time.time() * 1000) + 1_000
        parameters = {name: str(value) for name, value in {**question, "end": end}.items()}
        answer = await http.get("/v1/audit/actions", params=parameters, headers=headers)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return []  # "try again in a few minutes": a disk may be slow for seconds
        assert answer.status_code == httpx.codes.OK, answer.text
        lines: list[dict[str, Any]] = answer.json()
        return lines

    return actions


async def test_compliance_finds_what_a_user_did(
    platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    began_ms = int(time.time() * 1000) - 1_000
    trader = await new_trader()
    placed = await trader.place(SYMBOL, "BUY", "1", "0.04")
    order_id = str(placed.json()["orderId"])
    actions = await compliance(platform, http)

    async def found() -> bool:
        lines = await actions(user_id=trader.user_id, start=began_ms)
        assert {line["user_id"] for line in lines} <= {str(trader.user_id)}
        return any(line["resource_id"] == order_id for line in lines)

    await until(found, "the order in the audit trail")


async def test_a_halt_is_told_in_exchange_info_until_it_is_resumed_and_who_did_both(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    began_ms = int(time.time() * 1000) - 1_000
    ops = next(user for user in platform.users if user.role == "ops")
    headers = {"Authorization": f"Bearer {await log_in(http, ops.name, ops.password)}"}

    async def says(status: str) -> bool:
        answer = await http.get("/api/v3/exchangeInfo", params={"symbol": SYMBOL})
        return answer.json()["symbols"][0]["status"] == status

    assert await says("TRADING")
    body = {"reason": "drill"}
    halted = await http.post(f"/v1/markets/{SYMBOL}/halt", json=body, headers=headers)
    assert halted.status_code == httpx.codes.NO_CONTENT
    try:
        await until(lambda: says("HALT"), "the halt in exchangeInfo")
    finally:
        await http.post(f"/v1/markets/{SYMBOL}/resume", headers=headers)
    await until(lambda: says("TRADING"), "the resumption in exchangeInfo")
    actions = await compliance(platform, http)

    async def both_are_known() -> bool:
        lines = await actions(username=ops.name, start=began_ms)
        acts = [line["action"] for line in lines if line["resource_id"] == SYMBOL]
        return acts == ["MARKET_HALTED", "MARKET_RESUMED"]

    await until(both_are_known, "who did it, in the audit trail")
