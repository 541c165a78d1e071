"""When is a request the one that we know already? Decided from the newest row of its id."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from contracts.orders import OrderStatus, PlaceOrder, PlaceOrderList
from orders.tables import OrderListRow, OrderRow

REUSE_AFTER_MS: Final = 10 * 60 * 1000


class Verdict(Enum):
    FRESH = auto()  # insert it
    MINE = auto()  # this very order is there: a repeated attempt of the same saga
    REPEAT = auto()  # the same request again: it gets the first answer
    CONFLICT = auto()  # the id is taken by another request


def judge(newest: OrderRow | None, order: PlaceOrder) -> Verdict:
    """Compare a request with the newest order of the same user and client order id.

    An id may be used again once its order is closed and ten minutes have passed since it was
    accepted; until then the same body is a repeat, and another body a conflict.
    """
    if newest is None:
        return Verdict.FRESH
    if newest.order_id == order.order_id:
        return Verdict.MINE
    age_ms = order.accepted_at_ms - newest.accepted_at_ms
    return _judge([newest], age_ms, same_body=newest.body_hash == order.body_hash)


def judge_list(
    newest: OrderListRow | None, legs: Sequence[OrderRow], orders: PlaceOrderList
) -> Verdict:
    """The same for an order list; it is closed when both its legs are."""
    if newest is None:
        return Verdict.FRESH
    if newest.list_id == orders.list_id:
        return Verdict.MINE
    age_ms = orders.accepted_at_ms - newest.accepted_at_ms
    return _judge(legs, age_ms, same_body=newest.body_hash == orders.body_hash)


def _judge(rows: Sequence[OrderRow], age_ms: int, *, same_body: bool) -> Verdict:
    closed = all(OrderStatus(row.status).terminal for row in rows)
    if closed and age_ms >= REUSE_AFTER_MS:
        return Verdict.FRESH
    return Verdict.REPEAT if same_body else Verdict.CONFLICT
