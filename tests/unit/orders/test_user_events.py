"""What users are told of engine events: what is reported, of which figures, in which order."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from config.markets import load_markets
from contracts.amounts import ZERO, Amount
from contracts.matching import AnyOrderEvent, EngineEvent, MatchPrevented
from contracts.order_views import OrderView
from contracts.orders import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    PlaceOrder,
    SelfTradePrevention,
    Side,
)
from contracts.user_events import (
    Execution,
    ListReported,
    ListStatus,
    OrderReported,
    UserEvent,
)
from orders.user_events import reports
from tests.support import engine_events as engine
from tests.support.engine_events import AT_MS, batch
from tests.support.order_views import view_of
from tests.support.orders import place_list, place_order

MARKETS = load_markets()


def told(*entries: tuple[EngineEvent, ...], of: list[OrderView]) -> list[UserEvent]:
    return reports([batch(*entries)], MARKETS, {row.order_id: row for row in of})


def told_orders(*entries: tuple[EngineEvent, ...], of: list[OrderView]) -> list[OrderReported]:
    return [e for e in told(*entries, of=of) if isinstance(e, OrderReported)]


@dataclass
class Expected:
    """An event of a plain order, and what the report of it must say."""

    event: AnyOrderEvent
    execution: Execution
    status: OrderStatus
    working: bool


ORDER = place_order()
OCO = ExpiryReason.OCO_TRIGGER
SELF = ExpiryReason.SELF_TRADE_PREVENTION
IN_MATCH = OrderStatus.EXPIRED_IN_MATCH
CASES = [
    Expected(engine.accepted(ORDER), Execution.NEW, OrderStatus.OPEN, True),
    Expected(
        replace(engine.accepted(ORDER), working=False), Execution.NEW, OrderStatus.OPEN, False
    ),
    Expected(engine.triggered(ORDER, 2), Execution.NEW, OrderStatus.OPEN, True),
    Expected(engine.amended(ORDER, 2, 50_000, 1), Execution.REPLACED, OrderStatus.OPEN, True),
    Expected(
        engine.filled(ORDER, 2, 5, 10, 10), Execution.TRADE, OrderStatus.PARTIALLY_FILLED, True
    ),
    Expected(
        engine.filled(ORDER, 2, 5, 100_000, 100_000), Execution.TRADE, OrderStatus.FILLED, False
    ),
    Expected(engine.cancelled(ORDER, 2), Execution.CANCELED, OrderStatus.CANCELLED, False),
    Expected(engine.expired(ORDER, 2, OCO), Execution.EXPIRED, OrderStatus.EXPIRED, False),
    Expected(
        engine.expired(ORDER, 2, SELF, status=IN_MATCH),
        Execution.TRADE_PREVENTION,
        IN_MATCH,
        False,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{type(c.event).__name__}-{c.status}")
def test_each_change_is_reported_as_what_it_is(case: Expected) -> None:
    (report,) = told_orders((case.event,), of=[view_of(ORDER, working_at_ms=AT_MS)])

    assert (report.execution, report.status) == (case.execution, case.status)
    assert report.working is case.working
    assert report.sequence == case.event.sequence
    assert report.at_ms == AT_MS


def test_refusals_and_repeated_states_are_no_reports() -> None:
    again = engine.reported(ORDER, 1, OrderStatus.OPEN)

    assert told((engine.rejected(ORDER), again), of=[view_of(ORDER)]) == []


def test_an_order_without_a_row_is_nobodys() -> None:
    assert told((engine.accepted(ORDER),), of=[]) == []


def test_figures_are_those_of_the_change_though_the_row_knows_more() -> None:
    row = view_of(
        ORDER, status=OrderStatus.FILLED, filled_quantity=Amount("1"), working_at_ms=AT_MS
    )
    first, second, third = told_orders(
        (engine.accepted(ORDER), engine.filled(ORDER, 2, 5, 40_000, 40_000)),
        (engine.filled(ORDER, 3, 6, 60_000, 100_000, caused_by=1),),
        of=[row],
    )

    assert (first.filled_quantity, first.fill) == (ZERO, None)
    assert second.fill is not None
    assert third.fill is not None
    assert (second.filled_quantity, second.filled_quote) == (Amount("0.4"), Amount("40"))
    assert (second.fill.trade_id, second.fill.quantity) == (5, Amount("0.4"))
    assert (second.fill.commission_asset, second.fill.is_maker) == ("BTC", False)
    assert (third.filled_quantity, third.fill.quantity) == (Amount("1"), Amount("0.6"))
    assert third.fill.is_maker
    assert [r.working_at_ms for r in (first, second, third)] == [AT_MS] * 3


def test_a_market_order_by_value_has_the_quantity_that_it_has_filled() -> None:
    order = place_order(order_type=OrderType.MARKET, quote_quantity=Amount("100"), quantity=ZERO)
    fill = replace(engine.filled(order, 2, 5, 10, 10), quantity_lots=10)

    new, trade = told_orders((engine.accepted(order), fill), of=[view_of(order)])

    assert (new.quantity, trade.quantity) == (ZERO, Amount("0.0001"))
    assert trade.quote_quantity == Amount("100")


def test_a_conditional_order_has_no_working_time_before_it_is_triggered() -> None:
    order = place_order(order_type=OrderType.STOP_LOSS_LIMIT, stop_price=Amount("90"))
    row = view_of(order, working_at_ms=AT_MS + 1)

    new, active = told_orders(
        (replace(engine.accepted(order), working=False),), (engine.triggered(order, 2),), of=[row]
    )

    assert (new.working, new.working_at_ms) == (False, 0)
    assert (active.working, active.working_at_ms) == (True, AT_MS + 1)
    assert active.sequence == 2


def test_the_cancels_own_id_travels_with_the_end() -> None:
    named = replace(engine.cancelled(ORDER, 2), client_cancel_id="mine")

    (report,) = told_orders((named,), of=[view_of(ORDER)])
    (nameless,) = told_orders((engine.cancelled(ORDER, 2),), of=[view_of(ORDER)])

    assert (report.client_cancel_id, nameless.client_cancel_id) == ("mine", "")


def test_a_prevented_match_is_told_from_the_side_of_each_order_that_it_ended() -> None:
    taker, maker = place_order(), place_order(side=Side.SELL)
    match = MatchPrevented(
        symbol="BTCUSDT",
        prevented_match_id=3,
        user_id=7,
        taker_order_id=taker.order_id,
        maker_order_id=maker.order_id,
        mode=SelfTradePrevention.EXPIRE_BOTH,
        price_ticks=10_000,
        taker_prevented_lots=100_000,
        maker_prevented_lots=40_000,
    )
    ends = (engine.expired(order, 2, SELF, status=IN_MATCH) for order in (maker, taker))

    of_maker, of_taker = told_orders((match, *ends), of=[view_of(taker), view_of(maker)])

    assert of_maker.prevented is not None
    assert of_taker.prevented is not None
    assert of_maker.prevented.counter_order_id == taker.order_id
    assert of_taker.prevented.counter_order_id == maker.order_id
    assert of_maker.prevented.prevented_quantity == Amount("0.4")
    assert of_taker.prevented.prevented_quantity == Amount("1")
    assert of_taker.prevented.match_quantity == of_maker.prevented.match_quantity == Amount("0.4")
    assert of_taker.prevented.price == Amount("100")


def _list_of(
    first: OrderStatus, second: OrderStatus
) -> tuple[tuple[PlaceOrder, ...], list[OrderView]]:
    legs = place_list().legs
    return legs, [view_of(leg, status=s) for leg, s in zip(legs, (first, second), strict=True)]


def test_a_list_is_told_to_have_begun_once_both_its_orders_are_in() -> None:
    legs, rows = _list_of(OrderStatus.OPEN, OrderStatus.OPEN)

    *orders, began = told(tuple(engine.accepted(leg) for leg in legs), of=rows)

    assert [type(order) for order in orders] == [OrderReported] * 2
    assert isinstance(began, ListReported)
    assert (began.status, began.list_id) == (ListStatus.EXECUTING, legs[0].list_id)
    assert [leg.order_id for leg in began.orders] == [leg.order_id for leg in legs]
    assert began.list_client_order_id == legs[0].list_client_order_id


def test_a_list_is_done_with_its_last_order() -> None:
    legs, rows = _list_of(OrderStatus.FILLED, OrderStatus.EXPIRED)
    whole = engine.filled(legs[0], 2, 5, 100_000, 100_000, caused_by=1)

    events = told((whole, engine.expired(legs[1], 2, OCO, caused_by=1)), of=rows)

    assert [type(e) for e in events] == [OrderReported, OrderReported, ListReported]
    assert isinstance(events[-1], ListReported)
    assert events[-1].status is ListStatus.ALL_DONE


def test_a_list_goes_on_while_one_of_its_orders_does() -> None:
    legs, rows = _list_of(OrderStatus.PARTIALLY_FILLED, OrderStatus.EXPIRED)

    events = told((engine.expired(legs[1], 2, OCO, caused_by=1),), of=rows)

    assert [type(e) for e in events] == [OrderReported]
