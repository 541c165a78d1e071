"""A desk on a clock of its own: what a mix states of rates and latencies is what is done."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import pytest

from simulator.account import Account
from simulator.agent import Place
from simulator.api import ApiRefused
from simulator.desk import Desk
from simulator.fair_price import Walk
from simulator.latency import Constant
from simulator.market_maker import MarketMakerTerms
from simulator.market_watch import MarketWatch
from simulator.mix import AgentEntry, Mix, Terms
from simulator.noise_trader import NoiseTraderTerms
from simulator.pauses import LONGEST_S
from simulator.view import ZERO, Balance
from tests.unit.simulator.views import BTCUSDT, START

CALLS_MAX = 20_000  # of a desk that waits for nothing
EAGER = NoiseTraderTerms(orders_per_second=50, size=Decimal("0.01"), size_max=Decimal("0.05"))
LADDER = MarketMakerTerms(
    levels=10,
    half_spread=Decimal("0.001"),
    spacing=Decimal("0.001"),
    size=Decimal("0.01"),
    growth=ZERO,
    skew=ZERO,
    target=Decimal(10),
    tolerance=Decimal(10),
    walk=Walk(volatility=ZERO, reversion=ZERO, impact=ZERO),
    actions=20,
)
CLOSED = ApiRefused(400, -2010, '{"code":-2010,"msg":"Market is closed."}', None)


class Over(Exception):
    """The time of the test is up."""


class Clock:
    """Goes on only by sleeping, and ends the test."""

    def __init__(self, until_s: float) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []
        self._until_s = until_s

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.slept.append(seconds)
        if self.now_s > self._until_s or len(self.slept) > CALLS_MAX:
            raise Over
        await asyncio.sleep(0)


class Exchange:
    """An account that takes everything, or refuses it, and remembers when it was asked."""

    def __init__(self, clock: Clock) -> None:
        self.balances = {asset: Balance(Decimal(1_000_000)) for asset in ("BTC", "USDT")}
        self.orders: dict[str, Any] = {}
        self.filled = ZERO
        self.stale = False
        self.placed_s: list[float] = []
        self.looked_s: list[float] = []
        self.refusal: Callable[[], ApiRefused | None] = lambda: None
        self._clock = clock

    async def refresh(self) -> None:
        self.looked_s.append(self._clock.now_s)
        self.stale = False

    async def place(self, _: Place) -> None:
        self.placed_s.append(self._clock.now_s)
        if len(self.placed_s) > CALLS_MAX:
            raise Over
        refusal = self.refusal()
        if refusal is not None:
            raise refusal


async def worked(
    terms: Terms,
    seconds: float,
    *,
    refusal: Callable[[], ApiRefused | None] = lambda: None,
    **stated: Any,
) -> tuple[Exchange, Clock]:
    """One agent at work for so long, with the rate, burst and latency that are stated."""
    clock = Clock(seconds)
    exchange = Exchange(clock)
    exchange.refusal = refusal
    entry = AgentEntry(name="agent", symbol="BTCUSDT", funds={}, terms=terms, **stated)
    mix = Mix(seed=1, start_prices={"BTCUSDT": START}, agents=[entry])
    watch = MarketWatch(BTCUSDT)
    watch.show_book({"bids": [["59990", "1"]], "asks": [["60010", "1"]]})
    account = cast(Account, exchange)
    desk = Desk(entry, mix, account, {"BTCUSDT": watch}, clock, sleep=clock.sleep)
    with pytest.raises(Over):
        await desk.run()
    return exchange, clock


@pytest.mark.parametrize(("rate", "burst"), [(2.0, 1), (2.0, 8), (10.0, 1)])
async def test_an_agent_that_would_send_more_sends_at_its_rate(rate: float, burst: int) -> None:
    exchange, _ = await worked(EAGER, 100.0, rate=rate, burst=burst)

    sent = exchange.placed_s
    assert 0.95 * rate * 100 <= len(sent) <= rate * 100 + burst
    for first in range(len(sent) - burst):
        assert sent[first + burst] - sent[first] >= 1 / rate - 1e-6


async def test_a_ladder_is_built_by_a_burst_and_then_at_the_rate() -> None:
    exchange, _ = await worked(LADDER, 5.0, rate=2.0, burst=5)

    assert exchange.placed_s[:9] == pytest.approx([0] * 5 + [0.5, 1.0, 1.5, 2.0])


async def test_an_agent_within_its_rate_acts_as_often_as_it_means_to() -> None:
    calm = NoiseTraderTerms(orders_per_second=2, size=Decimal("0.01"), size_max=Decimal("0.05"))
    exchange, _ = await worked(calm, 500.0, rate=50.0)

    assert len(exchange.placed_s) == pytest.approx(1_000, rel=0.1)


async def test_every_decision_reaches_the_exchange_after_its_latency() -> None:
    exchange, _ = await worked(LADDER, 30.0, rate=50.0, burst=100, latency=Constant(ms=250))
    assert exchange.placed_s[:20] == [0.25] * 20
    assert exchange.placed_s[20] >= 0.25 + 0.9 + 0.25

    eager, _ = await worked(EAGER, 100.0, rate=50.0, burst=100, latency=Constant(ms=250))
    assert len(eager.placed_s) <= 100 / 0.25


async def test_an_account_is_looked_at_now_and_then() -> None:
    exchange, _ = await worked(EAGER, 60.0, rate=5.0)

    assert 4 <= len(exchange.looked_s) <= 6  # every ten seconds


async def test_a_halted_market_is_left_alone_longer_each_time() -> None:
    exchange, _ = await worked(EAGER, 600.0, rate=10.0, refusal=lambda: CLOSED)

    gaps = [b - a for a, b in zip(exchange.placed_s, exchange.placed_s[1:], strict=False)]
    assert len(exchange.placed_s) < 20
    assert gaps[:4] == pytest.approx([0.5, 1, 2, 4], abs=0.01)
    assert max(gaps) == pytest.approx(LONGEST_S, abs=0.2)


async def test_a_market_that_opens_again_is_traded_in_at_the_full_rate() -> None:
    refusals = iter([CLOSED] * 4)
    exchange, _ = await worked(EAGER, 60.0, rate=10.0, refusal=lambda: next(refusals, None))

    assert len(exchange.placed_s) > 10 * (60 - 0.5 - 1 - 2 - 4) * 0.9


async def test_another_refusal_changes_no_pace() -> None:
    refused = ApiRefused(400, -2010, "Order would immediately match and take.", None)
    exchange, _ = await worked(EAGER, 60.0, rate=10.0, refusal=lambda: refused)

    assert len(exchange.placed_s) > 10 * 60 * 0.9
