"""An account against an exchange that answers late, wrongly, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from simulator.account import Account, Credentials
from simulator.agent import Place
from simulator.api import Api, ApiRefused
from simulator.refusals import Reaction
from tests.unit.simulator.fake_exchange import FakeExchange
from tests.unit.simulator.views import BTCUSDT

BID = Place("BUY", "LIMIT_MAKER", Decimal("0.01"), Decimal(59_000))
BUY = Place("BUY", "MARKET", Decimal("0.002"))
UNKNOWN = (504, {"code": -1007, "msg": "Timeout."})


@pytest.fixture
def exchange() -> FakeExchange:
    made = FakeExchange()
    made.keys["key"] = "sim"
    return made


@pytest.fixture
async def account(
    exchange: FakeExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Account]:
    monkeypatch.setattr("simulator.account.ASK_AGAIN_S", (0, 0, 0))
    async with exchange.client() as http:
        api = Api(http, asyncio.Semaphore(1))
        opened = Account(api, Credentials("key", "secret"), BTCUSDT, "maker")
        await opened.refresh()
        exchange.requests.clear()
        yield opened


def fail_on(exchange: FakeExchange, *names: str, times: int = 1, late: bool = False) -> None:
    """These requests, each so often, are answered "unknown"."""
    left = dict.fromkeys(names, times)
    exchange.late = late

    def failure(name: str) -> tuple[int, object] | None:
        left[name] = left.get(name, 0) - 1
        return UNKNOWN if left[name] >= 0 else None

    exchange.failures = failure


async def test_a_resting_order_is_known_and_its_money_is_held(account: Account) -> None:
    await account.place(BID)
    [order] = account.orders.values()
    assert (order.side, order.price, order.remaining) == ("BUY", 59_000, Decimal("0.01"))
    assert account.balances["USDT"].free == 1000 - 590
    await account.cancel(order.client_order_id)
    assert account.orders == {}
    assert account.balances["USDT"].free == 1000


async def test_what_was_taken_is_paid_for(account: Account) -> None:
    await account.place(BUY)
    assert account.orders == {}
    assert account.balances["USDT"].free == 1000 - 120
    assert account.balances["BTC"].free == Decimal("1000.002")
    assert account.filled == Decimal("0.002")
    await account.place(BID)
    assert account.filled == Decimal("0.002")  # it rests


async def test_no_two_orders_have_the_same_id(account: Account, exchange: FakeExchange) -> None:
    for _ in range(3):
        await account.place(BID)
    assert len(exchange.orders) == 3
    assert all(name.startswith("maker-") for name in exchange.orders)


async def test_an_order_of_unknown_outcome_is_asked_for_before_anything_else(
    account: Account, exchange: FakeExchange
) -> None:
    fail_on(exchange, "POST order", late=True)
    with pytest.raises(ApiRefused):
        await account.place(BID)
    assert exchange.requests == ["POST order", "GET order"]
    assert list(account.orders) == list(exchange.orders)


async def test_it_is_asked_for_again_while_the_answer_is_unknown_too(
    account: Account, exchange: FakeExchange
) -> None:
    fail_on(exchange, "POST order", "GET order", late=True)
    with pytest.raises(ApiRefused):
        await account.place(BID)
    assert exchange.requests == ["POST order", "GET order", "GET order"]
    assert len(account.orders) == 1


async def test_an_order_that_nobody_knows_is_not_sent_again(
    account: Account, exchange: FakeExchange
) -> None:
    fail_on(exchange, "POST order")
    with pytest.raises(ApiRefused):
        await account.place(BID)
    assert exchange.requests == ["POST order"] + ["GET order"] * 3
    assert account.orders == exchange.orders == {}
    assert account.stale


async def test_one_that_came_late_after_all_is_found_by_the_next_look(
    account: Account, exchange: FakeExchange
) -> None:
    fail_on(exchange, "POST order", late=True)
    exchange.failures = lambda name: None if name in {"GET openOrders", "GET account"} else UNKNOWN
    with pytest.raises(ApiRefused):
        await account.place(BID)
    assert account.orders == {}
    await account.refresh()
    assert list(account.orders) == list(exchange.orders)
    assert not account.stale


async def test_no_answer_at_all_is_an_unknown_outcome(
    account: Account, exchange: FakeExchange
) -> None:
    def broken(name: str) -> None:
        if name == "POST order":
            raise httpx.ReadTimeout("silence")

    exchange.failures = broken
    with pytest.raises(ApiRefused):
        await account.place(BID)
    assert exchange.requests == ["POST order"] + ["GET order"] * 3


async def test_a_refusal_is_told_and_changes_nothing(
    account: Account, exchange: FakeExchange
) -> None:
    exchange.failures = lambda _: (400, {"code": -2010, "msg": "Order would immediately match."})
    with pytest.raises(ApiRefused) as refused:
        await account.place(BID)
    assert refused.value.reaction is Reaction.DROP
    assert account.orders == {}
    assert exchange.requests == ["POST order"]


async def test_cancelling_what_has_ended_is_no_error(
    account: Account, exchange: FakeExchange
) -> None:
    await account.place(BID)
    [name] = account.orders
    exchange.orders[name]["status"] = "FILLED"
    await account.cancel(name)
    assert account.orders == {}
    assert account.stale


async def test_an_order_of_a_moment_ago_survives_a_list_that_lags(
    account: Account, exchange: FakeExchange
) -> None:
    await account.place(BID)
    [order] = exchange.orders.values()
    order["status"] = "PENDING"  # not listed yet
    await account.refresh()
    assert len(account.orders) == 1


async def test_a_clock_that_is_off_is_set_and_the_request_sent_once_more(
    account: Account, exchange: FakeExchange
) -> None:
    left = [(400, {"code": -1021, "msg": "Timestamp"})]
    exchange.failures = lambda name: left.pop() if left and name == "POST order" else None
    await account.place(BID)
    assert exchange.requests == ["POST order", "GET time", "POST order"]
    assert len(exchange.orders) == 1
