"""Builders of orders and engine states: a plain order, and whatever the test cares about."""

import itertools
from uuid import uuid4

from contracts.amounts import ZERO, Amount
from contracts.orders import (
    SAGA_VERSION,
    CancelRequest,
    ExpiryReason,
    Fill,
    OrderState,
    OrderStatus,
    OrderType,
    PlaceOrder,
    PlaceOrderList,
    Refusal,
    Side,
    TimeInForce,
)

_ids = itertools.count(1_000_001)


def place_order(**changes: object) -> PlaceOrder:
    """A limit buy of 1 BTC at 100 USDT; lots of 0.00001."""
    order_id = next(_ids)
    values: dict[str, object] = {
        "order_id": order_id,
        "user_id": 7,
        "client_order_id": f"client-{order_id}",
        "symbol": "BTCUSDT",
        "base": "BTC",
        "quote": "USDT",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "price": Amount("100"),
        "quantity": Amount("1"),
        "price_ticks": 10_000,
        "quantity_lots": 100_000,
        "reserve_currency": "USDT",
        "reserve_amount": Amount("100"),
        "maker_fee_ppm": 1000,
        "taker_fee_ppm": 1000,
        "partition": 3,
        "body_hash": "hash",
        "accepted_at_ms": 1_750_000_000_000,
        "correlation_id": "test",
        "saga_version": SAGA_VERSION,
    }
    return PlaceOrder(**(values | changes))  # type: ignore[arg-type]


def place_list(**changes: object) -> PlaceOrderList:
    """Sell 1 BTC at 110, or at 89 once the price has come down to 90: whichever comes first."""
    list_id = next(_ids)
    mine = {
        "list_id": list_id,
        "user_id": changes.get("user_id", 7),
        "list_client_order_id": changes.get("list_client_order_id", f"list-{list_id}"),
        "side": Side.SELL,
        "reserve_currency": "BTC",
        "reserve_amount": Amount("1"),
    }
    above = place_order(**mine, price=Amount("110"), price_ticks=11_000)
    below = place_order(
        **mine,
        order_type=OrderType.STOP_LOSS_LIMIT,
        price=Amount("89"),
        price_ticks=8_900,
        stop_price=Amount("90"),
        stop_ticks=9_000,
    )
    values: dict[str, object] = {
        "list_id": list_id,
        "user_id": 7,
        "list_client_order_id": f"list-{list_id}",
        "symbol": "BTCUSDT",
        "legs": (above, below),
        "reserve_currency": "BTC",
        "reserve_amount": Amount("1"),
        "body_hash": "hash",
        "accepted_at_ms": 1_750_000_000_000,
        "correlation_id": "test",
    }
    return PlaceOrderList(**(values | changes))  # type: ignore[arg-type]


def state(
    order: PlaceOrder,
    sequence: int,
    status: OrderStatus,
    filled: str = "0",
    *,
    own: bool = True,
    refusal: Refusal | None = None,
    quantity: str | None = None,
    expiry: ExpiryReason | None = None,
    working: bool = True,
) -> OrderState:
    """The order after its engine event number `sequence`, with `filled` BTC at 100."""
    done = Amount(filled)
    return OrderState(
        order_id=order.order_id,
        sequence=sequence,
        status=status,
        filled_quantity=done,
        filled_quote=Amount(done * 100),
        commission=ZERO,
        filled_lots=int(done * 100_000),
        at_ms=1_750_000_000_100 + sequence,
        own=own,
        refusal=refusal,
        quantity=None if quantity is None else Amount(quantity),
        expiry=expiry,
        working=working,
    )


def fill(trade_id: int, quantity: str) -> Fill:
    amount = Amount(quantity)
    return Fill(
        trade_id=trade_id,
        price=Amount("100"),
        quantity=amount,
        quote_quantity=Amount(amount * 100),
        commission=ZERO,
        commission_asset="BTC",
        is_maker=False,
        executed_at_ms=1_750_000_000_100,
    )


def cancel_request(order: PlaceOrder) -> CancelRequest:
    return CancelRequest(
        order_id=order.order_id,
        cancel_id=uuid4(),
        client_cancel_id="cancel-1",
        requested_at_ms=1_750_000_000_500,
    )
