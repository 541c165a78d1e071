"""When is a request the one that we know already? The newest row of the client's id decides."""

import msgspec
import pytest

from contracts.orders import OrderStatus, PlaceOrder, PlaceOrderList
from orders.duplicates import REUSE_AFTER_MS, Verdict, judge, judge_list
from orders.tables import OrderListRow, OrderRow
from tests.support.orders import place_list, place_order

TERMINAL = [s for s in OrderStatus if s.terminal]
OPEN = [s for s in OrderStatus if not s.terminal]


def _row(order: PlaceOrder, status: OrderStatus = OrderStatus.OPEN) -> OrderRow:
    return OrderRow(
        order_id=order.order_id,
        user_id=order.user_id,
        client_order_id=order.client_order_id,
        body_hash=order.body_hash,
        symbol=order.symbol,
        side=order.side,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        price=order.price,
        quantity=order.quantity,
        status=status,
        accepted_at_ms=order.accepted_at_ms,
        updated_at_ms=order.accepted_at_ms,
        correlation_id=order.correlation_id,
    )


def _again(order: PlaceOrder, *, after_ms: int = 0, body_hash: str | None = None) -> PlaceOrder:
    """Another request with the same client order id."""
    return msgspec.structs.replace(
        order,
        order_id=order.order_id + 1_000,
        body_hash=body_hash or order.body_hash,
        accepted_at_ms=order.accepted_at_ms + after_ms,
    )


def test_unknown_id_is_fresh() -> None:
    assert judge(None, place_order()) is Verdict.FRESH


@pytest.mark.parametrize("status", OrderStatus)
def test_repeated_attempt_of_the_same_saga_is_its_own(status: OrderStatus) -> None:
    order = place_order()
    assert judge(_row(order, status), order) is Verdict.MINE


@pytest.mark.parametrize("status", OrderStatus)
def test_same_body_soon_after_is_a_repeat(status: OrderStatus) -> None:
    order = place_order()
    again = _again(order, after_ms=REUSE_AFTER_MS - 1)
    assert judge(_row(order, status), again) is Verdict.REPEAT


@pytest.mark.parametrize("status", OrderStatus)
def test_other_body_soon_after_is_a_conflict(status: OrderStatus) -> None:
    order = place_order()
    other = _again(order, after_ms=REUSE_AFTER_MS - 1, body_hash="other")
    assert judge(_row(order, status), other) is Verdict.CONFLICT


@pytest.mark.parametrize("status", TERMINAL)
@pytest.mark.parametrize("body_hash", ["hash", "other"])
def test_id_of_a_closed_order_may_be_used_again_after_ten_minutes(
    status: OrderStatus, body_hash: str
) -> None:
    order = place_order()
    later = _again(order, after_ms=REUSE_AFTER_MS, body_hash=body_hash)
    assert judge(_row(order, status), later) is Verdict.FRESH


@pytest.mark.parametrize("status", OPEN)
def test_id_of_an_open_order_is_taken_however_old_it_is(status: OrderStatus) -> None:
    order = place_order()
    year_ms = 365 * 24 * 3600 * 1000
    assert judge(_row(order, status), _again(order, after_ms=year_ms)) is Verdict.REPEAT
    other = _again(order, after_ms=year_ms, body_hash="other")
    assert judge(_row(order, status), other) is Verdict.CONFLICT


def test_clock_that_stepped_back_makes_no_id_free() -> None:
    order = place_order()
    earlier = _again(order, after_ms=-REUSE_AFTER_MS, body_hash="other")
    assert judge(_row(order, OrderStatus.CANCELLED), earlier) is Verdict.CONFLICT


def _list_row(orders: PlaceOrderList) -> OrderListRow:
    return OrderListRow(
        list_id=orders.list_id,
        user_id=orders.user_id,
        list_client_order_id=orders.list_client_order_id,
        body_hash=orders.body_hash,
        symbol=orders.symbol,
        first_leg_id=orders.legs[0].order_id,
        second_leg_id=orders.legs[1].order_id,
        reserve_amount=orders.reserve_amount,
        accepted_at_ms=orders.accepted_at_ms,
        correlation_id=orders.correlation_id,
    )


@pytest.mark.parametrize(
    ("legs", "after_ms", "body_hash", "expected"),
    [
        ((OrderStatus.OPEN, OrderStatus.OPEN), 0, "hash", Verdict.REPEAT),
        ((OrderStatus.OPEN, OrderStatus.OPEN), 0, "other", Verdict.CONFLICT),
        ((OrderStatus.FILLED, OrderStatus.EXPIRED), REUSE_AFTER_MS - 1, "other", Verdict.CONFLICT),
        ((OrderStatus.FILLED, OrderStatus.EXPIRED), REUSE_AFTER_MS, "other", Verdict.FRESH),
        ((OrderStatus.OPEN, OrderStatus.EXPIRED), REUSE_AFTER_MS, "other", Verdict.CONFLICT),
        ((OrderStatus.EXPIRED, OrderStatus.OPEN), REUSE_AFTER_MS, "hash", Verdict.REPEAT),
    ],
)
def test_list_is_closed_when_both_its_legs_are(
    legs: tuple[OrderStatus, OrderStatus], after_ms: int, body_hash: str, expected: Verdict
) -> None:
    first = place_list()
    rows = [_row(leg, status) for leg, status in zip(first.legs, legs, strict=True)]
    again = msgspec.structs.replace(
        first,
        list_id=first.list_id + 1_000,
        body_hash=body_hash,
        accepted_at_ms=first.accepted_at_ms + after_ms,
    )
    assert judge_list(_list_row(first), rows, again) is expected
    assert judge_list(_list_row(first), rows, first) is Verdict.MINE
    assert judge_list(None, (), again) is Verdict.FRESH
