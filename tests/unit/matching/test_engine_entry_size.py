"""One command's entry fits into a message, at the worst that the limits allow."""

from collections import Counter
from typing import Any

from contracts.matching import (
    SubmitOrderList,
)
from contracts.message import encode
from contracts.orders import (
    OrderType,
    Side,
    TimeInForce,
)
from matching.output import MAX_BATCH_BYTES, book_entry, order_entry, trade_entry
from matching.step import Limits
from tests.support.engine_commands import (
    add_symbol,
    buy,
    cancel_all,
    submit,
    submit_list,
)
from tests.support.engine_log import EngineLog

FIRST_ID = 2**53 - 10_000  # ids, amounts and names as long as they get
USER = 10**15
PRICE = 10**9
LOTS = 10**5
NAME = "1000SATSUSDT"


def leg_pair(number: int, side: Side, price: int, stop: int, **terms: Any) -> SubmitOrderList:
    """A limit leg at `price`, and a stop leg that waits."""
    first = FIRST_ID + 2 * number
    more: dict[str, Any] = {"symbol": NAME, "user_id": USER, "reservation_id": first}
    one = submit(first, side, price, LOTS, order_type=OrderType.LIMIT_MAKER, **more)
    kind = OrderType.STOP_LOSS_LIMIT
    other = submit(first + 1, side, stop, LOTS, order_type=kind, stop=stop, **more, **terms)
    return submit_list(FIRST_ID + number, one, other, symbol=NAME)


def test_the_fullest_entries_fit() -> None:
    log, limits = EngineLog(), Limits()
    log.send(add_symbol(NAME))
    low, high = PRICE - 1_000, PRICE + 1_000
    for number in range(limits.matches - 1):  # each match ends a sibling as well
        log.send(leg_pair(number, Side.SELL, PRICE, low))
    for number in range(1_000, 1_000 + limits.activations):  # each activation ends one too
        log.send(leg_pair(number, Side.BUY, low, PRICE, tif=TimeInForce.IOC))
    for number in range(2_000, 2_000 + limits.expiries):  # and so does each date that passes
        terms: dict[str, Any] = {"tif": TimeInForce.GTD, "expires_at_ms": 2_000}
        log.send(leg_pair(number, Side.SELL, high, low, **terms))
    log.now_ms = 2_000

    lots = (limits.matches - 1) * LOTS
    outcome = log.send(buy(FIRST_ID - 1, PRICE, lots, symbol=NAME, user_id=USER))

    kinds = Counter(type(event).__name__ for event in outcome.events)
    assert kinds["OrderFilled"] == 2 * (limits.matches - 1)
    assert kinds["OrderTriggered"] == limits.activations
    ended = limits.matches - 1 + 2 * limits.activations + 2 * limits.expiries
    assert kinds["OrderCancelled"] == ended
    for entry in (order_entry(outcome), trade_entry(outcome), book_entry(outcome)):
        assert len(encode(entry)) < MAX_BATCH_BYTES


def test_a_cancel_of_all_fits() -> None:
    log, limits = EngineLog(), Limits()
    log.send(add_symbol(NAME))
    for number in range(limits.cancels + limits.expiries):
        log.send(leg_pair(number, Side.SELL, PRICE + number, PRICE - 1_000))

    outcome = log.send(cancel_all(USER, symbol=NAME))

    assert len(outcome.events) >= limits.cancels
    assert len(encode(order_entry(outcome))) < MAX_BATCH_BYTES // 2
    assert len(encode(book_entry(outcome))) < MAX_BATCH_BYTES
