"""Ops set a band through the log: the engine answers, remembers, and outlasts a restart."""

import itertools
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from adapters.kafka import create_consumer, create_producer
from api.bands import BandRequest
from api.current_markets import CurrentMarkets
from api.errors import ApiError, OutcomeUnknown
from api.markets import LoggedMarkets
from config.settings import Settings
from contracts.orders import OrderStatus, Refusal, Side
from matching.client import MatchingClient
from tests.support.engine_commands import submit
from tests.support.matching_process import MatchingProcess, instrument
from workers.provision import market_commands

pytestmark = pytest.mark.kafka

SYMBOL, PARTITION = "BANDUSDT", 8
ANSWER_TIMEOUT_S = 10
OLGA = 7
_ids = itertools.count(1_000_000)  # others trade in this partition too
NARROW = BandRequest(bid_down="0.95", bid_up="1.01", ask_down="0.99", ask_up="1.05").figures()


class Exchange:
    """The market as ops and traders reach it, and its engine."""

    def __init__(
        self, ops: LoggedMarkets, traders: MatchingClient, engine: MatchingProcess
    ) -> None:
        self.ops = ops
        self.engine = engine
        self._traders = traders

    async def provision(self) -> None:
        """What each start of the platform does."""
        for command in market_commands(instrument(SYMBOL, PARTITION)):
            assert await self._traders.send(command, ANSWER_TIMEOUT_S) is not None

    async def trade(self, price: int) -> None:
        """Make this the last price, which bands are measured from."""
        assert await self.place(Side.SELL, price) is OrderStatus.OPEN
        assert await self.place(Side.BUY, price) is OrderStatus.FILLED

    async def place(self, side: Side, price: int) -> OrderStatus | Refusal:
        """What became of a limit order, each of another user."""
        order_id = next(_ids)
        order = submit(order_id, side, price, 5, symbol=SYMBOL, user_id=order_id)
        answer = await self._traders.submit(order, ANSWER_TIMEOUT_S)
        assert isinstance(answer, tuple)
        return answer[0].refusal or answer[0].status


@pytest.fixture
async def markets() -> CurrentMarkets:
    return CurrentMarkets({SYMBOL: instrument(SYMBOL, PARTITION)})


@pytest.fixture
async def exchange(
    own_topics: Settings, markets: CurrentMarkets, tmp_path: Path
) -> AsyncIterator[Exchange]:
    producer = await create_producer(own_topics.kafka)
    consumer = await create_consumer(own_topics.kafka)
    traders = MatchingClient(producer, consumer, markets)
    await traders.start()
    ops = LoggedMarkets(producer, markets, partial(create_consumer, own_topics.kafka))
    engine = MatchingProcess(own_topics, str(PARTITION), tmp_path)
    await engine.start()
    yield Exchange(ops, traders, engine)
    await engine.kill()
    await traders.stop()
    await consumer.stop()
    await producer.stop()


async def test_a_band_of_ops_holds_until_they_restore_it(
    exchange: Exchange, markets: CurrentMarkets
) -> None:
    with pytest.raises(ApiError) as unknown:  # the file has it, the engine was never told
        await exchange.ops.set_band(SYMBOL, NARROW, OLGA)
    assert (unknown.value.status, unknown.value.code) == (404, -1121)

    await exchange.provision()
    await exchange.trade(10_000)
    assert await exchange.place(Side.BUY, 9_000) is OrderStatus.OPEN
    await exchange.ops.set_band(SYMBOL, NARROW, OLGA)
    assert markets[SYMBOL].bid_up_ppm == 1_010_000
    assert await exchange.place(Side.BUY, 9_001) is Refusal.PRICE_OUT_OF_BAND
    assert await exchange.place(Side.BUY, 9_500) is OrderStatus.OPEN

    assert await exchange.engine.stop() == 0
    await exchange.engine.start()
    await exchange.provision()
    assert await exchange.place(Side.BUY, 9_001) is Refusal.PRICE_OUT_OF_BAND
    assert await exchange.place(Side.SELL, 10_600) is Refusal.PRICE_OUT_OF_BAND

    await exchange.ops.restore_band(SYMBOL, OLGA)
    assert markets[SYMBOL].bid_up_ppm == 1_100_000
    assert await exchange.place(Side.BUY, 9_001) is OrderStatus.OPEN


async def test_an_engine_that_is_silent_leaves_it_unknown(
    exchange: Exchange, markets: CurrentMarkets
) -> None:
    await exchange.provision()
    await exchange.trade(10_000)
    assert await exchange.engine.stop() == 0
    with pytest.raises(OutcomeUnknown):
        await exchange.ops.set_band(SYMBOL, NARROW, OLGA)
    assert markets[SYMBOL].bid_up_ppm == 1_100_000
    await exchange.engine.start()
    assert await exchange.place(Side.SELL, 20_000) is Refusal.PRICE_OUT_OF_BAND
