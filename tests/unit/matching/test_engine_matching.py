"""Price, then time: who trades with whom, and what it means in money."""

import pytest

from contracts.matching import (
    BookUpdated,
    OrderAccepted,
    OrderEvent,
    OrderFilled,
    TradeExecuted,
)
from contracts.orders import (
    OrderStatus,
    Side,
)
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    buy,
    sell,
    submit,
)
from tests.support.engine_log import EngineLog, brief


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_a_resting_order_is_accepted_and_changes_its_level(log: EngineLog) -> None:
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


def test_a_crossing_order_trades_at_the_makers_price_with_fees_and_refund(log: EngineLog) -> None:
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


def test_a_resting_buyer_gets_no_refund_and_pays_the_maker_rate(log: EngineLog) -> None:
    log.send(buy(1, 100, 5))

    (trade,) = log.send(sell(2, 90, 5)).trades

    assert trade.price_ticks == 100
    assert trade.buyer_is_maker
    assert trade.buyer_refund_e8 == 0
    assert trade.buyer_commission_e8 == 5 * LOT_E8 * 1000 // 1_000_000
    assert trade.seller_commission_e8 == 100 * 5 * 10 * 2000 // 1_000_000


def test_commissions_are_rounded_down_per_trade(log: EngineLog) -> None:
    log.send(submit(1, Side.SELL, 1, 1, maker_ppm=999))

    (trade,) = log.send(submit(2, Side.BUY, 1, 1, taker_ppm=999)).trades

    assert trade.buyer_commission_e8 == 0  # 1,000 × 0.000999 = 0.999
    assert trade.seller_commission_e8 == 0


def test_better_price_first_and_within_a_price_first_come_first_served(log: EngineLog) -> None:
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


def test_what_is_left_of_a_taker_rests_at_its_own_price(log: EngineLog) -> None:
    log.send(sell(1, 100, 2))

    outcome = log.send(buy(2, 101, 5))

    assert outcome.update == BookUpdated(
        symbol=SYMBOL,
        book_seq=2,
        bids=((101 * TICK_E8, 3 * LOT_E8),),
        asks=((100 * TICK_E8, 0),),
    )
    assert brief(log.send(sell(3, 101, 3)))[-1] == ("OrderFilled", 2, 3, "FILLED", 5)


def test_a_partly_filled_maker_keeps_its_place(log: EngineLog) -> None:
    log.send(sell(1, 100, 5))
    log.send(sell(2, 100, 5))
    log.send(buy(3, 100, 2))

    outcome = log.send(buy(4, 100, 4))

    assert [(t.seller_order_id, t.quantity_lots) for t in outcome.trades] == [(1, 3), (2, 1)]


def test_events_of_the_counterparty_are_not_its_own(log: EngineLog) -> None:
    log.send(sell(1, 100, 5))

    events = [e for e in log.send(buy(2, 100, 5)).events if isinstance(e, OrderEvent)]

    assert {e.order_id: e.own for e in events} == {1: False, 2: True}
