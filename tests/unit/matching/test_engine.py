"""Scenarios: whole event lists, as the log's readers see them."""

import pytest

from contracts.matching import (
    BookUpdated,
    CancelRejected,
    CommandRejected,
    EngineCommand,
    MarketHalted,
    MarketOpened,
    MarketResumed,
    OrderAccepted,
    OrderCancelled,
    OrderEvent,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
    TradeExecuted,
)
from contracts.orders import OrderStatus, Refusal, Side
from matching import engine as engine_module
from matching.engine import MAX_MATCHES, Engine
from matching.outcome import Outcome
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    add_symbol,
    buy,
    cancel,
    halt,
    resume,
    sell,
    submit,
)


class Log:
    """Feeds an engine, one offset after the other."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.offset = 0
        self.now_ms = 1_000
        self.send(add_symbol())

    def send(self, command: EngineCommand) -> Outcome:
        outcome = self.engine.apply(command, self.offset, self.now_ms)
        self.offset += 1
        return outcome


@pytest.fixture
def log() -> Log:
    return Log()


def brief(outcome: Outcome) -> list[tuple[str, int, int, str, int]]:
    """Each order event as (kind, order, sequence, status, filled lots)."""
    return [
        (type(e).__name__, e.order_id, e.sequence, e.status.value, e.filled_lots)
        for e in outcome.events
        if isinstance(e, OrderEvent)
    ]


def test_a_resting_order_is_accepted_and_changes_its_level(log: Log) -> None:
    outcome = log.send(buy(11, 100, 5))

    assert outcome.events == (
        OrderAccepted(
            symbol=SYMBOL,
            order_id=11,
            user_id=7,
            sequence=1,
            caused_by=11,
            status=OrderStatus.OPEN,
            quantity_lots=5,
            filled_lots=0,
            filled_quote_e8=0,
            commission_e8=0,
        ),
    )
    assert outcome.trades == ()
    assert outcome.update == BookUpdated(
        symbol=SYMBOL, book_seq=1, bids=((100 * TICK_E8, 5 * LOT_E8),), asks=()
    )


def test_a_crossing_order_trades_at_the_makers_price_with_fees_and_refund(log: Log) -> None:
    log.send(sell(1, 100, 5))

    outcome = log.send(buy(2, 103, 3))

    quote_e8 = 100 * 3 * 10
    buyer_fee = 3 * LOT_E8 * 2000 // 1_000_000  # taker, in base
    seller_fee = quote_e8 * 1000 // 1_000_000  # maker, in quote
    assert (buyer_fee, seller_fee) == (6, 3)
    assert outcome.events == (
        OrderAccepted(
            symbol=SYMBOL,
            order_id=2,
            user_id=7,
            sequence=1,
            caused_by=2,
            status=OrderStatus.OPEN,
            quantity_lots=3,
            filled_lots=0,
            filled_quote_e8=0,
            commission_e8=0,
        ),
        OrderFilled(
            symbol=SYMBOL,
            order_id=2,
            user_id=7,
            sequence=2,
            caused_by=2,
            status=OrderStatus.FILLED,
            quantity_lots=3,
            filled_lots=3,
            filled_quote_e8=quote_e8,
            commission_e8=buyer_fee,
            trade_id=1,
            price_ticks=100,
            last_lots=3,
            last_quote_e8=quote_e8,
            last_commission_e8=buyer_fee,
            side=Side.BUY,
            is_maker=False,
        ),
        OrderFilled(
            symbol=SYMBOL,
            order_id=1,
            user_id=8,
            sequence=2,
            caused_by=2,
            status=OrderStatus.PARTIALLY_FILLED,
            quantity_lots=5,
            filled_lots=3,
            filled_quote_e8=quote_e8,
            commission_e8=seller_fee,
            trade_id=1,
            price_ticks=100,
            last_lots=3,
            last_quote_e8=quote_e8,
            last_commission_e8=seller_fee,
            side=Side.SELL,
            is_maker=True,
        ),
    )
    assert outcome.trades == (
        TradeExecuted(
            symbol=SYMBOL,
            base="BTC",
            quote="USDT",
            trade_id=1,
            price_ticks=100,
            quantity_lots=3,
            price_e8=100 * TICK_E8,
            quantity_e8=3 * LOT_E8,
            quote_e8=quote_e8,
            buyer_order_id=2,
            buyer_user_id=7,
            buyer_filled_lots=3,
            buyer_commission_e8=buyer_fee,
            buyer_refund_e8=3 * 3 * 10,
            buyer_is_maker=False,
            seller_order_id=1,
            seller_user_id=8,
            seller_filled_lots=3,
            seller_commission_e8=seller_fee,
        ),
    )
    assert outcome.update == BookUpdated(
        symbol=SYMBOL, book_seq=2, bids=(), asks=((100 * TICK_E8, 2 * LOT_E8),)
    )


def test_a_resting_buyer_gets_no_refund_and_pays_the_maker_rate(log: Log) -> None:
    log.send(buy(1, 100, 5))

    (trade,) = log.send(sell(2, 90, 5)).trades

    assert trade.price_ticks == 100
    assert trade.buyer_is_maker
    assert trade.buyer_refund_e8 == 0
    assert trade.buyer_commission_e8 == 5 * LOT_E8 * 1000 // 1_000_000
    assert trade.seller_commission_e8 == 100 * 5 * 10 * 2000 // 1_000_000


def test_commissions_are_rounded_down_per_trade(log: Log) -> None:
    log.send(submit(1, Side.SELL, 1, 1, maker_ppm=999))

    (trade,) = log.send(submit(2, Side.BUY, 1, 1, taker_ppm=999)).trades

    assert trade.buyer_commission_e8 == 0  # 1,000 × 0.000999 = 0.999
    assert trade.seller_commission_e8 == 0


def test_better_price_first_and_within_a_price_first_come_first_served(log: Log) -> None:
    for order_id, price in ((1, 102), (2, 101), (3, 101), (4, 100)):
        log.send(sell(order_id, price, 2))

    outcome = log.send(buy(9, 102, 7))

    assert [(t.seller_order_id, t.price_ticks, t.quantity_lots) for t in outcome.trades] == [
        (4, 100, 2),
        (2, 101, 2),
        (3, 101, 2),
        (1, 102, 1),
    ]
    assert [t.trade_id for t in outcome.trades] == [1, 2, 3, 4]
    assert [t.buyer_filled_lots for t in outcome.trades] == [2, 4, 6, 7]
    assert brief(outcome) == [
        ("OrderAccepted", 9, 1, "OPEN", 0),
        ("OrderFilled", 9, 2, "PARTIALLY_FILLED", 2),
        ("OrderFilled", 4, 2, "FILLED", 2),
        ("OrderFilled", 9, 3, "PARTIALLY_FILLED", 4),
        ("OrderFilled", 2, 2, "FILLED", 2),
        ("OrderFilled", 9, 4, "PARTIALLY_FILLED", 6),
        ("OrderFilled", 3, 2, "FILLED", 2),
        ("OrderFilled", 9, 5, "FILLED", 7),
        ("OrderFilled", 1, 2, "PARTIALLY_FILLED", 1),
    ]
    assert outcome.update is not None
    assert outcome.update.asks == (
        (100 * TICK_E8, 0),
        (101 * TICK_E8, 0),
        (102 * TICK_E8, LOT_E8),
    )


def test_what_is_left_of_a_taker_rests_at_its_own_price(log: Log) -> None:
    log.send(sell(1, 100, 2))

    outcome = log.send(buy(2, 101, 5))

    assert outcome.update == BookUpdated(
        symbol=SYMBOL,
        book_seq=2,
        bids=((101 * TICK_E8, 3 * LOT_E8),),
        asks=((100 * TICK_E8, 0),),
    )
    assert brief(log.send(sell(3, 101, 3)))[-1] == ("OrderFilled", 2, 3, "FILLED", 5)


def test_a_partly_filled_maker_keeps_its_place(log: Log) -> None:
    log.send(sell(1, 100, 5))
    log.send(sell(2, 100, 5))
    log.send(buy(3, 100, 2))

    outcome = log.send(buy(4, 100, 4))

    assert [(t.seller_order_id, t.quantity_lots) for t in outcome.trades] == [(1, 3), (2, 1)]


def test_events_of_the_counterparty_are_not_its_own(log: Log) -> None:
    log.send(sell(1, 100, 5))

    events = [e for e in log.send(buy(2, 100, 5)).events if isinstance(e, OrderEvent)]

    assert {e.order_id: e.own for e in events} == {1: False, 2: True}


@pytest.mark.parametrize(
    ("side", "price", "lots", "budget_e8"),
    [
        (Side.BUY, 100, 5, 100 * 5 * 10 - 1),
        (Side.SELL, 100, 5, 5 * LOT_E8 - 1),
        (Side.BUY, 0, 5, 10**9),
        (Side.BUY, -1, 5, 10**9),
        (Side.SELL, 100, 0, 10**9),
        (Side.SELL, 100, -5, 10**9),
        (Side.SELL, 1, 10**30, 10**40),
        (Side.BUY, 10**30, 1, 10**40),
    ],
)
def test_an_order_beyond_its_budget_or_without_sense_is_rejected(
    log: Log, side: Side, price: int, lots: int, budget_e8: int
) -> None:
    outcome = log.send(submit(1, side, price, lots, budget_e8=budget_e8))

    (event,) = outcome.events
    assert isinstance(event, OrderRejected)
    assert (event.refusal, event.sequence, event.status) == (
        Refusal.INVALID_ORDER,
        1,
        OrderStatus.REJECTED,
    )
    assert outcome.update is None
    assert not log.engine.live


@pytest.mark.parametrize("rates", [(-1, 0), (0, -1), (1_000_001, 0), (0, 1_000_001)])
def test_fee_rates_outside_zero_to_one_are_rejected(log: Log, rates: tuple[int, int]) -> None:
    command = submit(1, Side.BUY, 1, 1, maker_ppm=rates[0], taker_ppm=rates[1])

    (event,) = log.send(command).events

    assert isinstance(event, OrderRejected)


def test_an_unknown_symbol_is_rejected_and_stays_rejected(log: Log) -> None:
    command = submit(1, Side.BUY, 100, 5, symbol="NEWUSDT")
    (first,) = log.send(command).events
    log.send(add_symbol("NEWUSDT"))
    (again,) = log.send(command).events

    assert isinstance(first, OrderRejected)
    assert first.refusal is Refusal.UNKNOWN_SYMBOL
    assert isinstance(again, OrderStatusReported)
    assert (again.status, again.refusal) == (OrderStatus.REJECTED, Refusal.UNKNOWN_SYMBOL)


def test_a_repeated_submit_is_told_the_present_state_and_never_trades_twice(log: Log) -> None:
    log.send(sell(1, 100, 5))
    log.send(buy(2, 100, 3))

    resting = log.send(sell(1, 100, 5))
    filled = log.send(buy(2, 100, 3))

    assert brief(resting) == [("OrderStatusReported", 1, 2, "PARTIALLY_FILLED", 3)]
    assert brief(filled) == [("OrderStatusReported", 2, 2, "FILLED", 3)]
    assert resting.trades == filled.trades == ()
    assert resting.update is filled.update is None


def test_a_cancel_takes_the_order_off_the_book(log: Log) -> None:
    log.send(buy(1, 100, 5))
    log.send(buy(2, 100, 2))

    outcome = log.send(cancel(1))

    assert brief(outcome) == [("OrderCancelled", 1, 2, "CANCELLED", 0)]
    assert isinstance(outcome.events[0], OrderCancelled)
    assert outcome.update is not None
    assert outcome.update.bids == ((100 * TICK_E8, 2 * LOT_E8),)
    assert brief(log.send(sell(3, 100, 2)))[-1] == ("OrderFilled", 2, 2, "FILLED", 2)


def test_a_cancel_of_a_closed_order_reports_its_final_state(log: Log) -> None:
    log.send(buy(1, 100, 5))
    log.send(cancel(1))

    outcome = log.send(cancel(1))

    assert brief(outcome) == [("OrderStatusReported", 1, 2, "CANCELLED", 0)]
    assert outcome.update is None


def test_a_cancel_of_an_unknown_order_buries_its_id(log: Log) -> None:
    early = log.send(cancel(1))
    again = log.send(cancel(1))
    late = log.send(buy(1, 100, 5))
    repeated = log.send(buy(1, 100, 5))

    refused = CancelRejected(symbol=SYMBOL, order_id=1, refusal=Refusal.UNKNOWN_ORDER)
    assert early.events == again.events == (refused,)
    (event,) = late.events
    assert isinstance(event, OrderRejected)
    assert (event.refusal, event.sequence) == (Refusal.TOMBSTONED, 1)
    assert late.update is None
    assert brief(repeated) == [("OrderStatusReported", 1, 1, "REJECTED", 0)]


def test_a_halted_market_refuses_submits_and_still_cancels(log: Log) -> None:
    log.send(buy(1, 100, 5))

    halted = log.send(halt())
    (refused,) = log.send(sell(2, 100, 5)).events
    cancelled = log.send(cancel(1))
    resumed = log.send(resume())
    accepted = log.send(sell(3, 100, 5))

    assert halted.events == (MarketHalted(symbol=SYMBOL, reason="test"),)
    assert isinstance(refused, OrderRejected)
    assert refused.refusal is Refusal.MARKET_CLOSED
    assert brief(cancelled) == [("OrderCancelled", 1, 2, "CANCELLED", 0)]
    assert resumed.events == (MarketResumed(symbol=SYMBOL),)
    assert brief(accepted) == [("OrderAccepted", 3, 1, "OPEN", 0)]


def test_adding_a_symbol_again_changes_nothing(log: Log) -> None:
    log.send(buy(1, 100, 5))

    outcome = log.send(add_symbol())

    assert outcome.events == (MarketOpened(symbol=SYMBOL),)
    assert log.engine.markets[SYMBOL].book_seq == 1


@pytest.mark.parametrize("command", [halt("NOPE"), resume("NOPE")])
def test_an_unknown_market_cannot_be_halted_or_resumed(log: Log, command: EngineCommand) -> None:
    assert log.send(command).events == (
        CommandRejected(symbol="NOPE", refusal=Refusal.UNKNOWN_SYMBOL),
    )


@pytest.mark.parametrize(
    "command", [add_symbol(lot_e8=10_000), add_symbol("NEW", lot_e8=7), add_symbol("NEW", lot_e8=0)]
)
def test_a_symbol_with_other_or_inexact_sizes_is_refused(log: Log, command: EngineCommand) -> None:
    (event,) = log.send(command).events

    assert isinstance(event, CommandRejected)
    assert log.engine.markets[SYMBOL].lot_e8 == LOT_E8


def test_counters_belong_to_the_symbol_and_rise_by_one(log: Log) -> None:
    log.send(add_symbol("ETHUSDT"))
    log.send(sell(1, 100, 5))
    log.send(submit(2, Side.SELL, 100, 5, symbol="ETHUSDT"))

    btc = log.send(buy(3, 100, 1))
    eth = log.send(submit(4, Side.BUY, 100, 1, symbol="ETHUSDT"))

    assert [outcome.trades[0].trade_id for outcome in (btc, eth)] == [1, 1]
    assert [outcome.update.book_seq for outcome in (btc, eth) if outcome.update] == [2, 2]


def test_time_is_the_logs_and_never_steps_back(log: Log) -> None:
    log.now_ms = 5_000
    first = log.send(buy(1, 100, 5))
    log.now_ms = 4_000
    second = log.send(buy(2, 100, 5))

    assert (first.at_ms, second.at_ms) == (5_000, 5_000)


def test_a_taker_that_meets_too_many_makers_expires(log: Log) -> None:
    for order_id in range(1, MAX_MATCHES + 2):
        log.send(sell(order_id, 100, 1))

    outcome = log.send(buy(9_999, 100, MAX_MATCHES + 5))

    assert len(outcome.trades) == MAX_MATCHES
    assert brief(outcome)[-1] == (
        "OrderCancelled",
        9_999,
        MAX_MATCHES + 2,
        "EXPIRED",
        MAX_MATCHES,
    )
    assert list(log.engine.live) == [MAX_MATCHES + 1]


def test_a_taker_that_meets_just_enough_makers_rests(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "MAX_MATCHES", 2)
    log.send(sell(1, 100, 1))
    log.send(sell(2, 100, 1))

    outcome = log.send(buy(3, 100, 5))

    assert brief(outcome)[-2] == ("OrderFilled", 3, 3, "PARTIALLY_FILLED", 2)
    assert 3 in log.engine.live
