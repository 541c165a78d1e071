"""A market that is halted says so wherever markets are described."""

import asyncio

import httpx

from api.market_statuses import MarketStatuses
from tests.unit.api.conftest import House


async def test_exchange_info_says_halt(client: httpx.AsyncClient, house: House) -> None:
    house.dependencies.market_statuses.halted = frozenset({"ETHUSDT"})
    symbols = (await client.get("/api/v3/exchangeInfo")).json()["symbols"]
    assert {s["symbol"]: s["status"] for s in symbols} == {
        "BTCUSDT": "TRADING",
        "ETHUSDT": "HALT",
        "ETHBTC": "TRADING",
    }
    halted = await client.get("/api/v3/exchangeInfo?symbolStatus=HALT")
    assert [s["symbol"] for s in halted.json()["symbols"]] == ["ETHUSDT"]


async def test_a_ticker_of_another_status_is_refused(
    client: httpx.AsyncClient, house: House
) -> None:
    house.dependencies.market_statuses.halted = frozenset({"BTCUSDT"})
    answer = await client.get("/api/v3/ticker/price?symbol=BTCUSDT&symbolStatus=TRADING")
    assert (answer.status_code, answer.json()["code"]) == (400, -1220)


async def test_a_database_that_is_away_leaves_what_was_known() -> None:
    answers = [frozenset({"BTCUSDT"}), OSError("away"), frozenset[str]()]

    async def read() -> frozenset[str]:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    statuses = MarketStatuses(read)
    seen = []
    for _ in range(3):
        await statuses.look()
        seen.append(statuses.halted)
    assert seen == [{"BTCUSDT"}, {"BTCUSDT"}, frozenset()]


async def test_one_that_does_not_answer_holds_nothing_up() -> None:
    async def read() -> frozenset[str]:
        await asyncio.Event().wait()
        return frozenset()

    statuses = MarketStatuses(read)
    await statuses.look()
    assert statuses.halted == frozenset()
