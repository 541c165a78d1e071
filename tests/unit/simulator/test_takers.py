"""Noise, momentum, and a large order: whom they trade with, how much, when."""

from decimal import Decimal

import pytest

from simulator.agent import Place
from simulator.chance import agent_rng
from simulator.large_order import LargeOrder, LargeOrderTerms
from simulator.momentum_trader import MomentumTrader, MomentumTraderTerms
from simulator.noise_trader import NoiseTrader, NoiseTraderTerms
from simulator.view import Balance, View
from tests.unit.simulator.views import BTCUSDT, trade, two_sided, view

NOISE = NoiseTraderTerms(
    orders_per_second=2.0, size=Decimal("0.01"), size_max=Decimal("0.05"), limit_share=0.5
)
MOMENTUM = MomentumTraderTerms(
    window_s=10, threshold=Decimal("0.001"), size=Decimal("0.1"), cooldown_s=30
)
LARGE = LargeOrderTerms(
    quantity=Decimal(1),
    duration_s=100,
    participation=Decimal("0.2"),
    pause_s=0,
    target=Decimal(5),
    seconds=5,
)


def at(price: int) -> View:
    return view(bid=str(price - 1), ask=str(price + 1), last_price=str(price))


def noise(seed: int, seen: View, decisions: int) -> list[Place]:
    trader, rng = NoiseTrader(NOISE), agent_rng(seed, "noise")
    made = [trader.decide(seen, float(n), rng) for n in range(decisions)]
    return [action for actions in made for action in actions if isinstance(action, Place)]


def test_noise_is_the_same_for_the_same_seed() -> None:
    assert noise(1, two_sided(), 50) == noise(1, two_sided(), 50) != noise(2, two_sided(), 50)


def test_noise_buys_and_sells_alike_within_its_sizes_and_the_filters() -> None:
    orders = noise(3, two_sided(), 400)
    assert len(orders) == 400
    buys = [order for order in orders if order.side == "BUY"]
    assert 150 < len(buys) < 250
    for order in orders:
        assert 0 < order.quantity <= NOISE.size_max
        assert order.quantity % BTCUSDT.lot == 0
        assert order.quantity * 59_000 >= BTCUSDT.min_notional
    limits = [order for order in orders if order.kind == "LIMIT_IOC"]
    assert 150 < len(limits) < 250
    for order in limits:
        assert order.price is not None
        assert order.price % BTCUSDT.tick == 0
        reach = order.price - 60_010 if order.side == "BUY" else 59_990 - order.price
        assert 0 <= reach <= 60_010 * NOISE.reach + BTCUSDT.tick
    assert {order.price for order in orders if order.kind == "MARKET"} == {None}


def test_noise_arrives_as_often_as_it_says() -> None:
    trader, rng = NoiseTrader(NOISE), agent_rng(4, "noise")
    waits = [trader.wait_s(rng) for _ in range(4000)]
    assert sum(waits) / len(waits) == pytest.approx(0.5, rel=0.05)
    assert min(waits) < 0.05
    assert max(waits) > 1.5


def test_noise_sells_when_it_has_no_money_and_rests_when_it_has_nothing() -> None:
    assert {o.side for o in noise(5, two_sided(quote=Balance()), 20)} == {"SELL"}
    assert {o.side for o in noise(5, two_sided(base=Balance()), 20)} == {"BUY"}
    assert noise(5, two_sided(base=Balance(), quote=Balance()), 20) == []


def test_nobody_trades_in_a_market_that_has_one_side_only() -> None:
    for seen in (view(), view(ask="60010"), view(bid="59990")):
        assert noise(6, seen, 20) == []


def test_momentum_follows_a_move_once_its_window_is_full_and_then_rests() -> None:
    trader, rng = MomentumTrader(MOMENTUM), agent_rng(7, "trend")
    acted = {}
    for second in range(60):
        price = 60_000 + 10 * second
        for action in trader.decide(at(price), float(second), rng):
            assert isinstance(action, Place)
            acted[second] = action.side
    assert acted == {10: "BUY", 40: "BUY"}


def test_momentum_sells_what_falls_and_ignores_what_stands() -> None:
    trader, rng = MomentumTrader(MOMENTUM), agent_rng(8, "trend")
    prices = [60_000] * 15 + [59_900] * 5
    made = [trader.decide(at(price), float(n), rng) for n, price in enumerate(prices)]
    assert [n for n, actions in enumerate(made) if actions] == [15]
    assert [a.side for a in made[15] if isinstance(a, Place)] == ["SELL"]


def slices(
    parent_seconds: int, traded: str, *, base: str = "10", part: str = "1"
) -> list[tuple[int, Place]]:
    """Decisions every 5 s, with that much traded by others in between; of what it sends that
    part is filled."""
    trader, rng = LargeOrder(LARGE), agent_rng(9, "large")
    made, filled = [], Decimal(7)  # by an earlier parent
    for second in range(0, parent_seconds, 5):
        trades, balance = [trade(second, "60000", traded)], Balance(Decimal(base))
        seen = two_sided(trades=trades, base=balance, filled=filled)
        for action in trader.decide(seen, float(second), rng):
            assert isinstance(action, Place)
            made.append((second, action))
            filled += action.quantity * Decimal(part)
    return made


def test_a_large_order_is_worked_evenly_over_its_time() -> None:
    made = slices(100, "100")
    assert [second for second, _ in made] == list(range(0, 100, 5))
    assert {order.quantity for _, order in made} == {Decimal("0.05")}
    assert {(order.side, order.kind) for _, order in made} == {("SELL", "LIMIT_IOC")}


def test_a_large_order_takes_no_more_than_its_part_of_what_is_traded() -> None:
    made = slices(100, "0.1")
    assert {order.quantity for _, order in made} == {Decimal("0.02")}
    assert slices(100, "0") == []


def test_what_was_asked_for_and_not_filled_is_still_to_be_done() -> None:
    nothing = [order.quantity for _, order in slices(100, "100", part="0")]
    assert nothing == [Decimal("0.05"), Decimal("0.10")] + [Decimal("0.15")] * 18

    made = [order.quantity for _, order in slices(100, "100", part="0.5")]
    assert sum(made) / 2 >= Decimal("0.9")  # of 1


def test_a_large_order_that_fell_behind_does_not_force_the_rest_at_once() -> None:
    trader, rng = LargeOrder(LARGE), agent_rng(10, "large")
    assert trader.decide(two_sided(), 0.0, rng) == []
    [late] = trader.decide(two_sided(trades=[trade(1, "60000", "100")]), 60.0, rng)
    assert isinstance(late, Place)
    assert late.quantity == Decimal("0.15")


def test_the_next_large_order_goes_the_other_way_once_too_much_is_held() -> None:
    assert {order.side for _, order in slices(100, "100", base="4")} == {"BUY"}
    assert {order.side for _, order in slices(100, "100", base="6")} == {"SELL"}
