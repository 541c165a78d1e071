"""Events fold to one state per order; own and counterparty events go separate ways."""

from config.markets import load_markets
from contracts.amounts import Amount
from contracts.matching import (
    BandSet,
    CancelRejected,
    MarketHalted,
    MarketResumed,
    MatchPrevented,
    PriceBand,
)
from contracts.order_views import PreventedMatchView
from contracts.orders import (
    ExpiryReason,
    OrderStatus,
    Refusal,
    SelfTradePrevention,
    Side,
)
from orders.market_band import MarketBand
from orders.projector import Projection, project
from tests.support.engine_events import (
    AT_MS,
    accepted,
    amended,
    batch,
    cancelled,
    expired,
    filled,
    rejected,
    reported,
    triggered,
)
from tests.support.orders import place_order

MARKETS = load_markets()


def test_newest_of_several_events_is_the_state() -> None:
    order = place_order()
    projection = project(
        [
            batch(
                (accepted(order), filled(order, 2, 7, 40_000, 40_000)),
                (cancelled(order, 3, 40_000),),
            )
        ],
        MARKETS,
    )
    state = projection.states[order.order_id]
    assert (state.sequence, state.status, state.filled_lots) == (3, OrderStatus.CANCELLED, 40_000)
    assert state.filled_quantity == Amount("0.4")
    assert state.filled_quote == Amount("40")
    assert state.at_ms == AT_MS + 1


def test_older_event_in_a_later_batch_changes_nothing() -> None:
    order = place_order()
    projection = project([batch((cancelled(order, 2),)), batch((accepted(order),))], MARKETS)
    assert projection.states[order.order_id].status is OrderStatus.CANCELLED


def test_own_and_counterparty_events_are_told_apart() -> None:
    maker, taker = place_order(side=Side.SELL), place_order()
    by_taker = taker.order_id
    projection = project(
        [
            batch((accepted(maker),)),
            batch(
                (
                    accepted(taker),
                    filled(taker, 2, 1, 100_000, 100_000),
                    filled(maker, 2, 1, 100_000, 100_000, caused_by=by_taker),
                )
            ),
        ],
        MARKETS,
    )
    assert set(projection.counterparty) == {maker.order_id}
    assert projection.counterparty[maker.order_id].status is OrderStatus.FILLED
    assert projection.own[maker.order_id].sequence == 1
    assert projection.own[taker.order_id].sequence == 2


def test_every_execution_is_a_fill_of_its_order() -> None:
    maker, taker = place_order(side=Side.SELL), place_order()
    projection = project(
        [
            batch(
                (
                    filled(taker, 2, 9, 1_000, 1_000),
                    filled(maker, 2, 9, 1_000, 1_000, caused_by=taker.order_id),
                )
            )
        ],
        MARKETS,
    )
    rows = [
        (s, o, u, side, f.trade_id, f.quantity, f.is_maker) for s, o, u, side, f in projection.fills
    ]
    assert rows == [
        ("BTCUSDT", taker.order_id, 7, Side.BUY, 9, Amount("0.01"), False),
        ("BTCUSDT", maker.order_id, 7, Side.SELL, 9, Amount("0.01"), True),
    ]
    assert [f.commission_asset for *_, f in projection.fills] == ["BTC", "USDT"]


def test_refusal_and_state_told_again_leave_the_row_to_the_saga() -> None:
    refused, asked_again = place_order(), place_order()
    projection = project(
        [batch((rejected(refused),), (reported(asked_again, 1, OrderStatus.OPEN),))], MARKETS
    )
    assert projection.states == {}
    assert projection.own[refused.order_id].refusal is Refusal.MARKET_CLOSED
    assert projection.own[asked_again.order_id].status is OrderStatus.OPEN


def test_trigger_amendment_and_expiry_are_states_like_any_other() -> None:
    waiting, smaller, ended = place_order(), place_order(), place_order()
    own_end = expired(ended, 2, ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED)
    events = (triggered(waiting, 2), amended(smaller, 2, 60_000, 4 * 10**9), own_end)
    projection = project([batch(events)], MARKETS)
    assert projection.states[waiting.order_id].working
    assert projection.states[smaller.order_id].quantity == Amount("0.6")
    assert projection.states[ended.order_id].expiry is own_end.reason
    assert set(projection.counterparty) == {waiting.order_id}
    assert set(projection.own) == {smaller.order_id, ended.order_id}


def test_order_that_self_trade_prevention_ends_is_told_by_whoever_met_it() -> None:
    maker = place_order(side=Side.SELL)
    ended = expired(
        maker,
        2,
        ExpiryReason.SELF_TRADE_PREVENTION,
        status=OrderStatus.EXPIRED_IN_MATCH,
        caused_by=maker.order_id + 1,
    )
    prevented = MatchPrevented(
        symbol="BTCUSDT",
        prevented_match_id=4,
        user_id=7,
        taker_order_id=maker.order_id + 1,
        maker_order_id=maker.order_id,
        mode=SelfTradePrevention.EXPIRE_MAKER,
        price_ticks=10_000,
        taker_prevented_lots=0,
        maker_prevented_lots=100_000,
    )
    projection = project([batch((prevented, ended))], MARKETS)
    assert projection.counterparty[maker.order_id].status is OrderStatus.EXPIRED_IN_MATCH
    assert projection.prevented == [
        PreventedMatchView(
            symbol="BTCUSDT",
            prevented_match_id=4,
            taker_order_id=maker.order_id + 1,
            maker_order_id=maker.order_id,
            trade_group_id=7,
            mode=SelfTradePrevention.EXPIRE_MAKER,
            price=Amount("100"),
            taker_prevented_quantity=Amount(0),
            maker_prevented_quantity=Amount("1"),
            at_ms=AT_MS,
        )
    ]


def test_events_of_no_order_are_nobodys_news() -> None:
    unknown = CancelRejected(symbol="BTCUSDT", order_id=1, refusal=Refusal.UNKNOWN_ORDER)
    assert project([batch((unknown,))], MARKETS) == Projection()


def test_the_last_halt_or_resumption_of_a_market_counts() -> None:
    halted = MarketHalted(symbol="BTCUSDT", reason="drill")
    resumed = MarketResumed(symbol="BTCUSDT")
    assert project([batch((halted,))], MARKETS).markets == {"BTCUSDT": (True, 0)}
    assert project([batch((halted,), (resumed,))], MARKETS).markets == {"BTCUSDT": (False, 1)}


def test_the_last_band_of_a_market_counts() -> None:
    figures = {
        "bid_up_ppm": 1_010_000,
        "bid_down_ppm": 950_000,
        "ask_up_ppm": 1_050_000,
        "ask_down_ppm": 990_000,
    }
    narrowed = BandSet(symbol="BTCUSDT", operator_band=PriceBand(reference_ticks=0, **figures))
    restored = BandSet(symbol="BTCUSDT")
    assert project([batch((narrowed,))], MARKETS).bands == {
        "BTCUSDT": MarketBand(log_offset=0, **figures)
    }
    both = project([batch((narrowed,), (restored,))], MARKETS)
    assert both == Projection(bands={"BTCUSDT": MarketBand(log_offset=1)})
