"""What ops look at: sagas, as Temporal finds them."""

import httpx
import pytest

from api.saga_search import SagaRow, Show
from contracts.identity import Role
from tests.unit.api.conftest import House

ROW = SagaRow(
    workflow_id="order:7:mine",
    run_id="r",
    order_id="41",
    user_id="7",
    symbol="BTCUSDT",
    state="STARTED",
    status="RUNNING",
    started_at_ms=5,
    closed_at_ms=0,
)


async def test_ops_see_the_sagas_that_they_ask_for(client: httpx.AsyncClient, house: House) -> None:
    house.sagas.found = [ROW]
    answer = await client.get(
        "/v1/ops/sagas?show=stuck&symbol=BTCUSDT&limit=5",
        headers=await house.bearer("olga", Role.OPS),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json() == [
        {
            "workflow_id": "order:7:mine",
            "order_id": "41",
            "user_id": "7",
            "symbol": "BTCUSDT",
            "state": "STARTED",
            "status": "RUNNING",
            "started_at_ms": 5,
            "closed_at_ms": 0,
        }
    ]
    assert house.sagas.searches == [(Show.STUCK, 5, "BTCUSDT")]


@pytest.mark.parametrize("role", [Role.TRADER, Role.COMPLIANCE])
async def test_nobody_else_sees_other_peoples_sagas(
    client: httpx.AsyncClient, house: House, role: Role
) -> None:
    answer = await client.get("/v1/ops/sagas", headers=await house.bearer("ada", role))
    assert answer.status_code == 403
    assert house.sagas.searches == []


@pytest.mark.parametrize(
    "query", ["show=all", "limit=0", "limit=501", "symbol=' OR ''='", "symbol=btcusdt"]
)
async def test_a_wrong_question_is_refused(
    client: httpx.AsyncClient, house: House, query: str
) -> None:
    headers = await house.bearer("olga", Role.OPS)
    answer = await client.get(f"/v1/ops/sagas?{query}", headers=headers)
    assert answer.status_code == 422
    assert house.sagas.searches == []
