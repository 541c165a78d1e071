"""When is a request the one that we know already? Decided from the newest row of its id."""

from enum import Enum, auto
from typing import Final

from contracts.orders import OrderStatus, PlaceOrder
from orders.tables import OrderRow

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
    if OrderStatus(newest.status).terminal and age_ms >= REUSE_AFTER_MS:
        return Verdict.FRESH
    return Verdict.REPEAT if newest.body_hash == order.body_hash else Verdict.CONFLICT
