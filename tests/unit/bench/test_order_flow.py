"""The flow is the same for the same seed, changes the book each time, and makes a real book."""

from itertools import islice

from bench.order_flow import FIRST_ORDER, FIRST_USER, OrderFlow
from config.markets import BENCH_PATH, load_markets
from contracts.ids import OrderIdAllocator
from contracts.matching import (
    AddSymbol,
    CancelAllOrders,
    CancelOrder,
    EngineCommand,
    SubmitOrder,
    TradeExecuted,
)
from contracts.topology import market_command_id
from matching.engine import Engine

(MARKET,) = load_markets(BENCH_PATH).values()
NOW_MS = 1_800_000_000_000


def taken(seed: int, length: int, first_order: int = FIRST_ORDER) -> list[EngineCommand]:
    flow = OrderFlow(MARKET, seed, first_order=first_order)
    return list(islice(flow.commands(NOW_MS), length))


def opened() -> Engine:
    engine = Engine()
    added = AddSymbol(
        command_id=market_command_id(MARKET.symbol, "add"),
        symbol=MARKET.symbol,
        base=MARKET.base,
        quote=MARKET.quote,
        tick_e8=MARKET.tick_e8,
        lot_e8=MARKET.lot_e8,
    )
    engine.apply(added, 0, NOW_MS)
    return engine


def test_same_seed_gives_the_same_commands_and_another_gives_others() -> None:
    assert taken(1, 500) == taken(1, 500)
    assert taken(1, 500) != taken(2, 500)


def test_taking_in_parts_gives_the_same_as_taking_at_once() -> None:
    flow = OrderFlow(MARKET, 1)
    parts = [command for _ in range(50) for command in islice(flow.commands(NOW_MS), 10)]
    assert parts == taken(1, 500)


def test_every_command_changes_the_book_which_comes_to_have_depth_on_both_sides() -> None:
    engine, trades, widest = opened(), list[TradeExecuted](), 0
    for command in taken(3, 20_000):
        outcome = engine.apply(command, engine.next_offset, NOW_MS)
        assert outcome.update is not None
        trades += outcome.trades
        book = engine.markets[MARKET.symbol].book
        widest = max(widest, len(book.bids.levels), len(book.asks.levels))
    for side in (book.bids, book.asks):
        assert len(side.levels) > 100
    assert widest < 500  # what the shallowest client asks for
    assert len(trades) > 1_000


def test_ids_are_beyond_the_real_ones_and_each_is_used_once() -> None:
    orders = [c for c in taken(1, 2_000) if isinstance(c, SubmitOrder)]
    real = OrderIdAllocator(7, lambda: NOW_MS + 30 * 365 * 86_400_000).allocate()
    assert all(order.order_id > real for order in orders)
    assert all(order.user_id >= FIRST_USER for order in orders)
    assert len({order.order_id for order in orders}) == len(orders)


def test_clearing_takes_away_what_an_earlier_flow_has_left() -> None:
    engine = opened()
    for command in taken(1, 1_000):
        engine.apply(command, engine.next_offset, NOW_MS)
    later = OrderFlow(MARKET, 1, first_order=FIRST_ORDER + 1_000_000)
    for command in later.clearing():
        assert isinstance(command, CancelAllOrders)
        engine.apply(command, engine.next_offset, NOW_MS)
    book = engine.markets[MARKET.symbol].book
    assert (len(book.bids.levels), len(book.asks.levels)) == (0, 0)
    for command in islice(later.commands(NOW_MS), 500):
        assert engine.apply(command, engine.next_offset, NOW_MS).update is not None


def test_most_commands_place_or_withdraw() -> None:
    commands = taken(1, 5_000)
    cancels = sum(isinstance(c, CancelOrder) for c in commands)
    assert 0.25 < cancels / len(commands) < 0.6
